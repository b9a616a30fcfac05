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
    typer.Option("--all-patterns", help="Add every other pattern that the scenario says enough about."),
]


def compare(
    scenario: ScenarioFile,
    all_patterns: AllPatterns = False,
    result_format: ResultFormat = "table",
    output: OutputFile = None,
) -> None:
    """Sets the deployments of a scenario side by side."""
    from infercost import report
    from infercost.cli import output as out
    from infercost.cli.simulate import check_priced, simulated

    out.check(output)
    outcomes = simulated(scenario, all_patterns=all_patterns)
    out.write(report.render_comparison(outcomes, result_format, out.paper(output)), output)
    check_priced(outcomes)
