"""Legacy CUR, from rows that are given under the names of CUR 2.0: as AWS's CSV, and as Athena has it.

`legacy(...)` and `snake(...)` make one row, `as_legacy` and `as_snake` turn rows of CUR 2.0 (make_exports.cur) into it.
The maps become a column per key; a column that only some rows have is empty in the others, as in a real report.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from unit.billing.make_exports import Row, cur

_CATEGORIES = {
    "bill_": "bill",
    "identity_": "identity",
    "line_item_": "lineItem",
    "pricing_": "pricing",
    "product_": "product",
    "reservation_": "reservation",
    "savings_plan_": "savingsPlan",
}
_SLASHED = {
    "reservation_reservation_a_r_n": "reservation/ReservationARN",
    "savings_plan_savings_plan_a_r_n": "savingsPlan/SavingsPlanARN",
}
_LOWER = ("pricing", "product")  # categories whose names start with a small letter
_PRODUCTS = {"product_name": "product/ProductName"}
# Maps, and what only CUR 2.0 has.
_GONE = {
    *("product", "resource_tags", "cost_category", "discount", "bill_payer_account_name"),
    *("line_item_iam_principal", "line_item_usage_account_name"),
}
_AMOUNTS = ("Cost", "Amount", "Fee", "ToDate", "Commitment", "ForBillingPeriod")


def legacy(**given: str) -> Row:
    """One row of legacy CUR as CSV, by what CUR 2.0 calls its columns: an hour of an endpoint, unless told."""
    return as_legacy([cur(**given)])[0]


def snake(**given: str) -> Row:
    """One row of legacy CUR as Athena has it."""
    return as_snake([cur(**given)])[0]


def as_legacy(rows: Iterable[Row]) -> list[Row]:
    """Rows of CUR 2.0 under the names of legacy CUR."""
    given = [_flat(row) for row in rows]
    names = sorted({name for row in given for name in row})
    return [{name: row.get(name, "") for name in names} for row in given]


def as_snake(rows: Iterable[Row]) -> list[Row]:
    """Rows of CUR 2.0 under the names that Athena has for those of legacy CUR."""
    return [{_athena(name): value for name, value in row.items()} for row in as_legacy(rows)]


def write_snake(file: Path, rows: Sequence[Row]) -> Path:
    """Parquet as AWS writes it for Athena: amounts are doubles, times have no zone, and empty text is empty text."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    file.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame([_typed(name, values) for name, values in columns.items()]).write_parquet(file, compression="snappy")
    return file


def _flat(row: Row) -> Row:
    flat = {_slashed(name): value for name, value in row.items() if name not in _GONE}
    if "product_region_code" in row:
        flat["product/region"] = row["product_region_code"]
    for key, value in json.loads(row.get("product") or "{}").items():
        flat[_PRODUCTS.get(key, f"product/{key}")] = value
    for key, value in json.loads(row.get("resource_tags") or "{}").items():
        flat[f"resourceTags/{key.replace('user_', 'user:', 1)}"] = value
    return flat


def _slashed(name: str) -> str:
    if name in _SLASHED:
        return _SLASHED[name]
    prefix, category = next(pair for pair in _CATEGORIES.items() if name.startswith(pair[0]))
    words = [word.capitalize() for word in name.removeprefix(prefix).split("_")]
    if category in _LOWER:
        words[0] = words[0].lower()
    return f"{category}/{''.join(words)}"


def _athena(name: str) -> str:
    """As Athena does it: a capital becomes `_x`, and what is no letter or digit `_`."""
    spelled = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return "".join(letter if letter.isalnum() else "_" for letter in spelled).replace("__", "_")


def _typed(name: str, values: Sequence[str]) -> pl.Series:
    spelled = "".join(part.capitalize() for part in name.split("_"))
    if spelled.endswith(_AMOUNTS):
        return pl.Series(name, [float(value) if value else None for value in values], dtype=pl.Float64)
    if spelled.endswith("Date"):
        times = pl.Series(name, [value or None for value in values], dtype=pl.String)
        return times.str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="ns")
    return pl.Series(name, values, dtype=pl.String)
