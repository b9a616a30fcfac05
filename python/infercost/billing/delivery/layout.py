"""What the folders of AWS say about a file: its export, its month, and which delivery of that month it belongs to."""

import dataclasses
import re
from collections.abc import Sequence

_PERIOD = re.compile(r"billing_period=(\d{4})-(\d{2})", re.IGNORECASE)  # Data Exports
_DATES = re.compile(r"(\d{4})(\d{2})01-\d{8}")  # legacy CUR: 20261001-20261101
_YEAR = re.compile(r"year=(\d{4})", re.IGNORECASE)  # legacy CUR for Athena: year=2026/month=10, padded or not
_MONTH = re.compile(r"month=(\d{1,2})", re.IGNORECASE)
_HALVES = ("data", "metadata")  # of a Data Export, side by side


@dataclasses.dataclass(frozen=True)
class Layout:
    """Where in an export a file stands.

    Attributes:
        export: the folders above the month.
        month: "2026-10".
        delivery: the folders of the month and below it: where every delivery is kept, the last one names it.
    """

    export: tuple[str, ...]
    month: str
    delivery: tuple[str, ...]


def read_layout(folders: Sequence[str]) -> Layout | None:
    """Returns what the folders of a file say, outermost first, or None if none of them is a month.

    Example:
        >>> read_layout(["bills", "data", "BILLING_PERIOD=2026-10", "20261102T0100Z"])
        Layout(export=('bills',), month='2026-10', delivery=('BILLING_PERIOD=2026-10', '20261102T0100Z'))
        >>> read_layout(["bills", "year=2026", "month=9"]).month
        '2026-09'
    """
    for place, folder in enumerate(folders):
        month = _month(folder, folders[place + 1] if place + 1 < len(folders) else "")
        if month is not None:
            above = tuple(folders[:place])
            export = above[:-1] if above and above[-1].lower() in _HALVES else above
            # `account=...` and the like divide one delivery; they are none of their own
            below = folders[place + 1 :]
            return Layout(export, month, (folder, *(name for name in below if "=" not in name or _MONTH.match(name))))
    return None


def _month(folder: str, next_folder: str) -> str | None:
    if dated := _PERIOD.fullmatch(folder) or _DATES.fullmatch(folder):
        year, month = dated[1], int(dated[2])
    elif (in_year := _YEAR.fullmatch(folder)) and (in_month := _MONTH.fullmatch(next_folder)):
        year, month = in_year[1], int(in_month[1])
    else:
        return None
    return f"{year}-{month:02}" if 1 <= month <= 12 else None
