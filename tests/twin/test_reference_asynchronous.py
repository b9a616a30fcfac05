"""Asynchronous endpoints worked by hand. Times in comments are in seconds."""

from typing import Any

from twin.by_hand import activities, instance_s, run, seconds
from twin.examples import SECOND, rows, scenario, scheduled, step, tracking

BACKLOG, STUCK = "backlog-per-instance", "has-backlog-without-capacity"


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
    assert result.usage[0, "data_in_bytes", 0] == 21
    assert result.usage[0, "s3_put_requests", 0] == 3


def test_async_leaves_zero_by_the_step_policy_and_returns_by_target_tracking() -> None:
    # nothing runs. A request at 30 waits: minutes 0 and 1 close with backlog and no instance (60, 120); the second is
    # seen at 210: 0 -> 1, in service at 210 + 350 = 560. The request works 560..570.
    # Backlog per instance is missing until the close at 600 (period 9), then 0 of 1. Low window of 15: periods 9..23,
    # seen at 24 x 60 + 90 = 1530: all exactly 0: 1 -> 0.
    policies = [
        tracking(BACKLOG, 5.0),
        step(STUCK, 1, evaluation_periods=2),
    ]
    deployment = {"instances": 0, "scaling": {"min": 0, "max": 5, "policies": policies}}
    result = run(scenario("async", 3600, deployment), rows([(30, 10)]))
    assert result.activities == [(210 * SECOND, 0, 1), (1530 * SECOND, 1, 0)]
    assert seconds(result) == [("completed", 560, 570)]
    assert instance_s(result) == 1530 - 560


def test_async_backlog_counts_what_is_processed_and_jumps_proportionally() -> None:
    # RULES section 8: 100 in flight and queued, 4 instances, target 5: metric 25, desired 20
    policies = [tracking(BACKLOG, 5.0)]
    deployment = {"instances": 4, "concurrency": 3, "scaling": {"min": 1, "max": 50, "policies": policies}}
    result = run(scenario("async", 300, deployment), rows([(1, 900)] * 100))
    assert result.activities == [(270 * SECOND, 4, 20)]


def test_async_proposes_zero_only_after_a_window_of_exact_zeros() -> None:
    # low_periods 2. Minute 0 closes with 1 in work of target 5 (0.2, low), minutes 1, 2 with nothing.
    # Seen at 210: 0.2 and 0 -> the ceiling is 0, but not all are 0: 1 is no change. At 270: 0 and 0 -> 0.
    policies = [tracking(BACKLOG, 5.0)]
    deployment = {"instances": 1, "scaling": {"min": 0, "max": 5, "policies": policies}}
    example = scenario("async", 600, deployment, {"autoscaling": {"low_periods": 2}})
    assert run(example, rows([(30, 60)])).activities == [(270 * SECOND, 1, 0)]


def test_notifications_count_what_ended_but_not_what_was_refused_or_lost() -> None:
    # completed, timed out, expired; refused at the door; the last is lost with its instance (removed at 200, drain 30)
    assumptions = {"async": {"request_ttl_s": 60.0, "invocation_timeout_s": 100.0}}
    actions = {"min": 0, "max": 1, "policies": [scheduled(200, most=0)]}
    stream = rows([(0, 10), (0, 101), (1, 1), (2, 1), (190, 90)])
    stream[3]["payload_bytes"] = 1_000_000_001
    for notifications, count in ((True, 3), (False, 0)):
        keys = {"concurrency": 1, "notifications": notifications, "scaling": actions}
        result = run(scenario("async", 4000, keys, assumptions), stream)
        ends = ["completed", "timed_out", "expired", "refused", "unfinished"]
        assert [status for status, _, _ in seconds(result)] == ends
        assert result.usage.get((0, "sns_notifications", 0), 0) == count


def test_a_step_policy_may_go_by_the_backlog() -> None:
    # at the close of 60 one runs and one waits on one instance
    policies = [step(BACKLOG, 1, threshold=2.0)]
    keys = {"concurrency": 1, "scaling": {"min": 1, "max": 5, "policies": policies}}
    result = run(scenario("async", 200, keys), rows([(0, 100), (0, 100)]))
    assert activities(result) == [(150, 1, 2)]


def test_limits_are_inclusive() -> None:
    # 1 GB is taken, and work of exactly the timeout completes
    stream = rows([(0, 900), (1000, 901)], payload_bytes=1_000_000_000)
    result = run(scenario("async", 3000), stream)
    assert seconds(result) == [("completed", 0, 900), ("timed_out", 1000, 1900)]


def test_a_removed_instance_ends_with_its_last_request() -> None:
    # instance 1 works on the second until 20; removed at 10, it takes nothing more and is billed to 20
    actions = {"min": 1, "max": 2, "policies": [scheduled(10, most=1)]}
    keys = {"instances": 2, "concurrency": 1, "scaling": actions}
    result = run(scenario("async", 100, keys), rows([(0, 30), (0, 20), (5, 1)]))
    assert seconds(result) == [("completed", 0, 30), ("completed", 0, 20), ("completed", 30, 31)]
    assert instance_s(result) == 100 + 20


