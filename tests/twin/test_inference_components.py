"""The reference of inference components against examples worked by hand: see twin.components for what they share."""

import math
from typing import Any

from twin import by_hand
from twin.by_hand import activities, instance_s, seconds, values
from twin.components import HOST, UPPER, Asked, copy, counts, run, scaled, starts
from twin.examples import SECOND, rows, scenario, scheduled, step, tracking

# ---- requests and copies


def test_each_component_has_its_copies_and_each_copy_its_queue() -> None:
    # a has two copies by route, b one: of a's two requests at 0 for copy 0 the second waits, b's and copy 1's do not
    result = run([copy("a", copies=2), copy("b")], [(0, 9, 0), (0, 9, 0), (0, 9, 0), (0, 9, 1)], routes={2: UPPER})
    assert starts(result) == [0, 9, 0, 0]
    assert result.usage[0, "data_in_bytes", 0] == 40
    assert instance_s(result) == 3600


def test_least_outstanding_chooses_among_the_copies_of_the_component() -> None:
    result = run([copy("a", copies=2)], [(0, 9, 0), (0, 9, 0), (0, 9, 0)], {"routing": "least-outstanding"})
    assert starts(result) == [0, 0, 9]


def test_speed_and_concurrency_are_the_component_s() -> None:
    result = run([copy("a", speed=2.0), copy("b", concurrency=2)], [(0, 8, 0), (0, 8, 0), (0, 8, 1), (0, 8, 1)])
    assert seconds(result) == [("completed", 0, 4), ("completed", 4, 8), ("completed", 0, 8), ("completed", 0, 8)]


def test_a_copy_is_a_container_with_queue_limit_and_timeouts() -> None:
    # limit 10, one may wait. 0: cut at 10. 1: waits, starts at 10, done at 11. 2: throttled.
    assumptions = {"real_time": {"timeout_s": 10.0, "timeout_cancels_running": True, "container_queue_limit": 1}}
    result = run([copy("a")], [(0, 20, 0), (1, 1, 0), (2, 1, 0)], assumptions=assumptions)
    assert seconds(result) == [("timed_out", 0, 10), ("completed", 10, 11), ("throttled", None, None)]
    assert result.usage[0, "data_in_bytes", 0] == 20


def test_the_first_token_comes_at_the_copy_s_speed() -> None:
    stream = rows([(0, 8)], first_token_ns=3 * SECOND)
    keys = {"host": HOST, "components": [copy("a", speed=2.0)]}
    result = by_hand.run(scenario("inference-components", 100, keys, streaming=True), stream)
    assert result.requests == [(0, "completed", 0, 4 * SECOND, False, 1.5 * SECOND)]


def test_a_number_beyond_the_list_and_a_payload_above_25_mb_are_refused_and_no_want_of_capacity() -> None:
    policies = [step("no-capacity-invocation-failures", 1)]
    nothing = copy("a", copies=0, scaling={"min": 0, "max": 1, "policies": policies})
    assert starts(run([nothing], [(0, 1, 1)])) == ["refused"]
    assert activities(run([nothing], [(0, 1, 1)])) == []
    keys = {"host": HOST, "components": [nothing]}
    result = by_hand.run(scenario("inference-components", 600, keys), rows([(0, 1)], payload_bytes=25_000_001))
    assert starts(result) == ["refused"]
    assert activities(result) == []


def test_an_adapter_s_requests_are_its_base_s() -> None:
    # number 1 has no copy of its own: it waits for the worker of number 0. Three requests are the base's invocations.
    base = copy("a", scaling={"min": 1, "max": 9, "policies": [tracking("invocations-per-copy", 100.0)]})
    adapter = copy("b", base="a", copies=0, accelerators=0, memory_mb=0)
    result = run([base, adapter], [(0, 9, 0), (1, 9, 1), (2, 9, 1)], duration_s=300)
    assert starts(result) == [0, 9, 18]
    assert values(result, "invocations-per-copy")[0] == 3


def test_an_adapter_is_refused_with_its_base_and_counts_as_its_failure() -> None:
    # seen at 150: 0 -> 1 of the base; 500 s later the adapter is served
    base = copy("a", copies=0, scaling={"min": 0, "max": 1, "policies": [step("no-capacity-invocation-failures", 1)]})
    adapter = copy("b", base="a", copies=0, accelerators=0, memory_mb=0)
    result = run([base, adapter], [(0, 1, 1), (650, 1, 1)], {"instances": 0})
    assert starts(result) == ["refused", 650]
    assert activities(result) == [(150, 0, 1)]


