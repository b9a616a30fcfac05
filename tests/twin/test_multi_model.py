"""The reference of multi-model endpoints against examples worked by hand. Times in comments are in seconds.

Unless a test says otherwise: one instance, one worker, memory for two models of 1000 MB, disk for four; a model comes
from S3 in 1000 / 100 = 10 and into memory in 1000 / 500 = 2.
"""

from typing import Any

import pytest

from twin import by_hand
from twin.by_hand import activities, instance_s, values
from twin.examples import SECOND, rows, scenario, tracking
from twin.reference.result import Result

A, B, C = 0, 1, 2
UPPER = 2**63  # a route to the second of two instances


def run(
    requests: list[tuple[float, float, int]],
    deployment: dict[str, Any] | None = None,
    assumptions: dict[str, Any] | None = None,
    routes: dict[int, int] | None = None,
    duration_s: float = 1000,
    **more: Any,  # noqa: ANN401 -- keys of the scenario and of [run]
) -> Result:
    """`requests`: (arrival, service, model), in seconds; `routes`: by request, 0 where none is given."""
    stream = rows([(arrival, service) for arrival, service, _ in requests], payload_bytes=10)
    for position, (_, _, model) in enumerate(requests):
        stream[position]["model"] = model
        stream[position]["route"] = (routes or {}).get(position, 0)
    example = scenario("multi-model", duration_s, deployment, assumptions, **more)
    return by_hand.run(example, stream)


def starts(result: Result) -> list[float | str]:
    """The start of work of what has one, else its status."""
    return [status if start is None else start / SECOND for _, status, start, *_ in result.requests]


def counted(result: Result) -> tuple[int, int]:
    return result.cache_hits, result.cache_loads


def test_a_miss_downloads_and_loads_and_the_next_is_a_hit() -> None:
    # 0: from S3 until 10, into memory until 12. 20: it is there.
    result = run([(0, 1, A), (20, 1, A)])
    assert starts(result) == [12, 20]
    assert counted(result) == (1, 1)
    assert result.usage[0, "data_in_bytes", 0] == 20


def test_the_time_of_a_load_is_rounded_once() -> None:
    # 1 / 3 + 1 / 3 of a nanosecond beside whole ones: (1 + 1 / 3) + (1 / 3) = 1.67 ns is 2, 1 + 0 or 1 + 1 alone is not
    result = run([(0, 1, A)], {"model_mb": [4.0]}, {"multi_model": {"download_mb_per_s": 3e9, "load_mb_per_s": 12e9}})
    assert result.requests[0][2] == 2


def test_a_request_for_a_model_that_loads_waits_and_is_neither_hit_nor_load() -> None:
    # 1: it loads since 0, until 12. 12: in memory at that very instant, behind the two that join then.
    result = run([(0, 1, A), (1, 1, A), (12, 1, A)])
    assert starts(result) == [12, 13, 14]
    assert counted(result) == (1, 1)


def test_what_joins_at_one_instant_joins_in_order_of_arrival_whatever_its_model() -> None:
    # A comes 0..12; B of 500 MB takes 5 + 1: 6..12. At 12: A of 0, B of 6, A of 7.
    result = run([(0, 1, A), (6, 2, B), (7, 1, A)], {"model_mb": [1000.0, 500.0]})
    assert starts(result) == [12, 13, 15]


def test_an_unloaded_model_comes_back_from_the_disk() -> None:
    # memory for one: B at 20 unloads A, and comes from S3 until 32. A at 40 is still on the disk: 2.
    result = run([(0, 1, A), (20, 1, B), (40, 1, A)], {"memory_mb": 1000})
    assert starts(result) == [12, 32, 42]
    assert counted(result) == (0, 3)


def test_memory_unloads_the_model_whose_last_request_is_the_oldest() -> None:
    # C at 60 takes the place of B (last asked for at 20), not of A (first, but again at 40): A at 80 is a hit.
    # B at 100 takes that of C (60), not of A (80): A at 120 is a hit.
    result = run([(0, 1, A), (20, 1, B), (40, 1, A), (60, 1, C), (80, 1, A), (100, 1, B), (120, 1, A)])
    assert starts(result) == [12, 32, 40, 72, 80, 102, 120]
    assert counted(result) == (3, 4)


