"""Our table against the independent totals: every row and every cent, or where the difference starts."""

from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from infercost.billing.audit import Tally
from infercost.billing.reading.cells import short
from infercost.billing.reading.source import SOURCE_FILE
from infercost.schema.errors import IncompleteError

_HALF_A_CENT = Decimal("0.005")
_MONTH = pl.col("billing_period_start").dt.strftime("%Y-%m")
_CATEGORY = pl.coalesce("line_item_type", "charge_category").alias("category")
_VIEWS = ("billed_cost", "effective_cost", "unblended_cost")

_Key = tuple[str | None, ...]


def reconcile(export: Iterable[Tally], sums: pl.DataFrame, format_name: str) -> None:
    """Compares every file, month, payer, currency and kind of charge.

    Args:
        export: the audit's tallies.
        sums: of `survey`.
        format_name: for the message.

    Raises:
        IncompleteError: rows are missing, or a cost differs by more than half a cent.
    """
    keys = [SOURCE_FILE, _MONTH.alias("month"), "billing_account_id", "billing_currency", _CATEGORY.str.to_lowercase()]
    ours = {row[:5]: row[5:] for row in sums.group_by(keys).agg(pl.col("rows", *_VIEWS).sum()).iter_rows()}
    audited = _in_any_case(export)
    for key in sorted(audited.keys() | ours.keys(), key=str):
        tally = audited.get(key)
        our_rows, *costs = ours.get(key, (0, *[Decimal(0)] * len(_VIEWS)))
        of_view = dict(zip(_VIEWS, costs, strict=True))
        views = tally.views if tally else ("billed_cost", "effective_cost")
        rows, theirs = (tally.rows, (tally.cost, tally.net_cost)) if tally else (0, (Decimal(0), Decimal(0)))
        for view, cost in zip(views, theirs, strict=True):
            if rows != our_rows or abs(cost - of_view[view]) > _HALF_A_CENT:
                file, month, *cells = key
                payer, currency, category = map(short, (*cells[:2], tally.category if tally else cells[2]))
                raise IncompleteError(
                    f"the charges do not add up to the export. The difference starts in {file} ({format_name}), in"
                    f" charges of the kind {category}, {month}, payer {payer}: the file has {rows} rows with a"
                    f" {view.replace('_', ' ')} of {cost:f} {currency}, {our_rows} rows of {of_view[view]:f} were read."
                    " This is a fault of infercost: please report it"
                )


def _in_any_case(export: Iterable[Tally]) -> dict[_Key, Tally]:
    """The tallies by what they are of: `usage` and `Usage` are one kind of charge."""
    found: dict[_Key, Tally] = {}
    for one in export:
        key = (*one[:4], None if one.category is None else one.category.lower())
        other = found.get(key, one._replace(rows=0, cost=Decimal(0), net_cost=Decimal(0)))
        rows, cost, net_cost = other.rows + one.rows, other.cost + one.cost, other.net_cost + one.net_cost
        found[key] = other._replace(rows=rows, cost=cost, net_cost=net_cost)
    return found


def compare_charges(charges: pl.DataFrame, sums: pl.DataFrame) -> None:
    """Compares the rows that were taken one by one with what the survey counted of them.

    Args:
        charges: SOURCE_FILE, billing_period_start, line_item_type, charge_category, `rows` and billed_cost, summed.
        sums: the survey's, of the same rows.

    Raises:
        IncompleteError: a row is missing, or a cost differs by more than half a cent.
    """
    keys = [SOURCE_FILE, _MONTH.alias("month"), _CATEGORY]
    taken, counted = (
        {row[:3]: row[3:] for row in frame.group_by(keys).agg(pl.col("rows", "billed_cost").sum()).iter_rows()}
        for frame in (charges, sums)
    )
    for key in sorted(taken.keys() | counted.keys(), key=str):
        rows, cost = taken.get(key, (0, Decimal(0)))
        expected_rows, expected = counted.get(key, (0, Decimal(0)))
        if rows != expected_rows or abs(cost - expected) > _HALF_A_CENT:
            file, month, category = key
            raise IncompleteError(
                f"the charges do not add up to the export. The difference starts in {file}, in charges of the kind"
                f" {short(category)}, {month}: {expected_rows} rows of {expected:f} were counted,"
                f" {rows} rows of {cost:f} were taken. This is a fault of infercost: please report it"
            )
