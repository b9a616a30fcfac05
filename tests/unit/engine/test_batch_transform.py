"""Batch transform: what a call carries, how long it may take, and what a run that is too large to simulate counts."""

from typing import Any

import polars as pl
import pytest

from infercost.engine import Run, simulate
from infercost.schema.scenario import Scenario

SECOND = 1_000_000_000
MB = 1_000_000
DAY = 86_400


def job(
    deployment: dict[str, Any],
    payloads: list[int],
    service_s: list[float],
    *,
    end: str = "drain",
    duration_s: int = 3600,
) -> tuple[Run, list[tuple[str, float | None, float | None]]]:
    """One job on records that arrive second by second; (status, start, finish) in seconds from the start of work."""
    count = len(payloads)
    columns = pl.DataFrame(
        {
            "arrival_ns": [second * SECOND for second in range(count)],
            "payload_bytes": payloads,
            "service_ns": [round(one * SECOND) for one in service_s],
        }
    )
    document = {
        "traffic": {"kind": "trace", "path": "t", "duration_s": duration_s, "start": "2026-10-01T00:00:00Z"},
        "service": {"kind": "trace"},
        "deployment": [{"id": "it", "region": "us-east-1", "pattern": "batch-transform", **TYPE, **deployment}],
        "assumptions": {"batch_transform": {"startup_s": 100}},
        "run": {"end": end},
    }
    (run,) = simulate(Scenario.parse(document, "job"), columns, record=True)
    assert run.requests is not None
    opens = (count - 1 + 100) * SECOND
    seconds = [
        None if at is None else (at - opens) / SECOND
        for at in (*run.requests["start_ns"].to_list(), *run.requests["finish_ns"].to_list())
    ]
    return run, list(zip(run.requests["status"], seconds[:count], seconds[count:], strict=True))


TYPE = {"instance_type": "ml.c5.xlarge"}
MULTI = {"batch_strategy": "multi-record"}


def test_a_call_carries_as_many_records_as_the_limit_holds_to_the_byte() -> None:
    _, ends = job({"max_payload_mb": 2, **MULTI}, [MB, MB, MB, 2 * MB, 1], [1, 2, 4, 8, 16])
    assert ends == [
        ("completed", 0.0, 3.0),
        ("completed", 0.0, 3.0),
        ("completed", 3.0, 7.0),
        ("completed", 7.0, 15.0),
        ("completed", 15.0, 31.0),
    ]


def test_no_call_mixes_files_and_a_refused_record_leaves_no_gap() -> None:
    # the record above the limit is not laid in a file: four others, two files of two
    _, ends = job({"max_payload_mb": 2, "files": 2, **MULTI}, [1, 2 * MB + 1, 1, 1, 1], [1, 9, 1, 1, 1])
    assert ends == [
        ("completed", 0.0, 2.0),
        ("refused", None, None),
        ("completed", 0.0, 2.0),
        ("completed", 2.0, 4.0),
        ("completed", 2.0, 4.0),
    ]


def test_without_a_limit_a_call_carries_the_whole_file() -> None:
    for split in (MULTI, {"split_type": "none"}):
        _, ends = job({"max_payload_mb": 0, "files": 2, "instances": 2, **split}, [200 * MB] * 4, [1, 2, 3, 4])
        assert ends == [("completed", 0.0, 3.0)] * 2 + [("completed", 0.0, 7.0)] * 2


def test_a_file_that_is_not_split_is_refused_as_a_whole() -> None:
    run, ends = job({"max_payload_mb": 2, "files": 2, "split_type": "none"}, [MB, MB, MB, MB + 1], [1, 1, 1, 1])
    assert ends == [("completed", 0.0, 2.0)] * 2 + [("refused", None, None)] * 2
    assert run.totals() == {"instance_ns": 2 * SECOND}
    run, ends = job({"max_payload_mb": 2, "split_type": "none"}, [2 * MB, 1], [1, 1])
    assert ends == [("refused", None, None)] * 2
    assert run.totals() == {}
    assert run.summary.instances is not None
    assert run.summary.instances.peak == 0


@pytest.mark.parametrize(("retries", "kept_s"), [(0, 10.0), (3, 40.0)])
def test_a_call_that_takes_too_long_is_tried_again_on_its_worker(retries: int, kept_s: float) -> None:
    deployment = {"invocation_timeout_s": 10, "retries": retries}
    run, ends = job(deployment, [0, 0, 0], [10, 10.000000001, 1])
    assert ends == [
        ("completed", 0.0, 10.0),
        ("timed_out", 10.0, 10.0 + kept_s),
        ("completed", 10.0 + kept_s, 11.0 + kept_s),
    ]
    assert run.summary.timed_out == 1
    assert run.totals()["instance_ns"] == round((11 + kept_s) * SECOND)


def test_the_records_of_a_call_time_out_together() -> None:
    _, ends = job({"invocation_timeout_s": 10, "retries": 1, **MULTI}, [1, 1], [6, 6])
    assert ends == [("timed_out", 0.0, 20.0)] * 2