# ---- placement


def test_copies_that_do_not_fit_at_the_start_are_infeasible() -> None:
    # 4 accelerators, 2500 x 0.8 = 2000 MB, 48 vCPU
    kinds: list[tuple[dict[str, Any], int]] = [
        ({}, 4),
        ({"memory_mb": 600}, 3),
        ({"vcpus": 20.0}, 2),
        ({"accelerators": 3}, 1),
    ]
    for keys, most in kinds:
        run([copy("a", copies=most, **keys)])
        assert run([copy("a", copies=most + 1, **keys)]).infeasible == "IC-1"
        run([copy("a", copies=most + 1, **keys)], deployment={"instances": 2})


def test_a_copy_larger_than_an_empty_instance_is_infeasible_even_without_copies() -> None:
    run([copy("a", copies=0, memory_mb=2000)])
    assert run([copy("a", copies=0, memory_mb=2001)]).infeasible == "IC-1"


def test_the_fraction_of_memory_is_rounded_down() -> None:
    # 999 x 0.8 = 799.2
    host = {"host": {**HOST, "memory_mb": 999}}
    run([copy("a", memory_mb=799)], deployment=host)
    assert run([copy("a", memory_mb=800)], deployment=host).infeasible == "IC-1"


def test_resources_that_add_up_to_the_whole_fit() -> None:
    # 1.1 and 2.2 vCPU are 3.3, whatever they are in binary
    assert 1.1 + 2.2 > 3.3
    run([copy("a", vcpus=1.1), copy("b", vcpus=2.2)], deployment={"host": {**HOST, "vcpus": 3.3}})


def test_binpack_fills_the_lowest_number_and_spread_the_emptiest() -> None:
    # two copies on two instances: together on the first, so the second is released at 720; or one on each
    two = [copy("a", copies=2)]
    assert instance_s(run(two, deployment={"instances": 2, "placement": "binpack"})) == 3600 + 720
    assert instance_s(run(two, deployment={"instances": 2, "placement": "spread"})) == 2 * 3600


def test_spread_goes_where_the_fewest_copies_are() -> None:
    # three instances; b takes a whole one. a's two copies leave the third to b; a's one and c's leave one to b, too:
    # c is where nobody is. A third single copy leaves none.
    big = copy("b", accelerators=4)
    run([copy("a", copies=2), big], deployment={"instances": 3})
    run([copy("a"), copy("c"), big], deployment={"instances": 3})
    for singles in ([copy("a", copies=3)], [copy("a", copies=2), copy("c")], [copy("a"), copy("c"), copy("d")]):
        assert run([*singles, big], deployment={"instances": 3}).infeasible == "IC-1"


def test_spread_counts_copies_of_the_component_before_copies_of_all() -> None:
    # h has all of instance 0 until 50; y and f (3) are on 1, f until 100. r's two, wanted at 60, both go to 0, as 1 is
    # full. y's second, wanted at 200: 0 has two copies, none of y, 1 has one, of y: on 0. So at 300 there is room for
    # g's three on 1, in service at 450.
    result = run(
        [
            copy("h", accelerators=4, **scaled(50, 0)),
            copy("y", **scaled(200, 2)),
            copy("f", accelerators=3, **scaled(100, 0)),
            copy("r", copies=0, **scaled(60, 2)),
            copy("g", copies=0, accelerators=3, **scaled(300, 1)),
        ],
        [(450, 1, 4)],
        {"instances": 2, "max_instances": 2},
    )
    assert starts(result) == [450]


def test_of_equals_the_lowest_number_takes_the_copy() -> None:
    # a has instance 0 until 1000, b one that was launched at 10 (360..) until 1100. c, wanted at 1200, goes to 0: 1 is
    # released at 1820, and not 0 at 1720.
    policies = [scheduled(10, least=1, most=1), scheduled(1100, least=0, most=0)]
    components = [copy("a", accelerators=4, **scaled(1000, 0)), copy("c", copies=0, **scaled(1200, 1))]
    components += [copy("b", copies=0, accelerators=4, scaling={"min": 0, "max": 9, "policies": policies})]
    for placement in ("spread", "binpack"):
        result = run(components, deployment={"placement": placement})
        assert instance_s(result) == 3600 + 1820 - 360, placement


