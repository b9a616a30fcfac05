"""One scenario from a file: what `infercost simulate` and `infercost compare` show."""

import time
from pathlib import Path

import polars as pl

from infercost import engine
from infercost.advice.assumptions import used
from infercost.advice.hardware import impossible, taken_for_granted
from infercost.advice.pricing import cents, hours_of, monthly, priced
from infercost.advice.replayed import Replay, replayed
from infercost.prices.book import PriceBook
from infercost.schema.outcome import Infeasible, Outcome, Simulated
from infercost.schema.progress import Count, silent
from infercost.schema.scenario import Deployment, Scenario
from infercost.schema.usage import USAGE


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
    with replayed(scenario, base_dir, tell) as replay:
        clock.lap("traffic")
        runs = _runs(replay, tell)
        clock.lap("engine")
    outcomes = [
        _outcome(scenario, deployment, runs[deployment.id], book, replay.notes) for deployment in scenario.deployment
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


def _runs(replay: Replay, tell: Count) -> dict[str, engine.Run]:
    """The run of each deployment by its `id`; what its instance types forbid is infeasible without one."""
    scenario = replay.scenario
    forbidden = {one.id: no for one in scenario.deployment if (no := impossible(one, scenario.model)) is not None}
    found = {place: _no_run(scenario, place, no) for place, no in forbidden.items()}
    possible = tuple(one for one in scenario.deployment if one.id not in forbidden)
    if possible:
        whole = scenario.model_copy(update={"deployment": possible})
        total = replay.in_all(len(possible))
        runs = engine.simulate(whole, replay.columns, progress=lambda done: tell("simulating", done, total))
        found |= {run.summary.deployment_id: run for run in runs}
    return found


def _no_run(scenario: Scenario, deployment_id: str, no: Infeasible) -> engine.Run:
    """As the engine answers for what a rule forbids."""
    summary = Simulated.forbidden(
        deployment_id, scenario.run.seed, (scenario.traffic.duration_s or 0.0) - scenario.run.warmup_s, no
    )
    return engine.Run(summary, pl.DataFrame(schema=USAGE), None, summary.model_dump_json(by_alias=True).encode())


def _outcome(
    scenario: Scenario, deployment: Deployment, run: engine.Run, book: PriceBook, notes: tuple[str, ...]
) -> Outcome:
    if run.summary.infeasible is not None:  # it rests on no assumption
        return Outcome(scenario=scenario.name, **dict(run.summary), cost_usd=None, monthly_cost_usd=None, notes=notes)
    bill = priced(deployment, run.usage, book)
    hours = hours_of(run.summary.simulated_s)
    return Outcome(
        scenario=scenario.name,
        **dict(run.summary),
        charges=bill.charges,
        cost_usd=bill.cost,
        monthly_cost_usd=None if bill.cost is None else cents(monthly(bill.cost, hours)),
        notes=(*notes, *taken_for_granted(deployment, scenario.model)),
        assumptions=used(scenario.assumptions, deployment, streamed=scenario.streaming is not None),
    )
