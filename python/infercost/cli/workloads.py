"""`infercost workloads`: what inference costs, by whom or what, and per unit."""

from pathlib import Path
from typing import Annotated, Literal

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

LISTED = 20  # of a table for people, where they did not say how many; files for machines have all

EXAMPLE = """\b
Examples:
  infercost workloads exports/2026-10/
  infercost workloads exports/ --by tag:team --format markdown
  infercost workloads exports/ --by model --top 5
  infercost workloads exports/ --config infercost.toml --traffic logs/ --format csv --output workloads.csv"""

By = Annotated[
    str,
    typer.Option("--by", help="workload, account, model, endpoint, profile, principal or tag:KEY, the owner's tag."),
]
Format = Annotated[Literal["table", "json", "csv", "markdown"], typer.Option("--format")]
Top = Annotated[
    int | None,
    typer.Option(
        "--top",
        min=1,
        help=f"How many are listed, the rest as one line; default: {LISTED} in table and markdown, else all.",
        show_default=False,
    ),
]


def workloads(  # noqa: PLR0917 -- typer calls by name
    bill: Bill,
    by: By = "workload",
    month: Month = None,
    config: ConfigFile = None,
    traffic: TrafficPaths = None,
    select: Select = None,
    report_format: Format = "table",
    output: OutputFile = None,
    top: Top = None,
    fx: ExchangeRate = None,
) -> None:
    """Shows what inference costs, by whom or what, and per unit.

    Finds what is served in the bill and adds it up: cost per 1,000 requests, per million tokens, what came from a
    prompt cache, what was idle, what nobody owns. The lines add up to the bill's inference, to the cent.
    """
    from infercost.billing.bill import read_bill
    from infercost.cli import output as out
    from infercost.cli.progress import bar
    from infercost.report.render import render_spending
    from infercost.schema.config import Config
    from infercost.schema.fx import Fx
    from infercost.schema.selection import Selection
    from infercost.workloads import Dimension, View, discover, spending

    dimension, selection = Dimension.read(by), Selection.parse(select or ())
    rate = None if fx is None else Fx.read(fx)
    out.check(output)
    knowledge = Config() if config is None else Config.load(config)
    folder = Path() if config is None else config.parent
    if top is None and report_format in {"table", "markdown"}:
        top = LISTED

    with bar() as progress:
        charges = read_bill(bill, month=month, progress=progress)
        if rate is not None:
            rate.refuse_for(charges.currency)
        found = discover(charges, knowledge, folder, traffic or (), progress)
        check_selected(selection, found)
        chosen = [one for one in found if selection.matches(one)]
        view = View(dimension, knowledge.owner_tag, top, selected=bool(selection), fx=rate)
        spent = spending(charges, chosen, view)

    out.write(render_spending(spent, report_format, out.paper(output)), output)
