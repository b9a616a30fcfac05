"""The effective cost of a CUR 2.0 line: what the covered period really cost, commitments spread over their use.

The table is the one of AWS's own summary view (cid/builtin/core/data/queries/cid/summary_view.sql of
cloud-intelligence-dashboards-framework, 2026-08-14). An amount that is null on its row counts 0, as there.
"""

import polars as pl

from infercost.billing.reading.columns import Columns

_TYPE = "line_item_line_item_type"
# One refund is no cost: that of an upfront fee, whose cost is spread too. Told by its text, not by its product: an
# earlier, broader rule removed discounts on Savings Plans as well (framework issue 1497).
_REFUNDED_FEE = "Refund for one-time fee for Savings Plan ID"


def effective_cost(columns: Columns, unblended: pl.Expr) -> pl.Expr:
    """Returns the amortised cost of each line by its type; every type not named keeps its unblended cost."""
    kind = columns.text(_TYPE)
    covered = kind == "SavingsPlanCoveredUsage"
    plan_fee = kind == "SavingsPlanRecurringFee"
    reserved = kind == "DiscountedUsage"
    reservation_fee = kind == "RIFee"

    # The part of the hour's commitment that nothing used; the used part is on the covered lines.
    unused_plan = columns.money_of("savings_plan_total_commitment_to_date", plan_fee) - columns.money_of(
        "savings_plan_used_commitment", plan_fee
    )
    unused_reservation = columns.money_of(
        "reservation_unused_amortized_upfront_fee_for_billing_period", reservation_fee
    ) + columns.money_of("reservation_unused_recurring_fee", reservation_fee)
    upfront_reservation = (kind == "Fee") & columns.text("reservation_reservation_a_r_n").is_not_null()
    refunded_fee = (kind == "Refund") & columns.text("line_item_line_item_description").str.contains(
        _REFUNDED_FEE, literal=True
    ).fill_null(value=False)
    nothing = pl.lit(0, dtype=pl.Decimal(38, 18))
    return (
        pl.when(covered)
        .then(columns.money_of("savings_plan_savings_plan_effective_cost", covered))
        .when(plan_fee)
        .then(unused_plan)
        .when(kind.is_in(["SavingsPlanNegation", "SavingsPlanUpfrontFee"]))
        .then(nothing)
        .when(reserved)
        .then(columns.money_of("reservation_effective_cost", reserved))
        .when(reservation_fee)
        .then(unused_reservation)
        .when(upfront_reservation | refunded_fee)
        .then(nothing)
        .otherwise(unblended)
    )
