"""A bill: one month of an export as charges, checked against the files it came from."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import polars as pl

from infercost.billing.classify import remarks
from infercost.billing.delivery.newest import SetAside
from infercost.billing.export.charges import in_order
from infercost.billing.export.export import Export
from infercost.billing.export.months import Month, choose_month, read_months
from infercost.billing.export.open import open_export
from infercost.billing.formats import currency_column
from infercost.billing.reading.cells import short
from infercost.billing.reading.source import SOURCE_FILE
from infercost.schema.errors import IncompleteError
from infercost.schema.inspection import Aside, Unread
from infercost.schema.progress import Progress, silent

# How Bill.spend is grouped.
SPEND_KEYS = (
    *("billing_account_id", "sub_account_id", "service_code", "service_name", "kind", "charge_category"),
    "billing_currency",
)
_INFERENCE = "inference"
_SCIENTIFIC = r"(?i)^\d(?:[.,]\d+)?e\+?\d+$"  # as a spreadsheet shows a long number
_NAMED = 5  # currencies, and payers of each, in a message


@dataclasses.dataclass(frozen=True)
class Bill:
    """One month of an export.

    Attributes:
        format: "FOCUS 1.2", "CUR 2.0", ...
        files: the files that were read.
        rows: rows of the month, of every service.
        month: its first day; `period_start` and `period_end` are its bounds in UTC.
        covered_start: the first use: hour 0 of all that is replayed.
        covered_hours: from the first use to the end of the last; an export by day or month covers its whole span.
        closed: every row carries an invoice id, or is said to be no estimate (Cost Explorer); an export that says
            neither is not known to be closed.
        payers: the billing accounts.
        currency: the one currency of all amounts.
        charges: schema.charges.CHARGES, then CLASSIFICATION: every row whose kind is not "other-service", and
            the requests of S3 and SNS whose rates price the answers of asynchronous inference.
        spend: all rows that count, grouped by SPEND_KEYS: `rows`, `billed_cost`, `effective_cost`. The rows of other
            services name no account.
        export_total: what the invoice says of the month, summed straight from the files: BilledCost (FOCUS), net
            unblended cost (CUR).
        charges_total: the same from our own table; equal to within half a cent per file and kind of charge.
        warnings: what the export leaves unknown, in words.
        set_aside: rows of the export that are no charges of this bill, by reason. With `charges` they are all rows.
        deliveries_set_aside: deliveries and files that lie there and are not read.
    """

    format: str
    files: tuple[str, ...]
    rows: int
    month: dt.date
    period_start: dt.datetime
    period_end: dt.datetime
    covered_start: dt.datetime
    covered_hours: int
    closed: bool
    payers: tuple[str, ...]
    currency: str
    charges: pl.DataFrame
    spend: pl.DataFrame
    export_total: Decimal
    charges_total: Decimal
    warnings: tuple[str, ...]
    set_aside: Mapping[str, int]
    deliveries_set_aside: tuple[SetAside, ...] = ()

    @property
    def aside(self) -> tuple[Aside, ...]:
        """The rows that are no charges, as reports tell them."""
        return tuple(Aside(reason=reason, rows=rows) for reason, rows in sorted(self.set_aside.items()))

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The deliveries and files that are not read, as reports tell them."""
        return tuple(Unread(name=one.name, month=one.month, reason=one.reason) for one in self.deliveries_set_aside)


def read_bill(paths: Sequence[str], *, month: str | None = None, progress: Progress = silent) -> Bill:
    """Reads one month of an export.

    Args:
        paths: files, globs or folders (to any depth) of one export; formats are told by the header.
        month: "YYYY-MM"; the default is the newest complete month in the export.
        progress: is told what is being done.

    Raises:
        InputError: a file is damaged, of no known format, or holds a cell that cannot be read.
        IncompleteError: a column or the month is missing, currencies are mixed, or the charges do not add up to the
            export.
        UsageError: `month` is not YYYY-MM.
    """
    with open_export(paths, month=month, progress=progress) as export:
        chosen = choose_month(read_months(export.sums), month)
        return bill_of(export, chosen)


