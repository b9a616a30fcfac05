"""A first look at a part of an export: its audit, and which of its rows may matter, told by few columns."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from infercost.billing.audit import Audit
from infercost.billing.classify import may_matter
from infercost.billing.export.mapping import Mapped
from infercost.billing.export.related import is_related
from infercost.billing.formats.format import Format
from infercost.billing.reading.parts import Part


class Look(NamedTuple):
    """What a first look at a part tells.

    Attributes:
        part: that was looked at.
        mapped: how its rows are read.
        constants: columns that hold one value throughout, such as the payer, and that value.
        types: how many rows are of each line item type, as it stands in the file; empty if that is not known.
        audited: the audit's own sums; empty where the rows are audited in another way.
        wanted: tells the rows that may matter.
        kept: these rows, with all columns that they are read from: yet to be read of Parquet, a table of CSV.
    """

    part: Part
    mapped: Mapped
    constants: Mapping[str, Any]
    types: Mapping[str | None, int]
    audited: pl.DataFrame
    wanted: pl.Expr
    kept: pl.LazyFrame


def look_at(part: Part, its_format: Format, audit: Audit | None, *, dear_names: bool) -> Look:
    """Audits a part and finds out which of its rows may matter.

    Args:
        part: rows of one file.
        its_format: how they are read.
        audit: of their header; None: these rows are audited in another way.
        dear_names: leave out the names of services where they take long to read.
    """
    mapped = Mapped(its_format, part.source, dear_names=dear_names)
    constants = _constants(part.rows, mapped, audit)
    audited, distinct = pl.collect_all(
        [
            audit.sums(part.rows, constants) if audit else pl.LazyFrame(),
            part.rows.select(_meters(mapped)).unique(),
        ],
        engine="streaming",
    )
    types: dict[str | None, int] = {}
    of_type = mapped.fields["line_item_type"].meta.root_names()
    if audit and audit.category in of_type and audited.schema[audit.category] == pl.String:
        # costs follow rules of the line item type: those of types that no row is of need not be asked
        types = audit.rows_by_category(audited)
        mapped = Mapped(its_format, part.source, {audit.category: frozenset(types)}, dear_names=dear_names)
    wanted = _wanted(mapped, distinct)
    return Look(part, mapped, constants, types, audited, wanted, part.where(wanted, mapped.roots))


def _constants(rows: pl.LazyFrame, mapped: Mapped, audit: Audit | None) -> dict[str, Any]:
    """Columns that hold one value throughout, such as the payer, and that value: no row has to be grouped by them."""
    names = sorted(
        {
            *mapped.roots_of(["billing_account_id", "billing_currency", "billing_period_start"]),
            *(audit.keys if audit else ()),
        }
        - mapped.roots_of(["line_item_type", "charge_period_start"])
    )
    first = rows.select(names).head(1).collect()
    if first.is_empty() or not names:
        return {}
    values = first.row(0, named=True)
    others = [rows.filter(pl.col(name).ne_missing(pl.lit(first[name]))).select(pl.len()) for name in names]
    counts = pl.collect_all(others, engine="streaming")
    return {name: values[name] for name, count in zip(names, counts, strict=True) if count.item() == 0}


def _meters(mapped: Mapped) -> list[str]:
    """The columns that say whether a row may matter."""
    return sorted(mapped.roots_of(["service_code", "usage_type", *([] if _hides_names(mapped) else ["service_name"])]))


def _hides_names(mapped: Mapped) -> bool:
    """Whether names are entries of maps, or of JSON text: then not every row is asked for its own."""
    return mapped.dear_names or mapped.has_long_names()


def _wanted(mapped: Mapped, distinct: pl.DataFrame) -> pl.Expr:
    """The rows that may matter, told by as little as possible: polars finds listed values in a column's dictionary."""
    code, name, meter = (mapped.fields[field] for field in ("service_code", "service_name", "usage_type"))
    wanted = may_matter(code, None if _hides_names(mapped) else name, meter) | is_related(code, meter)
    told = distinct.with_columns(wanted.alias("#wanted"))
    listed = pl.lit(value=False)
    for column in _meters(mapped):
        # values that are wanted whatever stands beside them
        always = told.group_by(column).agg(pl.col("#wanted").all()).filter("#wanted")[column]
        told = told.with_columns(pl.col("#wanted") & ~pl.col(column).is_in(always.to_list(), nulls_equal=True))
        listed |= pl.col(column).is_in(always.drop_nulls().to_list())
        if always.has_nulls():
            listed |= pl.col(column).is_null()
    return wanted if told["#wanted"].any() else listed.fill_null(value=False)
