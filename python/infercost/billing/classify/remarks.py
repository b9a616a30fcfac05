"""What classification could not read, in words: with rows, money and, where one is to blame, the file."""

from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from infercost.billing.classify.regions import REGION_OF_PREFIX, split_prefix
from infercost.billing.line_types import DISCOUNT, LINE_ITEM_TYPES
from infercost.billing.reading.source import SOURCE_FILE
from infercost.schema.uncounted import is_uncounted

_CATEGORIES = ("Usage", "Purchase", "Tax", "Credit", "Adjustment")  # FOCUS 1.2, ChargeCategory
_LISTED = 5  # of one kind, from the largest cost down; the rest is summed up
_LEAST = Decimal("0.01")

# What to do where a quantity cannot be counted. Cost Explorer adds up whatever lies behind a group.
_UNITS = (
    "Export quantity and unit (line_item_usage_amount and pricing_unit, PricingQuantity and PricingUnit), or report to"
    " this project a unit that AWS really uses"
)
_UNITS_OF = {
    "Cost Explorer": "Cost Explorer has no unit (N/A) where it adds up several: group by USAGE_TYPE, and filter by one"
    " USAGE_TYPE_GROUP at a time. If it still has none, export CUR 2.0 or FOCUS, where every line has its unit"
}


def remarks(charges: pl.DataFrame, spend: pl.DataFrame, its_format: str) -> list[str]:
    """Returns one sentence for each thing that is not known.

    Args:
        charges: the rows that may matter, one by one: CHARGES, CLASSIFICATION and SOURCE_FILE.
        spend: all rows, grouped by line_item_type, charge_category and others: `rows`, `effective_cost`.
        its_format: of the export, by name.
    """
    return [
        *_prefixes(charges.filter(pl.col("kind") != "other-service")),
        *_categories(spend),
        *_line_item_types(spend),
        *_units(charges, _UNITS_OF.get(its_format, _UNITS)),
    ]


def _prefixes(charges: pl.DataFrame) -> Iterator[str]:
    prefixes = {name: split_prefix(name)[0] for name in charges["usage_type"].drop_nulls().unique()}
    unknown = {name: prefix for name, prefix in prefixes.items() if prefix and prefix not in REGION_OF_PREFIX}
    prefix = pl.col("usage_type").replace_strict(unknown, default=None, return_dtype=pl.String)
    found = _sums(charges.with_columns(prefix.alias("what")))
    if found:
        yield (
            f"usage types start with region prefixes that are not known: {_listed(found)}. What they say is read all"
            " the same; where they ran, only the export's region column tells"
        )


def _categories(spend: pl.DataFrame) -> Iterator[str]:
    category = pl.col("charge_category").fill_null("none")
    found = _sums(spend.filter(~category.is_in(_CATEGORIES)).with_columns(category.alias("what")))
    if found:
        yield f"charge categories that are not known: {_listed(found)}. They count as no use"


def _line_item_types(spend: pl.DataFrame) -> Iterator[str]:
    kind = pl.col("line_item_type")
    known = kind.is_in(LINE_ITEM_TYPES) | kind.str.ends_with(DISCOUNT)
    found = _sums(spend.filter(~known).with_columns(kind.alias("what")))
    if found:
        yield f"line item types that are not known are kept as adjustments: {_listed(found)}"


def _units(charges: pl.DataFrame, remedy: str) -> Iterator[str]:
    """Use of inference that cannot be counted: it keeps its dollars, and nothing may be read from its quantity."""
    unit = pl.coalesce(pl.format("in the unit {}", _quoted("unit")), pl.lit("without a unit"))
    how = pl.when(pl.col("meter").is_null()).then(unit).otherwise(pl.lit("without a quantity"))
    rows = charges.filter(is_uncounted(), pl.col("kind") == "inference").with_columns(
        pl.format("{} {}", _quoted("usage_type"), how).alias("what")
    )
    found = _sums(rows)
    if found:
        files = rows[SOURCE_FILE].unique().sort()
        where = f"{files[0]}" + (f" and {len(files) - 1} more" if len(files) > 1 else "")
        yield (
            f"{where}: inference whose quantity cannot be counted: {_listed(found)}. Its cost counts; what needs the"
            f" quantity stays unknown. {remedy}"
        )


def _quoted(column: str) -> pl.Expr:
    """Text of the export as one word, cut where nobody reads on."""
    return pl.format("'{}'", pl.col(column).str.slice(0, 80))


def _sums(rows: pl.DataFrame) -> list[tuple[str, int, Decimal]]:
    """Rows and cost by `what`, from the largest cost down. Rows that are sums already have a column `rows`."""
    count = pl.col("rows").sum() if "rows" in rows.columns else pl.len()
    sums = rows.drop_nulls("what").group_by("what").agg(count.alias("count"), pl.col("effective_cost").sum())
    ranked = sums.sort(pl.col("effective_cost").abs(), "what", descending=[True, False])
    return [(str(what), int(rows), Decimal(cost)) for what, rows, cost in ranked.iter_rows()]


def _listed(found: list[tuple[str, int, Decimal]]) -> str:
    parts = [f"{what[:120]} ({_amount(rows, cost)})" for what, rows, cost in found[:_LISTED]]
    rest = found[_LISTED:]
    if rest:
        rows, cost = sum(rows for _, rows, _ in rest), sum((cost for *_, cost in rest), Decimal(0))
        parts.append(f"and {len(rest)} more ({_amount(rows, cost)})")
    return ", ".join(parts)


def _amount(rows: int, cost: Decimal) -> str:
    """Rows and their effective cost in words; a rounded zero is no zero.

    Example:
        >>> _amount(1, Decimal("12.5")), _amount(2000, Decimal("0.004"))
        ('1 row, 12.50', '2,000 rows, below 0.01')
    """
    said = "below 0.01" if 0 < abs(cost) < _LEAST else f"{cost:,.2f}"
    return f"{rows:,} row{'' if rows == 1 else 's'}, {said}"
