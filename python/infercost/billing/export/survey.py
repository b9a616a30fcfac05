"""What a part of an export adds up to, without a look at its wide columns: rows and costs of everything in it.

Rows that may matter are summed by distinct line, so that lines can be classified before the rows themselves are read;
all others by service. What tells groups apart is read from the few groups, not from the many rows, and the rules of
cost are asked once per line item type.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from infercost.billing.audit import Audit
from infercost.billing.classify import may_matter, nature
from infercost.billing.export.export import VIEWS
from infercost.billing.export.mapping import Mapped
from infercost.billing.export.names import LINE
from infercost.billing.formats.format import Format
from infercost.billing.reading.chunks import mended
from infercost.billing.reading.parts import Part
from infercost.billing.reading.source import ROW, SOURCE_FILE
from infercost.schema.charges import MONEY

_OWNERS = ("billing_account_id", "service_code", "service_name")
_GROUPS = (*_OWNERS, "billing_currency", "charge_category", "line_item_type", "billing_period_start", "set_aside")
_OF_LINES = ("sub_account_id", "usage_type", "unit", "charge_description")
_NATURE = ("commitment_discount_status", "commitment_discount_id")
# How long a charge lasts: an hour at most, a day at most, longer, or unsaid.
HOUR, DAY, LONG, UNSAID = range(4)

# What sums are told apart by, and how two of them are added.
KEYS = (SOURCE_FILE, "matters", *_GROUPS, "sub_account_id", "nature", *LINE[1:], "grain", "is_outside")
ADDED = (
    pl.col("rows").sum(),
    # what no row of a group says is unknown, not zero
    *(pl.when(pl.col(view).count() > 0).then(pl.col(view).sum()).alias(view) for view in VIEWS),
    pl.col("first_start", "first_row").min(),
    pl.col("last_start").max(),
    pl.col("is_invoiced").all(),
    pl.col("starts_within_days", "starts_within_months", "ends_early").any(),
)

_FREQUENT = 0.25  # of the rows

# Other services', but their rates are asked for: each answer of asynchronous inference is one object put in S3 [AY-6]
# and may be told by one message of SNS [AY-5].
RELATED_CODES = ("AmazonS3", "AmazonSNS")
RELATED_METER = r"(?:^|-)Requests-Tier1$"


class Look(NamedTuple):
    """What a first look at a part tells.

    Attributes:
        part: that was looked at.
        mapped: how its rows are read.
        constants: columns that hold one value throughout, such as the payer, and that value.
        types: how many rows are of each line item type, as it stands in the file; empty if that is not known.
        audited: the audit's own sums; empty where the rows are audited in another way.
        wanted: the rows that may matter.
    """

    part: Part
    mapped: Mapped
    constants: Mapping[str, Any]
    types: Mapping[str | None, int]
    audited: pl.DataFrame
    wanted: pl.Expr


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
    if part.is_broken:
        audited = audited.with_columns(mended(pl.col(pl.String)))
    elif audit and audit.category in of_type and audited.schema[audit.category] == pl.String:
        # costs follow rules of the line item type: those of types that no row is of need not be asked
        types = audit.rows_by_category(audited)
        mapped = Mapped(its_format, part.source, {audit.category: frozenset(types)}, dear_names=dear_names)
    return Look(part, mapped, constants, types, audited, _wanted(mapped, distinct))


def survey(look: Look, its_format: Format) -> pl.DataFrame:
    """Returns what a part adds up to: KEYS, and what ADDED names.

    Raises:
        InputError: a time or an amount cannot be read.
    """
    part, mapped = look.part, look.mapped
    # where most rows are of one type, they are asked for its rules alone
    most = sum(look.types.values()) * _FREQUENT
    frequent = [
        Mapped(its_format, part.source, {name: frozenset({one})}, dear_names=mapped.dear_names)
        for name in mapped.known
        for one, rows in look.types.items()
        if rows > most
    ]
    for close in (False, True):
        summed = _sums(look, frequent, close=close)
        if not summed.select((_is_outside() | (pl.col("grain") == UNSAID)).any()).item():
            break  # nothing that a closer look at the starts would tell
    return summed


def _is_outside() -> pl.Expr:
    """Whether charges of a group start outside of their billing month."""
    month = pl.col("billing_period_start")
    return (pl.col("first_start") < month) | (pl.col("last_start") >= month.dt.offset_by("1mo"))


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
    related = code.is_in(RELATED_CODES) & meter.str.contains(RELATED_METER)
    wanted = may_matter(code, None if _hides_names(mapped) else name, meter) | related.fill_null(value=False)
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


def _sums(look: Look, frequent: Sequence[Mapped], *, close: bool) -> pl.DataFrame:
    """Sums of the rows that may matter, by line, and of all others."""
    of_lines = (*_GROUPS, *_OF_LINES, *_NATURE)
    rows, mapped, wanted = look.part.rows, look.mapped, look.wanted
    queries = [_grouped(look, rows.filter(wanted), mapped, of_lines, close=close)]
    left = ~wanted
    for how in frequent:
        ((name, (value,)),) = how.known.items()
        is_one = pl.col(name).eq_missing(pl.lit(value))
        queries.append(_grouped(look, rows.filter(is_one & ~wanted), how, _GROUPS, close=close))
        left &= ~is_one
    queries.append(_grouped(look, rows.filter(left), mapped, _GROUPS, close=close))
    lines, *others = pl.collect_all(queries, engine="streaming")
    frames = [_told(look, mapped, lines, of_lines)]
    frames += [_told(look, how, frame, _GROUPS) for how, frame in zip([*frequent, mapped], others, strict=True)]
    return pl.concat(frames).group_by(KEYS).agg(*ADDED)


def _grouped(look: Look, rows: pl.LazyFrame, mapped: Mapped, fields: Sequence[str], *, close: bool) -> pl.LazyFrame:
    """Sums by the columns that the fields are read from: fewer and quicker to tell apart than the fields."""
    roots = mapped.roots_of(fields)
    of_times = mapped.roots_of(["charge_period_start"])
    start, end = pl.col("#start"), pl.col("#end")
    is_rest = "usage_type" not in fields
    long_names = mapped.roots_of(["service_name"]) if is_rest and mapped.has_long_names() else set()
    roots -= long_names
    month = mapped.fields["billing_period_start"]
    keys: list[pl.Expr] = [pl.col(name) for name in sorted(roots - {*look.constants, *of_times})]
    keys.append(_grain(start, end).alias("#grain"))
    if roots & of_times:
        keys.append(month.alias("#month"))
    if close:
        keys.append(((start < month) | (start >= month.dt.offset_by("1mo"))).alias("#outside"))
    distinct: dict[str, pl.Expr] = {}
    views = {view: _alias_of(mapped.fields[view], distinct) for view in VIEWS if mapped.roots_of([view])}
    used = [*fields, *VIEWS, "charge_period_start", "charge_period_end"]
    row = {"#row": pl.col(ROW)} if mapped.dear_names else {}
    # one expression is evaluated once in a selection, and once for each sum that it stands in
    times = {"#start": mapped.fields["charge_period_start"], "#end": mapped.fields["charge_period_end"]}
    cells = rows.with_columns(**times).select(
        *keys,
        *(pl.col(name) for name in sorted(long_names)),
        **distinct,
        **row,
        **{
            "#start": start,
            "#is_invoiced": mapped.fields["invoice_id"].is_not_null(),
            "#ends_early": end < start,
            "#unreadable": mapped.is_unreadable(used),
        },
    )
    aggregated = [
        pl.len().cast(pl.Int64).alias("#rows"),
        *(pl.col(name).sum().alias(f"#{view}") for view, name in views.items()),
        pl.col("#start").min().alias("#first_start"),
        pl.col("#start").max().alias("#last_start"),
        pl.col("#is_invoiced").all(),
        pl.col("#ends_early", "#unreadable").any(),
        *(pl.col(name).drop_nulls().first() for name in sorted(long_names)),
        *(pl.col(name).min().alias("#first_row") for name in row),
    ]
    if close:
        aggregated += [
            (pl.col("#start").dt.hour() != 0).any().alias("#starts_within_days"),
            (pl.col("#start").dt.day() != 1).any().alias("#starts_within_months"),
        ]
    return cells.group_by([key.meta.output_name() for key in keys]).agg(aggregated)


def _alias_of(cost: pl.Expr, distinct: dict[str, pl.Expr]) -> str:
    """The name of a cost among those that differ: where no rule applies, all views of a row are one or two."""
    found = next((name for name, other in distinct.items() if other.meta.eq(cost)), None)
    name = found or f"#cost {len(distinct)}"
    distinct[name] = cost
    return name


def _told(look: Look, mapped: Mapped, frame: pl.DataFrame, fields: Sequence[str]) -> pl.DataFrame:
    """The sums by the fields themselves."""
    part = look.part
    types = dict(part.source.head.columns)
    if frame["#unreadable"].any():
        mapped.refuse_unreadable(part.rows, [*fields, *VIEWS, "charge_period_start", "charge_period_end"])
    frame = frame.with_columns(**{name: pl.lit(value, dtype=types[name]) for name, value in look.constants.items()})
    if part.is_broken:
        frame = frame.with_columns(mended(pl.col(pl.String)))
    month = pl.col("#month") if "#month" in frame.columns else mapped.fields["billing_period_start"]
    of_lines = "usage_type" in fields
    given = {name: mapped.fields[name] for name in fields} | {"billing_period_start": month}
    unsaid = {name: pl.lit(None, dtype=pl.String) for name in (*_OF_LINES, *_NATURE)}

    def measured(name: str, dtype: pl.DataType, *, otherwise: bool | None = None) -> pl.Expr:
        column = pl.col(f"#{name}") if f"#{name}" in frame.columns else pl.lit(otherwise)
        return column.cast(dtype).alias(name)

    return (
        frame.select(
            **(unsaid | given),
            **{
                SOURCE_FILE: pl.lit(part.file.name),
                "matters": pl.lit(of_lines),
                "grain": pl.col("#grain").cast(pl.Int64),
                "is_outside": measured("outside", pl.Boolean(), otherwise=False),
                "rows": pl.col("#rows"),
                **{view: measured(view, MONEY) for view in VIEWS},
                "first_start": pl.col("#first_start"),
                "last_start": pl.col("#last_start"),
                "first_row": measured("first_row", pl.Int64()),
                "is_invoiced": pl.col("#is_invoiced"),
                "starts_within_days": measured("starts_within_days", pl.Boolean(), otherwise=False),
                "starts_within_months": measured("starts_within_months", pl.Boolean(), otherwise=False),
                "ends_early": pl.col("#ends_early").fill_null(value=False),
            },
        )
        .with_columns(nature().alias("nature") if of_lines else pl.lit(None, dtype=pl.String).alias("nature"))
        .drop(_NATURE)
    )


def _grain(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    length = end - start
    return (
        pl.when(length <= pl.duration(hours=1))
        .then(HOUR)
        .when(length <= pl.duration(days=1))
        .then(DAY)
        .when(length.is_not_null())
        .then(LONG)
        .otherwise(UNSAID)
    )
