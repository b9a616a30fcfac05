"""Cron as AWS writes it: minutes hours day-of-month month day-of-week year, with ? L W and #, Sunday being 1."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

_SATURDAY, _SUNDAY = 7, 1


@dataclass(frozen=True)
class Cron:
    """What the fields stand for."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: frozenset[int]
    years: frozenset[int]
    days: "_Days"

    def instants(self, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Its instants in [start, end), in order. Both are aware of their zones."""
        day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
        while day <= last:
            if day.year in self.years and day.month in self.months and self.days.has(day):
                for moment in (time(hour, minute) for hour in self.hours for minute in self.minutes):
                    instant = first_instant(datetime.combine(day, moment), zone)
                    if instant is not None and start <= instant < end:
                        yield instant
            day += timedelta(days=1)


def first_instant(local: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant at which clocks show a local time, in UTC; None if they never do."""
    instant = local.replace(tzinfo=zone).astimezone(UTC)
    return instant if instant.astimezone(zone).replace(tzinfo=None) == local else None


def read(text: str) -> Cron:
    """Reads the six fields.

    Raises:
        ValueError: one is not as AWS writes it; the message says which, and what it takes.
    """
    fields = text.split()
    if len(fields) != 6:
        raise ValueError(
            f"cron({text}): six fields are needed, minutes hours day-of-month month day-of-week year, "
            f"found {len(fields)}"
        )
    minutes, hours, day_of_month, month, day_of_week, year = fields
    if (day_of_month == "?") == (day_of_week == "?"):
        raise ValueError(f"cron({text}): one of day-of-month and day-of-week must be ?, and the other must not")
    return Cron(
        minutes=tuple(sorted(_MINUTES.values(minutes))),
        hours=tuple(sorted(_HOURS.values(hours))),
        months=_MONTH.values(month),
        years=_YEARS.values(year),
        days=_weekdays(day_of_week) if day_of_month == "?" else _days_of_month(day_of_month),
    )


class _Days(Protocol):
    def has(self, day: date) -> bool: ...


@dataclass(frozen=True)
class _DaysOfMonth:
    days: frozenset[int]

    def has(self, day: date) -> bool:
        return day.day in self.days


@dataclass(frozen=True)
class _Weekdays:
    weekdays: frozenset[int]

    def has(self, day: date) -> bool:
        return _weekday(day) in self.weekdays


@dataclass(frozen=True)
class _BeforeLast:
    """So many days before the last one of the month: L and L-3."""

    days: int

    def has(self, day: date) -> bool:
        return day.day == _last(day) - self.days


@dataclass(frozen=True)
class _WorkingDay:
    """The day from Monday to Friday that is nearest to one, in the same month: 15W; with None the last: LW."""

    nearest: int | None

    def has(self, day: date) -> bool:
        last = _last(day)
        if self.nearest is not None and self.nearest > last:
            return False
        wanted = last if self.nearest is None else self.nearest
        weekday = _weekday(day.replace(day=wanted))
        if weekday == _SATURDAY:
            wanted += -1 if wanted > 1 else 2
        elif weekday == _SUNDAY:
            wanted += 1 if wanted < last else -2
        return day.day == wanted


@dataclass(frozen=True)
class _NthWeekday:
    """The n-th such day of the month: TUE#2; with None the last: TUEL."""

    weekday: int
    nth: int | None

    def has(self, day: date) -> bool:
        if _weekday(day) != self.weekday:
            return False
        return day.day + 7 > _last(day) if self.nth is None else (day.day - 1) // 7 + 1 == self.nth


@dataclass(frozen=True)
class _Field:
    """A field by its name in messages, its range, and the names that stand for numbers."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def values(self, text: str) -> frozenset[int]:
        """What a list of values, ranges and increments stands for; a range may run over its end, as in FRI-MON."""
        return frozenset(value for part in text.split(",") for value in self._part(part))

    def one(self, text: str) -> int:
        name = text.upper()
        if name in self.names:
            return self.low + self.names.index(name)
        if not re.fullmatch(r"[0-9]{1,4}", text) or not self.low <= int(text) <= self.high:
            names = f" or {self.names[0]} to {self.names[-1]}" if self.names else ""
            raise ValueError(f"cron: {text!r} is no {self.name}; it takes {self.low} to {self.high}{names}")
        return int(text)

    def _part(self, text: str) -> Iterator[int]:
        span, slash, increment = text.partition("/")
        step = _Field("increment", 1, self.high).one(increment) if slash else 1
        first, dash, last = span.partition("-")
        if span == "*":
            low, high = self.low, self.high
        elif dash:
            low, high = self.one(first), self.one(last)
        else:
            low = self.one(span)
            high = self.high if slash else low
        size = self.high - self.low + 1
        for offset in range(0, (high - low) % size + 1, step):
            yield self.low + (low - self.low + offset) % size


_MINUTES: Final = _Field("minute", 0, 59)
_HOURS: Final = _Field("hour", 0, 23)
_DAY_OF_MONTH: Final = _Field("day of the month", 1, 31)
_MONTH: Final = _Field(
    "month", 1, 12, ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
)
_DAY_OF_WEEK: Final = _Field("day of the week", 1, 7, ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"))
_YEARS: Final = _Field("year", 1970, 2199)


def _days_of_month(text: str) -> _Days:
    if text == "L":
        return _BeforeLast(0)
    if text == "LW":
        return _WorkingDay(None)
    if text.startswith("L-"):
        return _BeforeLast(_Field("number of days before the last", 1, 30).one(text[2:]))
    if text.endswith("W"):
        return _WorkingDay(_DAY_OF_MONTH.one(text[:-1]))
    return _DaysOfMonth(_DAY_OF_MONTH.values(text))


def _weekdays(text: str) -> _Days:
    if text == "L":  # the last day of a week that begins on Sunday
        return _Weekdays(frozenset({_SATURDAY}))
    if text.endswith("L"):
        return _NthWeekday(_DAY_OF_WEEK.one(text[:-1]), None)
    weekday, hash_sign, nth = text.partition("#")
    if hash_sign:
        return _NthWeekday(_DAY_OF_WEEK.one(weekday), _Field("week of the month", 1, 5).one(nth))
    if "/" in text:
        raise ValueError(f"cron: {text!r} is no {_DAY_OF_WEEK.name}: increments are for the other fields")
    return _Weekdays(_DAY_OF_WEEK.values(text))


def _weekday(day: date) -> int:
    return day.isoweekday() % 7 + 1


def _last(day: date) -> int:
    """The last day of its month."""
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return (following - timedelta(days=1)).day