def test_cut_counts_the_data_of_what_a_container_began_before_the_horizon() -> None:
    # 50: begins at 50, unfinished at 100: it reached a container. The next would begin at 100: it did not.
    stream = rows([(0, 100), (50, 100), (60, 10), (70, 10)], payload_bytes=7)
    result = run(scenario("async", 100, {"concurrency": 2}, end="cut"), stream)
    assert [status for status, _, _ in seconds(result)] == ["completed", "unfinished", "unfinished", "unfinished"]
    assert result.usage[0, "data_in_bytes", 0] == 14
    # drained, all did
    assert run(scenario("async", 100, {"concurrency": 2}), stream).usage[0, "data_in_bytes", 0] == 28


def ideal(least: int = 0, most: int = 5, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of the deployment
    return {
        "instances": 0,
        "concurrency": 1,
        "scaling": {"min": least, "max": most, "policies": [{"kind": "ideal"}]},
        **keys,
    }


GPU = {"instances": {"launch_gpu_s": 100}}


def test_ideal_follows_the_work_at_once() -> None:
    # 0: 1 wanted, there at 100: 100..110. 5: 2 wanted, there at 105: 105..165. At 110 the first is done: 1 wanted:
    # instance 0 works on nothing, it goes. At 165 none.
    result = run(scenario("async", 1000, ideal(), GPU), rows([(0, 10), (5, 60)]))
    assert activities(result) == [(0, 0, 1), (5, 1, 2), (110, 2, 1), (165, 1, 0)]
    assert seconds(result) == [("completed", 100, 110), ("completed", 105, 165)]
    assert instance_s(result) == 10 + 60


def test_ideal_removes_what_works_on_nothing_and_calls_no_launch_off() -> None:
    # the second instance takes the head of the queue at 105; if the first finishes both before it is there, it comes
    # all the same, for nobody, and goes with the next end of work or arrival: at 300, when one is wanted: it stays
    result = run(scenario("async", 1000, ideal(), GPU), rows([(0, 1), (50, 1), (300, 10)]))
    # at 101 the first takes the second request: 101..102, then none is wanted: it goes; the other comes at 150
    assert activities(result) == [(0, 0, 1), (50, 1, 2), (101, 2, 1), (102, 1, 0), (300, 0, 1), (310, 1, 0)]
    assert seconds(result) == [("completed", 100, 101), ("completed", 101, 102), ("completed", 300, 310)]
    assert instance_s(result) == 2 + (310 - 150)


def test_ideal_counts_by_concurrency_within_the_bounds_and_keeps_what_is_busy() -> None:
    # two at a time, 1 to 2 instances. Five at 0: ceil(5 / 2) = 3, 2 at most: there is 1, the other comes at 100.
    # 0: 0..50, 0..150; 50..250, the other instance takes two at 100: 100..110 each. At 110 two are left, on
    # instance 0: 1 wanted: instance 1 goes. At 150 and 250: 1 is the least.
    stream = rows([(0, 50), (0, 150), (0, 200), (0, 10), (0, 10)])
    result = run(scenario("async", 1000, ideal(1, 2, instances=1, concurrency=2), GPU), stream)
    assert seconds(result) == [
        ("completed", 0, 50),
        ("completed", 0, 150),
        ("completed", 50, 250),
        ("completed", 100, 110),
        ("completed", 100, 110),
    ]
    assert activities(result) == [(0, 1, 2), (110, 2, 1)]
    assert instance_s(result) == 1000 + 10


def test_ideal_wants_fewer_than_are_busy_until_one_of_them_is_free() -> None:
    # two at a time, launched in no time: three of 10, 60, 90 at 0: two on instance 0, one on 1. At 10 one is left on
    # each: 1 is wanted, none can go. At 60 instance 0 is empty: it goes, though it is the older one.
    stream = rows([(0, 10), (0, 60), (0, 90)])
    at_once = {"instances": {"launch_gpu_s": 0}}
    result = run(scenario("async", 1000, ideal(instances=1, concurrency=2), at_once), stream)
    assert activities(result) == [(0, 1, 2), (10, 2, 1), (90, 1, 0)]
    assert instance_s(result) == 60 + 90


def test_async_instances_launch_by_the_sizes_of_image_and_model() -> None:
    # 110 + 100 + 75 = 285 from 0 on
    result = run(scenario("async", 1000, ideal(image_gb=5.3, model_gb=2.0)), rows([(0, 1)]))
    assert seconds(result) == [("completed", 285, 286)]


def test_ideal_stops_at_the_horizon() -> None:
    # the work ends at 101: until 100 the instance is there, and nobody removes it then
    at_once = {"instances": {"launch_gpu_s": 0}}
    assert activities(run(scenario("async", 100, ideal(), at_once), rows([(0, 100)]))) == [(0, 0, 1)]
    assert activities(run(scenario("async", 101, ideal(), at_once), rows([(0, 100)]))) == [(0, 0, 1), (100, 1, 0)]
