"""Which months an export holds, how much of each, and which one to analyse."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

import polars as pl

from infercost.schema.errors import IncompleteError, UsageError

_HOUR = dt.timedelta(hours=1)
_DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Month:
    """One billing month of an export. Times are UTC, periods half-open."""

    start: dt.datetime
    end: dt.datetime
    covered_start: dt.datetime  # the first use; without any the start of the month
    covered_hours: int  # from the first use to the end of the last; coarser exports cover whole days or the month
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
    since, covered, until = _coverage(usage, start, end)
    # Over if the export already charges for a later month, or if its own use reaches into the last day.
    complete = newest >= end or until > end - _DAY
    return Month(start, end, since, covered, complete, closed=bool(rows["invoiced"].all()))


def _coverage(usage: pl.DataFrame, start: dt.datetime, end: dt.datetime) -> tuple[dt.datetime, int, dt.datetime]:
    """Returns the first use, the hours from it to the end of the last, and that end.

    An hour in between without use is covered: it cost nothing. What is hourly says where the export stops, unless what
    is daily goes on for a day or more. Charges for a whole month stand beside both from its first day on, and say
    nothing about what is covered.
    """
    starts = pl.col("charge_period_start")
    length = (pl.col("charge_period_end") - starts).fill_null(_guessed_grain(usage))
    hourly = usage.filter(length <= _HOUR).select(starts.dt.truncate("1h"))
    daily = usage.filter(length > _HOUR, length <= _DAY).select(starts.dt.truncate("1d"))
    fine = pl.concat([hourly, daily]).to_series()
    if fine.is_empty():
        return (start, 0, start) if usage.is_empty() else (start, (end - start) // _HOUR, end)
    first, (until, of_days) = fine.min(), (_end(hourly, _HOUR), _end(daily, _DAY))
    if until is None or (of_days is not None and of_days - until >= _DAY):
        until = of_days
    if not isinstance(first, dt.datetime) or until is None:
        raise ValueError("periods of charges need a start")
    return first, (until - first) // _HOUR, until


def _end(starts: pl.DataFrame, grain: dt.timedelta) -> dt.datetime | None:
    last = starts.to_series().max()
    return last + grain if isinstance(last, dt.datetime) else None


def _guessed_grain(usage: pl.DataFrame) -> dt.timedelta:
    """An export without period ends: hourly, unless every charge starts at midnight, or on the first of the month."""
    times = usage["charge_period_start"]
    if (times.dt.hour() != 0).any():
        return _HOUR
    return _DAY if (times.dt.day() != 1).any() else 32 * _DAY
