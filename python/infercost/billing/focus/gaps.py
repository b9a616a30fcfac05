"""What FOCUS never leaves out, and a bill may: such charges cannot be written."""

import polars as pl

from infercost.schema.errors import IncompleteError

CATEGORIES = ("Usage", "Purchase", "Tax", "Credit", "Adjustment")

# FOCUS's column: what CUR calls it, and where it is missing.
_NEVER_NULL = {
    "BilledCost": ("the cost (line_item_unblended_cost)", pl.col("billed_cost").is_null()),
    "BillingAccountId": ("bill_payer_account_id", pl.col("billing_account_id").is_null()),
    "BillingCurrency": ("line_item_currency_code", pl.col("billing_currency").is_null()),
    "BillingPeriodStart": ("bill_billing_period_start_date", pl.col("billing_period_start").is_null()),
    "ChargeCategory": ("line_item_line_item_type", ~pl.col("charge_category").is_in(CATEGORIES).fill_null(value=False)),
    "ChargePeriodEnd": ("line_item_usage_end_date", pl.col("charge_period_end").is_null()),
    "ChargePeriodStart": ("line_item_usage_start_date", pl.col("charge_period_start").is_null()),
    "EffectiveCost": ("the cost (line_item_unblended_cost)", pl.col("effective_cost").is_null()),
    "ServiceName": ("line_item_product_code", pl.coalesce("service_name", "service_code").is_null()),
}


def count(charges: pl.LazyFrame) -> pl.LazyFrame:
    """Returns one row: how many charges lack each of the columns that FOCUS never leaves out."""
    return charges.select(missing.sum().alias(name) for name, (_, missing) in _NEVER_NULL.items())


def refuse(counted: pl.DataFrame) -> None:
    """Refuses charges that FOCUS has no way to write.

    Args:
        counted: what `count` found.

    Raises:
        IncompleteError: the first column that is missing, in how many charges, and what to export.
    """
    for name, (of_cur, _) in _NEVER_NULL.items():
        missing = counted[name].item()
        if missing:
            raise IncompleteError(
                f"{missing:,} charges have no {name} that FOCUS knows, and FOCUS never leaves it out."
                f" Add {name} (FOCUS) or {of_cur} (CUR) to the export"
            )
