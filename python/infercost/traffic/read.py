"""Reads a traffic file: finds its format, checks every cell, cuts out the period asked for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import polars as pl

from infercost.schema.errors import InputError
from infercost.schema.evidence import Evidence
from infercost.schema.traffic import RATES, TRACE, Traffic
from infercost.traffic import table, values
from infercost.traffic.formats import detect

NS = 1_000_000_000
_MOST_PER_S = 10_000_000  # as in a scenario: far above anything real, and what the engine takes
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Period:
    """Nanoseconds since 1970, half-open."""

    start_ns: int
    end_ns: int


def read_traffic(path: Path, *, start: datetime | None = None, duration_s: float | None = None) -> Traffic:
    """Reads a trace or rates from CSV, gzipped CSV or Parquet.

    Timestamps without a zone are UTC. An `arrival` or `start` may also be integer nanoseconds: since 1970 from 10^17
    on, else from `start` (from 1970 where that is not given).

    Args:
        path: the file. Only the columns of its format are read.
        start: first instant of the period; default the first arrival or step, 1970 for offsets. Naive means UTC.
        duration_s: length of the period; default to the last arrival, rounded up to a whole second, or to the end of
            the last step. A last step is as long as the one before it.

    Returns:
        Canonical traffic. What lies outside the period is left out; `notes` says how much.

    Raises:
        InputError: the file is missing, empty, damaged or of no known format, or a cell is missing, negative, no
            number, out of order or far above anything real. The message names file, row and value.
    """
    kind, columns = _known_columns(path)
    raw = table.read(path, columns)
    origin = None if start is None else _ns(start)
    time, given_as_offsets = values.instants(path, raw.to_series(0), origin or 0)
    _check_order(path, raw.to_series(0), time, kind)
    frame = pl.DataFrame([time, *(_typed(path, raw[column]) for column in raw.columns[1:])])
    first_ns = origin if origin is not None else 0 if given_as_offsets else _at(time, 0) // 1_000 * 1_000

    ends = _step_ends(path, time, first_ns, duration_s) if kind == "rates" else time.to_physical() + 1
    if kind == "rates":
        _check_pace(path, raw["requests"], frame["requests"], ends - time.to_physical())
    last_ns = -(-(int(ends[-1]) - first_ns) // NS) * NS if kind == "trace" else int(ends[-1]) - first_ns
    length_ns = last_ns if duration_s is None else round(duration_s * NS)
    frame, notes = _cut(path, frame, ends, _Period(first_ns, first_ns + length_ns), kind)
    return Traffic(
        kind=kind,
        frame=frame,
        start=_EPOCH + timedelta(microseconds=first_ns // 1_000),
        duration_s=length_ns / NS,
        evidence=Evidence.MEASURED,
        source=path.name,
        notes=(*notes, *_remarks(frame, ends - time.to_physical(), kind)),
    )


def _known_columns(path: Path) -> tuple[Literal["trace", "rates"], dict[str, str]]:
    header = table.header(path)
    try:
        one = detect(header)
        return one.kind, dict(one.columns(header))
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def _typed(path: Path, raw: pl.Series) -> pl.Series:
    dtype = (TRACE | RATES)[raw.name]
    if dtype == pl.Int64:
        return values.counts(path, raw)
    return values.durations(path, raw) if dtype == pl.Float64 else values.texts(path, raw)


def _check_order(path: Path, raw: pl.Series, time: pl.Series, kind: str) -> None:
    step = time.to_physical().diff()
    bad = (step < 0 if kind == "trace" else step <= 0).fill_null(value=False)
    values.refuse(path, raw, bad, "is before the row above; sort the rows by time, without overlap")


def _check_pace(path: Path, raw: pl.Series, requests: pl.Series, lengths_ns: pl.Series) -> None:
    fast = requests.cast(pl.Float64) * NS > lengths_ns.cast(pl.Float64) * _MOST_PER_S
    values.refuse(path, raw, fast, f"is more than {_MOST_PER_S:,} a second; check the unit, or the times of the steps")


def _step_ends(path: Path, time: pl.Series, first_ns: int, duration_s: float | None) -> pl.Series:
    """Where each step ends: at the next one's start; the last is as long as the one before it."""
    starts = time.to_physical()
    if starts.len() == 1:
        if duration_s is None:
            raise InputError(f"{path}: one step alone has no length; add the next step, with 0 requests if need be")
        return pl.Series([max(first_ns + round(duration_s * NS), int(starts[0]) + 1)])
    return starts.shift(-1, fill_value=2 * int(starts[-1]) - int(starts[-2]))


def _cut(
    path: Path, frame: pl.DataFrame, ends: pl.Series, period: _Period, kind: str
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """What lies wholly inside the period. A step across an edge is out: its requests can't be told apart."""
    starts = frame.to_series(0).to_physical()
    inside = (starts >= period.start_ns) & (ends <= period.end_ns)
    kept = frame.filter(inside)
    if kept.is_empty():
        raise InputError(
            f"{path}: nothing lies between {_text(period.start_ns)} and {_text(period.end_ns)}; "
            f"the file covers {_text(int(starts[0]))} to {_text(int(ends[-1]))}"
        )
    left_out = frame.height - kept.height
    if not left_out:
        return kept, ()
    if kind == "trace":
        return kept, (f"{left_out} of {frame.height} requests are outside the period and left out",)
    requests = int(frame["requests"].sum()) - int(kept["requests"].sum())
    closed = _closed(kept, int(ends.filter(inside)[-1]), period)
    return closed, (f"{left_out} of {frame.height} steps with {requests} requests are outside the period and left out",)


def _closed(kept: pl.DataFrame, end_ns: int, period: _Period) -> pl.DataFrame:
    """Ends the last step where it ended before the steps after it were cut off, by an empty step."""
    starts = kept.to_series(0).to_physical()
    as_long_as_before = kept.height > 1 and int(starts[-1]) - int(starts[-2]) == end_ns - int(starts[-1])
    if as_long_as_before or end_ns >= period.end_ns:
        return kept
    empty = kept.tail(1).with_columns(
        pl.lit(end_ns).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC").alias(kept.columns[0]),
        *(pl.lit(0, pl.Int64).alias(column) for column in kept.columns[1:]),
    )
    return pl.concat([kept, empty])


def _remarks(frame: pl.DataFrame, lengths: pl.Series, kind: str) -> tuple[str, ...]:
    """What a reader of the result should know about the file."""
    if kind == "rates":
        low, high = int(lengths.min() or 0), int(lengths.max() or 0)  # type: ignore[arg-type]  # integers
        uneven = f"steps are {low / NS:g} to {high / NS:g} s long: a missing step counts as part of the one before it"
        return (uneven,) if low != high else ()
    models = frame["model"].n_unique() if "model" in frame.columns else 1
    alike = f"requests of {models} models: only endpoints of many models tell them apart, all else replays them alike"
    return (alike,) if models > 1 else ()


def _ns(instant: datetime) -> int:
    aware = instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1) * 1_000


def _at(time: pl.Series, row: int) -> int:
    return int(time.to_physical()[row])


def _text(ns: int) -> str:
    return f"{_EPOCH + timedelta(microseconds=ns // 1_000):%Y-%m-%d %H:%M:%S}"
