"""The keys of a scenario: what they default to, and how what cannot be is told."""

from typing import Any

import pytest

from infercost.schema.errors import UsageError
from infercost.schema.scenario import (
    Asynchronous,
    Deployment,
    RealTime,
    Scaling,
    Scenario,
    Step,
    StepScaling,
    scalings,
)

HOST = {"region": "us-east-1", "instance_type": "ml.m5.xlarge"}
REAL_TIME = {"id": "it", "pattern": "real-time", **HOST}
ASYNC = {"id": "it", "pattern": "async", **HOST}


def scenario(deployment: dict[str, Any], **keys: Any) -> Scenario:  # noqa: ANN401 -- any part of a scenario
    document = {
        "traffic": {"kind": "poisson", "rate_per_s": 1, "duration_s": 60},
        "service": {"kind": "constant", "mean_ms": 10},
        "deployment": [deployment],
    }
    return Scenario.parse(document | keys, "it")


def served(deployment: dict[str, Any]) -> Deployment:
    return scenario(deployment).deployment[0]


def scaled(**policy: object) -> Scaling:
    found = served(REAL_TIME | {"scaling": {"min": 1, "max": 4, "policies": [policy]}})
    assert isinstance(found, RealTime)
    assert found.scaling is not None
    return found.scaling


def refusal(deployment: dict[str, Any], **keys: Any) -> str:  # noqa: ANN401 -- any part of a scenario
    with pytest.raises(UsageError) as caught:
        scenario(deployment, **keys)
    return str(caught.value)


# --- real-time -------------------------------------------------------------------------------------------------------
def test_a_plain_endpoint_routes_at_random_and_has_one_variant() -> None:
    found = served(REAL_TIME)
    assert isinstance(found, RealTime)
    assert (found.routing, found.weight, found.pools, found.variants, found.volume_gb) == ("random", 1.0, (), (), None)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"routing": "prefix-aware"}, "routing prefix-aware needs `prefix_concurrency_threshold` (1 to 1024)"),
        ({"prefix_concurrency_threshold": 3}, "no other takes it"),
        ({"routing": "prefix-aware", "prefix_concurrency_threshold": 1025}, "less than or equal to 1024 (found 1025)"),
        ({"routing": "kv-aware"}, "'random', 'least-outstanding' or 'prefix-aware' (found 'kv-aware')"),
        ({"image_gb": 3}, "give both `image_gb` and `model_gb`, or neither"),
        ({"volume_gb": 513}, "real-time.volume_gb: Input should be less than or equal to 512 (found 513)"),
        ({"available": 2}, "`available` needs `pools`"),
        ({"pools": [{"instance_type": "ml.m5.xlarge"}]}, "`pools` name each instance type once"),
        (
            {"pools": [{"instance_type": f"ml.c{n}.large"} for n in range(4, 9)]},
            "pools: Tuple should have at most 4 items",
        ),
        ({"weight": 0}, "real-time.weight: Input should be greater than or equal to"),
        ({"variants": [{"name": "it", "instance_type": "ml.m5.xlarge"}]}, "every variant needs a `name` of its own"),
        (
            {"variants": [{"name": "b", "instance_type": "ml.m5.xlarge", "shadow_share": 0.5, "weight": 2}]},
            "`shadow_share` or `weight`, not both",
        ),
        (
            {"variants": [{"name": n, "instance_type": "ml.m5.xlarge", "shadow_share": 1} for n in "bc"]},
            "one shadow variant at most [RT-10]",
        ),
        ({"variants": [{"name": "b", "instance_type": "m5.xlarge"}]}, "variants.0.instance_type: "),
    ],
)
def test_what_an_endpoint_cannot_be_is_told(keys: dict[str, Any], said: str) -> None:
    assert said in refusal(REAL_TIME | keys)


def test_every_scalable_target_of_an_endpoint_is_found() -> None:
    bounds = {"min": 1, "max": 2}
    variant = {"name": "b", "instance_type": "ml.m5.xlarge", "scaling": bounds | {"max": 3}}
    found = served(REAL_TIME | {"scaling": bounds, "variants": [variant]})
    assert [one.max for one in scalings(found)] == [2, 3]
    assert list(scalings(served(REAL_TIME))) == []


# --- policies --------------------------------------------------------------------------------------------------------
def test_a_bare_step_policy_adds_one_when_there_is_no_capacity() -> None:
    (policy,) = scaled(kind="step", metric="has-backlog-without-capacity").policies
    assert isinstance(policy, StepScaling)
    assert (policy.threshold, policy.evaluation_periods, policy.steps) == (1.0, 2, (Step(adjustment=1),))
    (policy,) = scaled(kind="step", metric="no-capacity-invocation-failures").policies
    assert isinstance(policy, StepScaling)
    assert policy.evaluation_periods == 1


