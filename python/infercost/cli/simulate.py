"""`infercost simulate`: what one scenario costs and how it performs."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from infercost.cli.options import OutputFile, ResultFormat, ScenarioFile

if TYPE_CHECKING:
    from pathlib import Path

    from infercost.schema.outcome import Outcome
    from infercost.schema.scenario import Scenario

EXAMPLE = """\b
Examples:
  infercost simulate scenario.toml
  infercost simulate scenario.toml --format json --output outcome.json

\b
`infercost schema scenario` describes the file."""

Timings = Annotated[bool, typer.Option("--timings", help="Say how long the engine took; not reproducible.")]


def simulate(
    scenario: ScenarioFile,
    result_format: ResultFormat = "table",
    output: OutputFile = None,
    timings: Timings = False,
) -> None:
    """Replays a scenario: counts, latency, charges."""
    from infercost.cli import output as out
    from infercost.report.render import render_outcomes
    from infercost.schema.scenario import Scenario

    out.check(output)
    outcomes = simulated(Scenario.load(scenario), scenario.parent, timings=timings)
    out.write(render_outcomes(outcomes, result_format, out.paper(output)), output)
    check_priced(outcomes)


def simulated(scenario: "Scenario", base_dir: "Path", *, timings: bool = False) -> "tuple[Outcome, ...]":
    """The outcome of every deployment of a scenario."""
    from infercost import advice
    from infercost.cli.progress import counter

    with counter() as progress:
        return advice.simulate(scenario, base_dir, progress=progress, timings=timings)


def check_priced(outcomes: "Iterable[Outcome]") -> None:
    """Says what has no price, after the result is out.

    Raises:
        IncompleteError: a deployment that can exist has no known cost.
    """
    from infercost.prices.keys import unit_of
    from infercost.schema.errors import IncompleteError

    lacking = [
        f"{one.deployment_id}: {charge.usage_type} (per {unit_of(charge.usage_type).name})"
        for one in outcomes
        for charge in one.charges
        if charge.cost is None and one.infeasible is None
    ]
    if lacking:
        raise IncompleteError(
            "no price is known for\n  " + "\n  ".join(lacking) + "\ngive it under [prices] in the scenario"
        )
