"""The independent totals: what the files say, summed straight from them before any mapping, join or filter.

Nothing here may use the formats or the classification: it is what they are checked against.
"""

import csv
import decimal
import gzip
import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import IO, NamedTuple

import polars as pl

from infercost.billing.delivery.file import File
from infercost.billing.reading.head import reading
from infercost.schema.errors import InputError
from infercost.schema.progress import Progress, silent

# (cost, month, category) as FOCUS and CUR name them, without marks and in lower case.
_FOCUS = ("billedcost", ("billingperiodstart", "chargeperiodstart"), "chargecategory")
_CUR = ("lineitemunblendedcost", ("billbillingperiodstartdate", "lineitemusagestartdate"), "lineitemlineitemtype")
_NET = "lineitemnetunblendedcost"  # the invoice's cost, where the line has it
_MARKS = re.compile(r"[^0-9a-z]")
_NOTHING = {"", "NULL", "null"}
# 38 digits a cell, and room for a sum of very many; what does not fit raises instead of being rounded.
_EXACT = decimal.Context(prec=80, traps=[decimal.Inexact, decimal.InvalidOperation])
_ZERO = Decimal(0)


class Tally(NamedTuple):
    """Rows and cost of one file, month ("2026-10") and charge category (FOCUS) or line item type (CUR)."""

    file: str
    month: str
    category: str | None
    rows: int
    cost: Decimal


def tally_files(files: Sequence[File], progress: Progress = silent) -> list[Tally]:
    """Sums each file by month and category.

    Raises:
        InputError: a row is cut short, or a cost is missing or no number; names file, column, row and value.
    """
    tallies: list[Tally] = []
    for done, file in enumerate(files):
        progress("auditing the export", done / len(files))
        with reading(file):
            if _starts_with(file, b"PAR1"):
                tallies += _tally_parquet(file)
            elif _starts_with(file, b"{") or _starts_with(file, b"["):
                tallies += _tally_json(file)
            else:
                tallies += _tally_csv(file)
    return tallies


def _tally_csv(file: File) -> list[Tally]:
    counts: dict[tuple[str, str], int] = {}
    sums: dict[tuple[str, str], Decimal] = {}
    with _open_text(file) as stream:
        rows = csv.reader(stream)
        header = next(rows)
        cost_at, month_at, category_at, net_at = _places(file, header)
        width = len(header)
        for number, row in enumerate(rows, start=1):
            if len(row) != width:
                if not row:
                    continue
                raise InputError(f"{file}: row {number} has {len(row)} fields, the header has {width}")
            key = (row[month_at][:7], row[category_at])
            cost = _amount(row[cost_at])
            if cost is None:
                raise InputError(f"{file}: column {header[cost_at]}, row {number}: {row[cost_at]!r} is no amount")
            if net_at is not None and (row[net_at] not in _NOTHING or row[category_at].endswith("Discount")):
                cost = _ZERO if row[net_at] in _NOTHING else _amount(row[net_at])
                if cost is None:
                    raise InputError(f"{file}: column {header[net_at]}, row {number}: {row[net_at]!r} is no amount")
            counts[key] = counts.get(key, 0) + 1
            sums[key] = _EXACT.add(sums.get(key, _ZERO), cost)
    return [
        Tally(file.name, month, None if category in _NOTHING else category, counts[month, category], cost)
        for (month, category), cost in sums.items()
    ]


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except decimal.InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _tally_parquet(file: File) -> list[Tally]:
    names = list(pl.read_parquet_schema(file.place))
    cost_at, month_at, category_at, net_at = _places(file, names)
    cost, month, category = (pl.col(names[place]) for place in (cost_at, month_at, category_at))
    table = pl.scan_parquet(file.place, glob=False, hive_partitioning=False)
    types = table.collect_schema()
    amount = cost.cast(pl.Decimal(38, 18)) if types[names[cost_at]] == pl.String else cost
    if net_at is not None and types[names[net_at]] != pl.Null:
        net = pl.col(names[net_at])
        net = net.replace("", None).cast(pl.Decimal(38, 18)) if types[names[net_at]] == pl.String else net
        discount = category.cast(pl.String).str.ends_with("Discount").fill_null(value=False)
        amount = pl.when(amount.is_not_null()).then(pl.coalesce(net, pl.when(discount).then(0).otherwise(amount)))
    if getattr(types[names[month_at]], "time_zone", None):
        month = month.dt.convert_time_zone("UTC")
    sums = (
        table.group_by(month.cast(pl.String).str.slice(0, 7).alias("month"), category.cast(pl.String).alias("category"))
        .agg(pl.len().alias("rows"), amount.sum().alias("cost"), amount.null_count().alias("missing"))
        .collect(engine="streaming")
    )
    tallies = []
    for name, kind, rows, total, missing in sums.select("month", "category", "rows", "cost", "missing").iter_rows():
        exact = Decimal(str(total))
        if missing or not exact.is_finite():
            raise InputError(f"{file}: column {names[cost_at]}, {_first_bad(table, names[cost_at])}")
        tallies.append(Tally(file.name, name, None if kind in _NOTHING else kind, rows, exact))
    return tallies