def test_launching_instances_are_chosen_by_the_same_rule() -> None:
    # a's copies need one instance each (1200 of 2000 MB), f fills up instance 0. a's second and third, wanted at 100,
    # go to 1 and 2, b's two, wanted at 200, to the same while they launch. a's go at 1000: binpack has both of b on 1,
    # and 2 is released at 1720.
    policies = [scheduled(100, least=3, most=3), scheduled(1000, least=1, most=1)]
    components = [copy("a", memory_mb=1200, scaling={"min": 0, "max": 9, "policies": policies})]
    components += [copy("f", memory_mb=800), copy("b", copies=0, **scaled(200, 2))]
    for placement, to in [("spread", 3600), ("binpack", 1720)]:
        result = run(components, deployment={"placement": placement})
        assert instance_s(result) == 3600 + (3600 - 450) + (to - 450), placement


# ---- launching


def test_a_copy_is_placed_on_an_instance_in_service_with_room() -> None:
    # decided at 100, in service at 250: a request at 249 for the second copy goes to the first, one at 250 does not
    result = run([copy("a", **scaled(100, 2))], [(200, 100, 0), (249, 1, 0), (250, 1, 0)], routes={1: UPPER, 2: UPPER})
    assert starts(result) == [200, 300, 250]
    assert activities(result) == [(100, 1, 2)]
    assert instance_s(result) == 3600


def test_the_launch_of_a_copy_comes_from_its_image_and_model_if_they_are_given() -> None:
    # image 5.3 / 0.053 = 100, model 30 / 0.1 = 300: 300 + 75. Cached: 30 / 0.21 + 75. Nothing is provisioned.
    sizes = {"image_gb": 5.3, "model_gb": 30.0, **scaled(100, 1)}
    for cached, ready in [(False, 100 + 300 + 75), (True, 100 + 30 / 0.21 + 75)]:
        before, after = math.floor(ready), math.ceil(ready)
        one = copy("a", copies=0, container_caching=cached, **sizes)
        before -= before == ready
        assert starts(run([one], [(before, 1, 0), (after, 1, 0)])) == ["refused", after]


def test_a_copy_without_room_launches_an_instance_and_starts_up_on_it() -> None:
    # 4 accelerators are taken: the fifth copy is decided at 100, its instance in service at 450, itself at 600
    result = run(
        [copy("a", copies=4, **scaled(100, 5))],
        [(599, 50, 0), (600, 1, 0)],
        routes={0: 2**64 - 1, 1: 2**64 - 1},
    )
    assert starts(result) == [599, 600]
    assert instance_s(result) == 3600 + 3600 - 450


def test_a_copy_prefers_a_launching_instance_to_a_new_one() -> None:
    # six more copies: four on one new instance, two on another. A third instance is not launched.
    result = run([copy("a", copies=4, **scaled(100, 10))])
    assert counts(result) == (3600 + 2 * (3600 - 450), 3)


def test_launching_instances_count_towards_the_most() -> None:
    # two at most: four of six more copies have room on the second, two wait
    result = run([copy("a", copies=4, **scaled(100, 10))], deployment={"max_instances": 2})
    assert counts(result) == (3600 + 3600 - 450, 2)


def test_a_copy_for_a_launching_instance_starts_up_when_that_is_in_service() -> None:
    # b's copy is decided at 300, when the instance that a launched at 100 still takes until 450: in service at 600
    result = run(
        [copy("a", copies=4, **scaled(100, 5)), copy("b", copies=0, **scaled(300, 1))],
        [(599, 1, 1), (600, 1, 1)],
    )
    assert starts(result) == ["refused", 600]
    assert counts(result) == (3600 + 3600 - 450, 2)


def test_a_copy_prefers_an_instance_in_service_to_a_launching_one() -> None:
    # a's fifth copy launches an instance at 100; b's copy at 200 needs no accelerator: on the first, in service at 350
    result = run(
        [copy("a", copies=4, **scaled(100, 5)), copy("b", copies=0, accelerators=0, **scaled(200, 1))],
        [(349, 1, 1), (350, 1, 1)],
    )
    assert starts(result) == ["refused", 350]


