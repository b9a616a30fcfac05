"""A trace: a row is a request. Read once, batch by batch; only then is it known how long it is."""

from collections.abc import Iterator
from datetime import datetime

import polars as pl

from infercost.schema.errors import InputError
from infercost.traffic import period, table
from infercost.traffic.file import Rows, TrafficFile
from infercost.traffic.period import NS, Period


class Trace:
    """The requests of a file that lie in a period.

    Iterating gives them in canonical columns, batch by batch, none of them empty. `period` and `notes` are known after
    that; the start of the period is known from the first batch on.
    """

    def __init__(
        self,
        file: TrafficFile,
        *,
        start: datetime | None = None,
        duration_s: float | None = None,
        batch_rows: int = table.BATCH_ROWS,
    ) -> None:
        """See infercost.traffic.read for what `start` and `duration_s` mean."""
        self.rows = 0
        self.requests = 0
        self.start_ns = 0
        self.period = Period(0, 0)
        self.notes: tuple[str, ...] = ()
        self._file = file
        self._start = start
        self._length_ns = None if duration_s is None else round(duration_s * NS)
        self._batch_rows = batch_rows
        self._models: set[str] = set()

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Reads the file, once.

        Raises:
            InputError: a cell is refused, or nothing lies in the period.
        """
        origin_ns = 0 if self._start is None else period.since_1970(self._start)
        first_ns = last_ns = None
        for rows in self._file.rows(origin_ns, self._batch_rows):
            times = rows.frame.to_series(0).to_physical()
            if first_ns is None:
                first_ns = int(times[0])
                self.start_ns = period.start_ns(self._start, first_ns, offsets=rows.offsets)
            last_ns = int(times[-1])
            kept = self._kept(rows, times)
            if not kept.is_empty():
                yield kept
        if first_ns is not None and last_ns is not None:
            self._close(first_ns, last_ns)

    def _kept(self, rows: Rows, times: pl.Series) -> pl.DataFrame:
        inside = times >= self.start_ns
        if self._length_ns is not None:
            inside &= times < self.start_ns + self._length_ns
        kept = rows.frame if inside.all() else rows.frame.filter(inside)
        self.rows += rows.frame.height
        self.requests += kept.height
        if "model" in kept.columns:
            self._models.update(kept["model"].unique())
        return kept

    def _close(self, first_ns: int, last_ns: int) -> None:
        """What is known at the end. A period without an end lasts to the last arrival, rounded up to a second."""
        length_ns = -(-(last_ns + 1 - self.start_ns) // NS) * NS if self._length_ns is None else self._length_ns
        self.period = Period(self.start_ns, self.start_ns + length_ns)
        if not self.requests:
            raise InputError(f"{self._file.path}: {period.nothing_in(self.period, first_ns, last_ns + 1)}")
        self.notes = (*self._left_out(), *self._alike())

    def _left_out(self) -> tuple[str, ...]:
        left_out = self.rows - self.requests
        return (f"{left_out} of {self.rows} requests are outside the period and left out",) if left_out else ()

    def _alike(self) -> tuple[str, ...]:
        models = len(self._models)
        alike = (
            f"requests of {models} models: only endpoints of many models tell them apart, all else replays them alike"
        )
        return (alike,) if models > 1 else ()
