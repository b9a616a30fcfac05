"""The same month from two exports, such as an old one and its successor: both charge for the same use."""

import polars as pl

from infercost.billing.delivery.deliver import Delivered
from infercost.billing.reading.cells import short
from infercost.schema.errors import InputError


def refuse_twice(delivered: Delivered, rows: pl.DataFrame) -> None:
    """Refuses a month of one payer that stands in two exports. Two payers may lie side by side: each has its own.

    Args:
        delivered: tells the exports of the files.
        rows: source_file, month ("2026-10"), billing_account_id; in distinct rows.

    Raises:
        InputError: the first month that does.
    """
    first: dict[tuple[str, str | None], str] = {}
    for file, month, payer in rows.select("source_file", "month", "billing_account_id").sort(pl.all()).iter_rows():
        other = first.setdefault((month, payer), file)
        if delivered.exports[other] != delivered.exports[file]:
            raise InputError(
                f"{other} and {file} belong to two exports, and both charge {short(payer or 'the payer')} for {month}:"
                " every charge would count twice. Name the files of one of them, the one that is still delivered"
            )
