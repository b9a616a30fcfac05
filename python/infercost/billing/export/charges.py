"""The rows that may matter, one by one, as charges: put aside while an export is added up, for it is read once."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from infercost.billing.classify import join_lines, nature
from infercost.billing.export.mapping import Mapped
from infercost.billing.export.sums import ADDED, KEYS, grain, is_outside
from infercost.billing.export.whereabouts import Whereabouts
from infercost.billing.reading.sanity import refuse_absurd_quantities
from infercost.billing.reading.source import ROW, SOURCE_FILE
from infercost.billing.reading.tags import canonical_tags
from infercost.schema.charges import CHARGES, CLASSIFICATION

_BATCH_ROWS = 50_000
_UNREADABLE = "#unreadable"
_BESIDE = ("set_aside", "is_final")  # what a row says of itself, and a charge does not
COLUMNS = (*CHARGES, *CLASSIFICATION, SOURCE_FILE)


@dataclasses.dataclass(frozen=True)
class Aside:
    """Rows of a part that may matter, where they were put."""

    file: str
    place: Path
    months: frozenset[str]


def is_of(month: str) -> pl.Expr:
    """Returns the rows of a month, such as "2026-10"."""
    return pl.col("billing_period_start") == dt.datetime.strptime(month, "%Y-%m").replace(tzinfo=dt.UTC)


def put_aside(rows: pl.LazyFrame, mapped: Mapped, place: Path) -> pl.LazyFrame:
    """Returns a query that writes rows, as charges, to a file: see `sum_lines` and `read_charges`."""
    fields = {name: mapped.fields[name].cast(dtype) for name, dtype in CHARGES.items()}
    fields |= {name: mapped.fields[name] for name in _BESIDE}
    number = pl.col(ROW) if mapped.dear_names else pl.lit(None)
    cells = {SOURCE_FILE: pl.col(SOURCE_FILE), ROW: number.cast(pl.Int64), _UNREADABLE: mapped.is_unreadable(fields)}
    return rows.select(**fields, **cells).sink_parquet(place, compression="lz4", statistics=False, lazy=True)


def sum_lines(place: Path, rows: pl.LazyFrame, mapped: Mapped) -> pl.DataFrame:
    """Returns what charges add up to that were put aside: KEYS, and what ADDED names.

    Args:
        place: the file that they were put into.
        rows: that they were made of.
        mapped: how.

    Raises:
        InputError: a cell cannot be read.
    """
    charges = pl.scan_parquet(place, glob=False)
    if charges.select(pl.col(_UNREADABLE).any()).collect().item():
        mapped.refuse_unreadable(rows, [*CHARGES, *_BESIDE])
    start, end, month = pl.col("charge_period_start"), pl.col("charge_period_end"), pl.col("billing_period_start")
    told = charges.with_columns(
        pl.lit(value=True).alias("matters"),
        nature().alias("nature"),
        grain(start, end).alias("grain"),
        is_outside(start, month).fill_null(value=False).alias("is_outside"),
        rows=pl.lit(1, dtype=pl.Int64),
        first_row=pl.col(ROW),
        first_start=start,
        last_start=start,
        is_invoiced=pl.col("is_final"),
        starts_within_days=start.dt.hour() != 0,
        starts_within_months=start.dt.day() != 1,
        ends_early=(end < start).fill_null(value=False),
    )
    return told.group_by(KEYS).agg(*ADDED).collect(engine="streaming")


def read_charges(place: Path, wanted: pl.Expr | None = None) -> Iterator[pl.DataFrame]:
    """Returns charges that were put aside, CHARGES, SOURCE_FILE and `set_aside`, some at a time.

    Each step that they go through makes a copy.

    Args:
        place: the file.
        wanted: which of them; None: all.
    """
    charges = pl.scan_parquet(place, glob=False).drop(ROW, _UNREADABLE, "is_final")
    if wanted is not None:
        charges = charges.filter(wanted)
    yield from charges.collect_batches(chunk_size=_BATCH_ROWS, engine="streaming")


def classified(charges: pl.DataFrame, lines: pl.DataFrame, where: Whereabouts, *, dear_names: bool) -> pl.DataFrame:
    """Returns the charges among the rows, with CLASSIFICATION and canonical tags.

    Args:
        charges: as `read_charges` returns them.
        lines: LINE_KEYS, CLASSIFICATION and `prefix_region` of each line that is a charge.
        where: the rows stand in the files.
        dear_names: the names of services come with the lines.

    Raises:
        InputError: tags are no JSON object, or a quantity is absurd.
    """
    charges = charges.filter(pl.col("set_aside").is_null()).drop("set_aside")
    charges = charges.with_columns(nature().alias("nature"))
    if dear_names:
        charges = charges.drop("service_name")
    charges = join_lines(charges, lines).filter(pl.col("kind").is_not_null())
    refuse_absurd_quantities(charges, where.first)
    return charges.with_columns(canonical_tags(charges["tags"], charges[SOURCE_FILE])).select(COLUMNS)


def empty() -> pl.DataFrame:
    """Returns no charges at all."""
    return pl.DataFrame(schema={**CHARGES, **CLASSIFICATION, SOURCE_FILE: pl.String})


def in_order(charges: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Returns charges in an order of their own, whatever the order of files."""
    return pl.concat([empty(), *charges]).sort(*CHARGES, nulls_last=True)
