"""Cells of a CSV file: amounts in plain digits, and text that a spreadsheet shows and never runs."""

import polars as pl

from infercost.schema.charges import TIME

# What a spreadsheet takes for the start of a formula; the last four are their full-width forms.
_FORMULA = r"^\s*[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]"
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def cell(name: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
    """Returns a column as it stands in CSV.

    Example:
        >>> from infercost.schema.charges import MONEY
        >>> rows = pl.DataFrame({"a": ["=1+1", "fine"], "b": ["0.500", "-20"]}).with_columns(pl.col("b").cast(MONEY))
        >>> rows.select(cell("a", pl.String()), cell("b", MONEY)).rows()
        [("'=1+1", '0.5'), ('fine', '-20')]
    """
    column = pl.col(name)
    if dtype == pl.String:
        return pl.when(is_formula(name)).then("'" + column).otherwise(column).alias(name)
    if isinstance(dtype, pl.Decimal):
        return column.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
    if dtype == TIME:
        return column.dt.strftime(TIME_FORMAT)
    return column


def is_formula(name: str) -> pl.Expr:
    """Returns whether a cell of text starts like a formula."""
    return pl.col(name).str.contains(_FORMULA).fill_null(value=False)
