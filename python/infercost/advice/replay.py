"""One scenario from a file: what `infercost simulate` and `infercost compare` show."""

import time
from pathlib import Path

import polars as pl

from infercost import engine
from infercost.advice.assumptions import used
from infercost.advice.pricing import cents, hours_of, monthly, priced
from infercost.prices.book import PriceBook
from infercost.schema.errors import UsageError
from infercost.schema.outcome import Outcome
from infercost.schema.progress import Progress, silent
from infercost.schema.scenario import Deployment, RatesTraffic, Scenario, TraceTraffic
from infercost.traffic.columns import engine_columns
from infercost.traffic.read import read_traffic


def simulate(
    scenario: Scenario, base_dir: Path, *, progress: Progress | None = None, timings: bool = False
) -> tuple[Outcome, ...]:
    """Simulates and prices every deployment of a scenario, in its order.

    Args:
        scenario: as authored.
        base_dir: what the traffic's path is relative to.
        progress: is told what is being done.
        timings: adds how long each step took; such outcomes are not reproducible.

    Raises:
        UsageError: the scenario or one of its prices is refused, or its traffic is of the other kind.
        InputError: the traffic cannot be read.
    """
    tell = progress or silent
    book = PriceBook.shipped().with_overrides(scenario.prices)
    clock = _Clock()
    tell("reading traffic", 0.0)
    whole, columns, notes = _with_traffic(scenario, base_dir)
    clock.lap("traffic")
    tell("simulating", 0.0)
    runs = engine.simulate(whole, columns)
    clock.lap("engine")
    outcomes = [
        _outcome(scenario, deployment, run, book, notes)
        for deployment, run in zip(scenario.deployment, runs, strict=True)
    ]
    clock.lap("prices")
    tell("simulating", 1.0)
    if timings:
        outcomes = [one.model_copy(update={"timings_s": clock.laps_s}) for one in outcomes]
    return tuple(outcomes)


class _Clock:
    def __init__(self) -> None:
        self.laps_s: dict[str, float] = {}
        self._since = time.perf_counter()

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.laps_s[step] = now - self._since
        self._since = now


def _with_traffic(scenario: Scenario, base_dir: Path) -> tuple[Scenario, pl.DataFrame | None, tuple[str, ...]]:
    """The scenario with the bounds that its traffic turned out to have, the traffic as columns, its reader's notes."""
    spec = scenario.traffic
    if not isinstance(spec, RatesTraffic | TraceTraffic):
        return scenario, None, ()
    traffic = read_traffic(base_dir / spec.path, start=spec.start, duration_s=spec.duration_s)
    if traffic.kind != spec.kind:
        raise UsageError(
            f'traffic.kind: {spec.path} holds {traffic.kind}, not {spec.kind}; set kind = "{traffic.kind}"'
        )
    bounded = spec.model_copy(update={"start": traffic.start, "duration_s": traffic.duration_s})
    return scenario.model_copy(update={"traffic": bounded}), engine_columns(traffic), traffic.notes


def _outcome(
    scenario: Scenario, deployment: Deployment, run: engine.Run, book: PriceBook, notes: tuple[str, ...]
) -> Outcome:
    bill = priced(deployment, run.usage, book)
    possible = run.summary.infeasible is None
    cost = bill.cost if possible else None
    return Outcome(
        scenario=scenario.name,
        **dict(run.summary),
        charges=bill.charges if possible else (),
        cost_usd=cost,
        monthly_cost_usd=None if cost is None else cents(monthly(cost, hours_of(run.summary.simulated_s))),
        notes=notes,
        assumptions=used(scenario.assumptions, deployment, streamed=scenario.streaming is not None),
    )