def test_beyond_max_instances_a_copy_waits_until_a_reservation_ends() -> None:
    # one instance only. b's copy is wanted at 100; a's third goes at 1000: b's is in service at 1150.
    result = run(
        [copy("a", copies=4, **scaled(1000, 3)), copy("b", copies=0, **scaled(100, 1))],
        [(1149, 1, 1), (1150, 1, 1)],
        {"max_instances": 1},
    )
    assert starts(result) == ["refused", 1150]
    assert activities(result) == [(100, 0, 1), (1000, 4, 3)]
    assert instance_s(result) == 3600


def test_waiting_copies_are_tried_in_order_and_one_that_does_not_fit_holds_up_nobody() -> None:
    # b's copy of 2 accelerators waits since 100, c's and d's of 1 since 200 and 300. One accelerator is free at 1000:
    # not enough for b's, so c's has it, in service at 1150; d's does not get it.
    result = run(
        [
            copy("a", copies=4, **scaled(1000, 3)),
            copy("b", copies=0, accelerators=2, **scaled(100, 1)),
            copy("d", copies=0, **scaled(300, 1)),
            copy("c", copies=0, **scaled(200, 1)),
        ],
        [(1150, 1, 1), (1150, 1, 2), (1150, 1, 3)],
        {"max_instances": 1},
    )
    assert starts(result) == ["refused", "refused", 1150]


def test_copies_decided_at_one_instant_are_placed_component_by_component() -> None:
    # one accelerator is free; a and b want one each at 100: a's copy has it
    result = run(
        [copy("a", copies=0, **scaled(100, 1)), copy("b", copies=0, **scaled(100, 1)), copy("c", copies=3)],
        [(250, 1, 0), (250, 1, 1)],
        {"max_instances": 1},
    )
    assert starts(result) == [250, "refused"]
    assert activities(result) == [(100, 0, 1), (100, 0, 1)]


def test_nothing_launches_while_a_copy_waits_or_loads_under_the_lock() -> None:
    # a's second copy waits for room from 100 on; the action at 200 that wants none changes the bounds only. b leaves at
    # 1000: a's second copy is in service at 1150, and at once there is none, busy or not.
    policies = [scheduled(100, least=2, most=9), scheduled(200, least=0, most=0)]
    result = run(
        [copy("a", scaling={"min": 0, "max": 9, "policies": policies}), copy("b", copies=3, **scaled(1000, 2))],
        [(1149, 100, 0), (1150, 1, 0)],
        {"max_instances": 1},
    )
    assert activities(result) == [(100, 1, 2), (1000, 3, 2), (1150, 2, 0)]
    assert starts(result) == ["unfinished", "refused"]


def test_without_the_lock_a_scale_in_removes_what_is_in_service_and_waiting_copies_still_come() -> None:
    # a: 3 copies, at 100 two more: one placed (the fourth accelerator), one waits. At 200 at most 2: 5 - 2 = 3 of 3 in
    # service may go, but min is 1: 2 go. Their room is free at 200: the waiting copy is placed, in service at 350.
    # The other has been since 250: so from 350 three in service (0, 3, 4).
    policies = [scheduled(100, least=5, most=9), scheduled(200, least=1, most=2)]
    result = run(
        [copy("a", copies=3, scaling={"min": 0, "max": 9, "policies": policies})],
        [(349, 9, 0), (350, 9, 0), (350, 9, 0)],
        {"max_instances": 1, "routing": "least-outstanding"},
        {"instances": {"drain_s": 0}, "autoscaling": {"in_flight_lock": False}},
    )
    assert activities(result) == [(100, 3, 5), (200, 5, 3)]
    # 349: on 0. 350: on 3, then on 4
    assert starts(result) == [349, 350, 350]


# ---- going away


def test_scale_in_removes_the_newest_copy_and_drains_it() -> None:
    # two copies; at 100 the second goes, with 30 to drain: what ends at 130 is completed, what would end later is not
    for service, status in [(40, "completed"), (41, "unfinished")]:
        result = run(
            [copy("a", copies=2, **scaled(100, 1))],
            [(90, service, 0), (90, 100, 0), (100, 1, 0)],
            assumptions={"instances": {"drain_s": 30}, "real_time": {"timeout_s": 500.0}},
            routes={0: UPPER, 2: UPPER},
        )
        assert [one[1] for one in result.requests] == [status, "completed", "completed"]
        assert starts(result)[1:] == [90, 190]


