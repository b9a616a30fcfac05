"""The engine agrees with the reference: every request, every metered quantity, every change of capacity."""

from collections import Counter
from collections.abc import Sequence

import polars as pl
import pytest

from infercost.engine import Run, launches, simulate, stream
from infercost.schema.outcome import Quantiles
from infercost.schema.scenario import PATTERNS, Scenario
from twin.generator import SECOND, random_scenario
from twin.reference.result import Result
from twin.reference.simulator import simulate as reference

SEEDS = {"real-time": 2500, "async": 2500, "serverless": 1000, "batch-transform": 500}  # the rest are simple
BATCH = 100
MOST_LAUNCHES = 5_000  # of one run


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


@pytest.mark.parametrize(
    ("pattern", "first"), [(one, first) for one in PATTERNS for first in range(0, SEEDS.get(one, 300), BATCH)]
)
def test_engine_agrees_with_the_reference(pattern: str, first: int) -> None:
    for seed in range(first, first + BATCH):
        scenario, columns = random_scenario(pattern, seed)
        wanted = expected(scenario, columns)
        (run,) = simulate(scenario, columns, record=True)
        found = of_engine(run, round(scenario.run.warmup_s * SECOND))
        place = f"random_scenario({pattern!r}, {seed})"
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


def agree_on_lengths(found: Quantiles | None, wanted: list[int], place: str) -> None:
    """The sketch has the mean and the longest exactly; its quantiles are tested elsewhere."""
    assert (found is None) == (not wanted), place
    if found is not None:
        assert found.mean == pytest.approx(sum(wanted) / len(wanted) / 1e6, rel=1e-9), place
        assert found.max == pytest.approx(max(wanted) / 1e6, rel=1e-9), place


def test_the_scenarios_reach_what_they_are_for() -> None:
    """Every end of a request, scaling out and in, from and to zero, cold starts: often, or agreement proves little."""
    seen: Counter[str] = Counter()
    for pattern in PATTERNS:
        for seed in range(300):
            result = expected(*random_scenario(pattern, seed))
            seen.update({f"{pattern} {status}" for _, status, *_ in result.requests})
            seen[f"{pattern} cold"] += any(cold for *_, cold, _ in result.requests)
            seen[f"{pattern} out"] += any(to > start for _, start, to in result.activities)
            seen[f"{pattern} in"] += any(to < start for _, start, to in result.activities)
            seen[f"{pattern} from zero"] += any(start == 0 for _, start, to in result.activities)
            seen[f"{pattern} to zero"] += any(to == 0 for _, start, to in result.activities)
            seen[f"{pattern} streamed"] += bool(result.tpot)
            seen[f"{pattern} parts"] += len({part for _, _, part in result.usage}) > 1
            seen[f"{pattern} provisioned"] += any(meter == "provisioned_ms" for _, meter, _ in result.usage)
            seen[f"{pattern} empty"] += not result.requests
    rare = {key: seen[key] for key in REACHED if seen[key] < 5}
    assert not rare


SCALED = ("out", "in", "from zero", "to zero")
REACHED = [
    *(f"{pattern} completed" for pattern in PATTERNS),
    *(f"{pattern} empty" for pattern in PATTERNS),
    *(f"real-time {what}" for what in ("refused", "throttled", "timed_out", "unfinished")),
    *(f"real-time {what}" for what in ("out", "in", "streamed", "parts")),
    *(f"async {what}" for what in ("refused", "expired", "timed_out", "unfinished", *SCALED)),
    *(f"serverless {what}" for what in ("refused", "throttled", "timed_out", "unfinished", "cold", "provisioned")),
    *(f"serverless {what}" for what in SCALED),
    *(f"batch-transform {what}" for what in ("refused", "timed_out", "unfinished")),
    *(f"bedrock-batch {what}" for what in ("refused", "unfinished")),
]
