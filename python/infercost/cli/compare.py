"""`infercost compare`: every deployment of a scenario, side by side on the same requests."""

from infercost.cli.options import OutputFile, ResultFormat, ScenarioFile

EXAMPLE = """\b
Example:
  infercost compare scenario.toml"""


def compare(scenario: ScenarioFile, result_format: ResultFormat = "table", output: OutputFile = None) -> None:
    """Sets the deployments of a scenario side by side."""
    from infercost import report
    from infercost.cli import output as out
    from infercost.cli.simulate import check_priced, simulated

    out.check(output)
    outcomes = simulated(scenario)
    out.write(report.render_comparison(outcomes, result_format, out.paper(output)), output)
    check_priced(outcomes)