def test_the_last_request_counts_when_it_arrives_not_when_it_ends() -> None:
    # A of 0 is worked on until 52, B of 20 until 33. C at 60: A's last arrival is older. So B is there at 80, A is not.
    result = run([(0, 40, A), (20, 1, B), (60, 1, C), (80, 1, B), (100, 1, A)], {"concurrency": 2})
    assert starts(result) == [12, 32, 72, 80, 102]


def test_only_as_many_as_it_takes_are_unloaded() -> None:
    # 0 to 3 of 1000 in 4000; 4, of 2000 (24), takes the place of the two oldest, 0 and 1: 2 and 3 are hits, 1 is not.
    sizes = [1000.0, 1000.0, 1000.0, 1000.0, 2000.0]
    requests = [(0, 1, 0), (20, 1, 1), (40, 1, 2), (60, 1, 3), (100, 1, 4), (200, 1, 3), (210, 1, 2), (220, 1, 1)]
    result = run(
        [(float(at), float(service), model) for at, service, model in requests],
        {"model_mb": sizes, "memory_mb": 4000, "disk_mb": 6000},
    )
    assert starts(result) == [12, 32, 52, 72, 124, 200, 210, 222]
    assert counted(result) == (2, 6)


def test_a_full_disk_deletes_what_is_on_it_only_oldest_first() -> None:
    # memory for one, disk for two. A, B, then A again from the disk (42). C at 60 unloads A; the disk holds A (40) and
    # B (20): B is deleted. A at 80 is on the disk: 82. B at 100 is not: 112, and C (60) went for it. A at 120: 122.
    result = run(
        [(0, 1, A), (20, 1, B), (40, 1, A), (60, 1, C), (80, 1, A), (100, 1, B), (120, 1, A)],
        {"memory_mb": 1000, "disk_mb": 2000},
    )
    assert starts(result) == [12, 32, 42, 72, 82, 112, 122]


def test_what_is_in_memory_stays_on_the_disk() -> None:
    # disk for two, memory for two: C at 40 unloads A (oldest) and deletes it; B, in memory, is neither: a hit.
    # A at 80 is not on the disk any more: 92.
    result = run([(0, 1, A), (20, 1, B), (40, 1, C), (60, 1, B), (80, 1, A)], {"disk_mb": 2000})
    assert starts(result) == [12, 32, 52, 60, 92]
    # A is the oldest, but in use until 102: C at 40 unloads and deletes B. A at 110 is a hit.
    result = run([(0, 90, A), (20, 1, B), (40, 1, C), (110, 1, A), (120, 1, B)], {"disk_mb": 2000, "concurrency": 2})
    assert starts(result) == [12, 32, 52, 110, 132]


def test_a_model_in_use_stays_and_what_does_not_fit_beside_it_is_refused() -> None:
    # memory for one. A is worked on until 52: B at 20 is refused, and A at 30 a hit, worked on from 52 until 53.
    # At 53 nothing is in use (the completion comes first): B is loaded, until 65.
    result = run([(0, 40, A), (20, 1, B), (30, 1, A), (53, 1, B)], {"memory_mb": 1000})
    assert starts(result) == [12, "refused", 52, 65]
    assert counted(result) == (1, 2)
    assert result.usage[0, "data_in_bytes", 0] == 30


def test_where_unloading_is_not_enough_nothing_is_unloaded() -> None:
    # A and B of 1000 in memory for 3000, B in use until 100. C of 3000 does not fit, even without A: A is still a hit.
    result = run(
        [(0, 1, A), (20, 68, B), (40, 1, C), (60, 1, A)],
        {"model_mb": [1000.0, 1000.0, 3000.0], "memory_mb": 3000, "concurrency": 2},
    )
    assert starts(result) == [12, 32, "refused", 60]


