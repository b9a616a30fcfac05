"""Schedules as Application Auto Scaling writes them: at(...), rate(...) and cron(...) [AS-17].

    at(2026-10-01T08:00:00)   once
    rate(6 hours)             again and again, first one interval after the start
    cron(0 8 ? * MON-FRI *)   minutes hours day-of-month month day-of-week year, Sunday being 1

Days and hours are those of a time zone. A local time that a clock change leaves out does not come, one that it brings
twice comes once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from infercost.schema import cron

_UNITS: Final = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


class Expression(Protocol):
    """When something is to be done."""

    def instants(self, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Its instants in [start, end), in order. Both are aware of their zones."""
        ...


def expression(text: str) -> Expression:
    """Reads an expression.

    >>> from datetime import UTC
    >>> [found] = expression("at(2026-10-01T08:00:00)").instants(
    ...     datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC), ZoneInfo("Europe/Berlin")
    ... )
    >>> found.astimezone(UTC).isoformat()
    '2026-10-01T06:00:00+00:00'

    Raises:
        ValueError: it is none; the message says what is wrong with which part.
    """
    found = re.fullmatch(r"(at|rate|cron)\((.*)\)", text.strip())
    if found is None:
        raise ValueError(
            f"{text!r} is no schedule; give at(2026-10-01T08:00:00), rate(6 hours) or cron(0 8 ? * MON-FRI *)"
        )
    text = found.group(2).strip()
    match found.group(1):
        case "at":
            return _at(text)
        case "rate":
            return _rate(text)
        case _:
            return cron.read(text)


def time_zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name.

    Raises:
        ValueError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder of the database, a path outside it, a name that is not in it
        raise ValueError(f"{name!r} is no time zone; give an IANA name such as UTC or Europe/Berlin") from None


@dataclass(frozen=True)
class _At:
    local: datetime

    def instants(self, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        instant = cron.first_instant(self.local, zone)
        if instant is not None and start <= instant < end:
            yield instant


@dataclass(frozen=True)
class _Rate:
    interval: timedelta

    def instants(self, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:  # noqa: ARG002 -- has none
        instant = start + self.interval
        while instant < end:
            yield instant
            instant += self.interval


def _at(text: str) -> _At:
    try:
        return _At(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S"))  # noqa: DTZ007 -- the zone is another key
    except ValueError:
        raise ValueError(f"at({text}): give a local time as yyyy-mm-ddThh:mm:ss, its zone under `timezone`") from None


def _rate(text: str) -> _Rate:
    found = re.fullmatch(r"([0-9]{1,6})\s+(minute|hour|day)s?", text)
    if found is None or not int(found.group(1)):
        raise ValueError(f"rate({text}): give a whole number of at least 1 and minutes, hours or days")
    return _Rate(int(found.group(1)) * _UNITS[found.group(2)])
