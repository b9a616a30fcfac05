"""Serverless: provisioned concurrency, answers that are too large, a law of whole cold requests."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from infercost.engine import Run, simulate, stream
from infercost.schema.errors import UsageError
from infercost.schema.scenario import Scenario

SECOND = 1_000_000_000
HOUR = 3_600
MB = 1_000_000
Ends = list[tuple[str, float | None, float | None, bool]]
FOUR_SECONDS = {"cold_start": {"kind": "constant", "median_s": 4, "p95_s": None}}


def scenario(deployment: dict[str, Any], traffic: dict[str, Any], **other: Any) -> Scenario:  # noqa: ANN401 -- keys of a scenario
    document = {
        "traffic": traffic,
        "service": {"kind": "constant", "mean_ms": 100},
        "deployment": [
            {
                "id": "it",
                "region": "us-east-1",
                "pattern": "serverless",
                "memory_mb": 2048,
                "max_concurrency": 20,
                **deployment,
            }
        ],
        **other,
    }
    return Scenario.parse(document, "serverless")


def serve(
    deployment: dict[str, Any],
    requests: Sequence[tuple[float, float]],
    assumed: dict[str, Any] | None = None,
    *,
    duration_s: int = HOUR,
    **columns: list[int],
) -> tuple[Run, Ends]:
    """Requests of (arrival, work) in seconds; (status, start, finish, cold) of each."""
    frame = pl.DataFrame(
        {
            "arrival_ns": [round(at * SECOND) for at, _ in requests],
            "service_ns": [round(work * SECOND) for _, work in requests],
            **columns,
        },
        schema_overrides={"arrival_ns": pl.Int64, "service_ns": pl.Int64},
    )
    traffic = {"kind": "trace", "path": "t", "duration_s": duration_s, "start": "2026-10-01T00:00:00Z"}
    asked = scenario(
        deployment, traffic, service={"kind": "trace"}, assumptions={"serverless": FOUR_SECONDS | (assumed or {})}
    )
    (run,) = simulate(asked, frame, record=True)
    assert run.requests is not None
    ends = [
        (status, *(None if at is None else at / SECOND for at in (start, finish)), cold)
        for status, start, finish, cold in run.requests.select("status", "start_ns", "finish_ns", "cold").iter_rows()
    ]
    return run, ends


def test_what_finds_no_provisioned_container_free_spills_over() -> None:
    run, ends = serve({"provisioned_concurrency": 2}, [(0, 10), (1, 10), (2, 10), (10, 1), (16, 1)])
    assert ends == [
        ("completed", 0.0, 10.0, False),
        ("completed", 1.0, 11.0, False),
        ("completed", 6.0, 16.0, True),  # on demand, after its set-up
        ("completed", 10.0, 11.0, False),  # one is free again at that instant
        ("completed", 16.0, 17.0, False),
    ]
    assert run.totals() == {"provisioned_ms": 22_000, "provisioned_ns": 2 * HOUR * SECOND, "serverless_ms": 10_000}
    assert run.summary.instances is not None
    assert run.summary.instances.peak == 3
    # two provisioned throughout, one on demand from 2 s until 300 s after it was idle at 16 s
    assert run.summary.instances.mean == pytest.approx(2 + 314 / HOUR)


def test_provisioned_time_is_paid_without_a_request_and_work_on_it_is_rounded_up() -> None:
    run, _ = serve({"provisioned_concurrency": 3}, [])
    assert run.totals() == {"provisioned_ns": 3 * HOUR * SECOND}
    run, _ = serve({"provisioned_concurrency": 1}, [(0, 0.001000001), (1, 0.002)])
    assert run.totals()["provisioned_ms"] == 2 + 2


def test_the_limit_of_the_endpoint_is_over_both() -> None:
    deployment = {"provisioned_concurrency": 1, "max_concurrency": 2}
    _, ends = serve(deployment, [(0, 10), (1, 10), (2, 10), (10, 1)])
    assert [status for status, *_ in ends] == ["completed", "completed", "throttled", "completed"]


def test_work_on_a_provisioned_container_has_a_timeout_too() -> None:
    run, ends = serve({"provisioned_concurrency": 1}, [(0, 60), (100, 60.000000001)])
    assert ends == [("completed", 0.0, 60.0, False), ("timed_out", 100.0, 160.0, False)]
    assert run.totals()["provisioned_ms"] == 120_000


def test_an_answer_above_4_mb_is_worked_on_billed_and_refused() -> None:
    run, ends = serve({}, [(0, 1), (10, 1)], response_bytes=[4 * MB, 4 * MB + 1], payload_bytes=[7, 7])
    assert ends == [("completed", 4.0, 5.0, True), ("refused", 10.0, 11.0, False)]
    assert run.totals() == {"serverless_ms": 2_000, "data_in_bytes": 14, "data_out_bytes": 4 * MB}
    assert run.summary.refused == 1


def test_a_law_of_cold_requests_takes_the_place_of_set_up_and_work() -> None:
    law = {"cold_service": {"kind": "constant", "mean_ms": 9_000}}
    run, ends = serve({"speed": 2}, [(0, 1), (10, 1)], law)
    assert ends == [("completed", 0.0, 4.5, True), ("completed", 10.0, 10.5, False)]
    assert run.totals()["serverless_ms"] == 5_000
    assert run.summary.cold_starts == 1


def test_a_law_of_cold_requests_is_drawn_apart_from_their_work() -> None:
    law = {"serverless": {"cold_service": {"kind": "exponential", "mean_ms": 2_000}}}
    traffic = {"kind": "poisson", "rate_per_s": 5, "duration_s": HOUR}
    drawn = stream(scenario({}, traffic, service={"kind": "exponential", "mean_ms": 100}, assumptions=law))
    means = drawn.select(pl.col("cold_service_ns", "service_ns").mean()).row(0)
    assert means == pytest.approx((2e9, 1e8), rel=0.05)
    assert abs(float(drawn.select(pl.corr("cold_service_ns", "service_ns")).item())) < 0.05
    with pytest.raises(UsageError, match=r"cold_service.*no traffic has a column"):
        scenario({}, traffic, assumptions={"serverless": {"cold_service": {"kind": "trace"}}})


UTILISATION = {"metric": "provisioned-concurrency-utilization"}


def test_provisioned_concurrency_follows_its_utilisation() -> None:
    """Three alarms of a minute above 0.5, seen 90 s late, then 120 s until the containers are there: by hand."""
    scaling = {"min": 1, "max": 10, "policies": [{"kind": "target-tracking", "target": 0.5, **UTILISATION}]}
    requests = [(second, 0.5) for second in range(HOUR)]
    run, ends = serve({"provisioned_concurrency": 1, "scaling": scaling}, requests)
    first = run.summary.activities[0]
    assert (first.at_s, first.from_, first.to) == (180 + 90, 1, 2)
    # one of two in use is the target itself: neither alarm rings
    assert len(run.summary.activities) == 1
    assert run.totals()["provisioned_ns"] == (HOUR + HOUR - 270 - 120) * SECOND
    assert not any(cold for *_, cold in ends)


def test_a_minute_counts_what_is_in_use_from_the_one_before() -> None:
    alarm = {"kind": "step", "threshold": 1, "evaluation_periods": 2, "adjustment": 3, **UTILISATION}
    scaling = {"min": 1, "max": 9, "policies": [alarm]}
    # from 59 s to 119 s: all of what is provisioned, in both minutes; released as the second begins: in the first alone
    for work, decided in ((60, [(120 + 90, 1, 4)]), (1, [])):
        run, _ = serve({"provisioned_concurrency": 1, "scaling": scaling}, [(59, work)])
        assert [(one.at_s, one.from_, one.to) for one in run.summary.activities] == decided


def test_a_container_that_is_removed_lets_its_request_go_on() -> None:
    actions = [
        {"kind": "scheduled", "at_s": [30], "min": 0, "max": 0},
        {"kind": "scheduled", "at_s": [31], "min": 0, "max": 5},
    ]
    scaling = {"min": 2, "max": 2, "policies": actions}
    run, ends = serve({"provisioned_concurrency": 2, "scaling": scaling}, [(0, 50), (40, 1)])
    assert ends == [("completed", 0.0, 50.0, False), ("completed", 44.0, 45.0, True)]
    assert run.totals()["provisioned_ns"] == 2 * 30 * SECOND
    assert [(one.at_s, one.from_, one.to) for one in run.summary.activities] == [(30, 2, 0)]


@pytest.mark.parametrize(
    ("deployment", "rule", "words"),
    [
        ({"provisioned_concurrency": 21}, "SL-11", "21 is above max_concurrency 20"),
        ({"max_concurrency": 201, "provisioned_concurrency": 201}, "SL-3", "201 is above 200"),
        ({"scaling": {"min": 0, "max": 21}}, "SL-11", "21 is above max_concurrency 20"),
        (
            {"scaling": {"min": 0, "max": 2, "policies": [{"kind": "scheduled", "at_s": [1], "min": 21}]}},
            "SL-11",
            "21 is above max_concurrency 20",
        ),
        (
            {
                "scaling": {
                    "min": 0,
                    "max": 2,
                    "policies": [{"kind": "target-tracking", "metric": "concurrent-requests", "target": 1}],
                }
            },
            "AS-1",
            "concurrent-requests",
        ),
        ({"memory_mb": 1536}, "SL-1", "1536 MB"),
    ],
)
def test_what_aws_does_not_take_is_infeasible(deployment: dict[str, Any], rule: str, words: str) -> None:
    run, _ = serve(deployment, [])
    assert run.summary.infeasible is not None
    assert run.summary.infeasible.rule == rule
    assert words in run.summary.infeasible.reason


@pytest.mark.parametrize("carried", ["payload_bytes", "response_bytes"])
def test_four_megabytes_either_way_are_the_most(carried: str) -> None:
    traffic = {"kind": "poisson", "rate_per_s": 1, "duration_s": 60}
    for size, rule in ((4 * MB, None), (4 * MB + 1, "SL-5")):
        (run,) = simulate(scenario({"provisioned_concurrency": 20}, traffic, request={carried: size}))
        assert (run.summary.infeasible and run.summary.infeasible.rule) == rule


def test_what_is_held_is_not_estimated_from_a_sample() -> None:
    """Traffic that differs by day: the time of what does not scale is known to the nanosecond all the same."""
    days = 10
    rates = pl.DataFrame(
        {
            "start_ns": [day * 24 * HOUR * SECOND for day in range(days)],
            "end_ns": [(day + 1) * 24 * HOUR * SECOND for day in range(days)],
            "requests": [100 * (1 + day) for day in range(days)],
        }
    )
    document = {
        "traffic": {"kind": "rates", "path": "t", "duration_s": days * 24 * HOUR, "start": "2026-10-01T00:00:00Z"},
        "service": {"kind": "constant", "mean_ms": 100},
        "deployment": [
            {
                "id": "functions",
                "pattern": "serverless",
                "region": "us-east-1",
                "memory_mb": 2048,
                "max_concurrency": 9,
                "provisioned_concurrency": 3,
            },
            {
                "id": "queue",
                "pattern": "async",
                "region": "us-east-1",
                "instance_type": "ml.m5.xlarge",
                "instances": 3,
                "concurrency": 1,
            },
        ],
        "run": {"max_requests": 2_000, "warmup_s": HOUR},
    }
    held = 3 * (days * 24 - 1) * HOUR * SECOND
    for run, meter in zip(
        simulate(Scenario.parse(document, "days"), rates), ("provisioned_ns", "instance_ns"), strict=True
    ):
        assert run.summary.method == "sampled days"
        assert run.totals()[meter] == held
        assert run.usage.filter(meter=meter)["hour"].n_unique() == days * 24 - 1
