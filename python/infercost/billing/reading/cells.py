"""One cell of an export: text or time, strictly (for amounts see `money`). Nothing unreadable becomes null silently."""

import dataclasses

import polars as pl

from infercost.schema.charges import TIME

# Empty, and how exporters spell "nothing" in text.
NOTHING = ("", "NULL", "null")

_ZONE = r"^(\.\d+)?( ?(Z|UTC|[+-]00(:?00)?))?$"
_SHOWN = 80  # characters of a cell in a message


@dataclasses.dataclass(frozen=True)
class Cell:
    """A value, null where there is none or none that can be read.

    Attributes:
        value: the value.
        absent: where nothing stands there.
        unreadable: where what stands there cannot be read.
    """

    value: pl.Expr
    absent: pl.Expr
    unreadable: pl.Expr

    def required(self) -> "Cell":
        """Returns the cell with absence counted as unreadable."""
        return Cell(self.value, self.absent, self.absent | self.unreadable)


def short(cell: str | None) -> str:
    """Returns a cell as a message quotes it: there are cells of a megabyte.

    Example:
        >>> short("USD"), short(None), len(short("x" * 1_000_000))
        ('USD', 'nothing', 83)
    """
    if cell is None:
        return "nothing"
    return cell if len(cell) <= _SHOWN else f"{cell[:_SHOWN]}..."


def text(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Returns text; account ids that a converter typed as numbers keep what digits they have."""
    if dtype == pl.String:
        return pl.when(~column.is_in(NOTHING)).then(column)
    return column.cast(pl.String)


def value_text(column: pl.Expr) -> pl.Expr:
    """Returns the text of an amount or a time. Programs write `None` where they have none; a name may well be that."""
    return pl.when(~column.is_in((*NOTHING, "None"))).then(column)


def moment(column: pl.Expr, dtype: pl.DataType) -> Cell:
    """Returns a time in UTC: `2026-10-01T00:00:00Z`, with a space, with fractions, as `+00`, a date, or a timestamp."""
    if isinstance(dtype, pl.Datetime):
        zoned = column.dt.convert_time_zone("UTC") if dtype.time_zone else column.dt.replace_time_zone("UTC")
        return Cell(zoned.cast(TIME), column.is_null(), pl.lit(value=False))
    if dtype == pl.Date:
        zoned = column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        return Cell(zoned, column.is_null(), pl.lit(value=False))
    given = value_text(column)
    padded = pl.when(given.str.len_bytes() == 10).then(given + "T00:00:00Z").otherwise(given)
    read = (
        padded.str.slice(0, 19)
        .str.replace(" ", "T", literal=True)
        .str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", time_zone="UTC", strict=False)
    )
    value = pl.when(padded.str.slice(19).str.contains(_ZONE)).then(read)
    return Cell(value, given.is_null(), given.is_not_null() & value.is_null())
