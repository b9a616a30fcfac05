"""Where a cell stands that cannot be read: looked for only once something is known to be wrong."""

import contextlib
from collections.abc import Iterator, Sequence

import polars as pl

from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import reading
from infercost.billing.reading.source import SOURCE_FILE, UNREADABLE_AMOUNT, Source
from infercost.schema.errors import IncompleteError, InputError


def fail_on_unreadable(rows: pl.DataFrame, found_in: str, sources: Sequence[Source]) -> None:
    """Raises if any row names an unreadable column.

    Args:
        rows: `source_file` and the column `found_in` (UNREADABLE_TIME or UNREADABLE_AMOUNT).
        found_in: which of them to look at.
        sources: the sources of the rows.

    Raises:
        InputError: the first such cell: file, column, row and value.
        IncompleteError: the column is missing that such rows need.
    """
    found = rows.filter(pl.col(found_in).is_not_null()).select(SOURCE_FILE, found_in).unique().sort(pl.all())
    if found.is_empty():
        return
    file_name, name = found.row(0)
    source, file = next((source, file) for source in sources for file in source.files if file.name == file_name)
    columns = Columns(source)
    if name not in columns:
        raise IncompleteError(
            f"{file}: the column {name} is missing, and there are lines whose effective cost it tells."
            " Add it to the export"
        )
    cell = columns.money(name) if found_in == UNREADABLE_AMOUNT else columns.time(name)
    numbered = Source(source.head, (file,)).rows().with_row_index("row", offset=1)
    values = numbered.select("row", columns.raw(name).alias("given"), columns.unreadable(name).alias("bad"), cell=cell)
    bad = values.filter("bad").head(1).collect()
    if bad.is_empty():
        bad = values.filter(pl.col("cell").is_null()).head(1).collect()
    row, given = bad.select("row", "given").row(0)
    what = "an amount" if found_in == UNREADABLE_AMOUNT else "a time in UTC, such as 2026-10-01T00:00:00Z"
    raise InputError(f"{file}: column {name}, row {row}: {given!r} is not {what}")


@contextlib.contextmanager
def find_damage(sources: Sequence[Source]) -> Iterator[None]:
    """Names the damaged file when reading many of them fails."""
    try:
        yield
    except (pl.exceptions.PolarsError, OSError) as error:
        for source in sources:
            for file in source.files:
                with reading(file):
                    Source(source.head, (file,)).rows().select(pl.all().null_count()).collect(engine="streaming")
        message = str(error).partition("\n")[0]
        raise InputError(f"{sources[0].files[0]}: cannot be read: {message}") from error
