"""The audit once more, row by row in plain Python: slow, obvious, and without a line of ours.

It is what the quick audit has to agree with, on any export.
"""

import csv
import gzip
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import NamedTuple

import polars as pl

NOTHING = ("", "NULL", "null")
EXACT = Context(prec=80)


class Sum(NamedTuple):
    """Rows, unblended and net unblended cost (CUR), or billed and effective cost (FOCUS)."""

    rows: int
    cost: Decimal
    net: Decimal


Key = tuple[str, str | None, str | None, str | None]  # month, payer, currency, category
Row = dict[str, object]


def slow_sums(file: Path) -> dict[Key, Sum]:
    """Sums a file of CUR in snake case or with slashes, or of FOCUS in Pascal case."""
    sums: dict[Key, Sum] = {}
    for row in _rows(file):
        key, cost, net = _of_focus(row) if "BilledCost" in row else _of_cur(row)
        rows, all_cost, all_net = sums.get(key, (0, Decimal(0), Decimal(0)))
        sums[key] = Sum(rows + 1, EXACT.add(all_cost, cost), EXACT.add(all_net, net))
    return sums


def _rows(file: Path) -> Iterator[Row]:
    if file.read_bytes()[:4] == b"PAR1":
        yield from pl.read_parquet(file).iter_rows(named=True)
        return
    zipped = file.read_bytes()[:2] == b"\x1f\x8b"
    with gzip.open(file, "rt", newline="") if zipped else file.open(newline="") as text:
        rows = csv.reader(text)
        header = next(rows)
        for number, row in enumerate(rows, start=1):
            if row:
                yield dict(zip(header, _whole(row, header, number), strict=True))


def _whole(row: Sequence[str], header: Sequence[str], number: int) -> Sequence[str]:
    if len(row) != len(header):
        raise ValueError(f"row {number} has {len(row)} fields, the header has {len(header)}")
    return row


def _of_focus(row: Row) -> tuple[Key, Decimal, Decimal]:
    month = _first(row, "BillingPeriodStart") if "BillingPeriodStart" in row else row["ChargePeriodStart"]
    key = (
        str(month)[:7],
        _text(row.get("BillingAccountId")),
        _text(row.get("BillingCurrency")),
        _text(row["ChargeCategory"]),
    )
    return key, _amount(row["BilledCost"]), _amount(row["EffectiveCost"])


def _of_cur(row: Row) -> tuple[Key, Decimal, Decimal]:
    row = {_snake(name): value for name, value in row.items()}
    month = row.get("bill_billing_period_start_date", row.get("line_item_usage_start_date"))
    kind = _text(row["line_item_line_item_type"])
    has_currency = "line_item_currency_code" in row or "pricing_currency" in row
    currency = _first(row, "line_item_currency_code", "pricing_currency") if has_currency else "USD"
    cost = _amount(row["line_item_unblended_cost"])
    given = row.get("line_item_net_unblended_cost")
    if "line_item_net_unblended_cost" not in row:
        net = cost
    elif _text(given) is not None and given != "None":
        net = _amount(given)
    else:
        net = Decimal(0) if (kind or "").endswith("Discount") else cost
    return (str(month)[:7], _text(row.get("bill_payer_account_id")), currency, kind), cost, net


def _snake(name: str) -> str:
    """`lineItem/UnblendedCost` is `line_item_unblended_cost`."""
    spaced = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name.replace("/", "_"))
    return spaced.replace("__", "_")


def _first(row: Row, *names: str) -> str | None:
    return next((text for name in names if (text := _text(row.get(name))) is not None), None)


def _text(value: object) -> str | None:
    return None if value is None or value in NOTHING else str(value)


def _amount(value: object) -> Decimal:
    """Doubles mean twelve digits, text eighteen."""
    digits = 12 if isinstance(value, float) else 18
    amount = Decimal(str(value)) if not isinstance(value, float) else Decimal(value)
    if not amount.is_finite():
        raise ValueError(f"{value!r} is no amount")
    return amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN, EXACT)
