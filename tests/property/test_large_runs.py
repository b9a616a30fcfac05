"""Runs that are too large to simulate request by request: cells are exact where they say so, windows never flatter."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infercost.engine import Run, simulate
from infercost.schema.errors import UsageError
from infercost.schema.scenario import Scenario

HOUR = 3_600
SECOND_NS = 1_000_000_000


def scenario(deployment: dict[str, Any], *, large: bool, rates: bool = False, **changes: Any) -> Scenario:  # noqa: ANN401 -- keys of a scenario
    traffic: dict[str, Any] = {"kind": "poisson", "rate_per_s": 20, "duration_s": 6 * HOUR}
    if rates:
        traffic = {"kind": "rates", "path": "memory", "duration_s": 24 * HOUR}
    document = {
        "traffic": traffic,
        "request": {"payload_bytes": 1000, "response_bytes": 10, "input_tokens": 7, "output_tokens": 3},
        "service": {"kind": "lognormal", "mean_ms": 80, "cv": 0.7},
        "deployment": [{"id": "it", "region": "us-east-1", **deployment}],
        "run": {"max_requests": 1000 if large else 10**9},
        **changes,
    }
    return Scenario.parse(document, "large")


def one(scenario: Scenario, columns: pl.DataFrame | None = None, *, latency: bool = True) -> Run:
    (run,) = simulate(scenario, columns, latency=latency)
    return run


def a_day(peak: int) -> pl.DataFrame:
    """A day of ten-minute steps that rises to `peak` requests a step at noon and falls again; tokens of any size."""
    steps = range(144)
    requests = [peak * min(step, 144 - step) // 72 for step in steps]
    return pl.DataFrame(
        {
            "start_ns": [step * 600 * SECOND_NS for step in steps],
            "end_ns": [(step + 1) * 600 * SECOND_NS for step in steps],
            "requests": requests,
            "input_tokens": [13 * count + (count > 0) * 5 for count in requests],
        }
    )


TRACKED = {
    "pattern": "real-time",
    "instance_type": "ml.m5.xlarge",
    "concurrency": 2,
    "scaling": {
        "min": 1,
        "max": 20,
        "policies": [{"kind": "target-tracking", "metric": "invocations-per-instance", "target": 700}],
    },
}


@settings(max_examples=15)
@given(peak=st.integers(1_000, 30_000), target=st.integers(100, 2_000), seed=st.integers(0, 1000))
def test_cells_scale_exactly_as_every_request_does(peak: int, target: int, seed: int) -> None:
    policy = {"kind": "target-tracking", "metric": "invocations-per-instance", "target": target}
    deployment = TRACKED | {"scaling": {"min": 1, "max": 20, "policies": [policy]}}
    columns = a_day(peak)
    run = {"seed": seed, "max_requests": 10**9}
    every = one(scenario(deployment, large=False, rates=True, run=run), columns)
    cells = one(scenario(deployment, large=True, rates=True, run=run | {"max_requests": 500}), columns, latency=False)
    assert every.summary.method == "every request"
    assert cells.summary.method == "cells"
    assert cells.summary.activities == every.summary.activities
    assert cells.summary.requests == every.summary.requests
    # the life of an instance is known to the end of its drain, which the cells take to be as long as it may be
    removed = sum(max(0, change.from_ - change.to) for change in every.summary.activities)
    more = cells.totals()["instance_ns"] - every.totals()["instance_ns"]
    assert 0 <= more <= removed * 30 * SECOND_NS


def test_fixed_instances_tokens_and_bytes_are_the_same_to_the_last_unit() -> None:
    columns = a_day(2_000)
    for deployment in (
        {"pattern": "real-time", "instance_type": "ml.m5.xlarge", "instances": 2},
        {"pattern": "bedrock-on-demand", "model_id": "m"},
        {"pattern": "bedrock-batch", "model_id": "m", "every_s": 7200},
        {"pattern": "bedrock-provisioned", "model_id": "m"},
    ):
        every = one(scenario(deployment, large=False, rates=True), columns)
        cells = one(scenario(deployment, large=True, rates=True), columns)
        assert cells.summary.method == "cells"
        if deployment["pattern"] == "real-time":
            # responses of requests that fail are not sent: the cells count every one
            assert every.summary.completed == every.summary.requests
        assert cells.usage.equals(every.usage), deployment
        assert (cells.summary.requests, cells.summary.refused) == (every.summary.requests, every.summary.refused)


def test_windows_of_latency_are_close_and_on_the_safe_side() -> None:
    columns = a_day(9_000)
    deployment = {"pattern": "real-time", "instance_type": "ml.m5.xlarge", "instances": 1, "concurrency": 2}
    every = one(scenario(deployment, large=False, rates=True), columns).summary
    cells = one(scenario(deployment, large=True, rates=True), columns).summary
    assert every.latency_ms is not None
    assert cells.latency_ms is not None
    assert cells.completed == every.completed
    for quantile in ("p50", "p90", "p95", "p99"):
        exact, found = getattr(every.latency_ms, quantile), getattr(cells.latency_ms, quantile)
        assert 0.97 * exact <= found <= 1.35 * exact, quantile


def test_batch_transform_jobs_cost_the_same_and_end_no_earlier() -> None:
    columns = a_day(3_000)
    deployment = {
        "pattern": "batch-transform",
        "instance_type": "ml.c5.4xlarge",
        "instances": 3,
        "files": 12,
        "max_concurrent_transforms": 4,
        "every_s": 7200,
    }
    changes = {"service": {"kind": "constant", "mean_ms": 40}}
    every = one(scenario(deployment, large=False, rates=True, **changes), columns)
    cells = one(scenario(deployment, large=True, rates=True, **changes), columns)
    assert cells.totals()["instance_ns"] == pytest.approx(every.totals()["instance_ns"], rel=0.01)
    assert every.summary.latency_ms is not None
    assert cells.summary.latency_ms is not None
    assert cells.summary.latency_ms.max >= every.summary.latency_ms.max
    assert cells.summary.latency_ms.p50 >= every.summary.latency_ms.p50


@pytest.mark.parametrize(
    "deployment",
    [
        {"pattern": "serverless", "memory_mb": 2048, "max_concurrency": 50},
        {"pattern": "async", "instance_type": "ml.m5.xlarge", "instances": 2, "concurrency": 2},
    ],
)
def test_sampled_days_scale_to_all_requests_and_say_how_many_were_seen(deployment: dict[str, Any]) -> None:
    traffic = {"kind": "poisson", "rate_per_s": 0.5, "duration_s": 10 * 24 * HOUR}
    every = one(scenario(deployment, large=False, traffic=traffic))
    sampled = one(scenario(deployment, large=True, traffic=traffic, run={"max_requests": 3 * 43_200}))
    assert sampled.summary.method == "sampled days"
    assert sampled.summary.requests == every.summary.requests
    assert sampled.summary.sampling_error is not None
    assert "3 of 10 days" in sampled.summary.sampling_error.note or "2 of 10" in sampled.summary.sampling_error.note
    meter = "serverless_ms" if deployment["pattern"] == "serverless" else "instance_ns"
    assert sampled.totals()[meter] == pytest.approx(every.totals()[meter], rel=0.03)


def test_what_cannot_be_sampled_says_so() -> None:
    traffic = {"kind": "renewal", "rate_per_s": 10, "interarrival_cv": 0, "duration_s": HOUR}
    deployment = {"pattern": "bedrock-on-demand", "model_id": "m"}
    with pytest.raises(UsageError, match="max_requests"):
        simulate(scenario(deployment, large=True, traffic=traffic))
    with pytest.raises(UsageError, match="record"):
        simulate(scenario(deployment, large=True), record=True)


def test_threads_and_blocks_never_change_a_byte_of_a_large_run() -> None:
    columns = a_day(3_000)
    fixed = {"region": "us-east-1", "instance_type": "ml.m5.xlarge"}
    document = scenario(TRACKED, large=True, rates=True).model_dump(mode="json", by_alias=True, exclude_none=True)
    document["deployment"] += [
        {"id": "queue", "pattern": "async", "instances": 2, "concurrency": 2, **fixed},
        {"id": "jobs", "pattern": "batch-transform", "every_s": 7200, "files": 8, **fixed},
        {"id": "functions", "pattern": "serverless", "region": "us-east-1", "memory_mb": 2048, "max_concurrency": 50},
    ]
    several = Scenario.parse(document, "several")
    results = {
        tuple(
            (run.summary_json, run.usage.write_csv())
            for run in simulate(several, columns, threads=threads, block_rows=block_rows)
        )
        for threads, block_rows in ((1, None), (2, None), (3, 7), (None, 50_000))
    }
    assert len(results) == 1
