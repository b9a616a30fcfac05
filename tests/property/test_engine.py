"""What holds for every scenario."""

from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infercost.engine import Run, simulate, stream
from infercost.schema.scenario import PATTERNS, Scaling, Scenario, Scheduled, scalings
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


def trace_scenario(
    deployments: list[dict[str, Any]], *, duration_s: int = 301, **assumptions: dict[str, Any]
) -> Scenario:
    start = "2026-10-01T00:00:00Z"
    document = {
        "traffic": {"kind": "trace", "path": "trace.parquet", "start": start, "duration_s": duration_s},
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


@settings(max_examples=300)
@given(random_scenarios)
def test_each_request_ends_in_exactly_one_way(made: tuple[Scenario, pl.DataFrame | None]) -> None:
    scenario, columns = made
    (run,) = simulate(scenario, columns, record=True)
    reported = (stream(scenario, columns)["arrival_ns"] >= scenario.run.warmup_s * SECOND).sum()
    if run.summary.infeasible is not None:
        reported = 0
    assert run.summary.requests == reported
    assert sum(getattr(run.summary, end) for end in ENDS) == reported
    assert requests(run).height == reported
    assert set(requests(run)["status"]) <= set(ENDS)


@settings(max_examples=300)
@given(random_scenarios)
def test_usage_is_positive_and_has_one_row_per_hour_meter_and_part(
    made: tuple[Scenario, pl.DataFrame | None],
) -> None:
    (run,) = simulate(*made)
    assert run.usage["quantity"].min() is None or run.usage["quantity"].min() > 0  # type: ignore[operator]
    assert run.usage["hour"].min() is None or run.usage["hour"].min() >= 0  # type: ignore[operator]
    assert not run.usage.select("hour", "meter", "part").is_duplicated().any()


class Bounds:
    """The least and the most of a scalable target over time, as its scheduled actions set them [AS-17]."""

    def __init__(self, scaling: Scaling) -> None:
        actions = [one for one in scaling.policies if isinstance(one, Scheduled)]
        least, most = scaling.min, scaling.max
        self.spans = [(0.0, least, most)]
        for at in sorted({at for one in actions for at in one.at_s or ()}):
            for one in actions:
                if at in (one.at_s or ()):
                    least = least if one.min is None else one.min
                    most = most if one.max is None else one.max
                    least, most = (min(least, most), most) if one.min is None else (least, max(least, most))
            self.spans.append((at, least, most))

    def allow(self, at_s: float, before: int, after: int) -> bool:
        """Whether a change goes no further than the bounds; at the instant of an action, before it or after it."""
        here = [span for span in self.spans if span[0] < at_s][-1:] + [span for span in self.spans if span[0] == at_s]
        return any(after <= most if after > before else after >= least for _, least, most in here)

    @property
    def most(self) -> int:
        return max(most for _, _, most in self.spans)


@settings(max_examples=300)
@given(random_scenarios)
def test_scaling_stays_within_its_bounds(made: tuple[Scenario, pl.DataFrame | None]) -> None:
    scenario, columns = made
    (deployment,) = scenario.deployment
    (run,) = simulate(scenario, columns)
    targets = [Bounds(one) for one in scalings(deployment)]
    for one in run.summary.activities:
        # of several targets the activities do not tell which: one of them must allow it
        assert any(bounds.allow(one.at_s, one.from_, one.to) for bounds in targets), one
        assert one.from_ != one.to
    if len(targets) == 1:
        assert all(one.to == two.from_ for one, two in pairwise(run.summary.activities))
        if deployment.pattern in ("real-time", "multi-model", "async") and not getattr(deployment, "variants", ()):
            assert run.summary.instances is not None
            assert run.summary.instances.peak <= targets[0].most


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


ALONE: dict[str, dict[str, Any]] = {
    "real-time": {},
    "async": {},
    "multi-model": {"model_mb": [500], "memory_mb": 1000, "disk_mb": 1000},
    "inference-components": {
        "max_instances": 1,
        "host": {"accelerators": 1, "vcpus": 4, "memory_mb": 16_000},
        "components": [{"name": "it", "memory_mb": 128}],
    },
}


@pytest.mark.parametrize("pattern", ALONE)
@given(trace=traces)
def test_one_worker_takes_one_request_after_the_other(pattern: str, trace: list[tuple[int, int]]) -> None:
    keys = {"pattern": pattern, "instance_type": "ml.m5.xlarge", **ALONE[pattern]}
    keys |= {"concurrency": 1} if pattern == "async" else {}
    (run,) = simulate(trace_scenario([keys]), frame(trace), record=True)
    rows = requests(run).select("start_ns", "finish_ns").rows()
    assert all(finish <= start for (_, finish), (start, _) in pairwise(rows))
    assert all(start < finish for start, finish in rows)


@given(traces, st.integers(1, 4), st.integers(1, 3))
def test_a_further_instance_never_makes_anyone_wait_longer_for_a_common_queue(
    trace: list[tuple[int, int]], instances: int, workers: int
) -> None:
    endpoint = {"pattern": "async", "instance_type": "ml.m5.xlarge", "concurrency": workers}
    scenario = trace_scenario([{**endpoint, "instances": instances}, {**endpoint, "instances": instances + 1}])
    fewer, more = simulate(scenario, frame(trace), record=True)
    assert (requests(more)["start_ns"] <= requests(fewer)["start_ns"]).all()


def cold_starts(trace: list[tuple[int, int]], keep_warm_s: int, setup_s: int) -> int:
    assumed = {"keep_warm_s": keep_warm_s, "cold_start": {"kind": "constant", "median_s": setup_s}}
    endpoint = {"pattern": "serverless", "memory_mb": 2048, "max_concurrency": 200}
    (run,) = simulate(trace_scenario([endpoint], serverless=assumed), frame(trace))
    return run.summary.cold_starts


@given(traces, st.integers(0, 60), st.integers(0, 60))
def test_a_longer_keep_alive_never_adds_cold_starts_that_take_no_time(
    trace: list[tuple[int, int]], keep: int, longer: int
) -> None:
    assert cold_starts(trace, keep + longer, 0) <= cold_starts(trace, keep, 0)


def test_a_longer_keep_alive_can_add_cold_starts_that_take_time() -> None:
    # Requests at 5, 11, 17, 19 s; set-up takes 2 s. Kept for 3 s, the first container is gone at 11 s; the second
    # request starts its own, which works until 15 s and is warm for both others. Kept for 4 s, the first is there for
    # the second request, works until 13 s, and is gone at 17 s; the third request sets up until 19 s, so that the
    # fourth finds nothing idle.
    trace = [(5 * SECOND, SECOND), (6 * SECOND, 2 * SECOND), (6 * SECOND, SECOND), (2 * SECOND, SECOND)]
    assert (cold_starts(trace, 3, 2), cold_starts(trace, 4, 2)) == (2, 3)
    assert (cold_starts(trace, 3, 0), cold_starts(trace, 4, 0)) == (3, 3)


@given(traces, st.integers(1, 3), st.integers(0, 2))
def test_nothing_costs_less_than_the_ideal_policy_with_launches_of_no_time(
    trace: list[tuple[int, int]], instances: int, least: int
) -> None:
    endpoint = {"pattern": "async", "instance_type": "ml.m5.xlarge", "concurrency": 1}
    ideal = {"instances": 0, "scaling": {"min": 0, "max": 100, "policies": [{"kind": "ideal"}]}}
    step = {"kind": "step", "metric": "has-backlog-without-capacity"}
    tracked = {"kind": "target-tracking", "metric": "backlog-per-instance", "target": 2}
    scaled = {"instances": least, "scaling": {"min": least, "max": 5, "policies": [tracked, step]}}
    scenario = trace_scenario(
        [{**endpoint, **ideal}, {**endpoint, "instances": instances}, {**endpoint, **scaled}],
        instances={"launch_cpu_s": 0},
        duration_s=1000,
    )
    bound, *others = simulate(scenario, frame(trace), record=True)
    assert requests(bound)["start_ns"].to_list() == frame(trace)["arrival_ns"].to_list()
    assert bound.totals().get("instance_ns", 0) == sum(max(1, service) for _, service in trace)
    for other in others:
        done = other.summary.unfinished == 0 and (requests(other)["finish_ns"] < 1000 * SECOND).all()
        assert not done or other.totals().get("instance_ns", 0) >= bound.totals().get("instance_ns", 0)


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


@given(random_scenarios)
def test_threads_and_block_sizes_change_no_byte(made: tuple[Scenario, pl.DataFrame | None]) -> None:
    scenario, columns = made
    expected = as_bytes(simulate(scenario, columns, record=True, threads=1))
    for threads, block_rows in [(2, None), (1, 1), (2, 7), (1, 64), (2, 4096)]:
        again = simulate(scenario, columns, record=True, threads=threads, block_rows=block_rows)
        assert as_bytes(again) == expected, (threads, block_rows)


@settings(max_examples=200)
@given(st.sampled_from(PATTERNS), st.integers(10_000, 10**9), st.lists(st.integers(0, 200), max_size=6))
def test_a_trace_in_batches_is_the_trace(pattern: str, seed: int, cuts: list[int]) -> None:
    scenario, columns = random_scenario(pattern, seed)
    if scenario.traffic.kind != "trace" or columns is None:
        return
    edges = [0, *sorted(min(cut, columns.height) for cut in cuts), columns.height]
    batches = [columns.slice(first, last - first) for first, last in pairwise(edges)]
    assert stream(scenario, batches).equals(stream(scenario, columns))
    whole = as_bytes(simulate(scenario, columns, record=True))
    for threads, block_rows in [(1, None), (2, 7)]:
        again = simulate(scenario, batches, record=True, threads=threads, block_rows=block_rows)
        assert as_bytes(again) == whole, (threads, block_rows)


@settings(max_examples=25)
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