def test_a_draining_copy_keeps_its_reservation() -> None:
    # all is taken. a's fourth copy is removed at 100, but works until 120, or until its drain ends at 130: only then is
    # there room for b's copy, wanted since 50; it is in service 150 later.
    for service, ready in [(30, 120 + 150), (500, 130 + 150)]:
        result = run(
            [copy("a", copies=4, **scaled(100, 3)), copy("b", copies=0, **scaled(50, 1))],
            [(90, service, 0), (ready - 1, 1, 1), (ready, 1, 1)],
            {"max_instances": 1},
            {"instances": {"drain_s": 30}},
            routes={0: 2**64 - 1},
        )
        assert starts(result)[1:] == ["refused", ready]


def test_an_instance_is_released_when_it_has_been_empty_for_long_enough() -> None:
    # a's only copy on the second instance goes at 100, released at 820; the first keeps the other copies
    result = run([copy("a", copies=2, **scaled(100, 1))], deployment={"instances": 2})
    assert instance_s(result) == 3600 + 820
    assert counts(result) == (3600 + 820, 2)


def test_an_instance_that_is_empty_from_the_start_is_released_too_and_the_last_one_as_well() -> None:
    assert instance_s(run([copy("a", copies=0)], deployment={"instances": 3})) == 3 * 720


def test_the_minimum_of_instances_stays_the_lowest_numbers_are_released() -> None:
    # three empty ones, two must stay: number 0 goes. A copy that needs all, wanted at 1000, goes to 1 at once.
    result = run(
        [copy("a", copies=0, **scaled(1000, 1))],
        [(1149, 1, 0), (1150, 1, 0)],
        {"instances": 3, "min_instances": 2},
    )
    assert starts(result) == ["refused", 1150]
    assert instance_s(result) == 2 * 3600 + 720


def test_a_copy_placed_in_time_keeps_its_instance() -> None:
    # empty until 719: used. Removed at 1000: empty again, released at 1720.
    policies = [scheduled(719, least=1, most=1), scheduled(1000, least=0, most=0)]
    result = run([copy("a", copies=0, scaling={"min": 0, "max": 1, "policies": policies})])
    assert instance_s(result) == 1720
    # used and emptied within the first spell: a spell of its own begins at 500
    policies = [scheduled(300, least=1, most=1), scheduled(500, least=0, most=0)]
    result = run([copy("a", copies=0, scaling={"min": 0, "max": 1, "policies": policies})])
    assert instance_s(result) == 1220


def test_a_release_comes_before_a_copy_that_is_wanted_at_that_instant() -> None:
    # released at 720; the copy wanted at 720 launches a new instance: in service at 1070, the copy at 1220
    result = run([copy("a", copies=0, **scaled(720, 1))], [(1219, 1, 0), (1220, 1, 0)])
    assert starts(result) == ["refused", 1220]
    assert instance_s(result) == 720 + 3600 - 1070


def test_an_instance_that_had_to_stay_stays_until_it_has_been_used_and_emptied_again() -> None:
    # two empty instances, one must stay: at 720, 0 is released, 1 is not. Wanted at 900: all of an instance: on 1, and
    # a small copy on a new one, in service at 1250. The big copy goes at 2000: 1 is empty, of two: released at 2720.
    policies = [scheduled(900, least=1, most=1), scheduled(2000, least=0, most=0)]
    big = copy("big", copies=0, accelerators=4, scaling={"min": 0, "max": 1, "policies": policies})
    small = copy("small", copies=0, **scaled(900, 1))
    two = {"instances": 2, "min_instances": 1}
    assert instance_s(run([big, small], deployment=two)) == 720 + 2720 + (3600 - 1250)
    # the small one alone goes to 1, which is never empty again
    assert instance_s(run([small], deployment=two)) == 720 + 3600


def test_launching_instances_do_not_count_towards_the_minimum() -> None:
    # a has all of instance 0 until 100. b, wanted at 99, goes to a new one, in service at 449. 0 is released at 820:
    # two are in service then. With 200 instead of 720 it would be at 300: alone in service, it stays for good.
    components = [copy("a", accelerators=4, **scaled(100, 0)), copy("b", copies=0, accelerators=4, **scaled(99, 1))]
    one = {"min_instances": 1}
    assert instance_s(run(components, deployment=one)) == 820 + 3600 - 449
    quick = {"components": {"idle_release_s": 200}}
    assert instance_s(run(components, deployment=one, assumptions=quick)) == 3600 + 3600 - 449


