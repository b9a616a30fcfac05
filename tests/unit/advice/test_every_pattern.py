"""What `compare --all-patterns` adds, and what it leaves out with a reason."""

from typing import Any

import pytest

from infercost.advice import every_pattern
from infercost.schema.errors import UsageError
from infercost.schema.scenario import PATTERNS, Asynchronous, BatchTransform, RealTime, Scenario, Serverless


def scenario(*deployments: dict[str, Any]) -> Scenario:
    document = {
        "traffic": {"kind": "poisson", "rate_per_s": 1, "duration_s": 60},
        "service": {"kind": "constant", "mean_ms": 100},
        "deployment": [{"region": "eu-west-1", **one} for one in deployments],
    }
    return Scenario.parse(document, "patterns")


GPU = {
    "id": "now",
    "pattern": "real-time",
    "instance_type": "ml.g5.xlarge",
    "instances": 3,
    "concurrency": 8,
    "speed": 2.0,
}
MODEL = {"id": "tokens", "pattern": "bedrock-on-demand", "model_id": "amazon.nova-lite-v1:0"}


def test_what_one_pattern_says_is_carried_to_the_others() -> None:
    found, untried = every_pattern(scenario(GPU, MODEL))
    by_pattern = {one.pattern: one for one in found.deployment}
    assert set(by_pattern) == set(PATTERNS) - {"serverless", "multi-model", "inference-components"}
    reasons = {one.pattern: one.reason for one in untried}
    assert set(reasons) == {"serverless", "serverless, provisioned", "multi-model", "inference-components"}
    assert "SL-16" in reasons["serverless"]
    assert "SL-16" in reasons["serverless, provisioned"]
    assert "how large its models are" in reasons["multi-model"]
    assert "what a copy reserves" in reasons["inference-components"]
    queue, batch = by_pattern["async"], by_pattern["batch-transform"]
    assert isinstance(queue, Asynchronous)
    assert isinstance(batch, BatchTransform)
    assert (queue.instance_type, queue.concurrency, queue.speed, queue.region) == ("ml.g5.xlarge", 8, 2.0, "eu-west-1")
    assert queue.scaling is not None
    assert (queue.scaling.min, queue.scaling.max) == (0, 3)
    assert (batch.instances, batch.max_concurrent_transforms, batch.max_payload_mb) == (3, 8, 6)


def test_what_is_there_already_stays_as_it_is() -> None:
    before = scenario(GPU, {"id": "own", "pattern": "async", "instance_type": "ml.m5.large", "instances": 2})
    found, _ = every_pattern(before)
    assert found.deployment[:2] == before.deployment


def test_many_workers_leave_room_for_small_payloads_only() -> None:
    found, _ = every_pattern(scenario(GPU | {"concurrency": 40}))
    (batch,) = [one for one in found.deployment if isinstance(one, BatchTransform)]
    assert batch.max_payload_mb * batch.max_concurrent_transforms <= 100  # BT-4


def test_nothing_is_made_up() -> None:
    _, untried = every_pattern(scenario(GPU | {"instance_type": "ml.c5.xlarge"}))
    reasons = {one.pattern: one.reason for one in untried}
    never = {"multi-model", "inference-components", "serverless, provisioned"}
    assert set(reasons) == {"serverless", "bedrock-on-demand", "bedrock-batch", "bedrock-provisioned"} | never
    assert "memory size" in reasons["serverless"]
    _, untried = every_pattern(scenario(MODEL))
    assert {one.pattern for one in untried} == {"real-time", "serverless", "async", "batch-transform"} | never


def test_serverless_is_tried_without_what_another_holds_and_never_with_a_made_up_number() -> None:
    held = {
        "id": "held",
        "pattern": "serverless",
        "memory_mb": 2048,
        "max_concurrency": 9,
        "provisioned_concurrency": 4,
    }
    found, untried = every_pattern(scenario(held | {"scaling": {"min": 1, "max": 4}}))
    (plain,) = [one for one in found.deployment if one.id == "serverless"]
    assert isinstance(plain, Serverless)
    assert (plain.memory_mb, plain.provisioned_concurrency, plain.scaling) == (2048, 0, None)
    assert not [one for one in untried if "serverless" in one.pattern]
    _, untried = every_pattern(scenario(held | {"provisioned_concurrency": 0}))
    (without,) = [one for one in untried if "serverless" in one.pattern]
    assert (without.pattern, "always there" in without.reason) == ("serverless, provisioned", True)


def test_one_component_alone_could_have_an_endpoint_of_its_own() -> None:
    component = {"name": "a", "memory_mb": 2_000, "copies": 2, "concurrency": 3, "speed": 0.5}
    components = {
        "id": "now",
        "pattern": "inference-components",
        "instance_type": "ml.m5.xlarge",
        "instances": 1,
        "max_instances": 2,
        "host": {"vcpus": 4, "memory_mb": 16_000},
        "components": [component],
    }
    found, _ = every_pattern(scenario(components))
    (endpoint,) = [one for one in found.deployment if isinstance(one, RealTime)]
    assert (endpoint.instance_type, endpoint.instances, endpoint.concurrency, endpoint.speed) == (
        "ml.m5.xlarge",
        2,
        3,
        0.5,
    )
    _, untried = every_pattern(scenario(components | {"components": [component, component | {"name": "b"}]}))
    assert "this one model" in {one.pattern: one.reason for one in untried}["real-time"]


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(UsageError, match="async"):
        every_pattern(scenario(GPU | {"id": "async"}))
