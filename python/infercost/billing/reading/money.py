"""Amounts: text, decimals and doubles to Decimal(38, 18), strictly."""

import polars as pl

from infercost.billing.reading.cells import Cell, text
from infercost.schema.charges import MONEY

# No amount of one row comes near; above, a double no longer fits MONEY, and polars wraps around instead of failing.
_LARGEST = 1e19
# Doubles are rounded here: more digits than AWS prints, and less than the noise of a sum of them.
_ROUNDED = pl.Decimal(38, 12)

_FINE = r"\.\d{18}\d*[1-9]"  # more than 18 digits that matter after the point
_ZERO = r"^[+-]?[0.]*[eE]"


def money(column: pl.Expr, dtype: pl.DataType) -> Cell:
    """Returns an amount as Decimal(38, 18): exact from text and decimals, rounded to 12 digits from doubles.

    polars casts text to decimals silently: what does not parse becomes null, and digits past the scale are rounded
    off. Both are unreadable here.
    """
    if dtype.is_float():
        fits = column.abs() < _LARGEST  # polars orders NaN above every number
        return Cell(pl.when(fits).then(column).cast(_ROUNDED).cast(MONEY), (~fits).fill_null(value=False))
    if dtype.is_integer() or dtype.is_decimal():
        value = column.cast(MONEY, strict=False)
        return Cell(value, ((value.is_null() & column.is_not_null()) | (value != column)).fill_null(value=False))
    given = text(column, pl.String())
    value = given.cast(MONEY, strict=False)
    lost = value.is_null() | given.str.contains(_FINE) | _lost_to_exponent(given)
    return Cell(value, given.is_not_null() & lost)


def _lost_to_exponent(given: pl.Expr) -> pl.Expr:
    """Where an exponent pushes digits past the 18th: `1e-19`, which polars reads as zero."""
    digits = given.str.extract(r"\.(\d*?)0*[eE]").str.len_bytes().cast(pl.Int64).fill_null(0)
    exponent = given.str.extract(r"[eE]\+?(-?\d+)$").cast(pl.Int64, strict=False)
    return (digits - exponent > 18).fill_null(value=False) & ~given.str.contains(_ZERO)
