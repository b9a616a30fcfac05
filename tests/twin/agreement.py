"""Engine and reference on the same stream."""

from collections import Counter
from collections.abc import Sequence

import polars as pl
import pytest

from infercost.engine import Run, launches, simulate, stream
from infercost.schema.outcome import Quantiles
from infercost.schema.scenario import Scenario
from twin.examples import SECOND
from twin.reference.result import Result
from twin.reference.simulator import simulate as reference

MOST_LAUNCHES = 5_000  # of one run


def agree(scenario: Scenario, columns: pl.DataFrame | None, place: str) -> None:
    """`place`: named where they do not."""
    wanted = expected(scenario, columns)
    (run,) = simulate(scenario, columns, record=True)
    infeasible = run.summary.infeasible
    assert (infeasible and infeasible.rule) == wanted.infeasible, place
    if infeasible:
        return
    found = of_engine(run, round(scenario.run.warmup_s * SECOND))
    assert found.activities == wanted.activities, place
    assert found.requests == wanted.requests, place
    assert found.usage == wanted.usage, place
    if wanted.instances_mean is not None:
        assert found.instances_mean == pytest.approx(wanted.instances_mean, rel=1e-9), place
        assert found.instances_peak == wanted.instances_peak, place
    assert (found.cache_hits, found.cache_loads) == (wanted.cache_hits, wanted.cache_loads), place
    agree_on_lengths(run.summary.ttft_ms, wanted.ttft, place)
    agree_on_lengths(run.summary.tpot_ms, wanted.tpot, place)
    counts = Counter(status for _, status, *_ in wanted.requests)
    for status in ("completed", "throttled", "refused", "timed_out", "expired", "unfinished"):
        assert getattr(run.summary, status) == counts[status], f"{place}: {status}"
    assert run.summary.cold_starts == sum(cold for *_, cold, _ in wanted.requests), place


def of_engine(run: Run, warmup_ns: int) -> Result:
    """What the engine found, in the reference's shape."""
    assert run.requests is not None
    activities = [(round(one.at_s * SECOND), one.from_, one.to) for one in run.summary.activities]
    return Result(
        requests=[tuple(row) for row in run.requests.iter_rows()],
        usage={(hour, meter, part): quantity for hour, meter, part, quantity in sorted(run.usage.iter_rows())},
        activities=[one for one in activities if one[0] >= warmup_ns],
        instances_mean=run.summary.instances.mean if run.summary.instances else None,
        instances_peak=run.summary.instances.peak if run.summary.instances else None,
        cache_hits=run.summary.cache_hits,
        cache_loads=run.summary.cache_loads,
    )


def expected(scenario: Scenario, columns: pl.DataFrame | None) -> Result:
    rows: Sequence[dict[str, int]] = stream(scenario, columns).to_dicts()
    (result,) = reference(scenario.model_dump(mode="json", by_alias=True), rows, launches(scenario, MOST_LAUNCHES))
    return result


def agree_on_lengths(found: Quantiles | None, wanted: list[int], place: str) -> None:
    """The sketch has the mean and the longest exactly; its quantiles are tested elsewhere."""
    assert (found is None) == (not wanted), place
    if found is not None:
        assert found.mean == pytest.approx(sum(wanted) / len(wanted) / 1e6, rel=1e-9), place
        assert found.max == pytest.approx(max(wanted) / 1e6, rel=1e-9), place
