"""Serverless endpoints worked by hand. Times in comments are in seconds."""

from typing import Any

import pytest

from twin.by_hand import activities, run, seconds, values
from twin.examples import SECOND, rows, scenario, scheduled, step, tracking

UTILIZATION = "provisioned-concurrency-utilization"


def test_serverless_keeps_warm_strictly_less_than_the_limit() -> None:
    # keep-warm 10. 0: cold, set-up 4, works 4..5. 6: idle 1 s: warm, 6..7. 17: idle exactly 10: cold, 21..22.
    example = scenario("serverless", 100, assumptions={"serverless": {"keep_warm_s": 10.0}})
    result = run(example, rows([(0, 1), (6, 1), (17, 1)]))
    assert [one[4] for one in result.requests] == [True, False, True]
    assert seconds(result) == [("completed", 4, 5), ("completed", 6, 7), ("completed", 21, 22)]
    assert result.usage == {(0, "serverless_ms", 0): 3000}
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
    assert result.usage == {(0, "serverless_ms", 0): 10001}


def test_serverless_cut_during_set_up() -> None:
    # the limit of 3 counts set-up of 4: no work was done, 3 s of set-up were
    assumptions = {"serverless": {"timeout_s": 3.0, "bill_cold_start": True, "setup_counts_to_timeout": True}}
    result = run(scenario("serverless", 100, assumptions=assumptions), rows([(0, 1)]))
    assert seconds(result) == [("timed_out", None, 3)]
    assert result.usage == {(0, "serverless_ms", 0): 3000}


def test_a_response_above_4_mb_is_refused_when_it_is_there() -> None:
    # 4 of set-up, 1 of work; the longer response is refused at its end, 6 + 4. Cut off after 60, it is timed out.
    stream = rows([(0, 1), (6, 4), (20, 70)], payload_bytes=10, response_bytes=4_000_000)
    stream[1]["response_bytes"] = stream[2]["response_bytes"] = 4_000_001
    result = run(scenario("serverless", 100), stream)
    assert seconds(result) == [("completed", 4, 5), ("refused", 6, 10), ("timed_out", 20, 80)]
    assert result.usage == {
        (0, "data_in_bytes", 0): 30,
        (0, "data_out_bytes", 0): 4_000_000,
        (0, "serverless_ms", 0): 1000 + 4000 + 60_000,
    }


def test_a_cold_service_law_stands_for_set_up_and_work_together() -> None:
    # cold: 9 of work at speed 2, from the arrival, in place of 4 + 1 / 2; the warm one takes its own. All of it is
    # billed, and the limit is on all of it.
    law: dict[str, dict[str, Any]] = {"serverless": {"cold_service": {"kind": "constant", "mean_ms": 9000.0}}}
    stream = rows([(0, 1), (10, 1)], cold_service_ns=9 * SECOND)
    result = run(scenario("serverless", 100, {"speed": 2.0}, law), stream)
    assert seconds(result) == [("completed", 0, 4.5), ("completed", 10, 10.5)]
    assert [one[4] for one in result.requests] == [True, False]
    assert result.usage == {(0, "serverless_ms", 0): 5000}
    law["serverless"]["timeout_s"] = 4.0
    result = run(scenario("serverless", 100, {"speed": 2.0}, law), stream[:1])
    assert seconds(result) == [("timed_out", 0, 4)]


def test_provisioned_concurrency_comes_first_is_never_cold_and_spills_over() -> None:
    # one provisioned. 0: 0..5 there. 1: spills over, cold, 5..6. 2: spills over, cold, 6..7; the limit is 3: 3 is
    # throttled. 5: the provisioned one is free first. 8: busy: the warm one that was idle last.
    stream = rows([(0, 5), (1, 1), (2, 1), (3, 1), (5, 5), (8, 1), (500, 1)])
    result = run(scenario("serverless", 1000, {"provisioned_concurrency": 1, "max_concurrency": 3}), stream)
    assert seconds(result) == [
        ("completed", 0, 5),
        ("completed", 5, 6),
        ("completed", 6, 7),
        ("throttled", None, None),
        ("completed", 5, 10),
        ("completed", 8, 9),
        ("completed", 500, 501),
    ]
    assert [one[4] for one in result.requests] == [False, True, True, False, False, False, False]
    assert result.usage == {
        (0, "provisioned_ms", 0): 5000 + 5000 + 1000,
        (0, "serverless_ms", 0): 3000,
        (0, "provisioned_ns", 0): 1000 * SECOND,
    }
    # on demand: 1..306 and 2..309 (used again from 8 to 9)
    assert result.instances_mean == pytest.approx((1000 + 305 + 307) / 1000)
    assert result.instances_peak == 3