def test_of_those_empty_for_as_long_the_lowest_number_is_released_first() -> None:
    # instance 0, and 1 of 450, are empty from 1000 on, one must stay: 0 is released at 1720, but billed for 2000
    policies = [scheduled(100, least=2, most=2), scheduled(1000, least=0, most=0)]
    result = run(
        [copy("a", accelerators=4, scaling={"min": 0, "max": 9, "policies": policies})],
        deployment={"min_instances": 1},
        assumptions={"instances": {"min_bill_s": 2000}},
    )
    assert instance_s(result) == 2000 + 3600 - 450
    assert counts(result) == (1720 + 3600 - 450, 2)


def test_reservations_that_end_at_one_instant_end_in_order_of_components() -> None:
    # b has all of instance 0, a of 1 (450..). Both go at 1000, with a request until 1010, or one that is lost at 1030:
    # a's ends first, so w's copy, which has waited since 900, goes to 1. 0 is released 720 later, billed for 2000.
    policies = [scheduled(100, least=1, most=1), scheduled(1000, least=0, most=0)]
    a = copy("a", copies=0, accelerators=4, scaling={"min": 0, "max": 9, "policies": policies})
    b = copy("b", accelerators=4, **scaled(1000, 0))
    w = copy("w", copies=0, **scaled(900, 1))
    for service, end in [(20, 1010), (900, 1030)]:
        result = run(
            [a, b, w],
            [(990, service, 1), (990, service, 0), (end + 149, 1, 2), (end + 150, 1, 2)],
            {"max_instances": 2},
            {"instances": {"drain_s": 30, "min_bill_s": 2000}},
        )
        assert starts(result)[2:] == ["refused", end + 150]
        assert instance_s(result) == 2000 + 3600 - 450


def test_billing_from_the_launch_and_the_minimum_bill() -> None:
    # the second instance is launched at 100: billed from then. The one released at 720 is billed for 1000.
    assumptions = {"instances": {"bill_start": "launch", "min_bill_s": 1000}}
    assert instance_s(run([copy("a", copies=4, **scaled(100, 5))], assumptions=assumptions)) == 3600 + 3500
    assert instance_s(run([copy("a", copies=0)], assumptions=assumptions)) == 1000


# ---- scaling per component


def test_at_zero_requests_are_refused_and_the_step_policy_leaves_zero() -> None:
    # nothing runs. 30 and 70: refused. The failure of minute 0 is seen at 150: 0 -> 1, an instance at 500, the copy at
    # 650. That of minute 1 is seen at 210, under the lock. 649: refused; seen at 750: from 1, but within the cooldown
    # of 300 after 650 from 0: 1 is no more than 1.
    policies = [step("no-capacity-invocation-failures", 1)]
    result = run(
        [copy("a", copies=0, scaling={"min": 0, "max": 4, "policies": policies})],
        [(30, 1, 0), (70, 1, 0), (649, 1, 0), (650, 1, 0)],
        {"instances": 0},
    )
    assert starts(result) == ["refused", "refused", "refused", 650]
    assert activities(result) == [(150, 0, 1)]
    assert result.usage[0, "data_in_bytes", 0] == 10
    assert instance_s(result) == 3600 - 500


def test_failures_are_counted_per_component() -> None:
    # b has requests, a has none: a stays at zero
    policies = [step("no-capacity-invocation-failures", 1)]
    nothing = {"copies": 0, "scaling": {"min": 0, "max": 4, "policies": policies}}
    result = run([copy("a", **nothing), copy("b", **nothing)], [(0, 1, 1), (0, 1, 1), (650, 1, 1), (650, 1, 0)])
    assert starts(result) == ["refused", "refused", 650, "refused"]
    # the instance was there: the copy is in service at 300. The failure at 650 is seen at 750.
    assert activities(result) == [(150, 0, 1), (750, 0, 1)]
    assert [values(result, "no-capacity-invocation-failures", place)[0] for place in (0, 1)] == [0, 2]


def test_target_tracking_per_copy_scales_one_component_only() -> None:
    # a: 25 a minute on one copy, target 10: the third such minute is seen at 270: 3 copies, in service at 420.
    # b: 2 a minute, target 10, 15 low minutes: at its minimum.
    requests: list[Asked] = [(2.4 * index, 0.001, 0) for index in range(250)]
    requests += [(30.0 * index, 0.001, 1) for index in range(20)]
    scaling = {"min": 1, "max": 8, "policies": [tracking("invocations-per-copy", 10.0)]}
    result = run([copy("a", scaling=scaling), copy("b", scaling=scaling)], sorted(requests), duration_s=600)
    assert activities(result) == [(270, 1, 3)]
    assert [values(result, "invocations-per-copy", place)[0] for place in (0, 1)] == [25, 2]


