"""`infercost simulate`: what one scenario costs and how it performs."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from infercost.cli.options import OutputFile, ResultFormat, ScenarioFile

if TYPE_CHECKING:
    from infercost.schema.outcome import Outcome

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
    from infercost import report
    from infercost.cli import output as out

    out.check(output)
    outcomes = simulated(scenario, timings=timings)
    out.write(report.render_outcomes(outcomes, result_format, out.paper(output)), output)
    check_priced(outcomes)


def simulated(path: ScenarioFile, *, timings: bool = False, all_patterns: bool = False) -> "tuple[Outcome, ...]":
    """The outcome of every deployment of a scenario file; what --all-patterns leaves out is said on stderr."""
    from infercost import advice
    from infercost.cli.progress import bar
    from infercost.schema.scenario import Scenario

    scenario = Scenario.load(path)
    if all_patterns:
        scenario, untried = advice.every_pattern(scenario)
        for one in untried:
            typer.echo(f"not tried: {one.pattern}: {one.reason}", err=True)
    with bar() as progress:
        return advice.simulate(scenario, path.parent, progress=progress, timings=timings)


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
        if charge.cost_usd is None and one.infeasible is None
    ]
    if lacking:
        raise IncompleteError(
            "no price is known for\n  " + "\n  ".join(lacking) + "\ngive it under [prices] in the scenario"
        )
