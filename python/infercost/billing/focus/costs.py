"""ListCost and ContractedCost where the bill does not say them: FOCUS leaves neither out.

No price is made up. FOCUS 1.2, ListCost-C-008 and ContractedCost-C-008: without a unit price such a cost is the billed
cost. Usage that a commitment covers is billed at 0 and is not free, so there it is the cost at the on-demand rate that
CUR prints on a Savings Plan's usage, else what the commitment makes it cost.
"""

import polars as pl

_TYPE = pl.col("line_item_type")
# AWS prices a Marketplace model by no public list; CUR has a list price on lines that are neither use nor purchase
# only by accident.
_PRICED = pl.col("charge_category").is_in(["Usage", "Purchase"]) | _TYPE.is_null()
_BY_PLAN = _TYPE.eq_missing(pl.lit("SavingsPlanCoveredUsage"))
_COVERED = _BY_PLAN | pl.col("commitment_discount_status").eq_missing(pl.lit("Used"))


def contracted_cost() -> pl.Expr:
    """Returns the cost after private discounts and before commitments."""
    return pl.coalesce(pl.when(_PRICED).then("contracted_cost"), _without_commitment(pl.col("billed_cost")))


def list_cost() -> pl.Expr:
    """Returns the public on-demand cost; where there is none, the cost before private discounts if that is known."""
    undiscounted = pl.coalesce(pl.when(_PRICED).then("unblended_cost"), "billed_cost")
    return pl.coalesce(pl.when(_PRICED).then("list_cost"), _without_commitment(undiscounted))


def _without_commitment(otherwise: pl.Expr) -> pl.Expr:
    return (
        pl.when(_BY_PLAN)
        .then(pl.coalesce("unblended_cost", "effective_cost"))
        .when(_COVERED)
        .then("effective_cost")
        .otherwise(otherwise)
    )
