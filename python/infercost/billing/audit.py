"""The independent totals: what the files say, summed straight from their columns before any mapping, join or filter.

Nothing here may use the formats or the classification: it is what they are checked against. It has its own little
table of what the columns are called, and its own way to read an amount.
"""

import datetime as dt
import decimal
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import polars as pl

from infercost.billing.delivery.file import File
from infercost.schema.errors import InputError

_MARKS = re.compile(r"[^0-9a-z]")
_NOTHING = ("", "NULL", "null", "None")
_TEXT = pl.Decimal(38, 18)
_DOUBLE = pl.Decimal(38, 12)  # digits of a double that mean something
_LARGEST = 1e16
_LARGEST_TEXT = pl.Decimal(34, 18)  # no more than 16 digits before the point
_ACCOUNT_DIGITS = 12
_EXACT = decimal.Context(prec=80)
_NO_TYPE = "NoUsageType"

# Two columns of CHARGES that a format has under names of its own, and that have to add up.
View = Literal["unblended_cost", "billed_cost", "effective_cost"]


class Signature(NamedTuple):
    """What a format calls its columns, without marks and in lower case; of several the first that is there."""

    cost: str
    net: tuple[str, ...]
    month: tuple[str, ...]
    payer: str
    currency: tuple[str, ...]
    category: str
    views: tuple[View, View]  # what cost and net are called in CHARGES


SIGNATURES = (
    Signature(
        "billedcost",
        ("effectivecost",),
        ("billingperiodstart", "chargeperiodstart"),
        "billingaccountid",
        ("billingcurrency",),
        "chargecategory",
        ("billed_cost", "effective_cost"),
    ),
    Signature(
        "lineitemunblendedcost",
        ("lineitemnetunblendedcost",),
        ("billbillingperiodstartdate", "lineitemusagestartdate"),
        "billpayeraccountid",
        ("lineitemcurrencycode", "pricingcurrency"),
        "lineitemlineitemtype",
        ("unblended_cost", "billed_cost"),
    ),
)
_ANSWERS: tuple[View, View] = ("billed_cost", "billed_cost")


class Tally(NamedTuple):
    """Rows and costs of one file by month ("2026-10"), payer, currency, and charge category or line item type.

    `cost` and `net_cost` are unblended and net unblended cost (CUR), billed and effective cost (FOCUS).
    """

    file: str
    month: str
    payer: str | None
    currency: str | None
    category: str | None
    rows: int
    cost: Decimal
    net_cost: Decimal
    views: tuple[View, View]

    def cost_of(self, view: View) -> Decimal:
        """Returns the cost that is called so in CHARGES; it has to be one of `views`."""
        return (self.cost, self.net_cost)[self.views.index(view)]


