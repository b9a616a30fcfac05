"""A trace on its way to the engine, however long it is: checked, and laid down on disk in the engine's columns."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import overload

import polars as pl

from infercost.schema.errors import UsageError
from infercost.schema.temporary import temporary_folder
from infercost.traffic.columns import TraceColumns
from infercost.traffic.trace import Trace


class Batches(Sequence[pl.DataFrame]):
    """The batches of a trace in order. Each is read from its file when it is asked for, and not kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> pl.DataFrame: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[pl.DataFrame]: ...
    def __getitem__(self, index: int | slice) -> pl.DataFrame | Sequence[pl.DataFrame]:
        if isinstance(index, slice):
            return [self[one] for one in range(self._count)[index]]
        return pl.read_ipc(self._path(range(self._count)[index]))

    def append(self, batch: pl.DataFrame) -> None:
        """Writes the next batch.

        Raises:
            UsageError: there is no room for it.
        """
        try:
            batch.write_ipc(self._path(self._count), compression="uncompressed")
        except OSError as error:
            raise UsageError(
                f"{self._folder.parent}: a trace needs room for a copy there ({error.strerror or error}); "
                "make room, or set TMPDIR to another folder"
            ) from None
        self._count += 1

    def _path(self, index: int) -> Path:
        return self._folder / f"{index}.arrow"


@contextmanager
def spooled(trace: Trace, tell: Callable[[int], None] = lambda _rows: None) -> Iterator[Batches]:
    """Reads a trace through. Its copy on disk is gone when the block is left, however it is left.

    Args:
        trace: not yet read.
        tell: is told how many rows have been read so far, after each batch.

    Raises:
        InputError: a cell of the trace is refused.
        UsageError: there is no room for its copy.
    """
    with temporary_folder() as folder:
        batches = Batches(folder)
        columns = TraceColumns()
        for rows in trace:
            batches.append(columns.of(rows, trace.start_ns))
            tell(trace.rows)
        yield batches