def test_an_adjustment_is_one_step_without_bounds_and_is_written_as_one() -> None:
    scaling = scaled(kind="step", metric="has-backlog-without-capacity", adjustment=3)
    written = scaling.model_dump()["policies"][0]
    assert written["steps"] == ({"lower": None, "upper": None, "adjustment": 3},)
    assert "adjustment" not in written
    assert Scaling.model_validate(scaling.model_dump()) == scaling


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (
            {"kind": "step", "metric": "concurrent-requests"},
            "`threshold` is missing: only has-backlog-without-capacity",
        ),
        (
            {"kind": "step", "metric": "has-backlog-without-capacity", "adjustment": 1, "steps": []},
            "give `adjustment` or `steps`, not both",
        ),
        ({"kind": "step", "metric": "has-backlog-without-capacity", "steps": []}, "`steps` is empty"),
        (
            {
                "kind": "step",
                "metric": "has-backlog-without-capacity",
                "steps": [{"lower": 2, "upper": 2, "adjustment": 1}],
            },
            "`lower` must be below `upper`",
        ),
        (
            {
                "kind": "step",
                "metric": "has-backlog-without-capacity",
                "adjustment_type": "exact-capacity",
                "adjustment": -1,
            },
            "at least 0",
        ),
        (
            {"kind": "step", "metric": "has-backlog-without-capacity", "min_adjustment_magnitude": 2},
            "goes with percent-change-in-capacity only",
        ),
        (
            {"kind": "step", "metric": "has-backlog-without-capacity", "adjustment": "one"},
            "adjustment: Input should be",
        ),
        (
            {"kind": "target-tracking", "metric": "cpu", "target": 1},
            "metric: Input should be 'invocations-per-instance'",
        ),
        ({"kind": "scheduled", "min": 1}, "give exactly one of `schedule` and `at_s`"),
        ({"kind": "scheduled", "at_s": [1], "schedule": "rate(1 hour)", "min": 1}, "exactly one of"),
        ({"kind": "scheduled", "at_s": [1]}, "give `min`, `max` or both"),
        ({"kind": "scheduled", "at_s": [1], "min": 3, "max": 2}, "`min` is above `max`"),
        (
            {"kind": "scheduled", "at_s": [-1], "min": 3},
            "at_s.0: Input should be greater than or equal to 0 (found -1)",
        ),
        ({"kind": "scheduled", "schedule": "cron(0 8 * * *)", "min": 1}, "scheduled.schedule: cron(0 8 * * *): six"),
        ({"kind": "scheduled", "schedule": "rate(1 hour)", "timezone": "CEST?", "min": 1}, "timezone: 'CEST?' is no"),
        ({"kind": "ideal"}, "policy `ideal` is for asynchronous endpoints only"),
    ],
)
def test_what_a_policy_cannot_be_is_told(policy: dict[str, Any], said: str) -> None:
    assert said in refusal(REAL_TIME | {"scaling": {"min": 1, "max": 4, "policies": [policy]}})


def test_ideal_scaling_is_for_queues_and_stands_alone() -> None:
    ideal = {"kind": "ideal"}
    found = served(ASYNC | {"scaling": {"min": 0, "max": 4, "policies": [ideal]}})
    assert isinstance(found, Asynchronous)
    assert found.scaling is not None
    assert found.scaling.ideal
    both = [ideal, {"kind": "target-tracking", "metric": "backlog-per-instance", "target": 5}]
    assert "stands alone" in refusal(ASYNC | {"scaling": {"min": 0, "max": 4, "policies": both}})


# --- what requests carry, and how they are answered ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("models", "said"),
    [
        ({"kind": "uniform", "count": 0}, "request.models.uniform.count: Input should be greater than or equal to 1"),
        ({"kind": "zipf", "count": 3}, "request.models.zipf.exponent: missing"),
        ({"kind": "shares", "shares": [0, 0]}, "`shares` must have a finite sum above 0"),
        ({"kind": "shares", "shares": [1, -1]}, "request.models.shares.shares.1: "),
        ({"kind": "lognormal"}, "'lognormal' is none of 'uniform', 'zipf', 'shares'"),
    ],
)
def test_what_a_popularity_cannot_be_is_told(models: dict[str, Any], said: str) -> None:
    assert said in refusal(REAL_TIME, request={"models": models})


def test_a_stream_begins_with_a_part_of_the_work() -> None:
    found = scenario(REAL_TIME, streaming={"first_token": {"kind": "exponential", "mean_ms": 5}})
    assert found.streaming is not None
    assert "a column `first_token_ms`" in refusal(REAL_TIME, streaming={"first_token": {"kind": "trace"}})
    bedrock = {"id": "it", "pattern": "bedrock-on-demand", "region": "us-east-1", "model_id": "amazon.nova-pro-v1:0"}
    law = {"first_token": {"kind": "constant", "mean_ms": 5}}
    assert "`streaming` needs `service`" in refusal(bedrock, service=None, streaming=law)


def test_a_law_of_launches_has_no_default_and_that_of_cold_starts_has() -> None:
    assert scenario(REAL_TIME).assumptions.instances.launch is None
    said = refusal(REAL_TIME, assumptions={"instances": {"launch": {"kind": "constant"}}})
    assert "assumptions.instances.launch.median_s: missing" in said
    cold_start = scenario(REAL_TIME, assumptions={"serverless": {"cold_start": {"median_s": 6}}}).assumptions.serverless
    assert (cold_start.cold_start.median_s, cold_start.cold_start.p95_s) == (6.0, 12.0)
