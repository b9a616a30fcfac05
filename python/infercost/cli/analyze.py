"""`infercost analyze`: from a bill to ranked savings."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from infercost.cli.options import (
    Bill,
    ConfigFile,
    ExchangeRate,
    Month,
    OutputFile,
    Select,
    TrafficPaths,
    check_selected,
)

if TYPE_CHECKING:
    from infercost.cli.threshold import Threshold
    from infercost.schema.analysis import Totals

CROSSED = 1

EXAMPLE = """\b
Examples:
  infercost analyze exports/2026-10/ --config infercost.toml
  infercost analyze 'exports/*.parquet' --traffic logs/ --format html --output savings.html
  infercost analyze exports/ --select tag:team=risk --fail-on 'savings>=500'"""

ReportFormat = Annotated[Literal["table", "json", "csv", "markdown", "html"], typer.Option("--format")]
FailOn = Annotated[
    list[str] | None,
    typer.Option("--fail-on", metavar="BOUND", help="Exit 1 if crossed: 'savings>=500' or 'monthly_cost>20000'."),
]


def analyze(  # noqa: PLR0917 -- typer calls by name
    bill: Bill,
    traffic: TrafficPaths = None,
    config: ConfigFile = None,
    month: Month = None,
    report_format: ReportFormat = "table",
    output: OutputFile = None,
    select: Select = None,
    fail_on: FailOn = None,
    fx: ExchangeRate = None,
) -> int:
    """Ranks the savings in a bill, each proven by a replay.

    Reads the bill, finds what is served, replays each workload's own requests through every other way to serve it,
    and shows the cheapest that keeps its latency promise, with what was rejected and why.
    """
    from infercost import advice
    from infercost.billing.bill import read_bill
    from infercost.cli import output as out
    from infercost.cli.progress import bar
    from infercost.cli.threshold import Threshold
    from infercost.prices.book import PriceBook
    from infercost.report.render import render_analysis
    from infercost.schema.config import Config
    from infercost.schema.fx import Fx
    from infercost.schema.selection import Selection
    from infercost.workloads import discover

    thresholds = [Threshold.parse(text) for text in fail_on or ()]
    selection = Selection.parse(select or ())
    rate = None if fx is None else Fx.read(fx)
    out.check(output)
    knowledge = Config() if config is None else Config.load(config)
    folder = Path() if config is None else config.parent

    with bar() as progress:
        charges = read_bill(bill, month=month, progress=progress)
        if rate is not None:
            rate.refuse_for(charges.currency)
        workloads = discover(charges, knowledge, folder, traffic or (), progress)
        check_selected(selection, workloads)
        book = PriceBook.shipped().with_bill(charges.charges, rate)
        analysis = advice.analyze(charges, workloads, book, knowledge.assumptions, select=selection, progress=progress)

    out.write(render_analysis(analysis, report_format, out.paper(output)), output)
    return _verdict(thresholds, analysis.totals, analysis.bill.currency)


def _verdict(thresholds: "Sequence[Threshold]", totals: "Totals", currency: str) -> int:
    crossed = [threshold for threshold in thresholds if threshold.crossed(totals)]
    for threshold in crossed:
        typer.echo(f"infercost: {threshold} is crossed: {threshold.value(totals):,.2f} {currency} a month", err=True)
    return CROSSED if crossed else 0
