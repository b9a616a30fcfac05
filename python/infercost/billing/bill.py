"""A bill: one month of an export as charges, checked against the files it came from."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl

from infercost.billing.audit import tally_files
from infercost.billing.classify import classify, may_matter, unknown_prefixes
from infercost.billing.delivery.copies import find_copies
from infercost.billing.delivery.deliver import Delivered, deliver
from infercost.billing.formats import open_sources
from infercost.billing.formats.format import Format
from infercost.billing.months import Month, choose_month, read_months
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.locate import fail_on_unreadable, find_damage
from infercost.billing.reading.sanity import refuse_absurd_quantities, refuse_backward_periods
from infercost.billing.reading.source import SOURCE_FILE, UNREADABLE_AMOUNT, UNREADABLE_TIME, Source
from infercost.billing.reading.tags import canonical_tags
from infercost.billing.reconcile import reconcile
from infercost.schema.charges import CHARGES, CLASSIFICATION
from infercost.schema.errors import IncompleteError, InputError
from infercost.schema.progress import Progress, silent

_OWNERS = ("billing_account_id", "sub_account_id", "service_code", "service_name")
# How Bill.spend is grouped.
SPEND_KEYS = (*_OWNERS, "kind", "charge_category", "billing_currency")
_FILE_KEYS = (SOURCE_FILE, *_OWNERS, "charge_category", "line_item_type", "billing_currency")
# Rows of containers whose cost stands on the row of their EC2 instance too.
_SPLIT = ("EKSPod-EC2", "ECSTask-EC2")
# Other services', but their rates are asked for: each answer of asynchronous inference is one object put in S3 [AY-6]
# and may be told by one message of SNS [AY-5].
_RELATED = (
    pl.col("service_code").is_in(["AmazonS3", "AmazonSNS"])
    & pl.col("usage_type").str.contains(r"(?:^|-)Requests-Tier1$")
).fill_null(value=False)
_SUMS = (
    pl.len().cast(pl.Int64).alias("rows"),
    pl.col("billed_cost").sum(),
    pl.col("effective_cost").sum(),
    pl.col("billed_cost").filter(pl.col("operation").is_in(_SPLIT)).sum().alias("split_cost"),
)


@dataclasses.dataclass(frozen=True)
class Bill:
    """One month of an export.

    Attributes:
        format: "FOCUS 1.2" or "CUR 2.0".
        files: the files that were read.
        rows: rows of the month, of every service.
        month: its first day; `period_start` and `period_end` are its bounds in UTC.
        covered_start: the first use: hour 0 of all that is replayed.
        covered_hours: from the first use to the end of the last; an export by day or month covers its whole span.
        closed: every row carries an invoice id; an export without that column is not known to be closed.
        payers: the billing accounts.
        currency: the one currency of all amounts.
        charges: schema.charges.CHARGES, then CLASSIFICATION: every row whose kind is not "other-service", and
            the requests of S3 and SNS whose rates price the answers of asynchronous inference.
        spend: all rows, grouped by SPEND_KEYS: `rows`, `billed_cost`, `effective_cost`.
        export_total: BilledCost (FOCUS) or unblended cost (CUR) of the month, summed straight from the files.
        charges_total: the same from our own table; equal to within half a cent per file and kind of charge.
        warnings: what the export leaves unknown, in words.
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


def read_bill(paths: Sequence[str], *, month: str | None = None, progress: Progress = silent) -> Bill:
    """Reads one month of an export.

    Args:
        paths: files, globs or folders (to any depth) of one export; formats are told by the header.
        month: "YYYY-MM"; the default is the newest complete month in the export.
        progress: is told what is being done.

    Raises:
        InputError: a file is damaged, of no known format, or holds a cell that cannot be read.
        IncompleteError: a column or the month is missing, currencies are mixed, a unit is unknown, or the charges do
            not add up to the export.
        UsageError: `month` is not YYYY-MM.
    """
    with deliver(paths, month=month, progress=progress) as delivered:
        return _read_delivered(delivered, month, progress)


