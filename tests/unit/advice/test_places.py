"""Assumptions are named where they apply, and nowhere else."""

from typing import Any

import pytest

from infercost.advice.assumptions import used
from infercost.schema.scenario import Assumptions, Deployment, Scenario

TRACKING = {"kind": "target-tracking", "metric": "invocations-per-instance", "target": 100}
SECONDS = TRACKING | {"metric": "concurrent-requests"}
LAW = {"instances": {"launch": {"kind": "constant", "median_s": 60}}}


def deployment(**keys: Any) -> Deployment:  # noqa: ANN401 -- any part of a deployment
    given = {"id": "it", "pattern": "real-time", "region": "us-east-1", "instance_type": "ml.m5.xlarge"} | keys
    document = {
        "traffic": {"kind": "poisson", "rate_per_s": 1, "duration_s": 60},
        "service": {"kind": "constant", "mean_ms": 10},
        "deployment": [given],
    }
    return Scenario.parse(document, "it").deployment[0]


def named(
    table: str, one: Deployment, assumptions: dict[str, Any] | None = None, *, streamed: bool = False
) -> set[str]:
    found = used(Assumptions.model_validate(assumptions or {}), one, streamed=streamed)
    return {key.removeprefix(f"{table}.") for key in found if key.startswith(f"{table}.")}


def scaled(*policies: dict[str, Any], **keys: Any) -> Deployment:  # noqa: ANN401 -- any part of a deployment
    return deployment(scaling={"min": 1, "max": 4, "policies": policies}, **keys)


LOW = {"low_periods", "low_fraction"}
MINUTES = {"high_periods", "metric_delay_s", "in_flight_lock"}


@pytest.mark.parametrize(
    ("policies", "keys"),
    [
        ([], set()),
        ([TRACKING], MINUTES | LOW),
        ([TRACKING | {"disable_scale_in": True}], MINUTES),
        (
            [SECONDS],
            {"high_periods_hires", "low_periods_hires", "low_fraction", "metric_delay_hires_s", "in_flight_lock"},
        ),
        (
            [{"kind": "step", "metric": "concurrent-requests", "threshold": 3}],
            {"metric_delay_hires_s", "in_flight_lock"},
        ),
        ([{"kind": "scheduled", "at_s": [1], "min": 2}], {"in_flight_lock"}),
    ],
)
def test_a_policy_rests_on_its_own_alarms(policies: list[dict[str, Any]], keys: set[str]) -> None:
    assert named("autoscaling", scaled(*policies)) == keys


SIZES = {"image_gb": 10, "model_gb": 5}
ALWAYS = {"drain_s", "bill_start", "min_bill_s"}


@pytest.mark.parametrize(
    ("keys", "assumptions", "lengths"),
    [
        ({}, {}, {"launch_cpu_s"}),
        ({"instance_type": "ml.g5.xlarge"}, {}, {"launch_gpu_s"}),
        ({"instance_type": "ml.g5.xlarge", "container_caching": True}, {}, {"launch_cached_s"}),
        ({"container_caching": True}, {}, {"launch_cpu_s"}),
        (SIZES, {}, {"provision_s", "container_start_s", "image_gb_per_s", "model_gb_per_s"}),
        (SIZES | {"container_caching": True}, {}, {"provision_s", "container_start_s", "cached_model_gb_per_s"}),
        (SIZES, LAW, {"launch"}),
        ({"pools": [{"instance_type": "ml.g5.xlarge"}]}, {}, {"launch_cpu_s", "launch_gpu_s"}),
    ],
)
def test_a_launch_rests_on_the_first_that_tells_its_length(
    keys: dict[str, Any], assumptions: dict[str, Any], lengths: set[str]
) -> None:
    assert named("instances", scaled(TRACKING, **keys), assumptions) == ALWAYS | lengths
    assert named("instances", deployment(**keys), assumptions) == set()  # a fixed fleet launches nothing


def test_a_law_is_named_with_its_parameters() -> None:
    law = used(Assumptions.model_validate(LAW), scaled(TRACKING))["instances.launch"]
    assert law == {"kind": "constant", "median_s": 60.0, "p95_s": None}


def test_a_variant_that_scales_is_enough() -> None:
    variant = {"name": "b", "instance_type": "ml.g5.xlarge", "scaling": {"min": 1, "max": 2, "policies": [SECONDS]}}
    found = deployment(variants=[variant])
    assert "high_periods_hires" in named("autoscaling", found)
    assert named("instances", found) == ALWAYS | {"launch_gpu_s"}


def test_a_stream_has_a_timeout_of_its_own() -> None:
    kept = {"container_queue_limit", "timeout_cancels_queued", "timeout_cancels_running"}
    assert named("real_time", deployment()) == kept | {"timeout_s"}
    assert named("real_time", deployment(), streamed=True) == kept | {"stream_timeout_s"}
    assert named("real_time", deployment(pattern="async")) == set()


def test_copies_rest_on_their_own_launch() -> None:
    component = {"name": "a", "memory_mb": 1_000, "scaling": {"min": 0, "max": 4, "policies": []}}
    keys: dict[str, Any] = {
        "pattern": "inference-components",
        "max_instances": 2,
        "host": {"vcpus": 4, "memory_mb": 16_000},
    }
    plain = deployment(**keys, components=[component])
    assert named("components", plain) == {"schedulable_fraction", "copy_launch_s", "idle_release_s"}
    assert named("instances", plain) == ALWAYS | {"launch_cpu_s"}
    sized = deployment(**keys, components=[component | SIZES])
    assert named("components", sized) == {"schedulable_fraction", "idle_release_s"}
    assert {"image_gb_per_s", "model_gb_per_s", "container_start_s"} < named("instances", sized)


def test_copies_that_are_moved_load_and_drain_without_scaling() -> None:
    keys: dict[str, Any] = {
        "pattern": "inference-components",
        "max_instances": 2,
        "host": {"vcpus": 4, "memory_mb": 16_000},
        "components": [{"name": "a", "memory_mb": 1_000}, {"name": "b", "base": "a"}],
    }
    fixed = deployment(**keys)
    assert (named("components", fixed), named("instances", fixed)) == (
        {"schedulable_fraction", "idle_release_s"},
        set(),
    )
    moved = deployment(**keys, instance_scale_in="consolidation")
    assert named("components", moved) == {"schedulable_fraction", "copy_launch_s", "idle_release_s"}
    assert named("instances", moved) == {"drain_s"}
