"""What others have measured: by how much the engine, with its defaults, is off. docs/measurements.md has the words."""

import statistics
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from infercost.engine import Run, simulate
from infercost.schema.scenario import Scenario

PUBLISHED = Path(__file__).parents[2] / "examples" / "published"


def runs(name: str, arrivals_s: list[int] | None = None, seed: int = 1, **assumed: dict[str, Any]) -> tuple[Run, ...]:
    """A scenario of the folder, with its trace and other assumptions."""
    document = Scenario.load(PUBLISHED / f"{name}.toml").model_dump(mode="json", by_alias=True)
    for room, keys in assumed.items():
        document["assumptions"][room] |= keys
    document["run"]["seed"] = seed
    columns = None
    if arrivals_s is not None:
        columns = pl.DataFrame({"arrival_ns": [one * 1_000_000_000 for one in arrivals_s]})
    return simulate(Scenario.parse(document, name), columns)


def longest_wait_s(run: Run) -> float:
    assert run.summary.wait_ms is not None
    return run.summary.wait_ms.max / 1000


def test_launch_with_and_without_container_caching() -> None:
    before, after = runs("container_caching", [0])
    assert longest_wait_s(before) == pytest.approx(525, rel=0.02)
    assert longest_wait_s(after) == pytest.approx(258, rel=0.02)


def test_first_answer_from_zero_components() -> None:
    (run,) = runs("from_zero")
    assert 564 <= run.summary.refused <= 733  # one a second; the two readings of the published run
    quick: dict[str, dict[str, Any]] = {"instances": {"launch_gpu_s": 105}, "components": {"copy_launch_s": 137}}
    (run,) = runs("from_zero", None, 1, autoscaling={"metric_delay_s": 0}, **quick)
    assert run.summary.refused == pytest.approx(302, abs=1)  # AWS's own breakdown


def test_an_asynchronous_endpoint_to_48_instances() -> None:
    (run,) = runs("async_to_48_instances", [0] * 48)
    assert longest_wait_s(run) == pytest.approx(426, rel=0.2)
    spread = {"launch": {"kind": "lognormal", "median_s": 230, "p95_s": 360}}
    last = [longest_wait_s(*runs("async_to_48_instances", [0] * 48, seed, instances=spread)) for seed in range(1, 41)]
    assert statistics.median(last) == pytest.approx(426, rel=0.03)


@pytest.mark.parametrize(("assumed", "within"), [({}, 0.2), ({"low_periods_hires": 64}, 0.01)])
def test_idle_time_paid_after_a_burst(assumed: dict[str, Any], within: float) -> None:
    (run,) = runs("to_zero", list(range(600)), autoscaling=assumed)
    idle_s = run.totals()["instance_ns"] / 1e9 - 600
    assert idle_s / 60 == pytest.approx(23, rel=within)


def test_a_warm_pool() -> None:
    (run,) = runs("simfaas")
    summary = run.summary
    assert summary.instances is not None
    assert summary.utilization is not None
    assert summary.cold_starts / summary.requests == pytest.approx(1213 / 898_469, rel=0.03)
    assert summary.instances.mean == pytest.approx(7.6612, rel=0.01)
    assert summary.instances.mean * summary.utilization == pytest.approx(1.7879, rel=0.005)
