"""A traffic file: what it holds, and its rows, every cell of them checked."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

from infercost.schema.errors import InputError
from infercost.schema.traffic import RATES, TRACE
from infercost.traffic import table, values
from infercost.traffic.formats import detect
from infercost.traffic.place import Place

Kind = Literal["trace", "rates"]


@dataclass(frozen=True)
class TrafficFile:
    """A file of a known format.

    Attributes:
        path: where it is.
        kind: what a row of it is.
        columns: canonical column: the file's column that holds it.
    """

    path: Path
    kind: Kind
    columns: dict[str, str]

    @classmethod
    def open(cls, path: Path) -> "TrafficFile":
        """Tells the format by the header.

        Raises:
            InputError: the file is missing, empty, damaged or of no known format.
        """
        header = table.header(path)
        try:
            one = detect(header)
            return cls(path, one.kind, dict(one.columns(header)))
        except InputError as error:
            raise InputError(f"{path}: {error}") from None

    def rows(self, origin_ns: int, batch_rows: int = table.BATCH_ROWS) -> Iterator["Rows"]:
        """The rows, batch by batch, in canonical columns.

        Args:
            origin_ns: what times that are offsets count from, in nanoseconds since 1970.
            batch_rows: how many rows a batch has.

        Raises:
            InputError: a cell is missing, negative, no number, out of order, or far above anything real.
        """
        checks = _Checks(self, origin_ns)
        for raw in table.batches(self.path, self.columns, batch_rows):
            if not raw.is_empty():
                yield checks.checked(raw)


@dataclass(frozen=True)
class Rows:
    """Rows of a file as what they must be; `offsets`: their times were written as offsets."""

    place: Place
    frame: pl.DataFrame
    offsets: bool


@dataclass
class _Checks:
    """The checks of one file, and what they must know of the rows above a batch."""

    file: TrafficFile
    origin_ns: int
    rows_above: int = 0
    form: values.Form | None = None
    last_ns: int | None = None
    sums: Counter[str] = field(default_factory=Counter)

    def checked(self, raw: pl.DataFrame) -> Rows:
        place = Place(self.file.path, self.rows_above)
        time, self.form = values.instants(place, raw.to_series(0), self.origin_ns, self.form)
        self._check_order(place, raw.to_series(0), time.to_physical())
        frame = pl.DataFrame([time, *(self._typed(place, raw[column]) for column in raw.columns[1:])])
        self.rows_above += raw.height
        return Rows(place, frame, self.form == "offsets")

    def _check_order(self, place: Place, raw: pl.Series, time_ns: pl.Series) -> None:
        above = time_ns.shift(1, fill_value=self.last_ns)
        bad = (time_ns < above if self.file.kind == "trace" else time_ns <= above).fill_null(value=False)
        place.refuse(raw, bad, "is before the row above; sort the rows by time, without overlap")
        self.last_ns = int(time_ns[-1])

    def _typed(self, place: Place, raw: pl.Series) -> pl.Series:
        dtype = (TRACE | RATES)[raw.name]
        if dtype == pl.Float64:
            return values.durations(place, raw)
        if dtype == pl.String:
            return values.texts(place, raw)
        whole = values.counts(place, raw)
        self.sums[raw.name] += int(whole.cast(pl.Int128).sum())
        if self.sums[raw.name] >= 2**63:
            raise place.refuse_column(raw.name, "the values add up to more than 64 bits hold; check the unit")
        return whole
