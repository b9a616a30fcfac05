"""`infercost compare`: every deployment of a scenario, side by side on the same requests."""

from typing import Annotated

import typer

from infercost.cli.options import OutputFile, ResultFormat, ScenarioFile

EXAMPLE = """\b
Examples:
  infercost compare scenario.toml
  infercost compare scenario.toml --all-patterns"""

AllPatterns = Annotated[
    bool,
    typer.Option(
        "--all-patterns",
        help="Add every other pattern, or say why the scenario does not tell enough of it.",
    ),
]


def compare(
    scenario: ScenarioFile,
    all_patterns: AllPatterns = False,
    result_format: ResultFormat = "table",
    output: OutputFile = None,
) -> None:
    """Sets the deployments of a scenario side by side."""
    from infercost import advice
    from infercost.cli import output as out
    from infercost.cli.simulate import check_priced, simulated
    from infercost.report.render import render_comparison
    from infercost.schema.scenario import Scenario

    out.check(output)
    loaded = Scenario.load(scenario)
    whole, untried = advice.every_pattern(loaded) if all_patterns else (loaded, ())
    outcomes = simulated(whole, scenario.parent)
    out.write(render_comparison(outcomes, untried, result_format, out.paper(output)), output)
    check_priced(outcomes)
