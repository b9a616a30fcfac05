"""The files of an export in parts, one after the other: memory stays bounded, and progress is known."""

import dataclasses
from collections.abc import Iterable, Iterator

import polars as pl

from infercost.billing.delivery.file import File
from infercost.billing.reading.chunks import Chunk, read_chunks
from infercost.billing.reading.head import reading
from infercost.billing.reading.source import SOURCE_FILE, Source

# Enough to keep many cores busy, and a few seconds of work for few.
_PART_ROWS = 4_000_000


@dataclasses.dataclass(frozen=True)
class Part:
    """Rows of one file, as they stand there, with SOURCE_FILE.

    Attributes:
        source: of the file; its only file is this one.
        rows: all columns of Parquet, those that all rows are asked for of CSV.
        done: how much of the file is dealt with once this part is, 0 to 1.
        chunk: of CSV, that the rows are.
    """

    source: Source
    rows: pl.LazyFrame
    done: float
    chunk: Chunk | None = None

    def where(self, wanted: pl.Expr, columns: Iterable[str]) -> pl.LazyFrame:
        """Returns some of the rows with any columns.

        Args:
            wanted: which rows, told by the columns that all rows are asked for.
            columns: of them.
        """
        if self.chunk is None:
            return self.rows.filter(wanted)
        numbers = self.rows.select(pl.arg_where(wanted)).collect().to_series()
        return _named(self.chunk.pick(numbers.to_list(), columns), self.file)

    @property
    def file(self) -> File:
        """The file that the rows stand in."""
        return self.source.files[0]


def read_parts(source: Source, file: File, columns: Iterable[str]) -> Iterator[Part]:
    """Returns the rows of one file of a source, in order.

    Args:
        source: the source.
        file: of it.
        columns: of CSV, those that all rows are asked for.

    Raises:
        InputError: the file is damaged, or a row of CSV has more or fewer fields than the header.
    """
    if source.head.container == "json":
        answers = source.rows()  # pages of one answer may stand in several files
        yield Part(dataclasses.replace(source, files=(file,)), answers.filter(pl.col(SOURCE_FILE) == file.name), 1.0)
        return
    source = dataclasses.replace(source, files=(file,))
    if source.head.container == "csv":
        for chunk in read_chunks(source.head, file, columns):
            yield Part(source, _named(chunk.rows, file), chunk.share, chunk)
            del chunk  # or it would be in memory while the next one is read
        return
    rows = source.rows()
    with reading(file):
        count = int(rows.select(pl.len()).collect().item())
    for offset in range(0, count, _PART_ROWS):
        length = min(_PART_ROWS, count - offset)
        yield Part(source, rows if length == count else rows.slice(offset, length), (offset + length) / count)


def _named(rows: pl.DataFrame, file: File) -> pl.LazyFrame:
    return rows.lazy().with_columns(pl.lit(file.name).alias(SOURCE_FILE))