def _read_delivered(delivered: Delivered, month: str | None, progress: Progress) -> Bill:
    files = delivered.files
    its_format, sources = open_sources(files)
    for source in sources:
        its_format.fields(Columns(source))  # refuses a source without its columns before anything long starts
    tallies = tally_files(files, progress)
    if not tallies:
        raise InputError(f"{files[0]}: there is a header and not a single row")
    copies = find_copies(tallies, files)
    sources = [left for source in sources if (left := source.without(copies)) is not None]
    tallies = [tally for tally in tallies if tally.file not in copies]
    rows = pl.concat([_rows(its_format, source) for source in sources])

    progress("reading the months", 0.0)
    with find_damage(sources):
        periods = _read_periods(rows)
    fail_on_unreadable(periods, UNREADABLE_TIME, sources)
    refuse_backward_periods(periods)
    chosen = choose_month(read_months(periods), month)

    progress(f"reading {chosen.name}", 0.0)
    with find_damage(sources):
        kept, rest = _read_month(rows, chosen, is_csv=sources[0].head.container == "csv")
    fail_on_unreadable(kept, UNREADABLE_AMOUNT, sources)
    fail_on_unreadable(rest, UNREADABLE_AMOUNT, sources)

    progress("classifying", 0.0)
    kept = classify(kept.with_columns(canonical_tags(kept["tags"], kept[SOURCE_FILE])))
    refuse_absurd_quantities(kept)
    read = pl.concat([kept.group_by(*_FILE_KEYS, "kind").agg(*_SUMS), rest.drop(UNREADABLE_AMOUNT)], how="diagonal")
    export_total, charges_total = reconcile(
        (tally for tally in tallies if tally.month == chosen.name),
        read.with_columns(pl.coalesce("line_item_type", "charge_category").alias("category"))
        .group_by(SOURCE_FILE, "category")
        .agg(pl.col("rows", "billed_cost").sum()),
        its_format.name,
    )
    charges = kept.filter((pl.col("kind") != "other-service") | _RELATED).select(*CHARGES, *CLASSIFICATION)
    return Bill(
        format=its_format.name,
        files=tuple(file.name for file in files if file.name not in copies),
        rows=int(read["rows"].sum()),
        month=chosen.start.date(),
        period_start=chosen.start,
        period_end=chosen.end,
        covered_start=chosen.covered_start,
        covered_hours=chosen.covered_hours,
        closed=chosen.closed,
        payers=tuple(read["billing_account_id"].drop_nulls().unique().sort()),
        currency=_one_currency(read),
        charges=charges.sort(*CHARGES, nulls_last=True),
        spend=read.group_by(SPEND_KEYS).agg(pl.col("rows", "billed_cost", "effective_cost").sum()).sort(SPEND_KEYS),
        export_total=export_total,
        charges_total=charges_total,
        warnings=(*delivered.warnings, *_warnings(its_format, sources, charges, read, copies)),
    )


def _rows(its_format: Format, source: Source) -> pl.LazyFrame:
    """The rows of a source in the columns of CHARGES, and what of them cannot be read."""
    columns = Columns(source)
    fields = its_format.fields(columns)
    return source.rows().select(**{name: fields[name] for name in CHARGES}, **columns.lineage())


def _read_periods(rows: pl.LazyFrame) -> pl.DataFrame:
    """The distinct periods of charges, few whatever the export."""
    usage = (pl.col("charge_category") == "Usage").fill_null(value=False)
    return (
        rows.group_by(
            SOURCE_FILE, "billing_period_start", "charge_period_start", "charge_period_end", usage.alias("usage")
        )
        .agg(pl.col("invoice_id").is_not_null().all().alias("invoiced"), pl.col(UNREADABLE_TIME).drop_nulls().first())
        .collect(engine="streaming")
    )


def _read_month(rows: pl.LazyFrame, month: Month, *, is_csv: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Returns the rows that may matter one by one, and all others summed.

    Text is parsed once for both; from Parquet each of the two takes the columns that it needs.
    """
    rows = rows.filter(pl.col("billing_period_start") == month.start)
    wanted = may_matter() | _RELATED
    kept = rows.filter(wanted)
    rest = (
        rows.filter(~wanted)
        .group_by(*_FILE_KEYS)
        .agg(*_SUMS, pl.col(UNREADABLE_AMOUNT).drop_nulls().first())
        .with_columns(pl.lit("other-service").alias("kind"))
    )
    frames = pl.collect_all([kept, rest], engine="streaming", optimizations=pl.QueryOptFlags(comm_subplan_elim=is_csv))
    return frames[0], frames[1]


def _one_currency(read: pl.DataFrame) -> str:
    currencies = sorted(read["billing_currency"].drop_nulls().unique())
    if len(currencies) == 1:
        return str(currencies[0])
    if not currencies:
        raise IncompleteError("no row names its currency (BillingCurrency)")
    raise IncompleteError(
        f"amounts in {', '.join(currencies)} stand in one month, and currencies are never added."
        " Name the files of one billing account at a time"
    )


def _warnings(
    its_format: Format, sources: Sequence[Source], charges: pl.DataFrame, read: pl.DataFrame, copies: Mapping[str, str]
) -> tuple[str, ...]:
    types = set(read["line_item_type"].drop_nulls())
    found = [warning for source in sources for warning in its_format.warnings(source.head, types)]
    found += [f"{copy} is left out: it holds the very same rows as {file}" for copy, file in copies.items()]
    prefixes = unknown_prefixes(charges)
    if prefixes:
        found.append(f"usage types start with region prefixes that are not known: {', '.join(prefixes)}")
    split = read["split_cost"].sum()
    if split:
        found.append(
            f"rows of split cost allocation (EKS pods, ECS tasks) carry {split:f} that the rows of their EC2 instances"
            " carry too: the total of this export counts it twice"
        )
    return tuple(dict.fromkeys(found))
