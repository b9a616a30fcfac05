"""What an export comes to: its rows and costs by month, owner and kind, and a way to its charges."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping

import polars as pl

from infercost.billing.audit import Tally
from infercost.billing.delivery.newest import SetAside
from infercost.billing.reading.source import SOURCE_FILE

# What the sums of an export are told apart by.
SUM_KEYS = (
    *(SOURCE_FILE, "billing_account_id", "sub_account_id", "service_code", "service_name", "billing_currency"),
    *("charge_category", "line_item_type", "billing_period_start", "set_aside", "grain", "is_outside"),
    *("kind", "is_charge"),
)


@dataclasses.dataclass(frozen=True)
class Export:
    """An export, surveyed, audited and reconciled.

    Attributes:
        format: "FOCUS 1.2", "CUR 2.0", ...
        files: the files that count.
        sums: SUM_KEYS, and rows, costs and starts as `survey.ADDED` adds them: all rows of all files that count.
        tallies: the audit's totals of the same.
        set_aside: rows of files that do not count, by reason.
        warnings: what the export leaves unknown, in words.
        deliveries_set_aside: deliveries and files that lie there and are not read.
        charges: gives the charges of a month, or of all (None), part by part: `charges.COLUMNS`.
    """

    format: str
    files: tuple[str, ...]
    sums: pl.DataFrame
    tallies: tuple[Tally, ...]
    set_aside: Mapping[str, int]
    warnings: tuple[str, ...]
    charges: Callable[[str | None], Iterator[pl.DataFrame]]
    deliveries_set_aside: tuple[SetAside, ...] = ()
