"""The same charges in two files, told by themselves: an older copy of a month, a download of another day.

Ids of line items are no evidence: AWS makes new ones with every delivery.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from infercost.billing.delivery.deliver import Delivered
from infercost.billing.export.charges import Aside, is_of
from infercost.billing.reading.cells import short
from infercost.billing.reading.source import SOURCE_FILE
from infercost.schema.errors import InputError

# What two exports of one charge say alike: tags may come later, and net costs stand in few exports.
_COST = pl.coalesce("unblended_cost", "billed_cost").round(9).alias("cost")  # doubles end sooner than decimals
_SAME = pl.struct(
    *("billing_account_id", "sub_account_id", "resource_id", "iam_principal"),
    *("service_code", "usage_type", "operation", "charge_description", "charge_category", "line_item_type"),
    *("billing_period_start", "charge_period_start", "charge_period_end"),
    *(pl.col("quantity").round(9), _COST),
)
_OWNER = ("billing_account_id", "is_named")  # whose charges are compared, and whether they name a resource
_FEW = 10  # distinct charges that name a resource; fewer may be alike by chance
_FEW_UNNAMED = 100  # that name none
_SHARE = 0.5  # of the charges of a file
_SHARE_UNNAMED = 0.9


def refuse_overlap(asides: Sequence[Aside], delivered: Delivered) -> None:
    """Refuses a file whose charges of a month stand in others, too. The parts of one delivery share none.

    Args:
        asides: the rows that may matter.
        delivered: tells which files are parts of one delivery.

    Raises:
        InputError: the first month and file of which that is so.
    """
    for month in sorted({month for aside in asides for month in aside.months}):
        here = [aside for aside in asides if month in aside.months]
        parts = _parts(here, delivered)
        if len(set(parts.values())) > 1:
            _refuse(here, month, parts)


def _parts(asides: Sequence[Aside], delivered: Delivered) -> dict[str, str]:
    """Each file, and the first that is a part of the same delivery."""
    first: dict[object, str] = {}
    files = sorted({aside.file for aside in asides})
    return {file: first.setdefault(delivered.delivery_of(file), file) for file in files}


def _refuse(asides: Sequence[Aside], month: str, parts: Mapping[str, str]) -> None:
    rows = _rows(asides, month)
    part = pl.col(SOURCE_FILE).replace_strict(parts).alias("part")
    counts = rows.group_by(*_OWNER, "same", part).agg(pl.len().alias("rows")).collect(engine="streaming")
    found = _find(counts)
    if found.is_empty():
        return
    share = pl.col("shared") / pl.col("size")
    worst = found.sort(pl.col("is_named"), share, pl.col("part"), descending=[True, True, False]).row(0, named=True)
    other, charge = _nearest(counts, worst["part"], is_named=worst["is_named"])
    example = rows.filter(pl.col("same") == charge).head(1).collect().row(0, named=True)
    raise InputError(_message(worst, other, month, example))


def _rows(asides: Sequence[Aside], month: str) -> pl.LazyFrame:
    rows = pl.scan_parquet([aside.place for aside in asides], glob=False)
    counted = rows.filter(pl.col("set_aside").is_null() & is_of(month))
    return counted.with_columns(is_named=pl.col("resource_id").is_not_null(), same=_SAME.hash())


def _find(counts: pl.DataFrame) -> pl.DataFrame:
    """The parts most of whose charges stand in others, too: _OWNER, part, size, and shared.

    Args:
        counts: _OWNER, same, part, and how many rows of the part are the same.
    """
    elsewhere = pl.col("rows").sum().over("same") - pl.col("rows")
    by_part = (
        counts.with_columns(elsewhere.alias("elsewhere"))
        .group_by(*_OWNER, "part")
        .agg(
            pl.col("rows").sum().alias("size"),
            pl.min_horizontal("rows", "elsewhere").sum().alias("shared"),
            (pl.col("elsewhere") > 0).sum().alias("distinct"),
            pl.col("rows").max().alias("most"),
        )
    )
    named = (pl.col("distinct") >= _FEW) & (pl.col("shared") > _SHARE * pl.col("size"))
    unnamed = (pl.col("distinct") >= _FEW_UNNAMED) & (pl.col("shared") > _SHARE_UNNAMED * pl.col("size"))
    # AWS sums what names no resource, so nothing stands twice in one file; where it does, two may well be alike
    is_summed = pl.col("most").max().over(_OWNER) == 1
    return by_part.filter(pl.when("is_named").then(named).otherwise(unnamed & is_summed))


def _nearest(counts: pl.DataFrame, part: str, *, is_named: bool) -> tuple[str, int]:
    """The part that has most in common with one, and the hash of a charge that stands in both."""
    here = counts.filter(pl.col("part") == part, pl.col("is_named") == is_named)
    others = counts.filter(pl.col("part") != part).join(here.select("same"), on="same")
    common = others.group_by("part").agg(pl.len().alias("charges"), pl.col("same").min())
    nearest = common.sort("charges", "part", descending=[True, False]).row(0, named=True)
    return nearest["part"], nearest["same"]


def _message(worst: Mapping[str, Any], other: str, month: str, example: Mapping[str, Any]) -> str:
    named = " that name a resource" if worst["is_named"] else ""
    used = f"{short(example['usage_type'])} of {short(example['resource_id'] or example['charge_description'])}"
    period = " to ".join(
        f"{time:%Y-%m-%d %H:%M}" for time in (example["charge_period_start"], example["charge_period_end"]) if time
    )
    archive, inside, _ = worst["part"].partition("!")
    unpack = f"unpack {archive}, and " if inside and other.startswith(f"{archive}!") else ""
    return (
        f"{worst['part']} and {other} hold the same charges of {month}: {worst['shared']:,} of {worst['size']:,} in the"
        f" former{named} stand elsewhere too, such as {used}, {period}. They would count twice: {unpack}name only one"
        " of them, with its other parts if it has any, and the newer if they are of two days"
    )
