"""How FOCUS books what CUR books otherwise. Rows from FOCUS pass unchanged.

| CUR | FOCUS |
|---|---|
| SavingsPlanCoveredUsage at its on-demand rate, and a SavingsPlanNegation of that | usage with BilledCost 0 |
| SavingsPlanRecurringFee, RIFee: what is paid, and what of it is not used | a Purchase, and Unused usage |

The sum of BilledCost stays the sum of billed_cost, and the sum of EffectiveCost that of effective_cost, to the last
digit. So where negations do not cancel the usage that they are for (a part of an export, binary noise), what is left
is an Adjustment. Source of the meaning: FOCUS 1.2, DiscountHandling-A-009, A-017, A-018, and EffectiveCost-C-005.
"""

from decimal import Decimal

import polars as pl

from infercost.schema.charges import CHARGES, CLASSIFICATION, MONEY

SCHEMA = CHARGES | CLASSIFICATION
_TYPE = pl.col("line_item_type")
_COVERED = _TYPE.eq_missing(pl.lit("SavingsPlanCoveredUsage"))
_NEGATION = _TYPE.eq_missing(pl.lit("SavingsPlanNegation"))
_FEE = _TYPE.is_in(["SavingsPlanRecurringFee", "RIFee"]).fill_null(value=False)
_NOTHING = pl.lit(0, dtype=MONEY)

# What is left of an hour of a plan is noise below this, and worth a row of its own from here on.
_HALF_A_CENT = Decimal("0.005")
_BILL = ("billing_account_id", "invoice_id", "billing_currency", "billing_period_start", "commitment_discount_id")
_HOUR = (*_BILL, "charge_period_start")
_NAMES = ("service_code", "service_name", "invoice_issuer_name", "publisher_name")


def book(charges: pl.LazyFrame, remainders: pl.DataFrame) -> pl.LazyFrame:
    """Returns the charges as FOCUS books them, in the same columns.

    Args:
        charges: schema.charges.CHARGES and CLASSIFICATION.
        remainders: what `remainders` found in the same charges.
    """
    rows = charges.select(*SCHEMA).filter(~_NEGATION)
    paid = rows.with_columns(
        pl.when(_COVERED).then(_NOTHING).otherwise("billed_cost").alias("billed_cost"),
        pl.when(_FEE).then(_NOTHING).otherwise("effective_cost").alias("effective_cost"),
    )
    return pl.concat([paid, _unused(rows), remainders.lazy()])


def open_groups(charges: pl.LazyFrame) -> pl.LazyFrame:
    """Returns the hours of Savings Plans in which negations do not cancel the covered usage exactly.

    Args:
        charges: schema.charges.CHARGES.

    Returns:
        A row per bill, plan and hour: its keys, `left` (billed), `left_effective`, and the names on its rows.
    """
    return (
        charges.filter(_COVERED | _NEGATION)
        .group_by(*_HOUR)
        .agg(
            pl.col("billed_cost").sum().alias("left"),
            pl.col("effective_cost").filter(_NEGATION).sum().alias("left_effective"),
            pl.col("charge_period_end").max(),
            *(pl.col(name).drop_nulls().sort().first() for name in _NAMES),
        )
        .filter((pl.col("left") != 0) | (pl.col("left_effective") != 0))
        .sort(*_HOUR, nulls_last=True)
    )


def remainders(groups: pl.DataFrame) -> pl.DataFrame:
    """Returns the Adjustments that keep the sums: one per hour from half a cent on, one per plan and bill for the rest.

    Args:
        groups: what `open_groups` found.

    Returns:
        schema.charges.CHARGES and CLASSIFICATION.
    """
    apart = groups.filter(is_apart()).with_columns(
        pl.lit("Savings Plan negations that do not match the covered usage of this export").alias("charge_description")
    )
    noise = (
        groups.filter(~is_apart())
        .group_by(*_BILL, maintain_order=True)
        .agg(pl.col("left", "left_effective").sum(), *(pl.col(name).first() for name in _NAMES))
        .filter((pl.col("left") != 0) | (pl.col("left_effective") != 0))
        .with_columns(
            pl.col("billing_period_start").alias("charge_period_start"),
            pl.col("billing_period_start").dt.offset_by("1mo").alias("charge_period_end"),
            pl.lit("Rounding of Savings Plan negations").alias("charge_description"),
        )
    )
    rows = pl.concat([apart, noise], how="diagonal").with_columns(
        pl.lit("Adjustment").alias("charge_category"),
        pl.lit("SavingsPlanNegation").alias("line_item_type"),
        pl.lit("commitment").alias("kind"),
        pl.col("commitment_discount_id").alias("resource_id"),
        pl.col("left").alias("billed_cost"),
        pl.col("left_effective").alias("effective_cost"),
    )
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in SCHEMA.items() if name not in rows.columns]
    return rows.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())


def is_apart() -> pl.Expr:
    """Returns whether what is left of an hour gets a row of its own."""
    return pl.max_horizontal(pl.col("left").abs(), pl.col("left_effective").abs()) >= _HALF_A_CENT


def _unused(rows: pl.LazyFrame) -> pl.LazyFrame:
    """What of a commitment nothing used: usage that was paid with the fee, of the commitment itself."""
    return rows.filter(_FEE & (pl.col("effective_cost") != 0)).with_columns(
        pl.lit("Usage").alias("charge_category"),
        pl.lit("Unused").alias("commitment_discount_status"),
        pl.coalesce("commitment_discount_id", "resource_id").alias("resource_id"),
        # Nothing ran, so there is no quantity, and at no commitment it would have cost nothing.
        pl.lit(None, dtype=SCHEMA["quantity"]).alias("quantity"),
        pl.lit(None, dtype=pl.String).alias("unit"),
        *(_NOTHING.alias(name) for name in ("billed_cost", "contracted_cost", "list_cost", "unblended_cost")),
    )