def test_a_try_that_ends_after_the_run_is_unfinished() -> None:
    # work starts at 100 s: the second try ends exactly with the run, or one second after it
    deployment = {"invocation_timeout_s": 10, "retries": 1}
    assert job(deployment, [0], [11], end="cut", duration_s=120)[1] == [("timed_out", 0.0, 20.0)]
    assert job(deployment, [0], [11], end="cut", duration_s=119)[1] == [("unfinished", None, None)]


def test_instances_of_jobs_that_overlap_add_up() -> None:
    document = {
        "traffic": {"kind": "poisson", "rate_per_s": 1, "duration_s": 3600},
        "service": {"kind": "constant", "mean_ms": 1_500},
        "deployment": [
            {"id": "it", "region": "us-east-1", "pattern": "batch-transform", **TYPE, "instances": 3, "every_s": 600}
        ],
    }
    (run,) = simulate(Scenario.parse(document, "overlap"))
    assert run.summary.instances is not None
    assert run.summary.instances.peak == 6  # a job takes 900 s: two at once
    assert run.summary.utilization is not None
    assert 0.3 < run.summary.utilization <= 1 / 3  # one of three instances works: there is one file


@pytest.mark.parametrize(
    ("deployment", "rule", "words"),
    [
        ({"max_payload_mb": 51, "max_concurrent_transforms": 2}, "BT-4", "51 x max_concurrent_transforms 2"),
        ({"invocation_timeout_s": 3601}, "BT-8", "invocation_timeout_s 3601"),
        ({"retries": 4}, "BT-8", "retries 4"),
        ({"instances": 101}, "BT-2", "101 instances"),
    ],
)
def test_what_aws_does_not_take_is_infeasible(deployment: dict[str, Any], rule: str, words: str) -> None:
    run, _ = job(deployment, [], [])
    assert run.summary.infeasible is not None
    assert run.summary.infeasible.rule == rule
    assert words in run.summary.infeasible.reason


def test_the_largest_that_aws_takes_is_feasible() -> None:
    largest = {
        "max_payload_mb": 50,
        "max_concurrent_transforms": 2,
        "invocation_timeout_s": 3600,
        "retries": 3,
        "instances": 100,
    }
    assert job(largest, [0], [1])[0].summary.infeasible is None
    assert job({"max_payload_mb": 0, "max_concurrent_transforms": 200}, [0], [1])[0].summary.infeasible is None


# --- more requests than can be simulated one by one ------------------------------------------------------------------
def counted(deployment: dict[str, Any], columns: pl.DataFrame, mean_ms: float) -> tuple[Run, Run]:
    """The same day of jobs, every request and from counts."""
    kind = "rates" if "requests" in columns.columns else "trace"
    document = {
        "traffic": {"kind": kind, "path": "t", "duration_s": DAY, "start": "2026-10-01T00:00:00Z"},
        "service": {"kind": "constant", "mean_ms": mean_ms},
        "deployment": [{"id": "it", "region": "us-east-1", "pattern": "batch-transform", **TYPE, **deployment}],
    }
    runs = [
        simulate(Scenario.parse(document | {"run": {"max_requests": most}}, "day"), columns)[0] for most in (10**9, 1)
    ]
    assert [run.summary.method for run in runs] == ["every request", "cells"]
    return runs[0], runs[1]


DIFFERENT = pl.DataFrame(
    {
        "arrival_ns": [index * 30 * SECOND for index in range(2_880)],
        "payload_bytes": [index * 7_919 % 2_500_000 for index in range(2_880)],
    }
)
RATES = pl.DataFrame(
    {
        "start_ns": [hour * 3600 * SECOND for hour in range(24)],
        "end_ns": [(hour + 1) * 3600 * SECOND for hour in range(24)],
        "requests": [100 + hour for hour in range(24)],
        "payload_bytes": [(100 + hour) * 400_000 + 50 for hour in range(24)],
    }
)


@pytest.mark.parametrize("columns", [DIFFERENT, RATES], ids=["trace", "rates"])
@pytest.mark.parametrize(
    "deployment",
    [
        {"max_payload_mb": 2},
        {"max_payload_mb": 2, **MULTI},
        {"max_payload_mb": 0, **MULTI},
        {"max_payload_mb": 50, "split_type": "none"},
        {"max_payload_mb": 0, "split_type": "none", "invocation_timeout_s": 60, "retries": 2},
    ],
    ids=["single", "multi", "multi, no limit", "files", "files that take too long"],
)
def test_counts_say_which_records_end_how_and_what_it_costs(columns: pl.DataFrame, deployment: dict[str, Any]) -> None:
    shared = {"instances": 2, "files": 12, "max_concurrent_transforms": 2, "every_s": 21_600}
    every, cells = counted({**shared, **deployment}, columns, mean_ms=1_000)
    for status in ("requests", "completed", "refused", "timed_out", "unfinished"):
        assert getattr(cells.summary, status) == getattr(every.summary, status), status
    assert cells.usage.equals(every.usage)
    assert cells.summary.instances == every.summary.instances
    assert cells.summary.utilization == pytest.approx(every.summary.utilization)
    if every.summary.latency_ms is not None:
        assert cells.summary.latency_ms is not None
        assert cells.summary.latency_ms.p50 >= every.summary.latency_ms.p50