def _first_bad(table: pl.LazyFrame, name: str) -> str:
    numbered = table.select(pl.col(name)).with_row_index("row", offset=1)
    values = pl.col(name)
    bad = values.is_null() | ~values.is_finite()
    row, value = numbered.filter(bad).head(1).collect().row(0)
    return f"row {row}: {value!r} is no amount"


def _tally_json(file: File) -> list[Tally]:
    """An answer of Cost Explorer, or a list of its pages. `Total` stands where nothing is grouped."""
    document = json.loads(file.path.read_bytes(), parse_float=str, parse_int=str)
    counts: dict[tuple[str, str], int] = {}
    sums: dict[tuple[str, str], Decimal] = {}
    for page in document if isinstance(document, list) else [document]:
        grouped_by = [definition["Key"] for definition in page["GroupDefinitions"]]
        for result in page["ResultsByTime"]:
            for group in result["Groups"]:
                keys = dict(zip(grouped_by, group["Keys"], strict=True))
                untyped = "Adjustment" if keys["USAGE_TYPE"] == "NoUsageType" else "Usage"
                key = (result["TimePeriod"]["Start"][:7], keys.get("RECORD_TYPE", untyped).replace(" ", ""))
                metrics = group["Metrics"]
                given = (metrics.get("NetUnblendedCost") or metrics["UnblendedCost"])["Amount"]
                cost = _amount(given)
                if cost is None:
                    raise InputError(f"{file}: {' '.join((key[0], *group['Keys']))}: {given!r} is no amount")
                counts[key] = counts.get(key, 0) + 1
                sums[key] = _EXACT.add(sums.get(key, _ZERO), cost)
    return [Tally(file.name, *key, counts[key], cost) for key, cost in sums.items()]


def _places(file: File, header: Sequence[str]) -> tuple[int, int, int, int | None]:
    """Where cost, month, category and net cost stand."""
    at = {_MARKS.sub("", name.lower()): place for place, name in enumerate(header)}
    cost, months, category = _FOCUS if _FOCUS[0] in at else _CUR
    month = next((name for name in months if name in at), None)
    if month is None or cost not in at or category not in at:
        raise InputError(f"{file}: the columns to audit are missing: {cost}, {months[-1]}, {category}")
    return at[cost], at[month], at[category], at.get(_NET)


def _open_text(file: File) -> IO[str]:
    if _starts_with(file, b"\x1f\x8b"):
        return gzip.open(file.place, "rt", encoding="utf-8-sig", newline="")
    return file.path.open(encoding="utf-8-sig", newline="")


def _starts_with(file: File, magic: bytes) -> bool:
    with file.path.open("rb") as stream:
        return stream.read(len(magic)) == magic
