"""Rates: a row is a step of time with its count of requests. Read whole, since steps are few."""

from datetime import datetime

import polars as pl

from infercost.schema.errors import InputError
from infercost.schema.evidence import Evidence
from infercost.schema.traffic import Traffic
from infercost.traffic import period
from infercost.traffic.file import TrafficFile
from infercost.traffic.period import NS, Period
from infercost.traffic.place import Place
from infercost.traffic.values import INSTANT

_MOST_PER_S = 10_000_000  # as in a scenario: far above anything real, and what the engine takes


def read_rates(file: TrafficFile, *, start: datetime | None = None, duration_s: float | None = None) -> Traffic:
    """The steps that lie in a period; see infercost.traffic.read for what `start` and `duration_s` mean.

    Raises:
        InputError: a cell is refused, or nothing lies in the period.
    """
    origin_ns = 0 if start is None else period.since_1970(start)
    batches = list(file.rows(origin_ns))
    frame = pl.concat([rows.frame for rows in batches])
    starts = frame.to_series(0).to_physical()
    start_ns = period.start_ns(start, int(starts[0]), offsets=batches[0].offsets)
    ends = _ends(file, starts, start_ns, duration_s)
    _check_pace(file, frame["requests"], ends - starts)
    end_ns = int(ends[-1]) if duration_s is None else start_ns + round(duration_s * NS)
    cut_to = Period(start_ns, end_ns)
    kept, notes = _cut(file, frame, ends, cut_to)
    return Traffic(
        kind="rates",
        frame=kept,
        start=cut_to.start,
        duration_s=cut_to.duration_s,
        evidence=Evidence.MEASURED,
        source=file.path.name,
        notes=(*notes, *_uneven(ends - starts)),
    )


def _ends(file: TrafficFile, starts: pl.Series, start_ns: int, duration_s: float | None) -> pl.Series:
    """Where each step ends: at the next one's start; the last is as long as the one before it."""
    if starts.len() == 1:
        if duration_s is None:
            raise InputError(
                f"{file.path}: one step alone has no length; add the next step, with 0 requests if need be"
            )
        return pl.Series([max(start_ns + round(duration_s * NS), int(starts[0]) + 1)])
    return starts.shift(-1, fill_value=2 * int(starts[-1]) - int(starts[-2]))


def _check_pace(file: TrafficFile, requests: pl.Series, lengths_ns: pl.Series) -> None:
    fast = requests.cast(pl.Float64) * NS > lengths_ns.cast(pl.Float64) * _MOST_PER_S
    what = f"is more than {_MOST_PER_S:,} a second; check the unit, or the times of the steps"
    Place(file.path).refuse(requests, fast, what)


def _cut(
    file: TrafficFile, frame: pl.DataFrame, ends: pl.Series, cut_to: Period
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """What lies wholly inside the period. A step across an edge is out: its requests can't be told apart."""
    starts = frame.to_series(0).to_physical()
    inside = (starts >= cut_to.start_ns) & (ends <= cut_to.end_ns)
    kept = frame.filter(inside)
    if kept.is_empty():
        raise InputError(f"{file.path}: {period.nothing_in(cut_to, int(starts[0]), int(ends[-1]))}")
    left_out = frame.height - kept.height
    if not left_out:
        return kept, ()
    requests = int(frame["requests"].sum()) - int(kept["requests"].sum())
    closed = _closed(kept, int(ends.filter(inside)[-1]), cut_to)
    return closed, (f"{left_out} of {frame.height} steps with {requests} requests are outside the period and left out",)


def _closed(kept: pl.DataFrame, end_ns: int, cut_to: Period) -> pl.DataFrame:
    """Ends the last step where it ended before the steps after it were cut off, by an empty step."""
    starts = kept.to_series(0).to_physical()
    as_long_as_before = kept.height > 1 and int(starts[-1]) - int(starts[-2]) == end_ns - int(starts[-1])
    if as_long_as_before or end_ns >= cut_to.end_ns:
        return kept
    empty = kept.tail(1).with_columns(
        pl.lit(end_ns, pl.Int64).cast(INSTANT).alias(kept.columns[0]),
        *(pl.lit(0, pl.Int64).alias(column) for column in kept.columns[1:]),
    )
    return pl.concat([kept, empty])


def _uneven(lengths: pl.Series) -> tuple[str, ...]:
    low, high = int(lengths.min() or 0), int(lengths.max() or 0)  # type: ignore[arg-type]  # integers
    uneven = f"steps are {low / NS:g} to {high / NS:g} s long: a missing step counts as part of the one before it"
    return (uneven,) if low != high else ()
