"""October 2026, the month of the demo account: 744 hours in UTC, from a Thursday to a Saturday."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

START = datetime(2026, 10, 1, tzinfo=UTC)
END = datetime(2026, 11, 1, tzinfo=UTC)
NAME = "2026-10"
DAYS = (END - START).days
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def hours() -> Iterator[datetime]:
    """The start of every hour."""
    return steps(3600)


def days() -> Iterator[datetime]:
    """The start of every day."""
    return steps(86_400)


def steps(length_s: int) -> Iterator[datetime]:
    """The start of every step of `length_s` seconds, which must divide a day.

    >>> sum(1 for _ in steps(300))
    8928
    """
    length = timedelta(seconds=length_s)
    return (START + index * length for index in range((END - START) // length))


def is_weekend(instant: datetime) -> bool:
    """Saturday or Sunday."""
    return instant.weekday() >= 5


def second_of_day(instant: datetime) -> int:
    """Seconds since midnight."""
    return instant.hour * 3600 + instant.minute * 60 + instant.second
