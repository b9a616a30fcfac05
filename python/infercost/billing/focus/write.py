"""Writes charges as a FOCUS 1.2 file, and reads it back: what was billed is what was written."""

import dataclasses
import tempfile
from pathlib import Path

import polars as pl

from infercost.billing.focus import gaps
from infercost.billing.focus.booking import book, is_apart, open_groups, remainders
from infercost.billing.focus.cells import cell, is_formula
from infercost.billing.focus.columns import focus_columns
from infercost.schema.charges import MONEY
from infercost.schema.errors import IncompleteError, UsageError

# How `Written.totals` is grouped: what an invoice is about.
INVOICE = ("billing_account_id", "invoice_id", "billing_currency", "billing_period_start")
_COSTS = ("billed_cost", "effective_cost")
# The rows are read for what is paid and again for what is not used: shared between both they would all be kept.
_STREAMED = pl.QueryOptFlags(comm_subplan_elim=False)
_WRITTEN_AS = {
    "billing_account_id": "BillingAccountId",
    "invoice_id": "InvoiceId",
    "billing_currency": "BillingCurrency",
    "billing_period_start": "BillingPeriodStart",
    "billed_cost": "BilledCost",
    "effective_cost": "EffectiveCost",
}


@dataclasses.dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        files: the files.
        rows: their rows; a fee with an unused part is two, a Savings Plan's negation none.
        totals: INVOICE, `billed_cost`, `effective_cost`: the same in the charges and in the files.
        notes: what differs from the bill, in words.
    """

    files: tuple[Path, ...]
    rows: int
    totals: pl.DataFrame
    notes: tuple[str, ...]


def write(charges: pl.DataFrame | pl.LazyFrame, path: Path) -> Written:
    """Writes charges as FOCUS 1.2: Parquet with exact decimals, or CSV, by the suffix of the file.

    Args:
        charges: schema.charges.CHARGES and CLASSIFICATION; a LazyFrame is streamed, and read more than once.
        path: ends in `.parquet` or `.csv`; an older file there is replaced when the new one is whole.

    Raises:
        UsageError: another suffix, or the file cannot be written.
        IncompleteError: the charges lack what FOCUS never leaves out.

    Example:
        >>> from infercost.schema.charges import CHARGES, CLASSIFICATION
        >>> written = write(pl.DataFrame(schema=CHARGES | CLASSIFICATION), getfixture("tmp_path") / "none.csv")
        >>> (written.rows, written.notes)
        (0, ())
    """
    if path.suffix not in {".parquet", ".csv"}:
        raise UsageError(f"{path}: FOCUS is written as .parquet or .csv: name a file that ends so")
    lazy = charges.lazy()
    missing, groups, totals = pl.collect_all([gaps.count(lazy), open_groups(lazy), _totals(lazy)], engine="streaming")
    gaps.refuse(missing)
    columns = focus_columns()
    rows = book(lazy, remainders(groups)).select(expression.alias(name) for name, expression in columns.items())
    try:
        written, quoted = _write(rows, path, totals)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from error
    return Written((path,), written, totals, (*_remainder_notes(groups), *_formula_notes(quoted)))


def _totals(charges: pl.LazyFrame) -> pl.LazyFrame:
    return charges.group_by(*INVOICE).agg(pl.col(*_COSTS).sum()).sort(*INVOICE, nulls_last=True)


def _write(rows: pl.LazyFrame, path: Path, totals: pl.DataFrame) -> tuple[int, int]:
    """Writes beside the target and renames: a killed run leaves the old file whole. Returns rows and quoted cells."""
    types = rows.collect_schema()
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.stem}.") as beside:
        file = Path(beside) / path.name
        quoted = 0
        if path.suffix == ".parquet":
            rows.sink_parquet(file, compression="zstd", optimizations=_STREAMED)
            found = pl.scan_parquet(file)
        else:
            formulas = [is_formula(name).sum() for name, dtype in types.items() if dtype == pl.String]
            quoted = int(
                rows.select(pl.sum_horizontal(formulas)).collect(engine="streaming", optimizations=_STREAMED).item()
            )
            rows.select(cell(name, dtype) for name, dtype in types.items()).sink_csv(file, optimizations=_STREAMED)
            found = pl.scan_csv(file, infer_schema=False)
            totals = totals.select(cell(name, totals.schema[name]) for name in totals.columns)
        count = _compare(found, totals)
        file.replace(path)
    return count, quoted


def _compare(found: pl.LazyFrame, totals: pl.DataFrame) -> int:
    """Returns the rows of a file whose sums are those of the charges, to the last digit, invoice by invoice."""
    written = (
        found.group_by(_WRITTEN_AS[name] for name in INVOICE)
        .agg(pl.len().alias("rows"), *(pl.col(_WRITTEN_AS[name]).cast(MONEY).sum() for name in _COSTS))
        .rename({theirs: ours for ours, theirs in _WRITTEN_AS.items()})
        .collect(engine="streaming")
    )
    given = totals.with_columns(pl.col(name).cast(MONEY) for name in _COSTS)
    # An invoice of nothing but a negation of 0 has no row.
    both = written.join(given, on=INVOICE, how="full", nulls_equal=True, coalesce=True, suffix="_given").fill_null(0)
    wrong = both.filter(pl.any_horizontal(pl.col(name) != pl.col(f"{name}_given") for name in _COSTS))
    if not wrong.is_empty():
        row = wrong.row(0, named=True)
        raise IncompleteError(
            f"the FOCUS file does not add up to the bill: BilledCost {row['billed_cost']:f} where"
            f" {row['billed_cost_given']:f} was billed (invoice {row['invoice_id']},"
            f" account {row['billing_account_id']}). This is a defect of infercost: report it"
        )
    return int(written["rows"].sum())


def _remainder_notes(groups: pl.DataFrame) -> list[str]:
    apart = groups.filter(is_apart())
    plans = apart.group_by("commitment_discount_id", "billing_currency", maintain_order=True).agg(
        pl.len().alias("hours"), pl.col("left").sum()
    )
    return [
        f"in {row['hours']:,} hours the negations of {row['commitment_discount_id'] or 'a Savings Plan without id'}"
        f" do not cancel the usage that it covers in this export: the difference of {row['left'].normalize():f}"
        f" {row['billing_currency']} is kept in rows of the category Adjustment"
        for row in plans.iter_rows(named=True)
    ]


def _formula_notes(quoted: int) -> list[str]:
    if not quoted:
        return []
    note = "start like a formula of a spreadsheet and have an apostrophe before them in the CSV file"
    return [f"{quoted:,} cells {note}; Parquet holds them as they were billed"]