def test_a_model_that_someone_waits_for_is_in_use() -> None:
    # memory for one. A's load ends at 12; B at 11 does not fit: the request for A waits for it. A worker is free.
    result = run([(0, 1, A), (11, 1, B)], {"memory_mb": 1000, "concurrency": 2})
    assert starts(result) == [12, "refused"]


def test_a_queued_request_uses_its_model() -> None:
    # memory for two. B's request waits for the worker that A's holds until 100. C does not fit at 50.
    result = run([(0, 88, A), (20, 1, B), (50, 1, C)])
    assert starts(result) == [12, 100, "refused"]


def test_a_model_that_would_be_ready_too_late_is_refused_but_loads() -> None:
    # at most 11 s. 0: ready at 12: refused. 0.5: 11.5 away: refused. 1: exactly 11 away: waits. 20: a hit.
    assumptions = {"multi_model": {"not_ready_after_s": 11}}
    result = run([(0, 1, A), (0.5, 1, A), (1, 1, A), (20, 1, A)], assumptions=assumptions)
    assert starts(result) == ["refused", "refused", 12, 20]
    assert counted(result) == (1, 1)
    assert result.usage[0, "data_in_bytes", 0] == 20


def test_a_loading_model_is_not_unloaded_and_an_unused_one_is_once_loaded() -> None:
    # memory for one, nobody waits for more than 3 s. A's load (0..12) was begun by a refused request, so nothing uses
    # it; still B at 6 does not fit. At 12 it does, and its request is refused for B's 12 s, as at 20. At 24 B is there.
    result = run(
        [(0, 1, A), (6, 1, B), (12, 1, B), (20, 1, B), (24, 1, B), (30, 1, A)],
        {"memory_mb": 1000},
        {"multi_model": {"not_ready_after_s": 3}},
    )
    assert starts(result) == ["refused", "refused", "refused", "refused", 24, 32]
    assert counted(result) == (1, 3)


def test_the_first_request_goes_where_the_route_says_and_later_ones_to_the_model() -> None:
    # the upper half of the route: instance 1, busy there until 22. At 13 the route says 0: it waits at 1 all the same.
    # B goes to 0, where nothing waits.
    result = run([(0, 10, A), (13, 1, A), (14, 1, B)], {"instances": 2}, routes={0: UPPER})
    assert starts(result) == [12, 22, 26]
    assert counted(result) == (1, 2)


def test_of_several_that_hold_it_the_one_with_the_fewest_requests_the_lowest_number_on_a_tie() -> None:
    # spreading from one request on (1 + 0): A at 0 goes to instance 0 (12..32), at 1 to instance 1 (13..93).
    # 40: 0 has none, 1 has one: to 0, 40..50. 41: one each, all hold it: to 0, 50..51.
    result = run(
        [(0, 20, A), (1, 80, A), (40, 10, A), (41, 1, A)],
        {"instances": 2},
        {"multi_model": {"spread_waiting": 0}},
    )
    assert starts(result) == [12, 13, 40, 50]
    assert counted(result) == (2, 2)


def test_a_model_spreads_when_too_many_wait_for_it() -> None:
    # one worker and two that may wait. Instance 0 has A of 0 (12..112), 20 and 21. 22: three there, so to instance 1:
    # loaded 22..34. 23: one at 1, which loads it: it waits there, until 35.
    result = run(
        [(0, 100, A), (20, 1, A), (21, 1, A), (22, 1, A), (23, 1, A)],
        {"instances": 2},
        {"multi_model": {"spread_waiting": 2}},
    )
    assert starts(result) == [12, 112, 113, 34, 35]
    assert counted(result) == (2, 2)


def test_what_waits_for_the_load_counts_towards_spreading() -> None:
    # 0 and 1 wait for the load on instance 0; two are enough: 2 goes to instance 1, loaded 2..14.
    result = run([(0, 1, A), (1, 1, A), (2, 1, A)], {"instances": 2}, {"multi_model": {"spread_waiting": 1}})
    assert starts(result) == [12, 13, 14]
    assert counted(result) == (0, 2)


