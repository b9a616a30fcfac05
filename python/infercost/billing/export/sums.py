"""What rows are added up by, and to what: the same for rows that may matter and for all others."""

import polars as pl

from infercost.billing.export.export import VIEWS
from infercost.billing.export.names import LINE
from infercost.billing.reading.source import SOURCE_FILE

# What all rows are told apart by; those that may matter by line, too.
GROUPS = (
    *("billing_account_id", "service_code", "service_name", "billing_currency"),
    *("charge_category", "line_item_type", "billing_period_start", "set_aside"),
)

# What sums are told apart by, and how two of them are added.
KEYS = (SOURCE_FILE, "matters", *GROUPS, "sub_account_id", "nature", *LINE[1:], "grain", "is_outside")
ADDED = (
    pl.col("rows").sum(),
    # what no row of a group says is unknown, not zero
    *(pl.when(pl.col(view).count() > 0).then(pl.col(view).sum()).alias(view) for view in VIEWS),
    pl.col("first_start", "first_row").min(),
    pl.col("last_start").max(),
    pl.col("is_invoiced").all(),
    pl.col("starts_within_days", "starts_within_months", "ends_early").any(),
)

# How long a charge lasts: an hour at most, a day at most, longer, or unsaid.
HOUR, DAY, LONG, UNSAID = range(4)


def grain(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Returns how long a charge lasts."""
    length = end - start
    return (
        pl.when(length <= pl.duration(hours=1))
        .then(HOUR)
        .when(length <= pl.duration(days=1))
        .then(DAY)
        .when(length.is_not_null())
        .then(LONG)
        .otherwise(UNSAID)
        .cast(pl.Int64)
    )


def is_outside(start: pl.Expr, month: pl.Expr) -> pl.Expr:
    """Returns whether a time is outside of the billing month that starts then."""
    return (start < month) | (start >= month.dt.offset_by("1mo"))
