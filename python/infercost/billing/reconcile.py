"""Our table against the independent totals: every row and every cent, or where the difference starts."""

from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from infercost.billing.audit import Tally
from infercost.schema.errors import IncompleteError

_HALF_A_CENT = Decimal("0.005")


def reconcile(export: Iterable[Tally], ours: pl.DataFrame, format_name: str) -> tuple[Decimal, Decimal]:
    """Returns the total of the export and ours.

    Args:
        export: the audit's tallies of the month.
        ours: source_file, category, rows, billed_cost.
        format_name: for the message.

    Raises:
        IncompleteError: a file and category where rows are missing or the cost differs by more than half a cent.
    """
    read = {
        (file, category): (rows, cost)
        for file, category, rows, cost in ours.select("source_file", "category", "rows", "billed_cost").iter_rows()
    }
    audited = {(tally.file, tally.category): (tally.rows, tally.cost) for tally in export}
    for file, category in sorted(audited.keys() | read.keys(), key=str):
        rows, cost = audited.get((file, category), (0, Decimal(0)))
        our_rows, our_cost = read.get((file, category), (0, Decimal(0)))
        if rows != our_rows or abs(cost - our_cost) > _HALF_A_CENT:
            raise IncompleteError(
                f"the charges do not add up to the export. The difference starts in {file} ({format_name}), in charges"
                f" of the kind {category}: the file has {rows} rows of {cost:f}, {our_rows} rows of {our_cost:f} were"
                " read. This is a fault of infercost: please report it"
            )
    return sum((cost for _, cost in audited.values()), Decimal(0)), sum((cost for _, cost in read.values()), Decimal(0))
