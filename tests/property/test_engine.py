"""What holds for every scenario."""

from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from infercost.engine import Run, simulate, stream
from infercost.schema.scenario import PATTERNS, Asynchronous, RealTime, Scenario, Scheduled
from twin.generator import random_scenario

SECOND = 1_000_000_000
ENDS = ("completed", "throttled", "refused", "timed_out", "expired", "unfinished")

random_scenarios = st.builds(random_scenario, st.sampled_from(PATTERNS), st.integers(10_000, 10**9))
# gaps and services; whole seconds often, so that events coincide
nanoseconds = st.one_of(st.integers(0, 5).map(lambda one: one * SECOND), st.integers(0, 5 * SECOND))
traces = st.lists(st.tuples(nanoseconds, nanoseconds), max_size=60)


def frame(trace: list[tuple[int, int]]) -> pl.DataFrame:
    gaps = pl.Series([gap for gap, _ in trace], dtype=pl.Int64)
    services = pl.Series([service for _, service in trace], dtype=pl.Int64)
    return pl.DataFrame({"arrival_ns": gaps.cum_sum(), "service_ns": services})


def trace_scenario(deployments: list[dict[str, Any]], **assumptions: dict[str, Any]) -> Scenario:
    document = {
        "traffic": {"kind": "trace", "path": "trace.parquet", "start": "2026-10-01T00:00:00Z", "duration_s": 301},
        "service": {"kind": "trace"},
        "deployment": [{"id": str(index), "region": "us-east-1", **one} for index, one in enumerate(deployments)],
        "assumptions": assumptions,
    }
    return Scenario.parse(document, "property")


def real_time(**keys: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of a deployment
    return {"pattern": "real-time", "instance_type": "ml.m5.xlarge", **keys}


def requests(run: Run) -> pl.DataFrame:
    assert run.requests is not None
    return run.requests


@given(random_scenarios)
def test_each_request_ends_in_exactly_one_way(made: tuple[Scenario, pl.DataFrame | None]) -> None:
    scenario, columns = made
    (run,) = simulate(scenario, columns, record=True)
    assume(run.summary.infeasible is None)
    reported = (stream(scenario, columns)["arrival_ns"] >= scenario.run.warmup_s * SECOND).sum()
    assert run.summary.requests == reported
    assert sum(getattr(run.summary, end) for end in ENDS) == reported
    assert requests(run).height == reported
    assert set(requests(run)["status"]) <= set(ENDS)


@given(random_scenarios)
def test_usage_is_positive_and_has_one_row_per_hour_meter_and_part(made: tuple[Scenario, pl.DataFrame | None]) -> None:
    (run,) = simulate(*made)
    assert run.usage["quantity"].min() is None or run.usage["quantity"].min() >= 0  # type: ignore[operator]
    assert run.usage["hour"].min() is None or run.usage["hour"].min() >= 0  # type: ignore[operator]
    assert not run.usage.select("hour", "meter", "part").is_duplicated().any()


@given(random_scenarios)
def test_scaling_stays_within_its_bounds(made: tuple[Scenario, pl.DataFrame | None]) -> None:
    scenario, columns = made
    (deployment,) = scenario.deployment
    (run,) = simulate(scenario, columns)
    if not isinstance(deployment, RealTime | Asynchronous) or not deployment.scaling:
        return
    if isinstance(deployment, RealTime) and (deployment.variants or deployment.pools):
        return  # several targets, or fewer instances to be had than wanted
    # a scheduled action moves a bound, and the other one out of its way
    scheduled = [one for one in deployment.scaling.policies if isinstance(one, Scheduled)]
    moved = [bound for one in scheduled for bound in (one.min, one.max) if bound is not None]
    least, most = min(deployment.scaling.min, *moved, deployment.scaling.max), max(deployment.scaling.max, *moved, 0)
    assert all(least <= count <= most for one in run.summary.activities for count in (one.from_, one.to))
    assert all(one.to == two.from_ for one, two in pairwise(run.summary.activities))
    assert run.summary.instances is not None
    assert run.summary.instances.peak <= most
    assert least - 1e-9 <= run.summary.instances.mean <= most + 1e-9


@given(traces, st.integers(1, 4), st.integers(1, 3))
def test_each_instance_serves_in_order_of_arrival(trace: list[tuple[int, int]], instances: int, workers: int) -> None:
    scenario = trace_scenario([real_time(instances=instances, concurrency=workers)])
    columns = frame(trace)
    (run,) = simulate(scenario, columns, record=True)
    routes = stream(scenario, columns)["route"].to_list()
    for instance in range(instances):
        here = [ordinal for ordinal, route in enumerate(routes) if route * instances >> 64 == instance]
        starts = requests(run)["start_ns"].gather(here).to_list()
        assert starts == sorted(starts)


@given(traces, st.integers(1, 6))
def test_a_further_worker_never_makes_anyone_wait_longer(trace: list[tuple[int, int]], workers: int) -> None:
    scenario = trace_scenario([real_time(concurrency=workers), real_time(concurrency=workers + 1)])
    fewer, more = simulate(scenario, frame(trace), record=True)
    assert (requests(more)["start_ns"] <= requests(fewer)["start_ns"]).all()


@given(traces, st.integers(0, 60), st.integers(0, 60))
def test_a_longer_keep_alive_never_adds_cold_starts(trace: list[tuple[int, int]], keep: int, longer: int) -> None:
    def cold(keep_warm_s: int) -> int:
        assumed = {"keep_warm_s": keep_warm_s, "cold_start": {"kind": "constant", "median_s": 0}}
        scenario = trace_scenario(
            [{"pattern": "serverless", "memory_mb": 2048, "max_concurrency": 200}], serverless=assumed
        )
        (run,) = simulate(scenario, frame(trace))
        return run.summary.cold_starts

    assert cold(keep + longer) <= cold(keep)


@given(traces, st.integers(1, 3))
def test_quantiles_lie_within_one_per_cent_of_the_order_statistic(trace: list[tuple[int, int]], workers: int) -> None:
    scenario = trace_scenario([real_time(concurrency=workers)], real_time={"timeout_s": 1e6})
    columns = frame(trace)
    (run,) = simulate(scenario, columns, record=True)
    latency = run.summary.latency_ms
    if not trace:
        assert latency is None
        return
    assert latency is not None
    exact = (requests(run)["finish_ns"] - columns["arrival_ns"]).sort() / 1e6
    for name, share in [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999)]:
        rank = share * (exact.len() - 1)
        below, above = exact[int(rank)], exact[min(int(rank) + 1, exact.len() - 1)]
        assert below * 0.99 - 1e-6 <= getattr(latency, name) <= above * 1.01 + 1e-6, name
    assert latency.max == pytest.approx(exact[-1], rel=0.01)
    assert latency.mean == pytest.approx(exact.mean(), rel=1e-9)


