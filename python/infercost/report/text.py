"""Figures and outside text as every format prints them. Formats, never computes."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

UNKNOWN = "unknown"

# Terminal codes (C0, DEL, C1), line and paragraph separators, marks that turn the direction of text, lone surrogates.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_LONGEST = 4_000  # characters; ARNs have 2,048 at most, tags 256
_SPACE = re.compile(r"[\t\n\r]+")


def plain(text: str) -> str:
    r"""Text from outside without anything that acts on a terminal; a mark shows where something was. Cut if very long.

    >>> plain("evil\x1b[2J name\nnext")
    'evil\ufffd[2J name next'
    """
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}... ({len(text) - _LONGEST:,} more characters)"
    return _UNSAFE.sub("\ufffd", _SPACE.sub(" ", text))


def money(amount: Decimal | None) -> str:
    """Whole units from 100 up, cents below; never a rounded zero for a real amount.

    >>> [money(Decimal(text)) for text in ("17700.5", "42.168", "0.001", "-0.001", "0")]
    ['17,701', '42.17', '<0.01', '>-0.01', '0']
    >>> money(None)
    'unknown'
    """
    if amount is None:
        return UNKNOWN
    if not amount:
        return "0"
    return _below_a_cent(amount) or f"{_rounded(amount, 0 if abs(amount) >= 100 else 2):,f}"


def cents(amount: Decimal) -> str:
    """To the cent, and never a rounded zero for a real amount.

    >>> [cents(Decimal(text)) for text in ("131905.325", "0.004", "0")]
    ['131,905.33', '<0.01', '0.00']
    """
    return _below_a_cent(amount) or f"{_rounded(amount, 2):,f}"


def rate(amount: Decimal | None) -> str:
    """What a unit costs, to four significant digits: a thousand requests may cost less than a cent.

    >>> [rate(Decimal(text)) for text in ("0.00052134", "4.25", "12345.678", "0.060", "0")]
    ['0.0005213', '4.25', '12,346', '0.06', '0']
    >>> rate(None)
    'unknown'
    """
    if amount is None:
        return UNKNOWN
    if not amount:
        return "0"
    places = max(3 - amount.adjusted(), 0)
    text = f"{_rounded(amount, places):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(amount: Decimal) -> str:
    """Every digit there is, and no exponent.

    >>> [exact(Decimal(text)) for text in ("0E-18", "1E+3", "30.973224000", "-0")]
    ['0', '1000', '30.973224', '0']
    """
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def grouped(amount: Decimal) -> str:
    """Every digit, with thousands separators.

    >>> grouped(Decimal("1234567.50"))
    '1,234,567.5'
    """
    return f"{Decimal(exact(amount)):,f}"


def percent(share: Decimal | float | None) -> str:
    """One place after the point, none where it is zero; never a rounded zero for a real share.

    >>> [percent(1.23), percent(Decimal(100)), percent(-0.004), percent(0.0), percent(None)]
    ['1.2 %', '100 %', '>-0.1 %', '0 %', 'unknown']
    """
    if share is None:
        return UNKNOWN
    exactly = Decimal(str(share))
    if exactly and abs(exactly) < Decimal("0.05"):
        return "<0.1 %" if exactly > 0 else ">-0.1 %"
    text = f"{_rounded(exactly, 1):f}"
    return f"{text.removesuffix('.0')} %"


def milliseconds(value: float) -> str:
    """In the unit that a person would choose.

    >>> [milliseconds(value) for value in (0.4, 12.34, 999.6, 4100, 90_000, 86_400_000)]
    ['0.4 ms', '12.3 ms', '1.00 s', '4.10 s', '90.0 s', '24.0 h']
    """
    if value < 999.5:
        return f"{value:.1f} ms"
    seconds = value / 1000
    if seconds < 600:
        return f"{seconds:.2f} s" if seconds < 60 else f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 36_000 else f"{seconds / 3600:.1f} h"


def month(start: datetime, end: datetime) -> str:
    """A whole month by its name, anything else by its first and last day.

    >>> from datetime import UTC
    >>> month(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
    'October 2026'
    >>> month(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 9, tzinfo=UTC))
    '2026-10-01 to 2026-10-08'
    """
    following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    if start.day == 1 and end == following:
        return f"{start:%B %Y}"
    return f"{start:%Y-%m-%d} to {end - timedelta(microseconds=1):%Y-%m-%d}"


def words(name: str) -> str:
    """A name in camel case, in words.

    >>> words("AfterDiscountsAndCommitments")
    'after discounts and commitments'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def flat(assumptions: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Assumptions by dotted key.

    >>> list(flat({"instances": {"drain_s": 30.0}, "lock": True, "limit": None}))
    [('instances.drain_s', '30'), ('lock', 'true'), ('limit', 'none')]
    """
    for key, value in assumptions.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", _value(value)


def _value(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def counted(count: int, noun: str) -> str:
    """With its plural.

    >>> [counted(1, "account"), counted(1200, "row")]
    ['1 account', '1,200 rows']
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def size(count: int) -> str:
    """Bytes in thousands, as disks are sold and S3 bills them.

    >>> [size(count) for count in (950, 1_500_000, 2_500_000_000)]
    ['950 bytes', '1.5 MB', '2.5 GB']
    """
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= unit:
            return f"{count / unit:,.1f} {name}"
    return counted(count, "byte")


def _below_a_cent(amount: Decimal) -> str | None:
    if not amount or abs(amount) >= Decimal("0.005"):
        return None
    return "<0.01" if amount > 0 else ">-0.01"


def _rounded(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
