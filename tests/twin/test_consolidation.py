"""The reference of inference components against examples worked by hand: instances that are emptied [IC-4]."""

from typing import Any

from twin.by_hand import activities, instance_s, seconds, values
from twin.components import UPPER, Asked, copy, run, scaled, starts
from twin.examples import scheduled, tracking


def consolidation(instances: int, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of the deployment
    """At 1200 and 2400; requests go to the copy with the fewest."""
    return {
        "instances": instances,
        "instance_scale_in": "consolidation",
        "routing": "least-outstanding",
        **keys,
    }


def test_an_instance_is_emptied_and_released() -> None:
    # a's copies are on 0 and 1. At 1200 the one on 1, the higher number, begins to load on 0: there at 1350, so 1 is
    # empty, and released at 2070. At 2400 there is nowhere to go. Every 300: empty at 450, released at 1170.
    two = [copy("a", copies=2)]
    result = run(two, deployment=consolidation(2))
    assert instance_s(result) == 3600 + 2070
    assert activities(result) == []
    assert instance_s(run(two, deployment=consolidation(2, instance_scale_in_cooldown_s=300))) == 3600 + 1170
    assert instance_s(run(two, deployment=consolidation(2, instance_scale_in="idle-release"))) == 2 * 3600


def test_a_moved_copy_goes_on_under_its_number() -> None:
    # by route: the second copy, b's neighbour on 1, has work from 1340; from 1350 it is elsewhere, and free. Work at
    # the old place is lost, as nothing drains.
    result = run(
        [copy("a", copies=2)],
        [(1340, 30, 0), (1340, 30, 0), (1350, 1, 0), (1350, 1, 0)],
        consolidation(2, routing="random"),
        routes={1: UPPER, 3: UPPER},
    )
    assert starts(result) == [1340, "unfinished", 1370, 1350]


def test_scaling_knows_nothing_of_a_move() -> None:
    # amid the move an action is carried out at once, lock or not; it is in service at 1400. Two requests between 1320
    # and 1380, one before and one after the move, with two copies: 2 / 2. What the old place still works on from 1350
    # to 1380 is in no copy: one request in two copies at 1340, none at 1350, one at 1360, none at 1370.
    policies = [
        scheduled(1250, least=3, most=9),
        tracking("invocations-per-copy", 100.0, disable_scale_in=True),
        tracking("concurrent-requests", 100.0, disable_scale_in=True),
    ]
    result = run(
        [copy("a", copies=2, scaling={"min": 0, "max": 9, "policies": policies})],
        [(1330, 50, 0), (1350, 20, 0)],
        consolidation(2, routing="random"),
        {"instances": {"drain_s": 600}},
        routes={0: UPPER, 1: UPPER},
    )
    assert activities(result) == [(1250, 2, 3)]
    assert values(result, "invocations-per-copy")[22] == 1
    assert values(result, "concurrent-requests")[132:137] == [0, 0.5, 0, 0.5, 0]
    assert seconds(result) == [("completed", 1330, 1380), ("completed", 1350, 1370)]


def test_requests_at_the_old_place_drain_and_new_ones_go_to_the_new_place() -> None:
    # b's only copy moves from 1 to 0, there at 1350. What came before stays: done by 1385, or lost. What comes at 1350
    # starts at once. 1 is empty at 1385, released at 2105.
    result = run(
        [copy("a"), copy("b")],
        [(1340, 30, 1), (1341, 10, 1), (1342, 10, 1), (1349, 10, 1), (1350, 5, 1)],
        consolidation(2),
        {"instances": {"drain_s": 35}},
    )
    assert seconds(result) == [
        ("completed", 1340, 1370),
        ("completed", 1370, 1380),
        ("unfinished", None, None),
        ("unfinished", None, None),
        ("completed", 1350, 1355),
    ]
    assert instance_s(result) == 3600 + 2105


def test_the_old_place_is_reserved_until_it_ends() -> None:
    # w, wanted at 1250, takes a whole instance, and there are two at most: it waits for b's old place on 1. That ends
    # at 1350 if there is nothing left to do, else with its last request, else when it has drained.
    components = [copy("a"), copy("b"), copy("w", copies=0, accelerators=4, **scaled(1250, 1))]
    for service, drain, end in [(5, 600, 1350), (30, 600, 1370), (30, 7, 1357), (30, 0, 1350)]:
        result = run(
            components,
            [(1340, service, 1), (end + 149, 1, 2), (end + 150, 1, 2)],
            consolidation(2, max_instances=2),
            {"instances": {"drain_s": drain}},
        )
        assert starts(result)[1:] == ["refused", end + 150]
        assert instance_s(result) == 2 * 3600


def test_nothing_moves_while_a_copy_loads() -> None:
    # b's copy, wanted at 1050, comes into service at 1200, after the round; one of 1049 is there. No round at 2400.
    for at, second in [(1100, 2399), (1050, 2399), (1049, 2070)]:
        components = [copy("a", copies=2), copy("b", copies=0, **scaled(at, 1))]
        assert instance_s(run(components, deployment=consolidation(2), duration_s=2399)) == 2399 + second, at


def test_nothing_moves_while_a_copy_waits() -> None:
    # not even to make room for it
    waits = copy("w", copies=0, accelerators=4, **scaled(100, 1))
    result = run([copy("a", copies=2), waits], [(3599, 1, 1)], consolidation(2, max_instances=2))
    assert starts(result) == ["refused"]


def test_nothing_moves_while_a_copy_moves() -> None:
    # every 300, a load takes 300. c, b, d and a are on 0 to 3; a has room with c only, and d with b besides. At 300 a
    # begins to go, at 600 it still does; at 900 d does, too. 3 and 2 are empty at 600 and 1200, released 720 later.
    sizes = {"c": 1, "b": 2, "d": 2, "a": 3}
    result = run(
        [copy(name, accelerators=size) for name, size in sizes.items()],
        None,
        consolidation(4, instance_scale_in_cooldown_s=300),
        {"components": {"copy_launch_s": 300}},
    )
    assert instance_s(result) == 2 * 3600 + 1320 + 1920


def test_the_instance_with_the_fewest_copies_is_emptied() -> None:
    # 0 has one of a, 1 one of a and one of c (b's, on 0, has gone): 0 is emptied, c stays where it is
    result = run(
        [copy("a", copies=2), copy("b", **scaled(100, 0)), copy("c")],
        [(1340, 30, 0), (1340, 30, 2), (1350, 1, 0), (1350, 1, 2)],
        consolidation(2, routing="random"),
    )
    assert starts(result) == ["unfinished", 1340, 1350, 1370]


def test_an_instance_whose_copies_find_no_room_is_not_chosen() -> None:
    # a fills 0, alone; 1 and 2 have one of b and one of c each. 2's, the higher number, both go to 1: released at 2070.
    result = run([copy("a", accelerators=4), copy("b", copies=2), copy("c", copies=2)], deployment=consolidation(3))
    assert instance_s(result) == 2 * 3600 + 2070


def test_copies_must_find_room_one_after_another() -> None:
    # f has gone from 0, so that there is one accelerator beside a's three; 1 has one of b and one of c. Either would
    # find room, both do not; nor does a on 1. If a needs two only, it does.
    for accelerators, second in [(3, 3600), (2, 2070)]:
        components = [
            copy("f", accelerators=4 - accelerators, **scaled(100, 0)),
            copy("b"),
            copy("a", accelerators=accelerators),
            copy("c"),
        ]
        assert instance_s(run(components, deployment=consolidation(2))) == 3600 + second


def test_moved_copies_are_placed_by_the_rule() -> None:
    # f's have gone: 0 has b and c, 1 and 2 have b. 2's b goes to 1 with spread, to 0 with binpack. w's two copies of 3
    # accelerators, wanted at 1300: with binpack there is room on 1 and on 2; with spread on 2 only.
    components = [
        copy("f", copies=3, accelerators=3, **scaled(100, 0)),
        copy("b", copies=3),
        copy("c", copies=0, **scaled(200, 1)),
        copy("w", copies=0, accelerators=3, **scaled(1300, 2)),
    ]
    for placement, second in [("binpack", 1450), ("spread", 1460)]:
        keys = consolidation(3, max_instances=3, placement=placement)
        assert starts(run(components, [(1450, 10, 3), (1450, 10, 3)], keys)) == [1450, second]


def test_empty_instances_take_no_moved_copies() -> None:
    # a is on 0; 1 is empty and released at 3000. Were a moved, 0 would be empty from 1350 on and none released.
    result = run([copy("a")], None, consolidation(2), {"components": {"idle_release_s": 3000}})
    assert instance_s(result) == 3600 + 3000


def test_an_instance_with_a_draining_copy_is_not_emptied_but_takes_copies() -> None:
    # 0 has a and b, 1 has a and c. c's copy was removed at 1190, and works until 1220: so 0 is emptied, not 1.
    result = run(
        [copy("a", copies=2), copy("b"), copy("c", **scaled(1190, 0))],
        [(1180, 40, 2), (1340, 30, 1), (1350, 1, 1)],
        consolidation(2),
        {"instances": {"drain_s": 600}},
    )
    assert starts(result) == [1180, 1340, 1350]
    assert instance_s(result) == 3600 + 1370 + 720


def test_several_steps_in_a_round() -> None:
    # a copy on each of four. One step: 3 to 0, at 2400 2 to 1 (0 has two): released at 2070 and 3270. Two steps: 3 to 0
    # and 2 to 1 at 1200, at 2400 1 to 0, nothing else. A third at 1200 finds 0 and 1 taken up. Not below the minimum.
    four = [copy("a", copies=4)]
    for steps, least, expected in [
        (1, 0, 2 * 3600 + 3270 + 2070),
        (2, 0, 3600 + 3270 + 2 * 2070),
        (3, 0, 3600 + 3270 + 2 * 2070),
        (2, 3, 3 * 3600 + 2070),
        (2, 4, 4 * 3600),
    ]:
        keys = consolidation(4, instance_scale_in_step=steps, min_instances=least)
        assert instance_s(run(four, deployment=keys)) == expected, (steps, least)


def test_those_chosen_count_as_gone_for_the_minimum() -> None:
    # what 3's and 2's copies work on at 1350 is lost if they move then
    for least, ends in [(3, [1340, "unfinished"]), (2, ["unfinished", "unfinished"])]:
        result = run(
            [copy("a", copies=4)],
            [(1340, 30, 0), (1340, 30, 0)],
            consolidation(4, instance_scale_in_step=2, min_instances=least, routing="random"),
            routes={0: UPPER, 1: 2**64 - 1},
        )
        assert starts(result) == ends


def test_a_release_comes_before_the_round_of_that_instant() -> None:
    # 2 is empty and released at 1200: two are left, the minimum, and nothing is emptied
    requests: list[Asked] = [(1340, 30, 0), (1340, 30, 0)]
    assumptions = {"components": {"idle_release_s": 1200}}
    result = run([copy("a", copies=2)], requests, consolidation(3, min_instances=2), assumptions)
    assert starts(result) == [1340, 1340]
    assert instance_s(result) == 2 * 3600 + 1200


def test_a_copy_that_is_removed_while_it_moves_gives_the_new_place_up() -> None:
    # removed at 1300: gone at once from both places. 1 is released at 2020.
    assert instance_s(run([copy("a", copies=2, **scaled(1300, 1))], deployment=consolidation(2))) == 3600 + 2020
    # x fills up 1 from 1210 on. w, wanted at 1250, has no room on 0 either, until a's second copy is removed at 1300:
    # that works until 1320 where it is, but its new place is free: w's copy is in service at 1450.
    result = run(
        [
            copy("a", copies=2, **scaled(1300, 1)),
            copy("x", copies=0, accelerators=3, **scaled(1210, 1)),
            copy("w", copies=0, accelerators=3, **scaled(1250, 1)),
        ],
        [(1290, 30, 0), (1290, 30, 0), (1449, 1, 2), (1450, 1, 2)],
        consolidation(2, max_instances=2),
        {"instances": {"drain_s": 600}},
    )
    assert starts(result) == [1290, 1290, "refused", 1450]


def test_a_move_begun_before_the_horizon_ends_after_it_and_none_begins_at_it() -> None:
    # b's copy moves from 1200 to 1350, and what it works on is lost then
    for duration, ended in [(1201, ("unfinished", None, None)), (1200, ("completed", 1190, 1490))]:
        assumptions = {"real_time": {"timeout_s": 500.0}}
        result = run([copy("a"), copy("b")], [(1190, 300, 1)], consolidation(2), assumptions, duration_s=duration)
        assert seconds(result) == [ended]
