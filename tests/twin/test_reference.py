"""The reference against examples worked by hand. Times in comments are in seconds."""

import ast
import sys
from pathlib import Path
from typing import Any

import pytest

from twin.examples import SECOND, rows, scenario
from twin.reference.result import Result
from twin.reference.simulator import simulate

REFERENCE = Path(__file__).parent / "reference"
HOUR = 3600
TRACKING = {
    "kind": "target-tracking",
    "metric": "invocations-per-instance",
    "target": 10.0,
    "scale_out_cooldown_s": 300.0,
    "scale_in_cooldown_s": 300.0,
}


def run(example: dict[str, Any], stream: list[dict[str, int]]) -> Result:
    (result,) = simulate(example, stream)
    return result


def seconds(result: Result) -> list[tuple[str, float | None, float | None]]:
    """(status, start, finish) per request."""
    return [
        (status, None if start is None else start / SECOND, None if finish is None else finish / SECOND)
        for _, status, start, finish, _ in result.requests
    ]


def instance_s(result: Result) -> float:
    return sum(quantity for (_, meter), quantity in result.usage.items() if meter == "instance_ns") / SECOND


def test_the_reference_imports_only_the_standard_library_and_itself() -> None:
    for path in sorted(REFERENCE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [node.module or ""]
            for name in names:
                root = name.split(".")[0]
                assert root in sys.stdlib_module_names or name.startswith("twin.reference"), f"{path.name}: {name}"
            assert not (isinstance(node, ast.Name) and node.id in {"__import__", "importlib", "exec", "eval"}), (
                path.name
            )


def test_real_time_queue_limit_counts_waiting_requests_and_a_freed_worker_is_free_for_an_arrival() -> None:
    # one worker, room for one to wait. 0: works 0..5. 1: waits, works 5..10. 2: one waits already: throttled.
    # 5: at 5 the first is done and the second starts, so nobody waits: room, works 10..15.
    example = scenario("real-time", 100, assumptions={"real_time": {"container_queue_limit": 1}})
    result = run(example, rows([(0, 5), (1, 5), (2, 5), (5, 5)], payload_bytes=10, response_bytes=1))
    assert seconds(result) == [
        ("completed", 0, 5),
        ("completed", 5, 10),
        ("throttled", None, None),
        ("completed", 10, 15),
    ]
    # three reached the container
    assert result.usage == {(0, "data_in_bytes"): 30, (0, "data_out_bytes"): 3, (0, "instance_ns"): 100 * SECOND}


def test_real_time_timeout_is_above_the_limit_and_keeps_the_worker() -> None:
    # the second waits 60 - 1 and is done at 61: latency exactly 60 is in time; the third ends at 62, latency 61
    result = run(scenario("real-time", 100), rows([(0, 60), (1, 1), (1, 1)]))
    assert seconds(result) == [("completed", 0, 60), ("completed", 60, 61), ("timed_out", 61, 62)]


def test_real_time_routes_by_the_upper_bits() -> None:
    # two instances: the lower half of the route goes to instance 0, 2^63 to instance 1
    stream = rows([(0, 9), (0, 9), (0, 9)])
    stream[1]["route"] = 2**63
    stream[2]["route"] = 2**63 - 1
    result = run(scenario("real-time", 100, {"instances": 2}), stream)
    assert seconds(result) == [("completed", 0, 9), ("completed", 0, 9), ("completed", 9, 18)]


def test_work_is_divided_by_speed_and_rounded_half_up_to_at_least_a_nanosecond() -> None:
    stream = rows([(0, 0), (1, 0), (2, 0)])
    stream[0]["service_ns"], stream[1]["service_ns"], stream[2]["service_ns"] = 5, 4, 0
    result = run(scenario("real-time", 100, {"speed": 2.0}), stream)
    assert [finish - start for _, _, start, finish, _ in result.requests if finish and start is not None] == [3, 2, 1]


def test_cut_leaves_unfinished_what_ends_after_the_horizon() -> None:
    # done at exactly 10: completed; done at 11: unfinished. One instance, 10 s.
    result = run(scenario("real-time", 10, {"concurrency": 2}, end="cut"), rows([(5, 5), (5, 6)]))
    assert seconds(result) == [("completed", 5, 10), ("unfinished", None, None)]
    assert instance_s(result) == 10


def test_warm_up_lives_in_the_state_but_in_no_figure() -> None:
    # warm-up 2: the first keeps the worker until 5, the second is reported; 8 s are billed
    example = scenario("real-time", 10, warmup_s=2.0)
    result = run(example, rows([(0, 5), (2, 1)]))
    assert result.requests == [(1, "completed", 5 * SECOND, 6 * SECOND, False)]
    assert instance_s(result) == 8


def scaled(**scaling: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of [deployment.scaling]
    return {"scaling": {"min": 1, "max": 8, "policies": [TRACKING], **scaling}}


def test_target_tracking_scales_out_on_the_third_high_minute() -> None:
    # 25 a minute on one instance, target 10: periods 0, 1, 2 are high. Period 2 closes at 180, is seen at 270:
    # ceil(1 x 25 / 10) = 3. Launched at 270, in service at 510 (240 s). Nothing can be decided in between.
    # At 510 the launch is done and period 6 is seen, 25 on 1: the cooldown starts from 1: 3 again, no more than 3.
    # At 630 period 8 [480, 540) is seen: an arrival each 2.4 s, 480.0 to 508.8 are 13 on 1 instance, 12 are on 3:
    # 13 + 4 = 17 is high, from 1: ceil(1.7) = 2.
    # Periods 9 on: 25 / 3 = 8.33 < 9, low; 15 such minutes end with period 23, seen at 24 x 60 + 90 = 1530:
    # ceil(3 x 8.33 / 10) = 3: no less than 3, so nothing.
    stream = rows([(2.4 * index, 0.001) for index in range(200 * 5)])
    result = run(scenario("real-time", 2400, scaled()), stream)
    assert result.activities == [(270 * SECOND, 1, 3)]
    # 2400 + 2 x (2400 - 510)
    assert instance_s(result) == 2400 + 2 * (2400 - 510)
    assert result.instances_peak == 3
    assert result.instances_mean == pytest.approx(1 + 2 * (2400 - 510) / 2400)


def test_target_tracking_scales_in_after_fifteen_low_minutes_and_stops_at_min() -> None:
    # no traffic on 4 instances: 15 low minutes end at 900, seen at 990: straight to min 2. Idle instances end at once.
    result = run(scenario("real-time", 3600, {"instances": 4, **scaled(min=2)}), [])
    assert result.activities == [(990 * SECOND, 4, 2)]
    assert instance_s(result) == 2 * 3600 + 2 * 990


def test_scale_in_drains_the_newest_instance() -> None:
    # low_periods 1: with 1 arrival in minute 0 on 2 instances = 0.5, seen at 150: ceil(2 x 0.5 / 10) = 1.
    # Instance 1 (route in the upper half) works on requests of 200 s from 10 (until 210) and waits another: both are
    # lost at 180; instance 0 goes on.
    assumptions = {"autoscaling": {"low_periods": 1, "metric_delay_s": 90}}
    stream = rows([(10, 200), (11, 1), (12, 1)], route=2**63)
    stream[2]["route"] = 0
    result = run(scenario("real-time", 600, {"instances": 2, **scaled()}, assumptions), stream)
    assert result.activities == [(150 * SECOND, 2, 1)]
    assert seconds(result) == [("unfinished", None, None), ("unfinished", None, None), ("completed", 12, 13)]
    # billed to 180, in service to 150
    assert instance_s(result) == 600 + 180
    assert result.instances_mean == pytest.approx(1 + 150 / 600)


def test_minimum_bill_and_bill_from_launch() -> None:
    # the launch of 2 at 270 is billed from 270; nothing is ready before the end at 400
    assumptions = {"instances": {"bill_start": "launch", "min_bill_s": 1000}}
    stream = rows([(2.4 * index, 0.001) for index in range(160)])
    result = run(scenario("real-time", 400, scaled(), assumptions), stream)
    assert instance_s(result) == 400 + 2 * (400 - 270)
    # removed at 990 of 3600, but billed for at least 1000
    result = run(scenario("real-time", 3600, {"instances": 2, **scaled()}, assumptions), [])
    assert instance_s(result) == 3600 + 1000


def test_serverless_keeps_warm_strictly_less_than_the_limit() -> None:
    # keep-warm 10. 0: cold, set-up 4, works 4..5. 6: idle 1 s: warm, 6..7. 17: idle exactly 10: cold, 21..22.
    example = scenario("serverless", 100, assumptions={"serverless": {"keep_warm_s": 10.0}})
    result = run(example, rows([(0, 1), (6, 1), (17, 1)]))
    assert [one[4] for one in result.requests] == [True, False, True]
    assert seconds(result) == [("completed", 4, 5), ("completed", 6, 7), ("completed", 21, 22)]
    assert result.usage == {(0, "serverless_ms"): 3000}
    # alive 0..17 and 17..32 of 100
    assert result.instances_mean == pytest.approx(0.32)
    assert result.instances_peak == 1


def test_serverless_reuses_the_most_recently_idle_container() -> None:
    # containers A (0..5) and B (0..8), keep-warm 10. At 9 the newest idle is B; A expires at 15. At 16: B, idle since
    # 10, is warm. With the oldest first, A would have been kept and B (idle since 8) would have been gone at 18.
    example = scenario("serverless", 100, assumptions={"serverless": {"keep_warm_s": 10.0}})
    result = run(example, rows([(0, 1), (0, 4), (9, 1), (16, 1), (16, 1)]))
    assert [one[4] for one in result.requests] == [True, True, False, False, True]


def test_serverless_throttles_at_the_limit_and_bills_set_up_and_cuts() -> None:
    # limit 1 in flight. 0: set-up 4, would work 4..14: cut at 4 + 6 = 10. 1: throttled. 10: the cut came first: warm.
    assumptions = {"serverless": {"timeout_s": 6.0, "bill_cold_start": True, "account_concurrency": 1}}
    result = run(scenario("serverless", 100, assumptions=assumptions), rows([(0, 10), (1, 1), (10, 0.0000001)]))
    assert seconds(result)[:2] == [("timed_out", 4, 10), ("throttled", None, None)]
    # 4 s of set-up, 6 of work, and 100 ns that count as one millisecond
    assert result.usage == {(0, "serverless_ms"): 10001}


def test_serverless_cut_during_set_up() -> None:
    # the limit of 3 counts set-up of 4: no work was done, 3 s of set-up were
    assumptions = {"serverless": {"timeout_s": 3.0, "bill_cold_start": True, "setup_counts_to_timeout": True}}
    result = run(scenario("serverless", 100, assumptions=assumptions), rows([(0, 1)]))
    assert seconds(result) == [("timed_out", None, 3)]
    assert result.usage == {(0, "serverless_ms"): 3000}


def test_async_starts_before_it_expires_if_a_slot_frees_at_that_instant() -> None:
    # one slot, TTL 60. 0: works 0..60. 0: would expire at 60, but the slot is free first: 60..61.
    # 1: the slot is free at 61 = its expiry: starts. 1: 61 + 1 > 61: expired.
    example = scenario("async", 500, {"concurrency": 1}, {"async": {"request_ttl_s": 60.0}})
    result = run(example, rows([(0, 60), (0, 1), (1, 1), (1, 1)], payload_bytes=7))
    assert seconds(result) == [
        ("completed", 0, 60),
        ("completed", 60, 61),
        ("completed", 61, 62),
        ("expired", None, None),
    ]
    assert result.usage[0, "data_in_bytes"] == 21
    assert result.usage[0, "s3_put_requests"] == 3


def test_async_leaves_zero_by_the_step_policy_and_returns_by_target_tracking() -> None:
    # nothing runs. A request at 30 waits: minutes 0 and 1 close with backlog and no instance (60, 120); the second is
    # seen at 210: 0 -> 1, in service at 210 + 350 = 560. The request works 560..570.
    # Backlog per instance is missing until the close at 600 (period 9), then 0 of 1. Low window of 15: periods 9..23,
    # seen at 24 x 60 + 90 = 1530: all exactly 0: 1 -> 0.
    policies = [
        {**TRACKING, "metric": "backlog-per-instance", "target": 5.0},
        {"kind": "step", "metric": "has-backlog-without-capacity", "adjustment": 1, "cooldown_s": 300.0},
    ]
    deployment = {"instances": 0, "scaling": {"min": 0, "max": 5, "policies": policies}}
    result = run(scenario("async", 3600, deployment), rows([(30, 10)]))
    assert result.activities == [(210 * SECOND, 0, 1), (1530 * SECOND, 1, 0)]
    assert seconds(result) == [("completed", 560, 570)]
    assert instance_s(result) == 1530 - 560


def test_async_backlog_counts_what_is_processed_and_jumps_proportionally() -> None:
    # RULES section 8: 100 in flight and queued, 4 instances, target 5: metric 25, desired 20
    policies = [{**TRACKING, "metric": "backlog-per-instance", "target": 5.0}]
    deployment = {"instances": 4, "concurrency": 3, "scaling": {"min": 1, "max": 50, "policies": policies}}
    result = run(scenario("async", 300, deployment), rows([(1, 900)] * 100))
    assert result.activities == [(270 * SECOND, 4, 20)]


def test_async_proposes_zero_only_after_a_window_of_exact_zeros() -> None:
    # low_periods 2. Minute 0 closes with 1 in work of target 5 (0.2, low), minutes 1, 2 with nothing.
    # Seen at 210: 0.2 and 0 -> the ceiling is 0, but not all are 0: 1 is no change. At 270: 0 and 0 -> 0.
    policies = [{**TRACKING, "metric": "backlog-per-instance", "target": 5.0}]
    deployment = {"instances": 1, "scaling": {"min": 0, "max": 5, "policies": policies}}
    example = scenario("async", 600, deployment, {"autoscaling": {"low_periods": 2}})
    assert run(example, rows([(30, 60)])).activities == [(270 * SECOND, 1, 0)]


def test_batch_transform_idle_instances_are_billed_to_the_end_of_the_job() -> None:
    # 5 requests of 10 s in 2 files: 0, 1, 2 in file 0 (floor(i x 2 / 5)), 3, 4 in file 1; 3 instances, the third idle.
    # The job starts at the last arrival, 4, works from 244. Instance 0: 3 x 10 = until 274, instance 1 until 264.
    stream = rows([(index, 10) for index in range(5)])
    result = run(scenario("batch-transform", 300, {"instances": 3, "files": 2}), stream)
    assert seconds(result) == [
        ("completed", 244, 254),
        ("completed", 254, 264),
        ("completed", 264, 274),
        ("completed", 244, 254),
        ("completed", 254, 264),
    ]
    assert instance_s(result) == 3 * 30


def test_batch_transform_deals_files_out_in_turn() -> None:
    # 5 requests in 4 files: 0, 1 | 2 | 3 | 4; file 3 goes to instance 0 again: 0, 1, 4 there, 2 on 1, 3 on 2
    stream = rows([(index, 10) for index in range(5)])
    result = run(scenario("batch-transform", 300, {"instances": 3, "files": 4}), stream)
    assert [start for _, start, _ in seconds(result)] == [244, 254, 244, 244, 264]


def test_batch_transform_jobs_by_the_clock() -> None:
    # every 100: arrivals at 0 and 99 go at 100, the one at 100 at 200. Work 240 s later, two workers.
    result = run(
        scenario("batch-transform", 150, {"every_s": 100.0, "max_concurrent_transforms": 2}),
        rows([(0, 5), (99, 6), (100, 7)]),
    )
    assert seconds(result) == [("completed", 340, 345), ("completed", 340, 346), ("completed", 440, 447)]
    assert instance_s(result) == 6 + 7


def test_bedrock_batch_refuses_a_job_of_99_and_takes_the_hours_of_its_first_request() -> None:
    # 99 in the first job; 100 in the second, its first route is a half: 1 + 23 / 2 = 12.5 h from its start at 7200
    stream = rows([(0, 1)] * 99 + [(HOUR, 1)] * 100, input_tokens=3, output_tokens=2)
    stream[99]["route"] = 2**63
    result = run(scenario("bedrock-batch", 2 * HOUR, {"every_s": 3600.0}), stream)
    assert seconds(result)[98:100] == [("refused", None, None), ("completed", 7200, 7200 + 12.5 * HOUR)]
    assert result.usage == {(1, "input_tokens"): 300, (1, "output_tokens"): 200}


def test_bedrock_on_demand_counts_tokens_in_the_hour_of_arrival() -> None:
    result = run(scenario("bedrock-on-demand", 2 * HOUR), rows([(HOUR - 1, 5), (HOUR, 5)], cache_read_tokens=9))
    assert seconds(result) == [("completed", HOUR - 1, HOUR + 4), ("completed", HOUR, HOUR + 5)]
    assert result.usage == {(0, "cache_read_tokens"): 9, (1, "cache_read_tokens"): 9}


def test_bedrock_provisioned_counts_units_by_the_hour_whatever_the_traffic() -> None:
    result = run(scenario("bedrock-provisioned", 1.5 * HOUR, {"model_units": 2}), rows([(0, 1)]))
    assert result.usage == {(0, "model_unit_ns"): 2 * HOUR * SECOND, (1, "model_unit_ns"): HOUR * SECOND}
    assert seconds(result) == [("completed", None, None)]