def test_a_model_spreads_to_the_instance_with_the_fewest_requests_the_lowest_number_on_a_tie() -> None:
    # three instances, spreading from one request on. A at 0 on 0 (12..112), B at 1 on 1 (its route; 13..113). A at 2:
    # of 1 and 2, 2 has fewer: 14. A at 3: only 1 is left: loaded 3..15, but B's request has the worker until 113.
    third = 2**64 // 3 + 1
    result = run(
        [(0, 100, A), (1, 100, B), (2, 100, A), (3, 1, A)],
        {"instances": 3},
        {"multi_model": {"spread_waiting": 0}},
        routes={1: third},
    )
    assert starts(result) == [12, 13, 14, 113]
    # on a tie: A at 0 on the last (its route). A at 2: 0 and 1 have none: 0. B at 3 on 0 (its route): waits there.
    result = run(
        [(0, 100, A), (2, 100, A), (3, 1, B)],
        {"instances": 3},
        {"multi_model": {"spread_waiting": 0}},
        routes={0: 2**64 - 1},
    )
    assert starts(result) == [12, 14, 114]


def test_a_model_spreads_to_where_it_does_not_fit_and_is_refused() -> None:
    # memory for one. A on 0 (route), B on 1, in use until 113. A at 20 spreads to 1: no room there, no second choice.
    result = run(
        [(0, 100, A), (1, 100, B), (20, 1, A)],
        {"instances": 2, "memory_mb": 1000},
        {"multi_model": {"spread_waiting": 0}},
        routes={1: UPPER},
    )
    assert starts(result) == [12, 13, "refused"]


def test_the_queue_limit_is_for_workers_not_for_loads_and_a_throttled_request_is_a_hit() -> None:
    # nobody may wait for a worker. Three wait for the load all the same and share the worker in turn, 12..15.
    # 13: in memory, the worker is busy: throttled, a hit. 15: the worker is free.
    result = run(
        [(0, 1, A), (1, 1, A), (2, 1, A), (13, 1, A), (15, 1, A)],
        assumptions={"real_time": {"container_queue_limit": 0}},
    )
    assert starts(result) == [12, 13, 14, "throttled", 15]
    assert counted(result) == (2, 1)
    assert result.usage[0, "data_in_bytes", 0] == 40


def test_a_throttled_request_is_the_last_one_for_its_model() -> None:
    # A (until 13) and B (32..72) are there, nobody may wait. A at 40: throttled, but newer than B's 20. At 80 both are
    # idle: C takes B's place, so A at 100 is a hit.
    result = run(
        [(0, 1, A), (20, 40, B), (40, 1, A), (80, 1, C), (100, 1, A)],
        assumptions={"real_time": {"container_queue_limit": 0}},
    )
    assert starts(result) == [12, 32, "throttled", 92, 100]


def test_without_the_cache_a_model_goes_with_its_last_request() -> None:
    # A of 0: 12..13. 12.5: a hit, 13..14: it keeps the model. 14: the completion comes first: from S3 again, until 26.
    result = run([(0, 1, A), (12.5, 1, A), (14, 1, A)], {"model_cache": False})
    assert starts(result) == [12, 13, 26]
    assert counted(result) == (1, 2)


def test_without_the_cache_a_load_that_nobody_waits_for_is_gone_when_it_is_done() -> None:
    # nobody waits for more than 3 s. 0: refused, loads until 12 and is gone then. 12: refused, loads until 24.
    # 22: waits 2 s: 24.
    result = run(
        [(0, 1, A), (12, 1, A), (22, 1, A)],
        {"model_cache": False},
        {"multi_model": {"not_ready_after_s": 3}},
    )
    assert starts(result) == ["refused", "refused", 24]
    assert counted(result) == (0, 2)


def test_a_model_beyond_the_list_is_refused_where_every_model_has_a_size() -> None:
    assert starts(run([(0, 1, 2)], {"model_mb": [1000.0, 500.0]})) == ["refused"]
    assert starts(run([(0, 1, 2)], {"model_mb": [500.0]})) == [6]


