"""Which months an export holds, how much of each, and which one to analyse."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

import polars as pl

from infercost.billing.source import INVOICED
from infercost.schema.errors import IncompleteError, UsageError

_HOUR = dt.timedelta(hours=1)
_DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Month:
    """One billing month of an export. Times are UTC, periods half-open."""

    start: dt.datetime
    end: dt.datetime
    covered_hours: int  # distinct hours with usage; coarser exports cover whole days or the month
    complete: bool  # over, as far as the export can tell
    closed: bool  # every row carries an invoice id

    @property
    def name(self) -> str:
        """The month as `--month` takes it: "2026-10"."""
        return f"{self.start:%Y-%m}"


def read_months(periods: pl.DataFrame) -> list[Month]:
    """Returns the months of an export, oldest first.

    Args:
        periods: billing_period_start, charge_period_start, charge_period_end, `usage` (whether the charge is use) and
            `invoiced`, in distinct rows.
    """
    newest = periods.select(pl.col("charge_period_start").max()).item()
    months = periods.sort("billing_period_start").group_by("billing_period_start", maintain_order=True)
    return [_read_month(start, rows, newest) for (start,), rows in months if isinstance(start, dt.datetime)]


def choose_month(months: Sequence[Month], name: str | None) -> Month:
    """Returns the month asked for, else the newest complete one, else the newest.

    Raises:
        UsageError: `name` is not YYYY-MM.
        IncompleteError: the export does not hold that month.
    """
    if name is None:
        return next((month for month in reversed(months) if month.complete), months[-1])
    try:
        wanted = dt.datetime.strptime(name, "%Y-%m").replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise UsageError(f"month {name!r}: write it as YYYY-MM, such as 2026-10") from error
    for month in months:
        if month.start == wanted:
            return month
    held = ", ".join(month.name for month in months)
    raise IncompleteError(f"the month {name} is not in this export, which holds {held}")


def _read_month(start: dt.datetime, rows: pl.DataFrame, newest: dt.datetime) -> Month:
    end = (start.replace(day=1) + 32 * _DAY).replace(day=1)
    usage = rows.filter(pl.col("usage") & pl.col("charge_period_start").is_between(start, end, closed="left"))
    covered, until = _coverage(usage, start, end)
    # Over if the export already charges for a later month, or if its own use reaches into the last day.
    complete = newest >= end or until > end - _DAY
    return Month(start, end, covered, complete, closed=bool(rows[INVOICED].all()))


def _coverage(usage: pl.DataFrame, start: dt.datetime, end: dt.datetime) -> tuple[int, dt.datetime]:
    """Returns the hours that are covered and the end of the last of them, by the finest grain that the export has.

    Charges for a whole month stand beside hourly ones from its first day on, and say nothing about what is covered.
    """
    starts = pl.col("charge_period_start")
    length = (pl.col("charge_period_end") - starts).fill_null(_guessed_grain(usage))
    for grain, every in ((_HOUR, "1h"), (_DAY, "1d")):
        fine = usage.filter(length <= grain)
        if not fine.is_empty():
            times = fine.select(starts.dt.truncate(every).unique()).to_series()
            last = times.max()
            if isinstance(last, dt.datetime):
                return len(times) * (grain // _HOUR), last + grain
    return (0, start) if usage.is_empty() else ((end - start) // _HOUR, end)


def _guessed_grain(usage: pl.DataFrame) -> dt.timedelta:
    """An export without period ends: hourly, unless every charge starts at midnight, or on the first of the month."""
    times = usage["charge_period_start"]
    if (times.dt.hour() != 0).any():
        return _HOUR
    return _DAY if (times.dt.day() != 1).any() else 32 * _DAY