def test_serverless_limits_are_inclusive() -> None:
    # 4 MB is taken, a byte more is not; work of exactly the limit completes. Cut exactly when set-up is over, the work
    # never started.
    stream = rows([(0, 60), (1, 1), (100, 61)], payload_bytes=4_000_000)
    stream[1]["payload_bytes"] += 1
    result = run(scenario("serverless", 300), stream)
    assert seconds(result) == [("completed", 4, 64), ("refused", None, None), ("timed_out", 100, 160)]
    counted = {"serverless": {"timeout_s": 4.0, "setup_counts_to_timeout": True}}
    assert seconds(run(scenario("serverless", 300, assumptions=counted), rows([(0, 1)]))) == [("timed_out", None, 4)]


def test_serverless_cut_bills_what_was_done_by_the_horizon() -> None:
    # set-up to 4, work from 4; the horizon is 10: 6 of it. Drained: 20. The other is in set-up still: 0.
    stream = rows([(0, 20), (7, 1)])
    for end, billed in (("cut", 6000), ("drain", 21_000)):
        assert run(scenario("serverless", 10, end=end), stream).usage == {(0, "serverless_ms", 0): billed}


def provisioned(*policies: dict[str, Any], count: int = 1, least: int = 0) -> dict[str, Any]:
    scaling = {"min": least, "max": 5, "policies": policies}
    return {"provisioned_concurrency": count, "scaling": scaling, "max_concurrency": 20}


def test_a_provisioned_unit_takes_its_time_and_is_removed_under_its_request() -> None:
    # at 10 one more, in service at 130: the second request at 20 is cold, at 140 two fit. At 150 none is left: both
    # go on (to 240), the request of 151 is on demand (the container of 20..30 is warm). Provisioned 150 + 20.
    actions = [scheduled(10, least=2), scheduled(150, least=0, most=0)]
    stream = rows([(0, 50), (20, 6), (140, 50), (140, 50), (151, 1)])
    result = run(scenario("serverless", 1000, provisioned(*actions)), stream)
    assert activities(result) == [(10, 1, 2), (150, 2, 0)]
    assert seconds(result) == [
        ("completed", 0, 50),
        ("completed", 24, 30),
        ("completed", 140, 190),
        ("completed", 140, 190),
        ("completed", 151, 152),
    ]
    assert result.usage == {
        (0, "provisioned_ms", 0): 150_000,
        (0, "serverless_ms", 0): 7000,
        (0, "provisioned_ns", 0): 170 * SECOND,
    }


def test_utilization_is_the_most_in_use_by_what_was_provisioned_at_the_start_of_the_period() -> None:
    # two provisioned. [0, 60): 1 at once, then 2 at 10, one of them till 12: 2 / 2. [60, 120): 1 is in use from
    # before, until 70: 1 / 2. [120, 180): none. [180, 240): one that ends at 180 isn't counted, none: 0; from 200 on
    # nothing is provisioned, the one of 190 goes on: it was 1 / 2. [240, 300): missing.
    stream = rows([(0, 5), (10, 60), (11, 1), (170, 10), (190, 60)])
    stream[3]["arrival_ns"] = 179 * SECOND
    stream[3]["service_ns"] = SECOND
    policies = [step(UTILIZATION, 1, threshold=99.0), scheduled(200, most=0)]
    result = run(scenario("serverless", 400, provisioned(*policies, count=2)), stream)
    assert values(result, UTILIZATION) == [1, 0.5, 0.5, 0.5, None]


def test_utilization_scales_provisioned_concurrency() -> None:
    # 4 in use of 4 provisioned, target 0.5: the high alarm after 3 minutes, seen at 270: ceil(4 x 1 / 0.5) = 8, 5 at
    # most; in service at 390
    stream = rows([(0, 59), (0, 59), (0, 59), (0, 59), (60, 59), (60, 59), (60, 59), (60, 59)])
    stream += rows([(120, 59)] * 4)
    policies = [tracking(UTILIZATION, 0.5)]
    result = run(scenario("serverless", 400, provisioned(*policies, count=4)), stream)
    assert values(result, UTILIZATION)[:3] == [1, 1, 1]
    assert activities(result) == [(270, 4, 5)]
    assert result.usage[0, "provisioned_ns", 0] == (4 * 400 + 10) * SECOND
