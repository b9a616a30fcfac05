"""What a part of an export adds up to: rows and costs of everything in it, and the rows that may matter put aside.

Those are summed by distinct line, so that lines can be classified before the rows themselves are; all others by
service, without a look at their wide columns. What tells groups apart is read from the few groups, not from the many
rows, and the rules of cost are asked once per line item type.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from infercost.billing.audit import Audit
from infercost.billing.export.charges import put_aside, sum_lines
from infercost.billing.export.export import VIEWS
from infercost.billing.export.look import Look
from infercost.billing.export.mapping import Mapped
from infercost.billing.export.names import LINE
from infercost.billing.export.sums import ADDED, GROUPS, KEYS, UNSAID, grain, is_outside
from infercost.billing.formats.format import Format
from infercost.billing.reading.source import ROW, SOURCE_FILE
from infercost.schema.charges import MONEY

# What is read of rows that do not matter.
_READ = (*GROUPS, *VIEWS, "charge_period_start", "charge_period_end")
_FREQUENT = 0.25  # of the rows


def asked_of_all(mapped: Mapped, audit: Audit) -> set[str]:
    """Returns the columns that are looked at in all rows, not only in those that may matter."""
    return {*mapped.roots_of([*_READ, "is_final", "usage_type"]), *audit.columns}


def survey(look: Look, its_format: Format, place: Path) -> pl.DataFrame:
    """Adds up a part, and puts the rows aside that may matter: returns KEYS, and what ADDED names.

    Args:
        look: the first look at it.
        its_format: how its rows are read.
        place: the file that the rows are put into.

    Raises:
        InputError: a time or an amount cannot be read.
    """
    groups = _groups(look, its_format)
    # all that is asked of the file at once: the queries share the processors
    *summed, _ = pl.collect_all(
        [*(group.sums(look, close=False) for group in groups), put_aside(look.kept, look.mapped, place)],
        engine="streaming",
    )
    both = pl.concat([sum_lines(place, look.kept, look.mapped), _told(look, groups, summed)])
    first, last, month = pl.col("first_start"), pl.col("last_start"), pl.col("billing_period_start")
    is_odd = is_outside(first, month) | is_outside(last, month) | (pl.col("grain") == UNSAID)
    if both.select(is_odd.any()).item():  # of all others a closer look would tell nothing
        summed = pl.collect_all([group.sums(look, close=True) for group in groups], engine="streaming")
        both = pl.concat([both.filter("matters"), _told(look, groups, summed)])
    return both


class _Group(NamedTuple):
    """Rows that do not matter, and how they are read: those of one line item type, if that is known."""

    rows: pl.Expr
    mapped: Mapped

    def sums(self, look: Look, *, close: bool) -> pl.LazyFrame:
        """Sums by the columns that the fields are read from: fewer and quicker to tell apart than the fields."""
        mapped = self.mapped
        roots = mapped.roots_of(GROUPS)
        of_times = mapped.roots_of(["charge_period_start"])
        start, end = pl.col("#start"), pl.col("#end")
        long_names = mapped.roots_of(["service_name"]) if mapped.has_long_names() else set()
        roots -= long_names
        month = mapped.fields["billing_period_start"]
        keys: list[pl.Expr] = [pl.col(name) for name in sorted(roots - {*look.constants, *of_times})]
        keys.append(grain(start, end).alias("#grain"))
        if roots & of_times:
            keys.append(month.alias("#month"))
        if close:
            keys.append(is_outside(start, month).alias("#outside"))
        distinct: dict[str, pl.Expr] = {}
        views = {view: _alias_of(mapped.fields[view], distinct) for view in VIEWS if mapped.roots_of([view])}
        row = {"#row": pl.col(ROW)} if mapped.dear_names else {}
        # one expression is evaluated once in a selection, and once for each sum that it stands in
        times = {"#start": mapped.fields["charge_period_start"], "#end": mapped.fields["charge_period_end"]}
        cells = (
            look.part.rows.filter(self.rows)
            .with_columns(**times)
            .select(
                *keys,
                *(pl.col(name) for name in sorted(long_names)),
                **distinct,
                **row,
                **{
                    "#start": start,
                    "#is_invoiced": mapped.fields["is_final"],
                    "#ends_early": end < start,
                    "#unreadable": mapped.is_unreadable(_READ),
                },
            )
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


def _groups(look: Look, its_format: Format) -> list[_Group]:
    """All rows that do not matter. Where most rows are of one type, they are asked for its rules alone."""
    most = sum(look.types.values()) * _FREQUENT
    left, groups = ~look.wanted, []
    for name in look.mapped.known:
        for one, rows in look.types.items():
            if rows > most:
                is_one = pl.col(name).eq_missing(pl.lit(one))
                known = {name: frozenset({one})}
                how = Mapped(its_format, look.part.source, known, dear_names=look.mapped.dear_names)
                groups.append(_Group(is_one & ~look.wanted, how))
                left &= ~is_one
    return [*groups, _Group(left, look.mapped)]


def _alias_of(cost: pl.Expr, distinct: dict[str, pl.Expr]) -> str:
    """The name of a cost among those that differ: where no rule applies, all views of a row are one or two."""
    found = next((name for name, other in distinct.items() if other.meta.eq(cost)), None)
    name = found or f"#cost {len(distinct)}"
    distinct[name] = cost
    return name


def _told(look: Look, groups: Sequence[_Group], summed: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Sums of groups by the fields themselves."""
    frames = [_by_fields(look, group.mapped, sums) for group, sums in zip(groups, summed, strict=True)]
    return pl.concat(frames).group_by(KEYS).agg(*ADDED)


def _by_fields(look: Look, mapped: Mapped, frame: pl.DataFrame) -> pl.DataFrame:
    part = look.part
    types = dict(part.source.head.columns)
    if frame["#unreadable"].any():
        mapped.refuse_unreadable(part.rows, _READ)
    frame = frame.with_columns(**{name: pl.lit(value, dtype=types[name]) for name, value in look.constants.items()})
    month = pl.col("#month") if "#month" in frame.columns else mapped.fields["billing_period_start"]

    def measured(name: str, dtype: pl.DataType, *, otherwise: bool | None = None) -> pl.Expr:
        column = pl.col(f"#{name}") if f"#{name}" in frame.columns else pl.lit(otherwise)
        return column.cast(dtype).alias(name)

    return frame.select(
        **{name: mapped.fields[name] for name in GROUPS if name != "billing_period_start"},
        **{name: pl.lit(None, dtype=pl.String) for name in ("sub_account_id", "nature", *LINE[1:])},
        **{
            SOURCE_FILE: pl.lit(part.file.name),
            "matters": pl.lit(value=False),
            "billing_period_start": month,
            "grain": pl.col("#grain"),
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
