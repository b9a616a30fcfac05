"""`infercost prices`: the price list that comes with infercost."""

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

app = typer.Typer(help="The price list that comes with infercost.", rich_markup_mode=None)

LIST_EXAMPLE = """\b
Examples:
  infercost prices list
  infercost prices list '*nova-lite*' --region us-east-1"""
SHOW_EXAMPLE = """\b
Example:
  infercost prices show Host:ml.g5.xlarge --region us-east-1"""

Glob = Annotated[str, typer.Argument(metavar="[GLOB]", help="Of usage types; case does not matter.")]
Region = Annotated[str | None, typer.Option("--region", help="Only this one.")]
OneRegion = Annotated[str, typer.Option("--region", help="Where.", show_default=False)]
UsageType = Annotated[
    str, typer.Argument(metavar="USAGE_TYPE", help="Without the region's prefix, as `prices list` prints it.")
]


@app.command("list", epilog=LIST_EXAMPLE)
def list_prices(glob: Glob = "*", region: Region = None) -> None:
    """Lists prices, one a line, separated by tabs."""
    from infercost.cli import output as out
    from infercost.prices import snapshot
    from infercost.schema.errors import UsageError

    rows = [
        (row.key, row.region, f"{row.price_usd:f}", row.unit, row.as_of, row.layer)
        for row in snapshot.rows()
        if fnmatchcase(row.key.lower(), glob.lower()) and region in {None, row.region}
    ]
    if not rows:
        raise UsageError(f"no price is listed for {glob} in {region or 'any region'}; `infercost prices list` has all")
    out.write(_lines([("usage_type", "region", "usd", "unit", "as_of", "layer"), *rows]), None)


@app.command("show", epilog=SHOW_EXAMPLE)
def show_price(usage_type: UsageType, region: OneRegion) -> None:
    """Shows one price, with its date, its source and how well it is known."""
    from infercost.cli import output as out
    from infercost.prices.book import PriceBook
    from infercost.schema.errors import IncompleteError

    price = PriceBook.shipped().find(usage_type, region)
    if price is None:
        raise IncompleteError(f"no price is known for {usage_type} in {region}; another region's would be a guess")
    facts = (
        ("price", f"{price.amount:f} USD per {price.unit}"),
        ("layer", price.layer),
        ("as of", price.as_of or "unknown"),
        ("evidence", price.evidence.value),
        ("source", price.source),
    )
    out.write(_lines(facts), None)


def _lines(rows: "Iterable[Iterable[str]]") -> str:
    return "".join("\t".join(row) + "\n" for row in rows)
