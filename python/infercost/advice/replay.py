"""One scenario from a file: what `infercost simulate` and `infercost compare` show."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from infercost import engine
from infercost.advice.assumptions import used
from infercost.advice.pricing import cents, hours_of, monthly, priced
from infercost.prices.book import PriceBook
from infercost.schema.errors import UsageError
from infercost.schema.outcome import Outcome
from infercost.schema.progress import Count, silent
from infercost.schema.scenario import Deployment, RatesTraffic, Scenario, TraceTraffic
from infercost.traffic.columns import engine_columns
from infercost.traffic.file import TrafficFile
from infercost.traffic.rates import read_rates
from infercost.traffic.spool import spooled
from infercost.traffic.trace import Trace


def simulate(
    scenario: Scenario, base_dir: Path, *, progress: Count | None = None, timings: bool = False
) -> tuple[Outcome, ...]:
    """Simulates and prices every deployment of a scenario, in its order.

    Args:
        scenario: as authored.
        base_dir: what the traffic's path is relative to.
        progress: is told what is being done, and for how many requests it is done; those of a simulation count once
            for each deployment.
        timings: adds how long each step took; such outcomes are not reproducible.

    Raises:
        UsageError: the scenario or one of its prices is refused, or its traffic is of the other kind.
        InputError: the traffic cannot be read.
    """
    tell = progress or silent
    book = PriceBook.shipped().with_overrides(scenario.prices)
    clock = _Clock()
    with _replayed(scenario, base_dir, tell) as replayed:
        clock.lap("traffic")
        total = replayed.in_all()
        runs = engine.simulate(
            replayed.scenario, replayed.columns, progress=lambda done: tell("simulating", done, total)
        )
        clock.lap("engine")
    outcomes = [
        _outcome(scenario, deployment, run, book, replayed.notes)
        for deployment, run in zip(scenario.deployment, runs, strict=True)
    ]
    clock.lap("prices")
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


@dataclass(frozen=True)
class _Replayed:
    """A scenario with the bounds that its traffic turned out to have, and that traffic.

    `requests` is how many there are, or are expected. `notes` are those of the reader.
    """

    scenario: Scenario
    requests: float
    columns: pl.DataFrame | Sequence[pl.DataFrame] | None = None
    notes: tuple[str, ...] = ()

    def in_all(self) -> int | None:
        """Requests that will be simulated over all deployments; None where a part of them stands for the whole."""
        sampled = self.requests > self.scenario.run.max_requests
        return None if sampled else round(self.requests) * len(self.scenario.deployment)


@contextmanager
def _replayed(scenario: Scenario, base_dir: Path, tell: Count) -> Iterator[_Replayed]:
    """A trace is there as long as the block lasts."""
    spec = scenario.traffic
    if not isinstance(spec, RatesTraffic | TraceTraffic):
        yield _Replayed(scenario, spec.rate_per_s * spec.duration_s)
        return
    file = TrafficFile.open(base_dir / spec.path)
    if file.kind != spec.kind:
        raise UsageError(f'traffic.kind: {spec.path} holds {file.kind}, not {spec.kind}; set kind = "{file.kind}"')
    if file.kind == "rates":
        rates = read_rates(file, start=spec.start, duration_s=spec.duration_s)
        bounded = _bounded(scenario, rates.start, rates.duration_s)
        yield _Replayed(bounded, rates.requests, engine_columns(rates), rates.notes)
        return
    trace = Trace(file, start=spec.start, duration_s=spec.duration_s)
    with spooled(trace, lambda rows: tell("reading the trace", rows, None)) as batches:
        bounded = _bounded(scenario, trace.period.start, trace.period.duration_s)
        yield _Replayed(bounded, trace.requests, batches, trace.notes)


def _bounded(scenario: Scenario, start: datetime, duration_s: float) -> Scenario:
    bounds = scenario.traffic.model_copy(update={"start": start, "duration_s": duration_s})
    return scenario.model_copy(update={"traffic": bounds})


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
