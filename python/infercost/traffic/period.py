"""Instants as nanoseconds since 1970, and the period that is cut out of a file."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Period:
    """Nanoseconds since 1970, half-open; the start is a whole microsecond, as a datetime is."""

    start_ns: int
    end_ns: int

    @property
    def start(self) -> datetime:
        """The first instant."""
        return _EPOCH + timedelta(microseconds=self.start_ns // 1_000)

    @property
    def duration_s(self) -> float:
        """How long it is."""
        return (self.end_ns - self.start_ns) / NS

    def __str__(self) -> str:
        return f"{_text(self.start_ns)} and {_text(self.end_ns)}"


def since_1970(instant: datetime) -> int:
    """Nanoseconds; naive means UTC."""
    aware = instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1) * 1_000


def start_ns(start: datetime | None, first_ns: int, *, offsets: bool) -> int:
    """Where the period starts: as asked for; else at 1970 for offsets, or at the first row."""
    if start is not None:
        return since_1970(start)
    return 0 if offsets else first_ns // 1_000 * 1_000


def nothing_in(period: Period, first_ns: int, end_ns: int) -> str:
    """What is said of a file from which a period cuts everything."""
    return f"nothing lies between {period}; the file covers {_text(first_ns)} to {_text(end_ns)}"


def _text(ns: int) -> str:
    return f"{_EPOCH + timedelta(microseconds=ns // 1_000):%Y-%m-%d %H:%M:%S}"