def bill_of(export: Export, month: Month) -> Bill:
    """Returns one month of an export.

    Raises:
        InputError: a cell of its charges cannot be read.
        IncompleteError: currencies are mixed, or charges are missing.
    """
    of_month = export.sums.filter(billing_period_start=month.start)
    currency = _currency(of_month, currency_column(export.format))
    sums = of_month.filter(pl.col("billing_currency").eq_missing(currency))
    rows = pl.concat([in_order([]), *export.charges(month.name)]).filter(
        pl.col("billing_currency").eq_missing(currency)
    )
    charges = in_order([rows])
    counted = sums.filter(pl.col("set_aside").is_null())
    set_aside = _set_aside(export, of_month, currency)
    if sum(set_aside.values()) + charges.height != export.rows:
        raise IncompleteError(
            f"{charges.height:,} charges and {sum(set_aside.values()):,} rows set aside are not the"
            f" {export.rows:,} rows of the export. This is a fault of infercost: please report it"
        )
    audited = [tally for tally in export.tallies if tally.month == month.name and tally.currency == currency]
    return Bill(
        format=export.format,
        files=export.files,
        rows=int(sums["rows"].sum()),
        month=month.start.date(),
        period_start=month.start,
        period_end=month.end,
        covered_start=month.covered_start,
        covered_hours=month.covered_hours,
        closed=month.closed,
        payers=tuple(sums["billing_account_id"].drop_nulls().unique().sort()),
        currency=currency,
        charges=charges.drop(SOURCE_FILE),
        spend=counted.group_by(SPEND_KEYS).agg(pl.col("rows", "billed_cost", "effective_cost").sum()).sort(SPEND_KEYS),
        export_total=sum((tally.cost_of("billed_cost") for tally in audited), Decimal(0)),
        charges_total=Decimal(sums["billed_cost"].sum()),
        warnings=(
            *export.warnings,
            *remarks(charges, counted, export.format),
            *_elsewhere(of_month, currency),
            *_warnings(sums, currency),
        ),
        set_aside=set_aside,
        deliveries_set_aside=export.deliveries_set_aside,
    )


def _currency(sums: pl.DataFrame, column: str) -> str:
    """The one currency of the month, or that of all its inference, of which no row may leave it open."""
    of_inference = sums.filter(kind=_INFERENCE)
    named = sums.drop_nulls("billing_currency")
    if named.is_empty():
        raise IncompleteError(
            f"{min(sums[SOURCE_FILE])}: no row names its currency, and amounts of unknown currencies are never"
            f" added. Export the column {column}, filled in on every row"
        )
    rows = named if of_inference.is_empty() else of_inference
    found = rows["billing_currency"].unique()
    if found.len() == 1 and not found.has_nulls():
        return str(found[0])
    raise IncompleteError(
        f"amounts {_in_currencies(found)} stand in one month, and currencies are never added ({_places(rows)}). "
        + (f"Fill in the column {column}" if found.has_nulls() else _parting(rows))
    )


def _parting(rows: pl.DataFrame) -> str:
    """What parts currencies: the choice of files, unless a file holds two."""
    in_file = rows.group_by(SOURCE_FILE).agg(pl.col("billing_currency").n_unique())
    mixed = in_file.filter(pl.col("billing_currency") > 1)[SOURCE_FILE].sort().to_list()
    if not mixed:
        return "Name the files of one currency at a time"
    return (
        f"No choice of files parts them, for {mixed[0]} holds several: copy the rows of one currency to a file of their"
        " own and name that, or ask for another month with --month"
    )


def _in_currencies(found: pl.Series) -> str:
    named = ", ".join(map(short, sorted(found.drop_nulls().to_list())[:_NAMED]))
    return " and ".join([*([f"in {named}"] if named else []), *(["in no known currency"] if found.has_nulls() else [])])


