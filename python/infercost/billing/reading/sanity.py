"""What no bill can say: cells that are read well enough, and make no sense together."""

import polars as pl

from infercost.billing.reading.cells import short
from infercost.billing.reading.source import SOURCE_FILE
from infercost.schema.errors import InputError

# In the unit of a meter, with room for sums of such rows: 3,800 instances for a month, at 3.6e12 ns an hour.
_MOST = 1e19
_FIRST_YEAR, _LAST_YEAR = 2006, 2199  # AWS sends bills since 2006


def refuse_backward_periods(sums: pl.DataFrame) -> None:
    """Refuses charges that end before they start: a negative number of hours would be counted.

    Args:
        sums: source_file, ends_early, and the first and last start of the charges in a sum.

    Raises:
        InputError: the first of them, with its file.
    """
    columns = (SOURCE_FILE, "service_code", "first_start", "last_start")
    backward = sums.filter("ends_early").select(columns).sort(columns, nulls_last=True)
    if not backward.is_empty():
        file, service, first, last = backward.row(0)
        raise InputError(
            f"{file}: a charge period of {short(service)} ends before its start, which is between"
            f" {first:%Y-%m-%d %H:%M} and {last:%Y-%m-%d %H:%M}. Export the month again"
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


def refuse_absurd_quantities(charges: pl.DataFrame) -> None:
    """Refuses quantities far above what anybody uses: a shifted decimal point, or a unit that is not what it says.

    Args:
        charges: source_file, quantity, unit, usage_type, meter_factor.

    Raises:
        InputError: the first of them, with its file.
    """
    counted = pl.col("quantity").cast(pl.Float64) * pl.col("meter_factor").cast(pl.Float64)
    absurd = charges.filter(counted.abs() > _MOST).select(SOURCE_FILE, "quantity", "unit", "usage_type")
    if not absurd.is_empty():
        file, quantity, unit, usage_type = absurd.sort(pl.all(), nulls_last=True).row(0)
        raise InputError(
            f"{file}: {quantity.normalize():f} {short(unit)} of {short(usage_type)!r} in one row: nobody uses that"
            " much. Export the month again"
        )
