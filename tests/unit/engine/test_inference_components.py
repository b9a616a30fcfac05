"""Inference components: copies that share instances by hand, what AWS forbids, and runs too large to simulate."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from infercost.engine import Run, simulate
from infercost.schema.errors import UsageError
from infercost.schema.scenario import Scenario

SECOND = 1_000_000_000
HOST = {"accelerators": 2, "vcpus": 8, "memory_mb": 10_000}
# a copy takes half of an instance
COPY: dict[str, Any] = {"name": "a", "accelerators": 1, "memory_mb": 1_000}
FROM_ZERO = {"kind": "step", "metric": "no-capacity-invocation-failures", "cooldown_s": 0}


def document(deployment: dict[str, Any], duration_s: float = 3_600, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 -- tables of a scenario
    """One endpoint; what is given replaces the defaults."""
    common = {
        "id": "it",
        "region": "us-east-1",
        "pattern": "inference-components",
        "instance_type": "ml.g5.12xlarge",
        "max_instances": 10,
        "host": HOST,
        "components": [COPY],
    }
    return {
        "traffic": {"kind": "trace", "path": "t", "duration_s": duration_s, "start": "2026-10-01T00:00:00Z"},
        "service": {"kind": "trace"},
        "deployment": [common | deployment],
        **keys,
    }


def serve(
    requests: Sequence[tuple[float, float, int]],
    deployment: dict[str, Any],
    **keys: Any,  # noqa: ANN401 -- tables of a scenario
) -> Run:
    """`requests`: (arrival, work, component) in seconds."""
    columns = pl.DataFrame(
        {
            "arrival_ns": [round(arrival * SECOND) for arrival, _, _ in requests],
            "service_ns": [round(work * SECOND) for _, work, _ in requests],
            "model": [model for _, _, model in requests],
        },
        schema=dict.fromkeys(("arrival_ns", "service_ns", "model"), pl.Int64),
    )
    (run,) = simulate(Scenario.parse(document(deployment, **keys), "components"), columns, record=True)
    return run


def statuses(run: Run) -> list[str]:
    assert run.requests is not None
    return run.requests["status"].to_list()


def instance_s(run: Run) -> float:
    return run.totals().get("instance_ns", 0) / SECOND


def to_copies(*steps: tuple[float, int]) -> dict[str, Any]:
    """Scaled to so many copies at these instants."""
    policies = [{"kind": "scheduled", "at_s": [at], "min": count, "max": count} for at, count in steps]
    return {"min": 0, "max": 10, "policies": policies}


def test_from_zero_copies_and_instances_and_back() -> None:
    # refused at 10; the minute's failure is seen at 60 + 90; an instance takes 350 s, the copy 150 more: in service
    # at 650. It goes at 1000, and the empty instance 720 s later.
    component = COPY | {"copies": 0, "scaling": to_copies((1_000, 0)) | {"max": 1}}
    component["scaling"]["policies"] = [FROM_ZERO, *component["scaling"]["policies"]]
    run = serve([(10, 1, 0), (649, 1, 0), (650, 1, 0)], {"instances": 0, "components": [component]})
    assert statuses(run) == ["refused", "refused", "completed"]
    assert [(one.at_s, one.from_, one.to) for one in run.summary.activities] == [(150, 0, 1), (1_000, 1, 0)]
    assert [one.cause for one in run.summary.activities] == [
        "a: alarm on no-capacity-invocation-failures",
        "a: scheduled action",
    ]
    assert instance_s(run) == 1_720 - 500


@pytest.mark.parametrize(("placement", "released"), [("binpack", 1), ("spread", 0)])
def test_packed_copies_leave_instances_empty_and_spread_ones_do_not(placement: str, released: int) -> None:
    components = [COPY, COPY | {"name": "b"}]
    run = serve([], {"instances": 2, "placement": placement, "components": components})
    assert instance_s(run) == 2 * 3_600 - released * (3_600 - 720)
    assert run.summary.instances is not None
    assert run.summary.instances.peak == 2


def test_as_many_instances_stay_as_are_to() -> None:
    run = serve([], {"instances": 3, "min_instances": 2, "components": [COPY | {"copies": 0}]})
    assert instance_s(run) == 2 * 3_600 + 720


def test_a_copy_waits_where_there_are_as_many_instances_as_there_may_be() -> None:
    # a has the one instance; b's copies find room when a's go at 600, and are in service 150 s later
    components = [
        COPY | {"copies": 2, "scaling": to_copies((600, 0))},
        COPY | {"name": "b", "copies": 0, "scaling": to_copies((100, 2))},
    ]
    run = serve([(749.9, 1, 1), (750, 1, 1)], {"max_instances": 1, "components": components})
    assert statuses(run) == ["refused", "completed"]
    assert instance_s(run) == 3_600


def test_a_copy_loads_as_long_as_its_image_and_model_take() -> None:
    sizes = {"image_gb": 5.3, "model_gb": 1, "container_caching": False}  # 100 s of image, and 75 s until it answers
    component = COPY | sizes | {"copies": 0, "scaling": to_copies((100, 1))}
    run = serve([(274.9, 1, 0), (275, 1, 0)], {"components": [component]})
    assert statuses(run) == ["refused", "completed"]


def test_an_adapter_is_served_by_its_base_and_what_is_not_listed_by_nobody() -> None:
    components = [{"name": "tuned", "base": "a"}, COPY]
    run = serve([(0, 10, 0), (1, 10, 1), (2, 1, 2)], {"components": components})
    assert run.requests is not None
    assert run.requests["finish_ns"].to_list() == [10 * SECOND, 20 * SECOND, None]
    assert statuses(run) == ["completed", "completed", "refused"]


def test_requests_that_a_removed_copy_does_not_finish_are_lost_whatever_comes_last() -> None:
    component = COPY | {"copies": 2, "scaling": to_copies((30, 1))}
    # for the second copy or the first: one of them goes at 30, with the 30 s that it has to drain
    requests = [(0, 100, 0), (0.5, 100, 0), (200, 1, 1)]
    run = serve(requests, {"components": [component], "routing": "least-outstanding"})
    assert statuses(run) == ["timed_out", "unfinished", "refused"]


@pytest.mark.parametrize(("cancels", "work_of_b"), [(True, 50), (False, 70)])
def test_at_one_instant_completions_end_copies_first_then_timeouts_then_drains(
    *, cancels: bool, work_of_b: int
) -> None:
    # a and e share the first instance, b has the second; a and b go at 100. a's request is cut at 50 + 60 or with its
    # copy at 100 + 30; b's is done at that very instant, which makes room first: c takes it, and d, which needs a whole
    # instance, waits for good. Did a end first, c would take its place, and d that of b.
    half, whole = COPY | {"accelerators": 1}, COPY | {"accelerators": 2}
    later = {"copies": 0, "scaling": to_copies((90, 1))}
    gone = {"scaling": to_copies((100, 0))}
    components = [half | gone, whole | gone | {"name": "b"}, half | {"name": "e"}]
    components += [half | later | {"name": "c"}, whole | later | {"name": "d"}]
    run = serve(
        [(50, 500, 0), (60, work_of_b, 1), (300, 1, 3), (300, 1, 4)],
        {"instances": 2, "max_instances": 2, "placement": "binpack", "components": components},
        assumptions={"real_time": {"timeout_cancels_running": cancels}},
    )
    assert statuses(run)[2:] == ["completed", "refused"]


# --- what cannot be --------------------------------------------------------------------------------------------------
def tracked(metric: str) -> dict[str, Any]:
    return {"min": 0, "max": 2, "policies": [{"kind": "target-tracking", "metric": metric, "target": 5}]}


@pytest.mark.parametrize(
    ("deployment", "rule", "told"),
    [
        ({"components": [COPY | {"memory_mb": 127}]}, "IC-1", "component a: memory_mb = 127 is below 128"),
        ({"components": [COPY | {"vcpus": 0.2}]}, "IC-1", "component a: vcpus = 0.2 is below 0.25"),
        ({"components": [COPY | {"memory_mb": 8_001}]}, "IC-1", "2 accelerators, 8 vCPUs and 8000 MB"),
        ({"components": [COPY | {"accelerators": 3}]}, "IC-1", "a copy with 3 accelerators"),
        (
            {"components": [COPY | {"copies": 3}]},
            "IC-1",
            "2 of its 3 copies fit on the instances of the start",
        ),
        ({"instances": 0}, "IC-1", "0 of its 1 copies"),
        (
            {"components": [COPY, {"name": "b", "base": "a"}, {"name": "c", "base": "b"}]},
            "IC-8",
            'adapter c: its base "b" is no component with copies of its own',
        ),
        (
            {"components": [COPY | {"scaling": tracked("invocations-per-instance")}]},
            "AS-1",
            "invocations-per-instance is published for endpoints without components only",
        ),
        ({"components": [COPY | {"scaling": tracked("backlog-per-instance")}]}, "AY-7", "asynchronous endpoints only"),
    ],
)
def test_what_aws_forbids_is_not_simulated(deployment: dict[str, Any], rule: str, told: str) -> None:
    run = serve([(0, 1, 0)], deployment)
    assert run.summary.infeasible is not None
    assert run.summary.infeasible.rule == rule
    assert told in run.summary.infeasible.reason


def test_copies_scale_by_what_they_publish_and_endpoints_by_what_those_do() -> None:
    for metric in ("invocations-per-copy", "concurrent-requests"):
        run = serve([(0, 1, 0)], {"components": [COPY | {"scaling": tracked(metric)}]})
        assert run.summary.infeasible is None
    endpoint = {"id": "it", "region": "us-east-1", "pattern": "real-time", "instance_type": "ml.m5.large"}
    whole = document({}) | {"deployment": [endpoint | {"scaling": tracked("invocations-per-copy") | {"min": 1}}]}
    (run,) = simulate(Scenario.parse(whole, "endpoint"), pl.DataFrame({"arrival_ns": [0], "service_ns": [1]}))
    assert run.summary.infeasible is not None
    assert run.summary.infeasible.rule == "AS-1"


@pytest.mark.parametrize(
    ("deployment", "told"),
    [
        ({"instances": 11}, "`instances` = 11 is not within `min_instances` = 0 and `max_instances` = 10"),
        ({"min_instances": 2}, "`instances` = 1 is not within `min_instances` = 2"),
        ({"components": [COPY, COPY]}, "every component needs a `name` of its own"),
        ({"components": [{"name": "a"}]}, "`memory_mb` is missing"),
        ({"components": [COPY, {"name": "b", "base": "x"}]}, "`base` of b is no component: x"),
        ({"components": [COPY, {"name": "b", "base": "a", "speed": 2}]}, "an adapter has `name` and `base` alone"),
        ({"components": []}, "components"),
        ({"instance_scale_in_step": 2}, "`instance_scale_in_step` = 2 needs `instance_scale_in` = consolidation"),
        (
            {"instance_scale_in_cooldown_s": 300},
            "`instance_scale_in_cooldown_s` = 300 needs `instance_scale_in` = cons",
        ),
        ({"instance_scale_in": "consolidation", "instance_scale_in_step": 101}, "instance_scale_in_step"),
        ({"instance_scale_in": "consolidation", "instance_scale_in_cooldown_s": 299}, "instance_scale_in_cooldown_s"),
    ],
)
def test_what_does_not_make_sense_is_refused(deployment: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as error:
        Scenario.parse(document(deployment), "components")
    assert told in str(error.value)


# --- more than can be simulated --------------------------------------------------------------------------------------
def days(component: dict[str, Any], **run: Any) -> Run:  # noqa: ANN401 -- keys of [run]
    whole = document({"instances": 2, "components": [component, COPY | {"name": "b"}]}) | {
        "traffic": {"kind": "poisson", "rate_per_s": 0.3, "duration_s": 10 * 86_400},
        "service": {"kind": "exponential", "mean_ms": 500},
        "request": {"models": {"kind": "uniform", "count": 2}},
        "run": run,
    }
    (found,) = simulate(Scenario.parse(whole, "days"))
    return found


def test_more_requests_than_can_be_simulated_are_sampled_by_the_day() -> None:
    component = COPY | {"scaling": tracked("invocations-per-copy") | {"min": 1}}
    whole, sampled = days(component), days(component, max_requests=80_000)
    assert sampled.summary.method == "sampled days"
    assert sampled.summary.requests == whole.summary.requests
    assert sampled.totals()["instance_ns"] == pytest.approx(whole.totals()["instance_ns"], rel=0.05)


def test_what_copies_that_do_not_change_cost_is_known_without_a_sample() -> None:
    whole, sampled = days(COPY), days(COPY, max_requests=80_000)
    assert sampled.summary.method == "sampled days"
    assert sampled.totals()["instance_ns"] == whole.totals()["instance_ns"]