def test_target_tracking_reaches_zero_after_exact_zeros_and_cannot_leave_it() -> None:
    # fifteen minutes without requests are seen at 990: 1 -> 0. Requests at 1000 on are refused, which is no invocation.
    # Nothing is left on the instance: released at 1710, as in the measurement: 12 minutes more.
    scaling = {"min": 0, "max": 8, "policies": [tracking("invocations-per-copy", 1.0)]}
    result = run([copy("a", scaling=scaling)], [(1000.0 + index, 1, 0) for index in range(500)])
    assert activities(result) == [(990, 1, 0)]
    assert {one[1] for one in result.requests} == {"refused"}
    assert instance_s(result) == 990 + 720


def test_concurrent_requests_are_seen_every_ten_seconds_per_copy_and_missing_at_zero() -> None:
    # 6 in work or waiting on 2 copies: 3 at the closes of 10, 20, 30; the third is seen at 45: target 1: 6 copies
    scaling = {"min": 0, "max": 9, "policies": [tracking("concurrent-requests", 1.0)]}
    result = run(
        [copy("a", copies=2, scaling=scaling)],
        [(5, 500, 0)] * 6,
        {"routing": "least-outstanding"},
        {"real_time": {"timeout_s": 5000.0}},
        duration_s=120,
    )
    assert activities(result) == [(45, 2, 6)]
    assert values(result, "concurrent-requests")[:3] == [3, 3, 3]
    result = run([copy("a", copies=0, scaling=scaling)], duration_s=120)
    assert set(values(result, "concurrent-requests")) == {None}


def test_components_are_evaluated_in_order_and_a_removal_frees_room_for_the_next() -> None:
    # minute 0 is seen at 150: a (4 copies, no request) goes to 1, b (5 requests on one copy, target 1) to 4. a first:
    # its three are gone when b's three are placed, all on one instance of 5. b first: its three need another one,
    # launched at 150, in service at 500.
    assumptions = {"autoscaling": {"low_periods": 1, "high_periods": 1}}
    low = {"min": 1, "max": 4, "policies": [tracking("invocations-per-copy", 1.0)]}
    a, b = copy("a", copies=4, scaling=low), copy("b", scaling=low)
    host = {"host": {**HOST, "accelerators": 5}}
    for components, number, order, instances in [
        ([a, b], 1, [(150, 4, 1), (150, 1, 4)], 600),
        ([b, a], 0, [(150, 1, 4), (150, 4, 1)], 600 + 600 - 500),
    ]:
        requests: list[Asked] = [(1.0 * index, 0.001, number) for index in range(5)]
        result = run(components, requests, host, assumptions, duration_s=600)
        assert activities(result)[:2] == order
        assert instance_s(result) == instances


def test_the_copies_at_the_start_are_within_the_bounds() -> None:
    scaling = {"min": 2, "max": 3, "policies": []}
    # three fit with room for one more, four do not: 5 are brought to 3, 1 is brought to 2
    big = copy("big", accelerators=2)
    run([copy("a", copies=1, scaling=scaling), big])
    assert run([copy("a", copies=5, scaling=scaling), big]).infeasible == "IC-1"
    run([copy("a", copies=5, scaling=scaling), copy("small")])


def test_cut_leaves_unfinished_what_ends_after_the_horizon() -> None:
    result = run([copy("a", concurrency=2)], [(5, 5, 0), (5, 6, 0)], duration_s=10, end="cut")
    assert seconds(result) == [("completed", 5, 10), ("unfinished", None, None)]
    assert instance_s(result) == 10


def test_the_warm_up_lives_in_the_state_but_in_no_figure() -> None:
    # a second copy is decided at 100, in the warm-up of 200: no activity, but it works on what comes at 300
    result = run(
        [copy("a", **scaled(100, 2))],
        [(150, 1, 0), (300, 9, 0), (300, 9, 0)],
        {"routing": "least-outstanding"},
        warmup_s=200.0,
    )
    assert seconds(result) == [("completed", 300, 309), ("completed", 300, 309)]
    assert activities(result) == []
    assert instance_s(result) == 3400