class Audit:
    """The audit of files with one header.

    Attributes:
        columns: the columns that it reads, as the header spells them.
        keys: those of them that tell month, payer, currency and category.
        category: the one that tells the category.
    """

    def __init__(self, file: File, header: Sequence[tuple[str, pl.DataType]]) -> None:
        """Finds the columns.

        Raises:
            InputError: they are missing, or no amounts.
        """
        at = {_MARKS.sub("", name.lower()): (name, dtype) for name, dtype in header if dtype != pl.Null}
        signature = next((one for one in SIGNATURES if one.cost in at), SIGNATURES[-1])
        month = next((name for name in signature.month if name in at), None)
        if month is None or signature.cost not in at or signature.category not in at:
            raise InputError(
                f"{file}: the columns to audit are missing: {signature.cost}, {signature.month[-1]},"
                f" {signature.category}"
            )
        self._views = signature.views
        self._cost = at[signature.cost]
        self._net = next((at[name] for name in signature.net if name in at), None)
        self._is_line_net = self._views[0] == "unblended_cost" and self._net is not None
        self._currencies = [at[name][0] for name in signature.currency if name in at]
        self._month, self.category = at[month][0], at[signature.category][0]
        self._payer = at.get(signature.payer)
        payer = [self._payer[0]] if self._payer else []
        self.keys = tuple(dict.fromkeys([self._month, *payer, self.category, *self._currencies]))
        self.columns = tuple(dict.fromkeys([*self.keys, self._cost[0], *([self._net[0]] if self._net else [])]))

    def sums(self, rows: pl.LazyFrame, constants: Mapping[str, Any]) -> pl.LazyFrame:
        """Returns the rows and costs of each combination of `keys`.

        Args:
            rows: as they stand in the file.
            constants: columns that hold one value in all of these rows, and that value.
        """
        cost, bad_cost = _amount(*self._cost)
        net, bad_net = _amount(*self._net) if self._net else (cost, pl.lit(value=False))
        keys = [pl.col(name) for name in self.keys if name not in constants]
        keys.append((net.is_null() if self._is_line_net else pl.lit(value=False)).alias("#no net"))
        alike = {name: pl.lit(constants[name]) for name in self.keys if name in constants}
        sums = rows.group_by(keys).agg(
            pl.len().alias("#rows"),
            cost.sum().alias("#cost"),
            net.sum().alias("#net"),
            (bad_cost | cost.is_null()).sum().alias("#bad cost"),
            bad_net.sum().alias("#bad net"),
        )
        return sums.with_columns(**alike)

    def rows_by_category(self, sums: pl.DataFrame) -> dict[str | None, int]:
        """Returns how many of the rows that were summed are of each category, as it stands in the file."""
        return dict(sums.group_by(self.category).agg(pl.col("#rows").sum()).iter_rows())

    def tallies(self, file: File, sums: Iterable[pl.DataFrame]) -> list[Tally]:
        """Adds up the sums of a file.

        Raises:
            InputError: a cost is missing or no number.
        """
        found: dict[tuple[str, str | None, str | None, str | None], tuple[int, Decimal, Decimal]] = {}
        for row in (row for frame in sums for row in frame.iter_rows(named=True)):
            for bad, column in (("#bad cost", self._cost), ("#bad net", self._net)):
                if row[bad] and column:
                    raise InputError(f"{file}: column {column[0]}: {row[bad]:,} rows hold no amount")
            category = _text(row[self.category])
            net = Decimal(row["#net"])
            # a line without a net cost of its own costs what it costs; a discount on its own line is in the others
            if row["#no net"] and not (category or "").lower().endswith("discount"):
                net = Decimal(row["#cost"])
            key = (_month(row[self._month]), self._payer_of(row), self._currency_of(row), category)
            rows, cost, all_net = found.get(key, (0, Decimal(0), Decimal(0)))
            found[key] = (rows + row["#rows"], _EXACT.add(cost, Decimal(row["#cost"])), _EXACT.add(all_net, net))
        return [Tally(file.name, *key, *values, self._views) for key, values in found.items()]

    def _payer_of(self, row: dict[str, object]) -> str | None:
        if self._payer is None:
            return None
        name, dtype = self._payer
        payer = _text(row[name])
        return payer if payer is None or not dtype.is_numeric() else payer.partition(".")[0].zfill(_ACCOUNT_DIGITS)

    def _currency_of(self, row: dict[str, object]) -> str | None:
        if not self._currencies:
            return "USD" if self._views[0] == "unblended_cost" else None
        return next((text for name in self._currencies if (text := _text(row[name])) is not None), None)


def _amount(name: str, dtype: pl.DataType) -> tuple[pl.Expr, pl.Expr]:
    """A column of amounts, null where there is none, and where what stands there is no amount."""
    column = pl.col(name)
    if dtype.is_float():
        sound = column.abs() < _LARGEST  # not so for NaN
        return pl.when(sound).then(column).cast(_DOUBLE), (~sound).fill_null(value=False)
    given = pl.when(~column.is_in(_NOTHING)).then(column) if dtype == pl.String else column
    value = given.cast(_LARGEST_TEXT, strict=False).cast(_TEXT)
    return value, given.is_not_null() & value.is_null()


def _text(value: object) -> str | None:
    return None if value is None or str(value) in _NOTHING[:3] else str(value)


def _month(value: object) -> str:
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.astimezone(dt.UTC)
    return str(value)[:7]


def tally_answers(file: File) -> list[Tally]:
    """Sums an answer of Cost Explorer, or a list of its pages. `Total` stands where nothing is grouped.

    Raises:
        InputError: an amount is missing or no number, or a group does not say what it is.
    """
    document = json.loads(file.path.read_bytes(), parse_float=str, parse_int=str)
    found: dict[tuple[str, str | None, str], tuple[int, Decimal]] = {}
    for page in document if isinstance(document, list) else [document]:
        grouped_by = [definition["Key"] for definition in page.get("GroupDefinitions", ())]
        for result in page["ResultsByTime"]:
            for group in result.get("Groups", ()):
                keys = dict(zip(grouped_by, group["Keys"], strict=False))
                metrics = group["Metrics"]
                given = metrics.get("NetUnblendedCost") or metrics.get("UnblendedCost")
                if given is None or "USAGE_TYPE" not in keys or len(grouped_by) != len(group["Keys"]):
                    raise InputError(f"{file}: the group {str(group)[:80]} lacks its unblended cost or a key")
                untyped = "Adjustment" if keys["USAGE_TYPE"] == _NO_TYPE else "Usage"
                category = keys.get("RECORD_TYPE", untyped).replace(" ", "")
                key = (result["TimePeriod"]["Start"][:7], _text(given.get("Unit")), category)
                rows, cost = found.get(key, (0, Decimal(0)))
                found[key] = (rows + 1, _EXACT.add(cost, _decimal(file, given["Amount"])))
    return [
        Tally(file.name, month, None, currency, category, rows, cost, cost, _ANSWERS)
        for (month, currency, category), (rows, cost) in found.items()
    ]


def _decimal(file: File, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except decimal.InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise InputError(f"{file}: {text!r} is no amount")
    return amount
