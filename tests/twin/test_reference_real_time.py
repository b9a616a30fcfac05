"""Real-time endpoints worked by hand. Times in comments are in seconds."""

from typing import Any

import pytest

from twin.by_hand import activities, instance_s, run, seconds, values
from twin.examples import ASSUMPTIONS, SECOND, VARIANT, rows, scenario, scheduled, step
from twin.reference.launch import launch_ns

HALF = 2**63  # of the 64 bits handed out
CONCURRENT = "concurrent-requests"


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
    assert result.usage == {
        (0, "data_in_bytes", 0): 30,
        (0, "data_out_bytes", 0): 3,
        (0, "instance_ns", 0): 100 * SECOND,
    }


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


def test_least_outstanding_counts_waiting_and_running_and_takes_the_lowest_number_on_a_tie() -> None:
    # instance 0: 0..10; instance 1: 0..5; a tie at one each: instance 0, 10..11; now 2 and 1: instance 1, 5..6.
    # At 5.5 instance 0 has 2, instance 1 has 1 (running): instance 1, 6..7
    stream = rows([(0, 10), (0, 5), (0, 1), (1, 1), (5.5, 1)])
    result = run(scenario("real-time", 100, {"instances": 2, "routing": "least-outstanding"}), stream)
    assert [(start, finish) for _, start, finish in seconds(result)] == [(0, 10), (0, 5), (10, 11), (5, 6), (6, 7)]


def test_prefix_aware_goes_by_the_prefix_until_the_threshold() -> None:
    # the upper half of the prefixes belongs to instance 1. It takes two; at 2, the threshold, the third goes where
    # there is least: instance 0. At 1 instance 0 has one of its own prefix: below the threshold, so it waits there.
    # At 4 instance 1 has nothing, but the prefix says instance 0: that has 1 again.
    routing = {"instances": 2, "routing": "prefix-aware", "prefix_concurrency_threshold": 2}
    stream = rows([(0, 3), (0, 1), (0, 3), (1, 7), (4, 1)], prefix=HALF, route=HALF)
    stream[3]["prefix"] = stream[4]["prefix"] = HALF - 1
    result = run(scenario("real-time", 100, routing), stream)
    assert [(start, finish) for _, start, finish in seconds(result)] == [(0, 3), (3, 4), (0, 3), (3, 10), (10, 11)]


def test_a_removed_instance_is_not_routed_to() -> None:
    # at 5 the second of two instances is removed: the upper half of the routes finds the first
    scaling = {"min": 1, "max": 2, "policies": [scheduled(5, most=1)]}
    result = run(scenario("real-time", 100, {"instances": 2, "scaling": scaling}), rows([(0, 8), (5, 1)], route=HALF))
    assert seconds(result) == [("completed", 0, 8), ("completed", 5, 6)]
    assert instance_s(result) == 100 + 8


def test_a_payload_of_25_mb_is_taken_and_not_a_byte_more() -> None:
    stream = rows([(0, 1), (1, 1)], payload_bytes=25_000_000)
    stream[1]["payload_bytes"] += 1
    result = run(scenario("real-time", 100), stream)
    assert seconds(result) == [("completed", 0, 1), ("refused", None, None)]
    assert result.usage[0, "data_in_bytes", 0] == 25_000_000


STREAMED = {"output_tokens": 5, "first_token_ns": 4 * SECOND}


