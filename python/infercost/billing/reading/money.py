"""Amounts: text, decimals and doubles to decimals, strictly."""

import polars as pl

from infercost.billing.reading.cells import Cell, value_text
from infercost.schema.charges import MONEY

# No amount of one row comes near, and MONEY holds the sum of ten thousand such rows. Doubles that do not fit are
# wrapped around by polars, which does not fail.
_LARGEST = 1e16
_ONE_ROW = pl.Decimal(34, 18)
# Doubles are rounded here: more digits than AWS prints, and less than the noise of a sum of them.
_ROUNDED = pl.Decimal(38, 12)


def money(column: pl.Expr, dtype: pl.DataType) -> Cell:
    """Returns an amount as Decimal(38, 18), or Decimal(38, 12) from doubles, which are rounded.

    Text may have more than 18 digits after the point where a program wrote it from binary numbers. polars rounds them
    off at the 18th (half to even): far below what any number of rows adds up to, and below the noise of such numbers.
    """
    if dtype.is_float():
        fits = column.abs() < _LARGEST  # polars orders NaN above every number
        value = pl.when(fits).then(column).cast(_ROUNDED)
        # asked of the double: polars would make a second decimal of it to see that there is one
        return Cell(value, column.is_null(), (~fits).fill_null(value=False))
    given = column if dtype.is_integer() or dtype.is_decimal() else value_text(column)
    value = given.cast(_ONE_ROW, strict=False).cast(MONEY)
    return Cell(value, given.is_null(), given.is_not_null() & value.is_null())