def _places(sums: pl.DataFrame) -> str:
    """Rows, cost, payers and a file of each currency."""
    by_currency = sums.group_by("billing_currency").agg(
        pl.col("rows", "billed_cost").sum(),
        pl.col("billing_account_id").drop_nulls().unique().sort(),
        pl.col(SOURCE_FILE).min(),
    )
    return "; ".join(
        f"{_rows_of(rows, cost, currency)}, of {', '.join(map(short, payers[:_NAMED])) or 'nobody'}, such as in {file}"
        for currency, rows, cost, payers, file in by_currency.sort("billing_currency", nulls_last=True)
        .head(_NAMED)
        .iter_rows()
    )


def _rows_of(rows: int, cost: Decimal, currency: str | None) -> str:
    """Rows with all digits of what they cost, at least to the cent."""
    exact = max(2, -int(cost.normalize().as_tuple().exponent))
    where = "in no known currency" if currency is None else short(currency)
    return f"{rows:,} {'rows' if rows > 1 else 'row'}, {cost:,.{exact}f} {where}"


def _set_aside(export: Export, of_month: pl.DataFrame, currency: str) -> dict[str, int]:
    """Counts the rows that are no charges, each under one reason."""
    start = of_month["billing_period_start"][0]
    reason = (
        pl.when(pl.col("billing_period_start") != start)
        .then(pl.lit("other month"))
        .when(~pl.col("billing_currency").eq_missing(currency))
        .then(pl.lit("other currency"))
    )
    return export.rows_aside(reason)


def _elsewhere(of_month: pl.DataFrame, currency: str) -> Iterator[str]:
    """What is in no figure because its currency is another one, or unknown."""
    others = of_month.filter(~pl.col("billing_currency").eq_missing(currency)).group_by("billing_currency")
    sums = others.agg(pl.col("rows", "billed_cost").sum()).sort("billing_currency", nulls_last=True)
    for other, rows, cost in sums.iter_rows():
        yield f"other currency: {_rows_of(rows, cost, other)}, set aside, in no figure: currencies are never added"


def _warnings(sums: pl.DataFrame, currency: str) -> list[str]:
    found = []
    aside = sums.drop_nulls("set_aside").group_by("set_aside").agg(pl.col("rows", "billed_cost").sum())
    for reason, rows, cost in aside.sort("set_aside").iter_rows():
        several = "rows" if rows > 1 else "row"
        found.append(
            f"{reason}: {rows:,} {several} of {cost.normalize():f} {short(currency)}, set aside, count in no cost"
        )
    outside = sums.filter("is_outside")
    if not outside.is_empty():
        files = sorted(outside[SOURCE_FILE].unique())
        rows = int(outside["rows"].sum())
        found.append(
            f"{files[0]}{f' and {len(files) - 1} more files' if len(files) > 1 else ''}: {rows:,}"
            f" {'rows start' if rows > 1 else 'row starts'} outside of the month of the bill: counted in it, but not in"
            " what it covers"
        )
    return [*found, *_lost_accounts(sums)]


def _lost_accounts(sums: pl.DataFrame) -> Iterator[str]:
    """Ids in scientific notation: digits are gone, so several accounts may be one of them."""
    is_lost = [pl.col(name).str.contains(_SCIENTIFIC) for name in ("sub_account_id", "billing_account_id")]
    lost = sums.filter(pl.any_horizontal(is_lost).fill_null(value=False))
    if not lost.is_empty():
        known = (pl.when(one).then(one.meta.root_names()[0]) for one in is_lost)
        example, rows = lost.select(pl.coalesce(*known)).to_series().sort()[0], int(lost["rows"].sum())
        yield (
            f"{lost[SOURCE_FILE].sort()[0]}: {rows:,} {'rows are' if rows > 1 else 'row is'} of an account such as"
            f" {short(example)!r}, which is no account id of 12 digits: a spreadsheet lost the others, and accounts"
            " that share it are one here. All else is read as it stands; use the file as AWS wrote it"
        )
