"""Multi-model endpoints: loads, waits and refusals by hand, what AWS forbids, and runs too large to simulate."""

from typing import Any

import polars as pl
import pytest

from infercost.engine import Run, simulate
from infercost.schema.errors import InputError, UsageError
from infercost.schema.scenario import Scenario

SECOND = 1_000_000_000
# of 100 MB: a download takes 1 s, a load 0.5 s
MODELS = {"model_mb": [100], "memory_mb": 200, "disk_mb": 300}
SPEEDS = {"download_mb_per_s": 100, "load_mb_per_s": 200}


def document(deployment: dict[str, Any], assumed: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 -- tables of a scenario
    """One endpoint; what is given replaces the defaults."""
    common = {"id": "it", "region": "us-east-1", "pattern": "multi-model", "instance_type": "ml.m5.xlarge"}
    return {
        "traffic": {"kind": "trace", "path": "t", "duration_s": 100, "start": "2026-10-01T00:00:00Z"},
        "service": {"kind": "trace"},
        "deployment": [{**common, **MODELS, **deployment}],
        "assumptions": {"multi_model": SPEEDS, **(assumed or {})},
        **keys,
    }


def columns(requests: list[tuple[float, float, int]]) -> pl.DataFrame:
    """From (arrival, work, model) in seconds."""
    return pl.DataFrame(
        {
            "arrival_ns": [round(arrival * SECOND) for arrival, _, _ in requests],
            "service_ns": [round(work * SECOND) for _, work, _ in requests],
            "model": [model for _, _, model in requests],
        }
    )


def serve(
    requests: list[tuple[float, float, int]],
    deployment: dict[str, Any] | None = None,
    **assumed: Any,  # noqa: ANN401 -- rooms of the assumptions
) -> tuple[Run, list[tuple[str, float | None, float | None]]]:
    """The run, and (status, start, finish) of each request in seconds."""
    (run,) = simulate(Scenario.parse(document(deployment or {}, assumed), "models"), columns(requests), record=True)
    assert run.requests is not None
    seconds = (pl.col("start_ns", "finish_ns") / SECOND).round(6)
    return run, run.requests.select("status", seconds).rows()


def counts(run: Run) -> tuple[int, int]:
    return run.summary.cache_hits, run.summary.cache_loads


def test_the_first_request_waits_for_download_and_load_the_next_is_a_hit() -> None:
    run, ends = serve([(0, 1, 7), (1, 1, 7), (5, 1, 7)])
    assert ends == [("completed", 1.5, 2.5), ("completed", 2.5, 3.5), ("completed", 5.0, 6.0)]
    assert counts(run) == (1, 1)


def test_an_arrival_at_the_instant_at_which_the_model_is_ready_is_a_hit_behind_those_that_waited() -> None:
    run, ends = serve([(0, 1, 0), (1.5, 1, 0)])
    assert ends == [("completed", 1.5, 2.5), ("completed", 2.5, 3.5)]
    assert counts(run) == (1, 1)


def test_what_was_unloaded_is_loaded_from_the_disk_and_what_was_deleted_from_the_store() -> None:
    # memory of 2, disk of 3: 2 unloads 0, 3 unloads 1 and deletes 0; then 1 is on the disk and 0 is not
    run, ends = serve([(at, 0.25, model) for at, model in [(0, 0), (10, 1), (20, 2), (30, 3), (40, 1), (50, 0)]])
    assert [start for _, start, _ in ends] == [1.5, 11.5, 21.5, 31.5, 40.5, 51.5]
    assert counts(run) == (0, 6)


def test_a_model_that_works_is_not_unloaded_and_what_does_not_fit_is_refused() -> None:
    # both models in memory work until 12 and 13; the third finds no room before, and the oldest is 0
    run, ends = serve([(0, 10.5, 0), (0, 11.5, 1), (11, 1, 2), (12, 1, 2), (15, 1, 1)], {"concurrency": 2})
    assert [status for status, _, _ in ends] == ["completed", "completed", "refused", "completed", "completed"]
    assert ends[3] == ("completed", 13.5, 14.5)
    assert counts(run) == (1, 3)


def test_who_would_wait_too_long_is_refused_and_the_load_goes_on() -> None:
    run, ends = serve([(0, 1, 0), (0.5, 1, 0), (2, 1, 0)], multi_model={**SPEEDS, "not_ready_after_s": 1})
    assert ends == [("refused", None, None), ("completed", 1.5, 2.5), ("completed", 2.5, 3.5)]
    assert counts(run) == (1, 1)


def test_a_crowded_instance_is_not_the_only_one_to_load_a_model() -> None:
    two = {"instances": 2, "concurrency": 1}
    burst = [(0.0, 10.0, 0), (2.0, 10.0, 0), (2.0, 10.0, 0), (2.0, 10.0, 0)]
    alone, _ = serve(burst, two, multi_model={**SPEEDS, "spread_waiting": 3})
    assert counts(alone) == (3, 1)
    spread, ends = serve(burst, two, multi_model={**SPEEDS, "spread_waiting": 2})
    assert counts(spread) == (2, 2)
    assert ends[3] == ("completed", 3.5, 13.5)


def test_without_a_cache_every_request_that_finds_nobody_there_loads() -> None:
    run, ends = serve([(0, 1, 0), (1, 1, 0), (3.5, 1, 0)], {"model_cache": False})
    # the first two share a load, the third comes when the second has just finished
    assert ends == [("completed", 1.5, 2.5), ("completed", 2.5, 3.5), ("completed", 5.0, 6.0)]
    assert counts(run) == (0, 2)


def test_hits_and_loads_of_the_warm_up_do_not_count() -> None:
    scenario = Scenario.parse(document({}, run={"warmup_s": 10}), "models")
    (run,) = simulate(scenario, columns([(0, 1, 0), (5, 1, 0), (10, 1, 0), (11, 1, 1)]))
    assert counts(run) == (1, 1)


def test_of_models_with_a_size_each_none_beyond_the_list_is_there() -> None:
    _, ends = serve([(0, 1, 1), (5, 1, 2)], {"model_mb": [100, 200]})
    assert ends == [("completed", 3.0, 4.0), ("refused", None, None)]


SCALING = {"min": 1, "max": 2}


@pytest.mark.parametrize(
    ("deployment", "rule"),
    [
        ({"instance_type": "ml.g5.12xlarge"}, "MME-6"),
        ({"instance_type": "ml.inf2.xlarge"}, "MME-6"),
        ({"model_mb": [100, 201]}, "MME-3"),
        ({"scaling": {"min": 0, "max": 2}}, "AS-3"),
        ({"scaling": SCALING, "instance_type": "ml.t2.medium"}, "AS-19"),
        ({"scaling": {**SCALING, "policies": [{"kind": "step", "metric": "has-backlog-without-capacity"}]}}, "AY-7"),
        (
            {
                "scaling": {
                    **SCALING,
                    "policies": [{"kind": "target-tracking", "metric": "concurrent-requests", "target": 5}],
                }
            },
            "MME-4",
        ),
    ],
)
def test_what_aws_forbids_is_not_simulated(deployment: dict[str, Any], rule: str) -> None:
    run, _ = serve([(0, 1, 0)], deployment)
    assert run.summary.infeasible is not None
    assert run.summary.infeasible.rule == rule


@pytest.mark.parametrize("instance_type", ["ml.g5.16xlarge", "ml.g4dn.xlarge", "ml.p3.2xlarge", "ml.r5.large"])
def test_cpu_types_and_those_with_a_single_gpu_are_on_offer(instance_type: str) -> None:
    run, _ = serve([(0, 1, 0)], {"instance_type": instance_type})
    assert run.summary.infeasible is None


def test_a_disk_below_the_memory_is_refused() -> None:
    with pytest.raises(UsageError, match="`disk_mb` is below `memory_mb`"):
        Scenario.parse(document({"disk_mb": 199}), "models")


def test_a_number_that_no_model_has_is_refused() -> None:
    with pytest.raises(InputError, match="model of row 0 is not below 1000000"):
        serve([(0, 1, 10**6)])


def test_more_requests_than_can_be_simulated_are_sampled_by_the_day() -> None:
    days = {
        **document({"instances": 2, "concurrency": 4}),
        "traffic": {"kind": "poisson", "rate_per_s": 0.2, "duration_s": 10 * 86_400},
        "service": {"kind": "exponential", "mean_ms": 500},
        "request": {"models": {"kind": "zipf", "count": 6, "exponent": 1}},
    }
    (whole,) = simulate(Scenario.parse(days, "models"))
    (sampled,) = simulate(Scenario.parse({**days, "run": {"max_requests": 60_000}}, "models"))
    assert sampled.summary.method == "sampled days"
    assert sampled.summary.requests == whole.summary.requests
    assert sampled.summary.cache_hits == pytest.approx(whole.summary.cache_hits, rel=0.02)
    assert sampled.summary.cache_loads == pytest.approx(whole.summary.cache_loads, rel=0.05)
    assert sampled.totals()["instance_ns"] == pytest.approx(whole.totals()["instance_ns"], rel=0.01)
