"""`infercost bill convert`: an export read once and kept, for later runs or for other tools."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from infercost.cli.options import Bill

if TYPE_CHECKING:
    from infercost.billing.convert import Conversion

EXAMPLE = """\b
Examples:
  infercost bill convert exports/ --output charges.parquet
  infercost analyze charges.parquet
  infercost bill convert exports/ --to focus --output focus.csv"""

Output = Annotated[
    Path, typer.Option("--output", metavar="FILE", help="Replaced only when complete.", show_default=False)
]
To = Annotated[
    Literal["charges", "focus"],
    typer.Option("--to", help="Charges that infercost reads at once (Parquet), or FOCUS 1.2 (.parquet or .csv)."),
]


def convert(bill: Bill, output: Output, to: To = "charges") -> None:
    """Reads an export once and keeps its charges of machine learning, of all its months.

    What the whole export comes to is kept with them, so that `infercost analyze` says the same of both.
    """
    from infercost.billing.convert import convert as run
    from infercost.cli import output as out
    from infercost.cli.progress import bar
    from infercost.schema.errors import UsageError

    out.check(output)
    if to == "charges" and output.suffix != ".parquet":
        raise UsageError(f"--output {output}: charges are kept as Parquet: name a file that ends in .parquet")
    begin = time.monotonic()
    with bar() as progress:
        done = run(bill, output, to, progress)
    out.write("".join(f"{line}\n" for line in _lines(done, to, time.monotonic() - begin)), None)


def _lines(done: "Conversion", to: str, seconds: float) -> "Iterator[str]":
    from infercost.report.text import counted, plain, size

    yield f"{done.format}: {counted(done.files, 'file')}, {counted(done.rows, 'row')}"
    yield f"  charges  {done.charges:,}"
    for reason, rows in done.set_aside.items():
        yield f"  set aside, {reason}  {rows:,}"
    for total in done.totals.iter_rows(named=True):
        owner = f"payer {plain(total['billing_account_id'] or 'unknown')}"
        costs = f"billed {total['billed_cost']:,.2f}, effective {total['effective_cost']:,.2f}"
        currency = plain(total["billing_currency"] or "in no known currency")
        yield f"  {total['billing_period_start']:%Y-%m}  {owner}  {total['rows']:,} rows  {costs} {currency}"
    for text in (*done.notes, *done.warnings):
        yield f"  note  {plain(text)}"
    if to == "focus" and done.set_aside:
        yield "  note  what is set aside is not in the FOCUS file: its totals are those of the charges, not of the bill"
    for file in done.written:
        yield f"wrote {plain(str(file))}, {size(file.stat().st_size)}, in {seconds:,.1f} s"