@settings(deadline=None)
@given(random_scenarios)
def test_threads_and_block_sizes_change_no_byte(made: tuple[Scenario, pl.DataFrame | None]) -> None:
    scenario, columns = made
    expected = as_bytes(simulate(scenario, columns, record=True, threads=1))
    for threads, block_rows in [(2, None), (1, 1), (2, 7), (1, 64), (2, 4096)]:
        again = simulate(scenario, columns, record=True, threads=threads, block_rows=block_rows)
        assert as_bytes(again) == expected, (threads, block_rows)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(10_000, 10**9), min_size=2, max_size=4, unique=True), st.sampled_from(["poisson", "rates"]))
def test_deployments_swept_together_are_as_simulated_alone(seeds: list[int], kind: str) -> None:
    deployments = [random_scenario(PATTERNS[seed % len(PATTERNS)], seed)[0].deployment[0] for seed in seeds]
    named = [{**one.model_dump(mode="json"), "id": str(index)} for index, one in enumerate(deployments)]
    columns = None
    traffic: dict[str, Any] = {"kind": "poisson", "rate_per_s": 0.1, "duration_s": 1800}
    if kind == "rates":
        traffic = {"kind": "rates", "path": "rates.parquet", "start": "2026-10-01T00:00:00Z", "duration_s": 1800}
        columns = pl.DataFrame({"start_ns": [0], "end_ns": [1800 * SECOND], "requests": [150]})
    document = {"traffic": traffic, "service": {"kind": "exponential", "mean_ms": 5000}, "deployment": named}
    together = simulate(Scenario.parse(document, "sweep"), columns, record=True, threads=2)
    alone = [
        simulate(Scenario.parse({**document, "deployment": [one]}, "alone"), columns, record=True)[0] for one in named
    ]
    assert as_bytes(together) == as_bytes(alone)


def as_bytes(runs: tuple[Run, ...] | list[Run]) -> list[tuple[str, str, str]]:
    return [(run.summary.model_dump_json(), run.usage.write_csv(), requests(run).write_csv()) for run in runs]