def test_streaming_gives_the_first_token_and_the_time_per_token_after_it() -> None:
    # speed 2, one worker: 10 of work are 5, the first token after 2. 0: 0..5, first at 2; the other 4 tokens in 3.
    # 1: 5..10, first at 7, so 6 after arrival. 20: one token, so none after the first. 30: the first token is never
    # later than the end of the work.
    stream = rows([(0, 10), (1, 10), (20, 10), (30, 2)], **STREAMED)
    stream[2]["output_tokens"] = 1
    result = run(scenario("real-time", 100, {"speed": 2.0}, streaming=True), stream)
    assert [first for *_, first in result.requests] == [2 * SECOND, 7 * SECOND, 22 * SECOND, 31 * SECOND]
    assert result.ttft == [2 * SECOND, 6 * SECOND, 2 * SECOND, 1 * SECOND]
    assert result.tpot == [SECOND * 3 // 4, SECOND * 3 // 4, 0]
    # a work of 3 ns, the first token after 1: 2 ns for 4 tokens are 0 each
    stream = rows([(0, 3e-9)], output_tokens=5, first_token_ns=1)
    assert run(scenario("real-time", 100, streaming=True), stream).tpot == [0]
    assert run(scenario("real-time", 100), stream).ttft == []


def test_streaming_has_a_limit_of_its_own_and_only_what_completed_has_a_first_token() -> None:
    # 480 instead of 60: latencies of 480 and 481
    result = run(scenario("real-time", 2000, streaming=True), rows([(0, 480), (500, 481)], **STREAMED))
    assert seconds(result) == [("completed", 0, 480), ("timed_out", 500, 981)]
    assert [first for *_, first in result.requests] == [4 * SECOND, None]
    assert len(result.ttft) == len(result.tpot) == 1


def limited(**real_time: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of [assumptions.real_time]
    return {"real_time": {"timeout_s": 10.0, **real_time}}


def test_timeout_cancels_queued_but_not_what_starts_at_the_limit() -> None:
    # limit 10, one worker. A: 0..10. B: the worker is free at 10 = its limit: starts, 10..11, too late. C: still waits
    # at 10: leaves. D came at 2, takes C's place at 11, 11..12 = its limit: completed.
    stream = rows([(0, 10), (0, 1), (0, 1), (2, 1)])
    result = run(scenario("real-time", 100, assumptions=limited(timeout_cancels_queued=True)), stream)
    assert seconds(result) == [
        ("completed", 0, 10),
        ("timed_out", 10, 11),
        ("timed_out", None, 10),
        ("completed", 11, 12),
    ]


def test_timeout_cancels_running_and_frees_the_worker() -> None:
    # limit 10. 0: would take 20, cut at 10. 5: starts then, 10..15 = its limit: completed. 6: starts at 15, cut at 16.
    # 7: 16..16.5.
    stream = rows([(0, 20), (5, 5), (6, 5), (7, 0.5)])
    result = run(scenario("real-time", 100, assumptions=limited(timeout_cancels_running=True)), stream)
    assert seconds(result) == [
        ("timed_out", 0, 10),
        ("completed", 10, 15),
        ("timed_out", 15, 16),
        ("completed", 16, 16.5),
    ]
    # the second starts at 10, its limit, and is cut at once; the third is cut at 11
    stream = rows([(0, 20), (0, 20), (1, 20)])
    result = run(scenario("real-time", 100, assumptions=limited(timeout_cancels_running=True)), stream)
    assert seconds(result) == [("timed_out", 0, 10), ("timed_out", 10, 10), ("timed_out", 10, 11)]


def test_a_removed_instance_ends_when_its_last_request_is_cancelled() -> None:
    # removed at 3 with one running to 20 and one waiting; drain 30. Both leave at 10 at the latest: billed to 10.
    scaling = {"min": 1, "max": 2, "policies": [scheduled(3, most=1)]}
    both = limited(timeout_cancels_queued=True, timeout_cancels_running=True)
    example = scenario("real-time", 100, {"instances": 2, "scaling": scaling}, both)
    result = run(example, rows([(0, 20), (0, 1)], route=HALF))
    assert [status for status, _, _ in seconds(result)] == ["timed_out", "timed_out"]
    assert instance_s(result) == 100 + 10


@pytest.mark.parametrize(
    ("instance_type", "keys", "launch_s"),
    [
        ("ml.m5.xlarge", {}, 240),
        ("ml.g5.xlarge", {}, 350),
        ("ml.gr6.4xlarge", {}, 350),
        ("ml.p4de.24xlarge", {}, 350),
        ("ml.inf2.xlarge", {}, 350),
        ("ml.trn1.2xlarge", {}, 350),
        ("ml.g5.xlarge", {"container_caching": True}, 200),
        ("ml.m5.xlarge", {"container_caching": True}, 240),
        # 110 + 75 and the longer of 5.3 / 0.053 = 100 and 8.4 / 0.1 = 84
        ("ml.g5.xlarge", {"image_gb": 5.3, "model_gb": 8.4}, 110 + 100 + 75),
        ("ml.m5.xlarge", {"image_gb": 5.3, "model_gb": 12.0}, 110 + 120 + 75),
        # cached: no image, 8.4 / 0.21 = 40
        ("ml.m5.xlarge", {"image_gb": 5.3, "model_gb": 8.4, "container_caching": True}, 110 + 40 + 75),
    ],
)
def test_launch_by_sizes_caching_and_family(instance_type: str, keys: dict[str, Any], launch_s: float) -> None:
    assumed = ASSUMPTIONS["instances"]
    assert launch_ns(assumed, {**VARIANT, **keys}, instance_type, [], 0) == launch_s * SECOND


def test_launch_by_law_is_drawn_by_number() -> None:
    # at 10 two are launched, numbers 1 and 2 (draws 40 and 20: in service at 50 and 30)
    law = {"instances": {"launch": {"kind": "exponential", "median_s": 30.0, "p95_s": None}}}
    keys = {"image_gb": 5.3, "model_gb": 8.4, "scaling": {"min": 1, "max": 3, "policies": [scheduled(10, least=3)]}}
    result = run(scenario("real-time", 100, keys, law), [], drawn=[7, 40, 20])
    assert instance_s(result) == 100 + 50 + 70


def test_variants_share_requests_by_weight_and_are_metered_apart() -> None:
    # weights 1 and 3, and 4 of a third: below an eighth, below a half, the rest
    variants = [
        {**VARIANT, "name": "b", "shadow_share": None, "weight": 3.0, "speed": 2.0, "instances": 2},
        {**VARIANT, "name": "c", "shadow_share": None, "weight": 4.0, "speed": 4.0},
    ]
    stream = rows([(0, 8)] * 5)
    for row, share in zip(stream, [0, 2**61 - 2**10, 2**61, HALF - 2**11, HALF], strict=True):
        row["variant"] = share
    result = run(scenario("real-time", 100, {"variants": variants}), stream)
    assert [(start, finish) for _, start, finish in seconds(result)] == [(0, 8), (8, 16), (0, 4), (4, 8), (0, 2)]
    # where rounding leaves none, the last: the highest number there is
    stream = rows([(0, 8)], variant=2**64 - 1)
    assert seconds(run(scenario("real-time", 100, {"variants": variants}), stream)) == [("completed", 0, 2)]
    assert [instance_s(result, part) for part in range(4)] == [100, 200, 100, 0]
    assert (result.instances_mean, result.instances_peak) == (4.0, 4)


def test_variants_scale_apart_and_are_listed_by_time_then_in_order() -> None:
    # 6 requests in the second variant, none in the first: at the close of 10 they are seen there at 25.
    # At 50 both are changed by schedule; the second is listed second.
    policies = [step(CONCURRENT, 1, threshold=6.0), scheduled(50, least=4)]
    first = {"scaling": {"min": 1, "max": 9, "policies": policies}}
    second = {**VARIANT, **first, "name": "b", "shadow_share": None}
    lock = {"autoscaling": {"in_flight_lock": False}}
    example = scenario("real-time", 60, {**first, "variants": [second]}, lock)
    result = run(example, rows([(0, 100)] * 6, variant=HALF))
    assert activities(result) == [(25, 1, 2), (50, 1, 4), (50, 2, 4)]
    assert values(result, CONCURRENT, 0) == [0, 0, 0, 0]
    assert values(result, CONCURRENT, 1) == [6, 6, 6, 6]


def test_a_shadow_variant_works_on_copies_that_count_nowhere_else() -> None:
    # a half of the requests is copied, also the one that production throttled, not the one refused at the door.
    # Its copies are in its containers at the close of 10, and it is billed.
    scaling = {"min": 1, "max": 1, "policies": [step(CONCURRENT, 1, threshold=99.0)]}
    shadow = {**VARIANT, "name": "s", "shadow_share": 0.5, "concurrency": 3, "scaling": scaling}
    assumptions = {"real_time": {"container_queue_limit": 0}}
    stream = rows([(0, 50), (1, 50), (2, 50), (3, 50)], payload_bytes=10, response_bytes=1)
    stream[1]["shadow"] = HALF - 1
    stream[2]["shadow"] = HALF
    stream[3]["payload_bytes"] = 25_000_001
    result = run(scenario("real-time", 30, {"variants": [shadow]}, assumptions), stream)
    assert [status for status, _, _ in seconds(result)] == ["completed", "throttled", "throttled", "refused"]
    assert values(result, CONCURRENT, 1) == [2]
    assert result.usage == {
        (0, "data_in_bytes", 0): 10,
        (0, "data_out_bytes", 0): 1,
        (0, "instance_ns", 0): 30 * SECOND,
        (0, "instance_ns", 1): 30 * SECOND,
    }
    # all of them: the highest number there is
    whole = {**shadow, "shadow_share": 1.0}
    result = run(scenario("real-time", 30, {"variants": [whole]}, assumptions), rows([(0, 50)], shadow=2**64 - 1))
    assert values(result, CONCURRENT, 1) == [1]


POOLS: dict[str, Any] = {
    "available": 1,
    "pools": [{"instance_type": "ml.g5.xlarge", "speed": 2.0, "concurrency": 2, "available": 2}],
}


def test_pools_are_used_in_order_and_what_none_can_give_is_not_launched() -> None:
    # at 10 four are wanted: the first pool's one is there already, the second gives two of the three, in service
    # at 360 (GPU). Two requests at 400 run there side by side at speed 2.
    keys = {**POOLS, "scaling": {"min": 1, "max": 9, "policies": [scheduled(10, least=4), scheduled(500, least=5)]}}
    result = run(scenario("real-time", 600, keys), rows([(400, 8), (400, 8)], route=HALF))
    assert activities(result) == [(10, 1, 3)]
    assert seconds(result) == [("completed", 400, 404), ("completed", 400, 404)]
    assert [instance_s(result, part) for part in (0, 1)] == [600, 2 * 240]


def test_a_pool_has_room_again_when_an_instance_has_ended() -> None:
    # one of each: at 10 the second, busy until 30, is removed. At 20 it still drains: the pool of one is taken, so
    # nothing is launched. At 30 it has ended (a completion comes before an action): one is launched.
    pools = {"available": 1, "pools": [{**POOLS["pools"][0], "available": 1}]}
    policies = [scheduled(10, most=1), scheduled(20, 30, least=2)]
    keys = {**pools, "instances": 2, "scaling": {"min": 1, "max": 2, "policies": policies}}
    result = run(scenario("real-time", 100, keys), rows([(0, 60)], route=HALF))
    assert activities(result) == [(10, 2, 1), (30, 1, 2)]


def test_the_parts_of_variants_follow_their_pools() -> None:
    second = {**VARIANT, **POOLS, "name": "b", "shadow_share": None, "instances": 3}
    result = run(scenario("real-time", 100, {**POOLS, "instances": 2, "variants": [second]}), [])
    assert [instance_s(result, part) for part in range(4)] == [100, 100, 100, 200]