def test_a_payload_above_25_mb_is_refused_and_loads_nothing() -> None:
    stream = rows([(0, 1)], payload_bytes=25_000_001)
    result = by_hand.run(scenario("multi-model", 100), stream)
    assert starts(result) == ["refused"]
    assert counted(result) == (0, 0)


def test_the_wait_for_a_load_counts_to_the_timeout() -> None:
    # 0: 12..14 is 14 after arrival, above 13: timed out, but worked on. With waiting requests cancelled, one that has
    # waited for its limit when the model is ready has not started. Cut while it runs: at 13; at 12 after no time.
    for assumed, expected in [
        ({"timeout_s": 13.0}, ("timed_out", 12, 14)),
        ({"timeout_s": 14.0}, ("completed", 12, 14)),
        ({"timeout_s": 12.0, "timeout_cancels_queued": True}, ("timed_out", None, 12)),
        ({"timeout_s": 11.0, "timeout_cancels_queued": True}, ("timed_out", None, 11)),
        ({"timeout_s": 13.0, "timeout_cancels_running": True}, ("timed_out", 12, 13)),
        ({"timeout_s": 12.0, "timeout_cancels_running": True}, ("timed_out", 12, 12)),
    ]:
        _, status, start, finish, *_ = run([(0, 2, A)], assumptions={"real_time": assumed}).requests[0]
        place = str(assumed)
        assert status == expected[0], place
        assert start == (None if expected[1] is None else expected[1] * SECOND), place
        assert finish == expected[2] * SECOND, place


def test_at_one_instant_a_worker_is_freed_before_those_leave_who_have_waited_too_long() -> None:
    # limit 20. B of 500 MB is ready at 6, A at 12: the later request is worked on first, the earlier one waits for it.
    # B's ends at 20, completed or cut: A's starts then, its own limit, and has started. Both cut: A's takes no time.
    sizes = {"model_mb": [1000.0, 500.0]}
    queued, running = {"timeout_cancels_queued": True}, {"timeout_cancels_running": True}
    for service, cuts, first, second in [
        (14, queued, ("timed_out", 20, 21), ("completed", 6, 20)),
        (15, queued, ("timed_out", None, 20), ("timed_out", 6, 21)),
        (15, queued | running, ("timed_out", 20, 20), ("timed_out", 6, 20)),
    ]:
        result = run([(0, 1, A), (0, service, B)], sizes, {"real_time": {"timeout_s": 20.0, **cuts}})
        expected = [(status, start and start * SECOND, finish * SECOND) for status, start, finish in (first, second)]
        assert [one[1:4] for one in result.requests] == expected, (service, cuts)


def test_a_cut_request_frees_its_worker_and_its_model() -> None:
    # memory for one, limit 20. A of 0 works from 12, cut at 20. B at 20: the cut came first, nothing is in use: 32.
    result = run(
        [(0, 100, A), (20, 1, B)],
        {"memory_mb": 1000},
        {"real_time": {"timeout_s": 20.0, "timeout_cancels_running": True}},
    )
    assert starts(result) == [12, 32]
    assert result.requests[0][3] == 20 * SECOND


def test_the_first_token_comes_after_its_part_of_the_work() -> None:
    # speed 2: 12 + 1 / 2 of 3 / 2. The part is at most the work. Nothing streams: no first token.
    stream = rows([(0, 3), (100, 1)], first_token_ns=SECOND)
    stream[1]["first_token_ns"] = 9 * SECOND
    result = by_hand.run(scenario("multi-model", 200, {"speed": 2.0}, streaming=True), stream)
    assert [one[5] for one in result.requests] == [12.5 * SECOND, 100.5 * SECOND]
    result = by_hand.run(scenario("multi-model", 200, {"speed": 2.0}), stream)
    assert [one[5] for one in result.requests] == [None, None]


SCALED: dict[str, Any] = {"min": 1, "max": 8, "policies": [tracking("invocations-per-instance", 10.0)]}


