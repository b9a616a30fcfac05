"""Where a cell stands that cannot be read: looked for only once something is known to be wrong."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import NoReturn

import polars as pl

from infercost.billing.delivery.file import File
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import reading
from infercost.billing.reading.source import SOURCE_FILE, Source
from infercost.schema.errors import IncompleteError, InputError

_SHOWN = 80  # characters of a cell


class LackingColumnsError(IncompleteError):
    """Rows of commitments need columns that only they fill: an export without such rows is whole without them."""

    PURPOSE = "the effective cost of rows that are there"

    def __init__(self, file: File, columns: Sequence[str]) -> None:
        """Names the columns, as the format spells them, and a file whose rows need them."""
        several = len(columns) > 1
        super().__init__(
            f"{file}: {'the columns' if several else 'the column'} {', '.join(columns)}"
            f" {'are missing, which are' if several else 'is missing, which is'} needed for {self.PURPOSE}."
            f" Add {'them' if several else 'it'} to the export"
        )
        self.columns = tuple(columns)


def refuse_cell(source: Source, name: str, *, is_time: bool) -> NoReturn:
    """Raises for a column in which a cell cannot be read.

    Args:
        source: of one file.
        name: the column, as the source spells it.
        is_time: whether it holds times, not amounts.

    Raises:
        InputError: the first such cell: file, column, row and value.
    """
    (file,) = source.files
    columns = Columns(source.head)
    value = columns.time(name) if is_time else columns.money(name)
    numbered = source.rows().with_row_index("row", offset=1)
    values = numbered.select("row", columns.raw(name).alias("given"), columns.unreadable(name).alias("bad"), cell=value)
    bad = values.filter("bad").head(1).collect()
    if bad.is_empty():
        is_blank = pl.all_horizontal(pl.exclude("row", SOURCE_FILE).is_null())
        rows = numbered.filter(~is_blank).select("row")
        bad = (
            values.filter(pl.col("cell").is_null())
            .join(rows, on="row", how="semi", maintain_order="left")
            .head(1)
            .collect()
        )
    what = "a time in UTC, such as 2026-10-01T00:00:00Z" if is_time else "an amount"
    if bad.is_empty():  # polars takes a row of empty fields for a blank line
        raise InputError(f"{file}: column {name}: a row of empty fields, where {what} is needed")
    row, given = bad.select("row", "given").row(0)
    if given is None:
        raise InputError(f"{file}: column {name}, row {row}: nothing stands there, where {what} is needed")
    shown = given[:_SHOWN] if isinstance(given, str) else given
    raise InputError(f"{file}: column {name}, row {row}: {shown!r} is not {what}")


@contextlib.contextmanager
def find_damage(source: Source) -> Iterator[None]:
    """Names the damaged file, and what is wrong with it, where polars fails on a part of it."""
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        for file in source.files:
            with reading(file):
                source.rows().select(pl.all().null_count()).collect(engine="streaming")
        message = str(error).partition("\n")[0]
        raise InputError(f"{source.files[0]}: cannot be read: {message}") from error
