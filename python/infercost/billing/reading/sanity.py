"""What no bill can say: cells that are read well enough, and make no sense together."""

from collections.abc import Callable
from typing import Any

import polars as pl

from infercost.billing.reading.cells import short
from infercost.billing.reading.source import SOURCE_FILE
from infercost.schema.errors import InputError

# In the unit of a meter, with room for sums of such rows: 3,800 instances for a month, at 3.6e12 ns an hour.
_MOST = 1e19
_FIRST_YEAR, _LAST_YEAR = 2006, 2199  # AWS sends bills since 2006

# The first row of a file that an expression over columns of CHARGES is true of, with its number as `row`.
_First = Callable[[str, pl.Expr], dict[str, Any]]


def refuse_backward_periods(sums: pl.DataFrame, first: _First) -> None:
    """Refuses charges that end before they start: a negative number of hours would be counted.

    Args:
        sums: source_file and ends_early of the charges in a sum.
        first: finds the row.

    Raises:
        InputError: the first of them, with its file and row.
    """
    backward = sums.filter("ends_early")[SOURCE_FILE].sort()
    if not backward.is_empty():
        start, end = pl.col("charge_period_start"), pl.col("charge_period_end")
        row = first(backward[0], end < start)
        raise InputError(
            f"{backward[0]}: row {row['row']}: a charge period ends before its start: from"
            f" {row['charge_period_start']:%Y-%m-%d %H:%M} to {row['charge_period_end']:%Y-%m-%d %H:%M}. Export the"
            " month again"
        )


def refuse_absurd_months(sums: pl.DataFrame) -> None:
    """Refuses months that nobody is billed for: a date that a conversion lost, or a filler.

    Args:
        sums: source_file, billing_period_start.

    Raises:
        InputError: the first of them, with its file.
    """
    start = pl.col("billing_period_start")
    absurd = sums.filter(~start.dt.year().is_between(_FIRST_YEAR, _LAST_YEAR)).select(SOURCE_FILE, start)
    if not absurd.is_empty():
        file, month = absurd.sort(pl.all(), nulls_last=True).row(0)
        raise InputError(f"{file}: charges are billed in {month:%Y-%m}: AWS has no such month. Export them again")


def refuse_absurd_quantities(charges: pl.DataFrame, first: _First) -> None:
    """Refuses quantities far above what anybody uses: a shifted decimal point, or a unit that is not what it says.

    Args:
        charges: source_file, quantity, unit, usage_type, meter_factor.
        first: finds the row.

    Raises:
        InputError: the first of them, with its file and row.
    """
    counted = pl.col("quantity").cast(pl.Float64) * pl.col("meter_factor").cast(pl.Float64)
    absurd = charges.filter(counted.abs() > _MOST).select(SOURCE_FILE, "quantity", "unit", "usage_type")
    if not absurd.is_empty():
        file, quantity, unit, usage_type = absurd.sort(pl.all(), nulls_last=True).row(0)
        is_it = (pl.col("quantity") == quantity) & (pl.col("usage_type") == usage_type)
        raise InputError(
            f"{file}: row {first(file, is_it)['row']}: {quantity.normalize():f} {short(unit)} of {short(usage_type)!r}"
            " in one row: nobody uses that much. Export the month again"
        )
