"""The shipped table of assumptions against the schema."""

import pytest

from infercost.advice.assumptions import Assumption, read, relevant, table, uncertain, used, with_values
from infercost.schema.scenario import Assumptions, RealTime, Scaling, Serverless, TargetTracking


def _leaves(document: dict[str, object], prefix: str = "") -> list[str]:
    found = []
    for key, value in document.items():
        inner = _leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]
        found += inner
    return found


@pytest.mark.parametrize("row", table(), ids=lambda row: row.key)
def test_the_table_has_the_value_that_the_schema_has(row: Assumption) -> None:
    assert row.value == read(Assumptions(), row.key)


def test_every_assumption_of_the_schema_is_in_the_table() -> None:
    words = {"serverless.cold_start.kind", "bedrock.batch_hours.kind"}  # the law, not a value
    assert {row.key for row in table()} == set(_leaves(Assumptions().model_dump(by_alias=True))) - words


@pytest.mark.parametrize("row", [row for row in table() if row.low != row.high], ids=lambda row: row.key)
def test_both_ends_of_a_range_are_values_that_a_scenario_takes(row: Assumption) -> None:
    for end in (row.low, row.high):
        assert read(with_values(Assumptions(), {row.key: end}), row.key) == end


@pytest.mark.parametrize("row", table(), ids=lambda row: row.key)
def test_a_value_lies_within_its_range(row: Assumption) -> None:
    numbers = [one for one in (row.low, row.value, row.high) if isinstance(one, int | float)]
    if isinstance(row.value, bool):
        assert row.value in (row.low, row.high)
    elif len(numbers) == 3:
        assert numbers == sorted(numbers)


def _autoscaled(instance_type: str) -> RealTime:
    policy = TargetTracking(kind="target-tracking", metric="invocations-per-instance", target=100)
    return RealTime(
        id="a",
        region="us-east-1",
        pattern="real-time",
        instance_type=instance_type,
        scaling=Scaling(min=1, max=4, policies=(policy,)),
    )


def test_a_fixed_fleet_rests_on_nothing_that_moves_its_cost() -> None:
    fixed = RealTime(id="a", region="us-east-1", pattern="real-time", instance_type="ml.m5.large")
    assert [one.key for one in relevant(Assumptions(), fixed) if one.affects_cost] == []


def test_launch_times_follow_the_hardware() -> None:
    assert "instances.launch_gpu_s" in used(Assumptions(), _autoscaled("ml.inf2.xlarge"))
    assert "instances.launch_cpu_s" not in used(Assumptions(), _autoscaled("ml.inf2.xlarge"))
    assert "instances.launch_cpu_s" in used(Assumptions(), _autoscaled("ml.c5.xlarge"))


def test_a_value_of_the_owner_is_no_longer_uncertain() -> None:
    serverless = Serverless(id="s", region="us-east-1", pattern="serverless", memory_mb=2048, max_concurrency=10)
    measured = with_values(Assumptions(), {"serverless.keep_warm_s": 420})
    assert "serverless.keep_warm_s" in {one.key for one in uncertain(Assumptions(), serverless)}
    assert "serverless.keep_warm_s" not in {one.key for one in uncertain(measured, serverless)}
