"""What `compare --all-patterns` adds, and what it leaves out with a reason."""

from typing import Any

import pytest

from infercost.advice import every_pattern
from infercost.schema.errors import UsageError
from infercost.schema.scenario import PATTERNS, Asynchronous, BatchTransform, Scenario


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
    assert set(by_pattern) == set(PATTERNS) - {"serverless", "multi-model"}
    reasons = {one.pattern: one.reason for one in untried}
    assert set(reasons) == {"serverless", "multi-model"}
    assert "SL-16" in reasons["serverless"]
    assert "how large its models are" in reasons["multi-model"]
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
    assert set(reasons) == {"serverless", "multi-model", "bedrock-on-demand", "bedrock-batch", "bedrock-provisioned"}
    assert "memory size" in reasons["serverless"]
    _, untried = every_pattern(scenario(MODEL))
    assert {one.pattern for one in untried} == {"real-time", "serverless", "async", "batch-transform", "multi-model"}


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(UsageError, match="async"):
        every_pattern(scenario(GPU | {"id": "async"}))
