"""`infercost bill inspect`: what an export is, what it holds, and what it cannot say."""

from typing import Annotated, Literal

import typer

from infercost.cli.options import Bill, OutputFile

EXAMPLE = """\b
Examples:
  infercost bill inspect exports/
  infercost bill inspect s3://billing/cur/daily/ --format json"""

Format = Annotated[Literal["table", "json"], typer.Option("--format")]


def inspect(bill: Bill, report_format: Format = "table", output: OutputFile = None) -> None:
    """Says what an export is, what it holds, and what each missing column costs.

    Format and version, files, months, payers, rows and costs, checked against sums taken straight from the files;
    the columns that are missing, and what cannot be said without them; deliveries that lie there and are not read.
    Exits 4 if a column is missing that nothing can be said without.
    """
    from infercost.billing.inspect import inspect_bill
    from infercost.cli import output as out
    from infercost.cli.progress import bar
    from infercost.report.render import render_inspection
    from infercost.schema.errors import IncompleteError

    out.check(output)
    with bar() as progress:
        found = inspect_bill(bill, progress=progress)
    out.write(render_inspection(found, report_format, out.paper(output)), output)
    needed = [one.column for one in found.missing if one.needed]
    if needed:
        raise IncompleteError(f"columns that nothing can be said without are missing: {', '.join(needed)}. Add them")
