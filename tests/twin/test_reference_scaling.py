"""Scaling worked by hand. Times in comments are in seconds."""

from typing import Any

import pytest

from twin.by_hand import activities, instance_s, run, seconds, values
from twin.examples import SECOND, rows, scenario, scheduled, step, tracking

INVOCATIONS, CONCURRENT = "invocations-per-instance", "concurrent-requests"
HALF = 2**63  # of the 64 bits handed out
TRACKING = tracking(INVOCATIONS, 10.0)


def scaled(*policies: dict[str, Any], least: int = 1, most: int = 8, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of the deployment
    return {"scaling": {"min": least, "max": most, "policies": policies or [TRACKING]}, **keys}


def assuming(**autoscaling: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of [assumptions.autoscaling]
    """Instances that are there at once, unless the test says so."""
    launch = {"launch_cpu_s": autoscaling.pop("launch_s", 0)}
    return {"autoscaling": autoscaling, "instances": launch}


def busy(*counts: tuple[float, int]) -> list[dict[str, int]]:
    """So many requests from each instant on, longer than any example, on the lowest instance."""
    return rows([(at, 10_000) for at, count in counts for _ in range(count)])


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
    result = run(scenario("real-time", 3600, scaled(least=2, instances=4)), [])
    assert result.activities == [(990 * SECOND, 4, 2)]
    assert instance_s(result) == 2 * 3600 + 2 * 990


def test_scale_in_drains_the_newest_instance() -> None:
    # low_periods 1: with 1 arrival in minute 0 on 2 instances = 0.5, seen at 150: ceil(2 x 0.5 / 10) = 1.
    # Instance 1 (route in the upper half) works on requests of 200 s from 10 (until 210) and waits another: both are
    # lost at 180; instance 0 goes on.
    assumptions = {"autoscaling": {"low_periods": 1, "metric_delay_s": 90}}
    stream = rows([(10, 200), (11, 1), (12, 1)], route=2**63)
    stream[2]["route"] = 0
    result = run(scenario("real-time", 600, scaled(instances=2), assumptions), stream)
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
    result = run(scenario("real-time", 3600, scaled(instances=2), assumptions), [])
    assert instance_s(result) == 3600 + 1000


# ---- metrics and their periods


def test_concurrent_requests_close_every_10_s_and_are_seen_15_later() -> None:
    # 6 with the instance from 0 on, target 2: the closes of 10, 20, 30 are high; the last is seen at 45: 1 x 6 / 2.
    # There at once. 40 closes with 6, 50 and 60 with 6 of 3 = 2, not above.
    result = run(scenario("real-time", 80, scaled(tracking(CONCURRENT, 2.0)), assuming()), busy((0, 6)))
    assert activities(result) == [(45, 1, 3)]
    assert values(result, CONCURRENT) == [6, 6, 6, 6, 2, 2]


def test_concurrent_requests_are_those_in_containers_when_the_period_closes() -> None:
    # closes of 10: one ends then (gone), one comes then (not yet there), one waits: 1 of 2. At 15 instance 1 is
    # removed with one running: not counted any more: 20 closes with instance 0's: the two that came at 10 and before.
    policies = [step(CONCURRENT, 1, threshold=99.0), scheduled(15, most=1)]
    stream = rows([(0, 10), (2, 3600), (10, 3600), (11, 3600)])
    stream[3]["route"] = HALF
    result = run(scenario("real-time", 40, scaled(*policies, instances=2), assuming()), stream)
    assert values(result, CONCURRENT) == [0.5, 2]
    # what has been cut off is gone, what is late but still there is not
    late: dict[str, dict[str, Any]] = {"real_time": {"timeout_s": 5.0, "timeout_cancels_running": True}}
    assert values(run(scenario("real-time", 40, scaled(*policies), late), busy((0, 1))), CONCURRENT) == [0, 0]
    late["real_time"]["timeout_cancels_running"] = False
    assert values(run(scenario("real-time", 40, scaled(*policies), late), busy((0, 1))), CONCURRENT) == [1, 1]


def test_high_resolution_alarms_have_windows_of_their_own() -> None:
    # low window of 4 periods of 10 s: the close of 40 is seen at 55: no request on 3 instances: 1
    numbers = assuming(high_periods_hires=1, low_periods_hires=4, high_periods=9, low_periods=9)
    result = run(scenario("real-time", 100, scaled(tracking(CONCURRENT, 2.0), instances=3), numbers), [])
    assert activities(result) == [(55, 3, 1)]
    # high window of 1: seen at 25
    result = run(scenario("real-time", 100, scaled(tracking(CONCURRENT, 2.0)), numbers), busy((0, 6)))
    assert activities(result) == [(25, 1, 3)]


def test_invocations_count_by_the_instances_there_when_they_arrive() -> None:
    # a minute of 2 on 1 instance, then, from 30 on, 3 on 2, then, at 45, 1 on 1: 2 + 1.5 + 1. What is throttled
    # counts, what is refused doesn't. One at 60 is in the next minute.
    policies = [TRACKING, scheduled(30, least=2), scheduled(45, least=1, most=1)]
    stream = rows([(1, 3600), (2, 1), (30, 1), (40, 1), (44, 1), (50, 1), (55, 1), (60, 1)])
    stream[6]["payload_bytes"] = 25_000_001
    limit: dict[str, dict[str, Any]] = {"real_time": {"container_queue_limit": 0}, **assuming()}
    result = run(scenario("real-time", 300, scaled(*policies), limit), stream)
    assert values(result, INVOCATIONS) == [4.5, 1, 0]


def test_the_capacity_of_invocations_is_what_a_period_begins_with() -> None:
    # 12 on 3 instances from 10 on (the launch at 0 takes 10): 1 at the period's first instant: ceil(1 x 4 / 2) = 2,
    # less than there is: nothing. The next begins with 3: ceil(3 x 4 / 2) = 6.
    policies = [tracking(INVOCATIONS, 2.0), scheduled(0, least=3)]
    numbers = assuming(high_periods=1, launch_s=10)
    stream = rows([(start + index, 0.01) for start in (20, 80) for index in range(12)])
    result = run(scenario("real-time", 230, scaled(*policies), numbers), stream)
    assert values(result, INVOCATIONS)[:2] == pytest.approx([4, 4])
    assert activities(result) == [(0, 1, 3), (210, 3, 6)]


# ---- target tracking


def test_disable_scale_in_means_not_asked() -> None:
    # alone, it removes nothing; beside another, it doesn't hold that up
    kept = tracking(CONCURRENT, 2.0, disable_scale_in=True)
    numbers = assuming(low_periods_hires=1)
    assert activities(run(scenario("real-time", 100, scaled(kept, instances=3), numbers), [])) == []
    both = scaled(kept, tracking(CONCURRENT, 3.0), instances=3)
    assert activities(run(scenario("real-time", 100, both, numbers), [])) == [(25, 3, 1)]
    # it still scales out
    assert activities(run(scenario("real-time", 50, scaled(kept), numbers), busy((0, 6)))) == [(45, 1, 3)]


def test_all_target_tracking_agrees_on_the_largest_or_nothing_is_removed() -> None:
    # 4 of 4 instances: 1 each. Targets 2 and 1.25: ceil(4 x 1 / 2) = 2 and ceil(3.2) = 4: no less: no scale-in.
    # With 3 requests: 0.75: ceil(1.5) = 2 and ceil(2.4) = 3: 3. The close of 10, seen at 25.
    policies = [tracking(CONCURRENT, 2.0), tracking(CONCURRENT, 1.25)]
    numbers = assuming(low_periods_hires=1)
    assert activities(run(scenario("real-time", 60, scaled(*policies, instances=4), numbers), busy((0, 4)))) == []
    result = run(scenario("real-time", 60, scaled(*policies, instances=4), numbers), busy((0, 3)))
    assert activities(result) == [(25, 4, 3)]


def test_a_scale_in_leaves_room_below_the_target() -> None:
    # removing one never brings the metric back above the target [AS-10]. RULES: 4 instances, 60 a minute, target 70.
    policy = [tracking(INVOCATIONS, 70.0)]
    numbers = assuming(low_periods=1)
    stream = rows([(0.25 * index, 0.001) for index in range(240)])
    assert activities(run(scenario("real-time", 160, scaled(*policy, instances=4), numbers), stream)) == []
    # 49 of 4, target 70: ceil(2.8) = 3: 65.3 on each
    result = run(scenario("real-time", 160, scaled(*policy, instances=4), numbers), stream[:196])
    assert activities(result) == [(150, 4, 3)]


def test_the_high_alarm_needs_all_its_datapoints_above_and_goes_by_the_newest() -> None:
    # window 2, target 2. Closes: 2 (not above), 3, 4: seen at 35: 2 and 3: no. At 45: 3 and 5 on 1: ceil(5 / 2) = 3.
    stream = busy((0, 2), (11, 1), (21, 2))
    numbers = assuming(high_periods_hires=2)
    result = run(scenario("real-time", 50, scaled(tracking(CONCURRENT, 2.0)), numbers), stream)
    assert activities(result) == [(45, 1, 3)]
    # the capacity is the newest one's, too: 9 come at 21: the closes of 30 and 40 are 4.5 on 2 and 3 on 3, both above,
    # seen at 55: ceil(3 x 3 / 2) = 5
    policies = [tracking(CONCURRENT, 2.0), scheduled(31, least=3)]
    result = run(scenario("real-time", 60, scaled(*policies, instances=2), numbers), busy((21, 9)))
    assert activities(result) == [(31, 2, 3), (55, 3, 5)]


def test_the_low_alarm_needs_all_its_datapoints_below_and_goes_by_the_newest() -> None:
    # a half of the target 4 is 2, window 2. On 4 instances: 8 are 2 each, not below; 4 are 1, from 15 on; from 25 on
    # none. At 35: 2 and 1: no. At 45: 1 and 0, none is needed: the least, 1.
    numbers = assuming(low_periods_hires=2, low_fraction=0.5)
    stream = rows([(0, 15)] * 4 + [(0, 25)] * 4)
    keys = scaled(tracking(CONCURRENT, 4.0), instances=4, concurrency=8)
    assert activities(run(scenario("real-time", 50, keys, numbers), stream)) == [(45, 4, 1)]
    # at 15 two of 4 go; 0 on 4, then 1 on 2: seen at 35: ceil(2 x 0.5 / 4) = 1
    keys = scaled(tracking(CONCURRENT, 4.0), scheduled(15, most=2), instances=4)
    result = run(scenario("real-time", 40, keys, numbers), busy((12, 1)))
    assert activities(result) == [(15, 4, 2), (35, 2, 1)]


def test_a_cooldown_is_over_at_its_end() -> None:
    # 4 on 1 at 25: 2, cooldown 40 to 65. 2 more at 41: 6 of 2 = 3 at the close of 50, seen at 65: ceil(2 x 3 / 2) = 3;
    # from 1 it would be 2
    policy = tracking(CONCURRENT, 2.0, scale_out_cooldown_s=40.0)
    example = scenario("real-time", 70, scaled(policy), assuming(high_periods_hires=1))
    assert activities(run(example, busy((0, 4), (41, 2)))) == [(25, 1, 2), (65, 2, 3)]


def test_the_scale_out_cooldown_begins_with_the_last_unit_and_lets_a_larger_one_pass() -> None:
    # high window 1. 4 on 1, target 2: seen at 25: 2, drawn to come at 25 + 40 = 65. Cooldown 60: to 125.
    # No lock: at 35..55 not yet in service: from the period's own capacity: ceil(1 x 4 / 2) = 2: nothing more.
    # At 45 come 4: close of 50: 8 on 1, seen at 65: in service, from 1: ceil(8 / 2) = 4: larger: 2 -> 4 (100, 20 later:
    # in service at 165 and 85; cooldown from 2, to 225). From 65 to 165 the latest is not in service:
    # closes of 70 and 80 (8 of 2 = 4), seen at 85 and 95: ceil(2 x 4 / 2) = 4. 90 on: 8 of 3 = 2.67: 4.
    # At 111 come 3: 11 of 3 = 3.67 at the close of 120, seen at 135: the one that came at 85 is not all of the
    # scale-out, so from the period's own 3: ceil(3 x 3.67 / 2) = 6: 4 -> 6.
    law = {"launch": {"kind": "constant", "median_s": 1.0, "p95_s": None}}
    numbers: dict[str, dict[str, Any]] = {"autoscaling": {"high_periods_hires": 1, "in_flight_lock": False}}
    numbers["instances"] = law
    policy = tracking(CONCURRENT, 2.0, scale_out_cooldown_s=60.0)
    stream = busy((0, 4), (45, 4), (111, 3))
    result = run(scenario("real-time", 160, scaled(policy), numbers), stream, drawn=[0, 40, 100, 20, 500, 500])
    assert activities(result) == [(25, 1, 2), (65, 2, 4), (135, 4, 6)]


def test_within_the_scale_out_cooldown_the_proposal_starts_from_the_count_before() -> None:
    # high window 1, there at once. 4 on 1, target 2: at 25: 2. 10 comes at 41: closes of 50 on have 14 of 2 = 7:
    # seen at 65: from 1: ceil(3.5) = 4: 2 -> 4, from 2 now. Close of 60 is 7 of 2, seen at 75: from 2: 7. 4 -> 7,
    # from 4. Close of 70: 14 of 4 = 3.5, seen at 85: from 4: 7. Nothing more; 80 on: 14 of 7 = 2, not above.
    result = run(
        scenario("real-time", 200, scaled(tracking(CONCURRENT, 2.0)), assuming(high_periods_hires=1)),
        busy((0, 4), (41, 10)),
    )
    assert activities(result) == [(25, 1, 2), (65, 2, 4), (75, 4, 7)]


@pytest.mark.parametrize(
    ("ends", "then"),
    [
        # a scheduled action ends the cooldown: at 65 from the 3 there are: ceil(3 x 14/3 / 2) = 7
        (scheduled(40, least=3), [(25, 1, 2), (40, 2, 3), (65, 3, 7)]),
        # so does a step policy: at 35 (4 on 1 at the close of 20): 3; and 7 at 65
        (step(CONCURRENT, 3, adjustment_type="exact-capacity", evaluation_periods=2, threshold=4.0),
         [(25, 1, 2), (35, 2, 3), (65, 3, 7)]),
    ],
    ids=["scheduled", "step"],
)  # fmt: skip
def test_another_scale_out_ends_the_cooldown(ends: dict[str, Any], then: list[tuple[float, int, int]]) -> None:
    # as above without it: 14 on 3 at the close of 50, seen at 65: from 1 it would be ceil(4.67 / 2) = 3: nothing
    policies = [tracking(CONCURRENT, 2.0), ends]
    example = scenario("real-time", 70, scaled(*policies), assuming(high_periods_hires=1))
    assert activities(run(example, busy((0, 4), (41, 10)))) == then


# ---- step policies


@pytest.mark.parametrize(("count", "to"), [(4, 1), (5, 2), (9, 2), (10, 4), (14, 4), (15, 1)])
def test_steps_above_have_an_inclusive_lower_bound(count: int, to: int) -> None:
    # threshold 5: 5 to below 10: 1 more; 10 to below 15: 3 more; no step for 15
    policy = step(CONCURRENT, (0, 5, 1), (5, 10, 3), threshold=5.0)
    result = run(scenario("real-time", 35, scaled(policy), assuming()), busy((0, count)))
    assert activities(result) == ([(25, 1, to)] if to > 1 else [])


def test_without_a_step_for_the_value_nothing_changes() -> None:
    # 0 on 3 instances, at the threshold; the only step begins 5 above
    for kind in ("change-in-capacity", "exact-capacity"):
        policy = step(CONCURRENT, (5, None, 2), threshold=0.0, adjustment_type=kind)
        assert activities(run(scenario("real-time", 35, scaled(policy, instances=3), assuming()), [])) == []


@pytest.mark.parametrize(("count", "to"), [(6, 5), (5, 4), (3, 4), (2, 3), (0, 3)])
def test_steps_below_have_an_inclusive_upper_bound(count: int, to: int) -> None:
    # threshold 1 of 5 instances: 5 requests to more than 2: one less; 2 and fewer: two less
    policy = step(CONCURRENT, (-0.6, 0, -1), (None, -0.6, -2), threshold=1.0, comparison="below")
    result = run(scenario("real-time", 35, scaled(policy, instances=5), assuming()), busy((0, count)))
    assert activities(result) == ([(25, 5, to)] if to < 5 else [])


@pytest.mark.parametrize(
    ("kind", "adjustment", "keys", "to"),
    [
        ("change-in-capacity", 3, {}, 13),
        ("change-in-capacity", -3, {}, 7),
        ("change-in-capacity", 30, {}, 20),
        ("exact-capacity", 4, {}, 4),
        ("exact-capacity", 0, {}, 1),
        ("percent-change-in-capacity", 25, {}, 12),  # 2.5, towards zero
        ("percent-change-in-capacity", -25, {}, 8),
        ("percent-change-in-capacity", 5, {}, 11),  # a half, but at least 1
        ("percent-change-in-capacity", -5, {}, 9),
        ("percent-change-in-capacity", 25, {"min_adjustment_magnitude": 4}, 14),
        ("percent-change-in-capacity", -25, {"min_adjustment_magnitude": 4}, 6),
        ("percent-change-in-capacity", 0, {"min_adjustment_magnitude": 4}, 10),
    ],
)
def test_adjustments_of_ten(kind: str, adjustment: int, keys: dict[str, int], to: int) -> None:
    # no traffic: the metric is 0, at the threshold
    policy = step(CONCURRENT, adjustment, threshold=0.0, adjustment_type=kind, **keys)
    result = run(scenario("real-time", 35, scaled(policy, most=20, instances=10), assuming()), [])
    assert activities(result) == ([(25, 10, to)] if to != 10 else [])


def test_the_alarm_of_a_step_policy_rings_after_its_evaluation_periods() -> None:
    # 1 at the closes of 10 and 30, 0 at that of 20, 1 at 40: two in a row are seen at 55
    stream = rows([(0, 15), (25, 100)])
    result = run(scenario("real-time", 60, scaled(step(CONCURRENT, 1, evaluation_periods=2)), assuming()), stream)
    assert activities(result) == [(55, 1, 2)]
    # the step is the newest value's: 1 and 4 is 3 above
    policy = step(CONCURRENT, (0, 3, 1), (3, None, 5), evaluation_periods=2)
    assert activities(run(scenario("real-time", 36, scaled(policy), assuming()), busy((0, 1), (11, 3)))) == [(35, 1, 6)]


def test_a_step_policy_starts_from_the_count_before_until_its_cooldown_is_over() -> None:
    # at 25 by 2: 3, in service at 55, cooldown to 115. Without a lock at 35, 45 (not in service) and then to 105:
    # from 1: 3, nothing more. At 115 it is over: 5, in service at 145, over at 205: 7. Not after that: the run ends.
    for lock in (False, True):
        numbers = assuming(launch_s=30, in_flight_lock=lock)
        example = scenario("real-time", 210, scaled(step(CONCURRENT, 2, threshold=0.0, cooldown_s=60.0)), numbers)
        assert activities(run(example, [])) == [(25, 1, 3), (115, 3, 5), (205, 5, 7)]


def test_in_its_cooldown_a_step_policy_lets_only_a_larger_count_pass() -> None:
    # 6 on 1: d = 5: 4 more: 5 at 25. Closes of 20 (6 of 1, seen at 35): 5 again. 30 on: 6 of 5 = 1.2: 2 more than 1:
    # 3 is less than 5, but it is not a scale-in. 44 more at 41: 10 each: from 1: 9 more = 10 passes at 65.
    policy = step(CONCURRENT, (0, 5, 2), (5, 9, 4), (9, None, 9))
    result = run(scenario("real-time", 75, scaled(policy, most=20), assuming()), busy((0, 6), (41, 44)))
    assert activities(result) == [(25, 1, 5), (65, 5, 10)]


def test_after_a_scale_in_the_winners_cooldown_holds_every_policy() -> None:
    # no traffic. The first goes to 4 at 25; for its 20 nobody scales in, so not at 35. From 45 on both ask: 3 of the
    # first is more than 2 of the other.
    one = step(CONCURRENT, -1, threshold=0.0, comparison="below", cooldown_s=20.0)
    other = step(CONCURRENT, -2, threshold=0.0, comparison="below", cooldown_s=60.0, evaluation_periods=3)
    result = run(scenario("real-time", 60, scaled(one, other, instances=5), assuming()), [])
    assert activities(result) == [(25, 5, 4), (45, 4, 3)]
    # the other alone has its 60: 45, and 105. If it comes first, the first is held for 60, too.
    result = run(scenario("real-time", 110, scaled(other, instances=5), assuming()), [])
    assert activities(result) == [(45, 5, 3), (105, 3, 1)]
    late = {**one, "evaluation_periods": 4}
    result = run(scenario("real-time", 110, scaled(other, late, instances=5), assuming()), [])
    assert activities(result) == [(45, 5, 3), (105, 3, 2)]


def test_a_scale_out_ends_the_cooldown_of_a_scale_in() -> None:
    # at 25: 5 -> 4. 8 come at 31 (2 each of 4, at the closes of 40 on): at 55 one more: 5. They are gone by 50: the
    # close of 50 is 0: at 65 one less, though 25 + 300 is far.
    policies = [step(CONCURRENT, -1, threshold=0.0, comparison="below"), step(CONCURRENT, 1, threshold=2.0)]
    stream = rows([(31, 14)] * 8)
    example = scenario("real-time", 70, scaled(*policies, instances=5, concurrency=8), assuming())
    assert activities(run(example, stream)) == [(25, 5, 4), (55, 4, 5), (65, 5, 4)]


def test_a_step_policy_speaks_only_when_its_own_metric_is_seen() -> None:
    # on the minute: seen at 150 and 210, while the other metric is seen every 10 s
    policies = [step(INVOCATIONS, 1, threshold=0.0, cooldown_s=0.0), tracking(CONCURRENT, 100.0, disable_scale_in=True)]
    result = run(scenario("real-time", 220, scaled(*policies), assuming()), [])
    assert activities(result) == [(150, 1, 2), (210, 2, 3)]
    # whatever the delay
    result = run(scenario("real-time", 200, scaled(*policies), assuming(metric_delay_s=67)), [])
    assert activities(result) == [(127, 1, 2), (187, 2, 3)]


def test_target_tracking_speaks_whenever_a_metric_is_seen() -> None:
    # low window of 1 minute, seen at 150: 4 -> 3 by the exact step (the larger), whose cooldown of 10 then holds
    # target tracking. At 160 the minute is still low: down to 1, at an instant of the other metric.
    policies = [
        tracking(INVOCATIONS, 10.0),
        step(INVOCATIONS, 3, threshold=0.0, adjustment_type="exact-capacity", cooldown_s=10.0),
        step(CONCURRENT, 0, threshold=99.0),
    ]
    result = run(scenario("real-time", 170, scaled(*policies, instances=4), assuming(low_periods=1)), [])
    assert activities(result) == [(150, 4, 3), (165, 3, 1)]


# ---- several policies


def test_the_largest_scale_out_wins_and_the_first_on_a_tie() -> None:
    # 3 of the second is larger than 2; its cooldown is long, the first then goes on alone from 3
    first = step(CONCURRENT, 1, threshold=0.0, cooldown_s=0.0)
    second = step(CONCURRENT, 3, threshold=0.0, adjustment_type="exact-capacity")
    example = scenario("real-time", 40, scaled(first, second), assuming())
    assert activities(run(example, [])) == [(25, 1, 3), (35, 3, 4)]
    # both say 2: the first has it and starts from 1 for 300 s; the other says 2 for ever
    first = step(CONCURRENT, 1, threshold=0.0)
    second = step(CONCURRENT, 2, threshold=0.0, adjustment_type="exact-capacity")
    assert activities(run(scenario("real-time", 60, scaled(first, second), assuming()), [])) == [(25, 1, 2)]
    # the other way round the exact one has it: the change goes on from 2
    example = scenario("real-time", 40, scaled(second, first), assuming())
    assert activities(run(example, [])) == [(25, 1, 2), (35, 2, 3)]


def test_a_scale_out_wins_over_a_scale_in() -> None:
    policies = [step(CONCURRENT, -1, threshold=0.0), step(CONCURRENT, 1, threshold=0.0)]
    example = scenario("real-time", 30, scaled(*policies, instances=3), assuming())
    assert activities(run(example, [])) == [(25, 3, 4)]


def test_of_scale_ins_the_largest_count_wins_and_its_cooldown_applies() -> None:
    # a minute is 28 on 4 = 7: below 9: ceil(4 x 7 / 10) = 3; the step says 2: 3 wins at 150, with 120 of cooldown: not
    # at 210, nor does the step with its 60. From 120 on there is nothing: at 270 the step says 2, target tracking 1.
    down = step(INVOCATIONS, 2, threshold=8.0, comparison="below", adjustment_type="exact-capacity", cooldown_s=60.0)
    track = tracking(INVOCATIONS, 10.0, scale_in_cooldown_s=120.0)
    stream = rows([(minute + 2 * index, 0.01) for minute in (0, 60) for index in range(28)])
    example = scenario("real-time", 350, scaled(track, down, instances=4), assuming(low_periods=1))
    # 60 after the step's: at 330
    assert activities(run(example, stream)) == [(150, 4, 3), (270, 3, 2), (330, 2, 1)]


def test_of_equal_scale_ins_the_first_has_its_cooldown() -> None:
    # both say 4 of 5 at 25; the first's cooldown of 20 or 40 holds both
    one = step(CONCURRENT, -1, threshold=0.0, comparison="below", cooldown_s=20.0)
    other = step(CONCURRENT, 4, threshold=0.0, adjustment_type="exact-capacity", cooldown_s=40.0)
    for policies, again in (([one, other], 45), ([other, one], 65)):
        example = scenario("real-time", again + 5, scaled(*policies, instances=5), assuming())
        assert activities(run(example, [])) == [(25, 5, 4), (again, 4, 3)]


def test_target_tracking_that_would_keep_the_count_leaves_it_to_the_steps() -> None:
    # 2 of 4 instances = 0.5: below 0.9 x 0.65, but ceil(4 x 0.5 / 0.65) = 4: it has no proposal, the step has 3
    policies = [tracking(CONCURRENT, 0.65), step(CONCURRENT, -1, threshold=0.5, comparison="below")]
    example = scenario("real-time", 30, scaled(*policies, instances=4), assuming(low_periods_hires=1))
    assert activities(run(example, busy((0, 2)))) == [(25, 4, 3)]


# ---- scheduled actions


def test_a_scheduled_action_sets_the_bounds_and_acts_at_once() -> None:
    # 1 -> 3 at 7, in service at 17; at 40 the most is 2; at 50 a least of 5 raises the most; at 60 a most of 1 lowers
    # the least
    actions = [scheduled(7, least=3), scheduled(40, least=1, most=2), scheduled(50, least=5), scheduled(60, most=1)]
    result = run(scenario("real-time", 100, scaled(*actions, most=4), assuming(launch_s=10)), [])
    assert activities(result) == [(7, 1, 3), (40, 3, 2), (50, 2, 5), (60, 5, 1)]
    # 100 + 2 from 17, one of them to 40, the other to 60; the three of 50 come at 60, and all but the first go then
    # (ready is before the action)
    assert instance_s(result) == 100 + (40 - 17) + (60 - 17)
    assert result.instances_peak == 3


def test_scheduled_actions_of_one_instant_set_the_bounds_together() -> None:
    # at 10 the least becomes 4, and by the next policy the most 2: one change to 2. The held back one is among them.
    actions = [scheduled(10, 20, least=4), scheduled(10, most=2)]
    result = run(scenario("real-time", 30, scaled(*actions), assuming(launch_s=100)), [])
    assert activities(result) == [(10, 1, 2)]
    # 20: the least of 4 raises the most; held back to 110, when the most becomes 3 and the least with it
    result = run(scenario("real-time", 200, scaled(*actions, scheduled(110, most=3)), assuming(launch_s=100)), [])
    assert activities(result) == [(10, 1, 2), (110, 2, 3)]


def test_scheduled_actions_come_after_policies_and_before_arrivals_and_only_before_the_horizon() -> None:
    # at 25 the policy says 2 from 1, then the action 4; at 0 an arrival finds both instances; 30 is the horizon
    policies = [scheduled(0, least=2), step(CONCURRENT, 1, threshold=0.0), scheduled(25, 30, least=4)]
    result = run(scenario("real-time", 30, scaled(*policies), assuming()), rows([(0, 1), (0, 1)], route=HALF))
    assert activities(result) == [(0, 1, 2), (25, 2, 3), (25, 3, 4)]
    assert activities(run(scenario("real-time", 30, scaled(scheduled(29, 30, least=2)), assuming()), [])) == [
        (29, 1, 2)
    ]
    assert activities(run(scenario("real-time", 29, scaled(scheduled(29, least=2)), assuming()), [])) == []
    stream = rows([(0, 1), (0, 1)])
    stream[1]["route"] = HALF
    assert seconds(run(scenario("real-time", 30, scaled(*policies), assuming()), stream))[1] == ("completed", 0, 1)


def test_scheduled_actions_mind_no_cooldown_and_begin_none() -> None:
    # the policy removes one at 25 (cooldown 300); the action at 30 two more. That of 31 is a scale-out: the policy's
    # cooldown is over; that of 32 removes one and begins none: at 35 the policy takes one.
    down = step(CONCURRENT, -1, threshold=0.0, comparison="below")
    policies = [down, scheduled(30, most=2), scheduled(31, least=5), scheduled(32, least=1, most=4)]
    result = run(scenario("real-time", 40, scaled(*policies, instances=5), assuming()), [])
    assert activities(result) == [(25, 5, 4), (30, 4, 2), (31, 2, 5), (32, 5, 4), (35, 4, 3)]


def test_under_the_lock_a_scheduled_action_waits_for_the_launch() -> None:
    # at 25: 1 -> 3, to come at 45 and 65 (drawn). At 30 the most is 2, at 40 the most is 1: nothing until 65, when
    # the last comes: 3 -> 1. The evaluation at 65 comes first; under these bounds it has nothing to say.
    law = {"launch": {"kind": "constant", "median_s": 1.0, "p95_s": None}}
    policies = [step(CONCURRENT, 2, threshold=0.0), scheduled(30, most=2), scheduled(40, most=1)]
    example = scenario("real-time", 100, scaled(*policies), {"instances": law})
    result = run(example, [], drawn=[0, 20, 40])
    assert activities(result) == [(25, 1, 3), (65, 3, 1)]
    # not at the horizon
    assert activities(run(scenario("real-time", 65, scaled(*policies), {"instances": law}), [], drawn=[0, 20, 40])) == [
        (25, 1, 3)
    ]


def test_what_waits_for_a_launch_waits_on_if_a_policy_launches_first() -> None:
    # at 25: 1 -> 2, there at 65; at 30 the least is 4. At 65 the policy (no cooldown) says 3: there at 105, when it
    # would say 4: there at 145. What was held back comes after the policies: nothing is left for it to do.
    policies = [step(CONCURRENT, 1, threshold=0.0, cooldown_s=0.0), scheduled(30, least=3)]
    result = run(scenario("real-time", 110, scaled(*policies), assuming(launch_s=40)), [])
    assert activities(result) == [(25, 1, 2), (65, 2, 3), (105, 3, 4)]


def test_without_the_lock_a_scale_in_takes_what_is_in_service_and_launches_arrive() -> None:
    # 3 in service, 2 more to come at 265. At 50 the most is 2: 5 - 2 = 3 are too many, but only 3 - 1 can go: 5 -> 3.
    # Those 2 still come at 265. At 40 the most is 4: one goes.
    policies = [step(CONCURRENT, 2, threshold=0.0), scheduled(40, most=4), scheduled(50, most=2)]
    numbers = assuming(launch_s=240, in_flight_lock=False)
    result = run(scenario("real-time", 300, scaled(*policies, instances=3), numbers), [])
    assert activities(result) == [(25, 3, 5), (40, 5, 4), (50, 4, 3)]
    assert instance_s(result) == 300 + 50 + 40 + 2 * (300 - 265)
    # none can go: nothing was decided
    policies = [step(CONCURRENT, 2, threshold=0.0), scheduled(50, most=1)]
    assert activities(run(scenario("real-time", 60, scaled(*policies), numbers), [])) == [(25, 1, 3)]


def test_under_the_lock_no_policy_decides_while_a_unit_is_launching() -> None:
    # at 25: 2, in service at 50; the other policy says 4 from 45 on. At 55 the lock is off; one that is ready at the
    # instant of the evaluation is ready; without the lock: at 45.
    policies = [
        step(CONCURRENT, 1, threshold=0.0),
        step(CONCURRENT, 4, threshold=0.0, adjustment_type="exact-capacity", evaluation_periods=3),
    ]
    for launch_s in (25, 30):
        locked = run(scenario("real-time", 70, scaled(*policies), assuming(launch_s=launch_s)), [])
        assert activities(locked) == [(25, 1, 2), (55, 2, 4)]
    free = run(scenario("real-time", 70, scaled(*policies), assuming(launch_s=25, in_flight_lock=False)), [])
    assert activities(free) == [(25, 1, 2), (45, 2, 4)]
