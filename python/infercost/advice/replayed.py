"""The traffic of a scenario, as the engine takes it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from infercost.schema.errors import UsageError
from infercost.schema.progress import Count
from infercost.schema.scenario import RatesTraffic, Scenario, TraceTraffic
from infercost.traffic.columns import engine_columns
from infercost.traffic.file import TrafficFile
from infercost.traffic.rates import read_rates
from infercost.traffic.spool import spooled
from infercost.traffic.trace import Trace


@dataclass(frozen=True)
class Replay:
    """A scenario with the bounds that its traffic turned out to have, and that traffic.

    `requests` is how many there are, or are expected. `notes` are those of the reader.
    """

    scenario: Scenario
    requests: float
    columns: pl.DataFrame | Sequence[pl.DataFrame] | None = None
    notes: tuple[str, ...] = ()

    def in_all(self, deployments: int) -> int | None:
        """Requests to simulate over so many deployments; None where a part of them will stand for the whole."""
        sampled = self.requests > self.scenario.run.max_requests
        return None if sampled else round(self.requests) * deployments


@contextmanager
def replayed(scenario: Scenario, base_dir: Path, tell: Count) -> Iterator[Replay]:
    """Reads the traffic of a scenario. A trace is there as long as the block lasts.

    Raises:
        UsageError: the traffic is of the other kind, or there is no room for the copy of a trace.
        InputError: it cannot be read.
    """
    spec = scenario.traffic
    if not isinstance(spec, RatesTraffic | TraceTraffic):
        yield Replay(scenario, spec.rate_per_s * spec.duration_s)
        return
    file = TrafficFile.open(base_dir / spec.path)
    if file.kind != spec.kind:
        raise UsageError(f'traffic.kind: {spec.path} holds {file.kind}, not {spec.kind}; set kind = "{file.kind}"')
    if file.kind == "rates":
        rates = read_rates(file, start=spec.start, duration_s=spec.duration_s)
        bounded = _bounded(scenario, rates.start, rates.duration_s)
        yield Replay(bounded, rates.requests, engine_columns(rates), rates.notes)
        return
    trace = Trace(file, start=spec.start, duration_s=spec.duration_s)
    with spooled(trace, lambda rows: tell("reading the trace", rows, None)) as batches:
        bounded = _bounded(scenario, trace.period.start, trace.period.duration_s)
        yield Replay(bounded, trace.requests, batches, trace.notes)


def _bounded(scenario: Scenario, start: datetime, duration_s: float) -> Scenario:
    bounds = scenario.traffic.model_copy(update={"start": start, "duration_s": duration_s})
    return scenario.model_copy(update={"traffic": bounds})