def test_a_removed_instance_forgets_its_models_and_loses_what_waits_for_them() -> None:
    # one low minute, seen at 150: 2 -> 1. Instance 1 loads A of 20 000 MB since 10, until 10 + 200 + 40 = 250: its
    # request is lost at 180. A at 200: instance 0 has nothing: until 440.
    result = run(
        [(10, 1, A), (200, 1, A)],
        {"instances": 2, "scaling": SCALED, "model_mb": [20_000.0], "memory_mb": 20_000, "disk_mb": 20_000},
        {
            "autoscaling": {"low_periods": 1, "metric_delay_s": 90},
            "multi_model": {"not_ready_after_s": 1000},
            "real_time": {"timeout_s": 1000.0},
        },
        routes={0: UPPER},
    )
    assert activities(result) == [(150, 2, 1)]
    assert starts(result) == ["unfinished", 440]
    assert counted(result) == (0, 2)
    # in service to 150, billed to 180
    assert instance_s(result) == 1000 + 180


def test_a_removed_instance_ends_with_its_last_request() -> None:
    # removed at 150, the one request there is done at 160; it counts until 150
    result = run(
        [(100, 48, A)],
        {"instances": 2, "scaling": SCALED},
        {"autoscaling": {"low_periods": 1, "metric_delay_s": 90}},
        routes={0: UPPER},
    )
    assert starts(result) == [112]
    assert instance_s(result) == 1000 + 160
    assert result.instances_mean == pytest.approx(1 + 150 / 1000)


def test_scaling_is_on_invocations_of_all_models_and_refused_ones_are_none() -> None:
    # memory for one. A at 0 would have to wait for 12: refused. Three more for A, which is in use until 102: two for B
    # are refused. In minute 2 three of each, of which the first, for B, would have to wait for 12.
    requests = [(0, 1, A), (1, 89, A), (10, 1, A), (20, 1, B), (30, 1, B), (40, 1, A)]
    requests += [(150, 1, B), (151, 1, B), (152, 1, B), (170, 1, A), (171, 1, A), (172, 1, A)]
    result = run(
        [(float(at), float(service), model) for at, service, model in requests],
        {"memory_mb": 1000, "scaling": {**SCALED, "max": 1}},
        {"real_time": {"timeout_s": 1000.0}, "multi_model": {"not_ready_after_s": 11}},
        duration_s=400,
    )
    assert values(result, "invocations-per-instance")[:4] == [3, 0, 5, 0]


def test_a_new_instance_has_no_model() -> None:
    # 3 requests in minute 0 on target 2: seen at 150: ceil(1.5) = 2, in service at 390. A at 400 (busy until 500) and
    # 401: spreads to instance 1, which loads it from S3: 413.
    policy = tracking("invocations-per-instance", 2.0)
    result = run(
        [(0, 1, A), (20, 1, A), (30, 1, A), (400, 100, A), (401, 1, A)],
        {"scaling": {**SCALED, "policies": [policy]}},
        {"autoscaling": {"high_periods": 1}, "multi_model": {"spread_waiting": 0}},
        duration_s=500,
    )
    assert activities(result) == [(150, 1, 2)]
    assert starts(result)[3:] == [400, 413]
    assert result.instances_mean == pytest.approx(1 + 110 / 500)


def test_hits_and_loads_of_the_warm_up_are_not_counted() -> None:
    # A is loaded and hit in the warm-up; at 50 it is a hit of the window
    result = run([(0, 1, A), (20, 1, A), (50, 1, A), (60, 1, B)], warmup_s=50.0)
    assert starts(result) == [50, 72]
    assert counted(result) == (1, 1)


def test_cut_leaves_unfinished_what_waits_for_its_model_at_the_horizon() -> None:
    # 0: 12..13. 95: would be ready at 107 of 100. It reached a container all the same.
    result = run([(0, 1, A), (95, 1, B)], duration_s=100, end="cut")
    assert starts(result) == [12, "unfinished"]
    assert result.usage[0, "data_in_bytes", 0] == 20
    assert starts(run([(0, 1, A), (95, 1, B)], duration_s=100)) == [12, 107]
