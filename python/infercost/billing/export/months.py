"""Which months an export holds, how much of each, and which one to analyse."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

import polars as pl

from infercost.billing.export.sums import DAY, HOUR, LONG, UNSAID
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
    closed: bool  # every row carries an invoice id, or is said to be no estimate

    @property
    def name(self) -> str:
        """The month as `--month` takes it: "2026-10"."""
        return f"{self.start:%Y-%m}"


def read_months(sums: pl.DataFrame) -> list[Month]:
    """Returns the months of an export, oldest first.

    Args:
        sums: of `survey`.
    """
    newest = sums.select(pl.col("last_start").max()).item()
    months = sums.sort("billing_period_start").group_by("billing_period_start", maintain_order=True)
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


def _read_month(start: dt.datetime, sums: pl.DataFrame, newest: dt.datetime) -> Month:
    end = (start.replace(day=1) + 32 * _DAY).replace(day=1)
    usage = sums.filter(pl.col("charge_category") == "Usage", ~pl.col("is_outside"))
    since, covered, until = _coverage(usage, start, end)
    # Over if the export already charges for a later month, or if its own use reaches into the last day.
    complete = newest >= end or until > end - _DAY
    return Month(start, end, since, covered, complete, closed=bool(sums["is_invoiced"].all()))


def _coverage(usage: pl.DataFrame, start: dt.datetime, end: dt.datetime) -> tuple[dt.datetime, int, dt.datetime]:
    """Returns the first use, the hours from it to the end of the last, and that end.

    An hour in between without use is covered: it cost nothing. What is hourly says where the export stops, unless what
    is daily goes on for a day or more. Charges for a whole month stand beside both from its first day on, and say
    nothing about what is covered.
    """
    grain = pl.col("grain").replace(UNSAID, _guessed_grain(usage))
    hourly, daily = usage.filter(grain == HOUR), usage.filter(grain == DAY)
    starts = [
        *hourly.select(pl.col("first_start").dt.truncate("1h")).to_series(),
        *daily.select(pl.col("first_start").dt.truncate("1d")).to_series(),
    ]
    if not starts:
        return (start, 0, start) if usage.is_empty() else (start, (end - start) // _HOUR, end)
    first, (until, of_days) = min(starts), (_end(hourly, "1h", _HOUR), _end(daily, "1d", _DAY))
    if until is None or (of_days is not None and of_days - until >= _DAY):
        until = of_days
    if until is None:
        raise ValueError("periods of charges need a start")
    return first, (until - first) // _HOUR, until


def _end(sums: pl.DataFrame, every: str, grain: dt.timedelta) -> dt.datetime | None:
    last = sums.select(pl.col("last_start").dt.truncate(every).max()).item()
    return last + grain if isinstance(last, dt.datetime) else None


def _guessed_grain(usage: pl.DataFrame) -> int:
    """An export without period ends: hourly, unless every charge starts at midnight, or on the first of the month."""
    if usage["starts_within_days"].any():
        return HOUR
    return DAY if usage["starts_within_months"].any() else LONG
