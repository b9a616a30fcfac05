"""The five views of one line of CUR by plain arithmetic, written from the descriptions alone. Knows nothing of ours.

A row is what a CSV says: names of CUR 2.0 to text. A column that the export lacks is not a key of the row.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

Row = dict[str, str]

PLAN = "savings_plan_"
RESERVED = "reservation_"
TICK = Decimal(1).scaleb(-18)
NET = {
    "line_item_unblended_cost": "line_item_net_unblended_cost",
    "savings_plan_savings_plan_effective_cost": "savings_plan_net_savings_plan_effective_cost",
    "savings_plan_amortized_upfront_commitment_for_billing_period": (
        "savings_plan_net_amortized_upfront_commitment_for_billing_period"
    ),
    "savings_plan_recurring_commitment_for_billing_period": "savings_plan_net_recurring_commitment_for_billing_period",
    "reservation_effective_cost": "reservation_net_effective_cost",
    "reservation_unused_amortized_upfront_fee_for_billing_period": (
        "reservation_net_unused_amortized_upfront_fee_for_billing_period"
    ),
    "reservation_unused_recurring_fee": "reservation_net_unused_recurring_fee",
}


@dataclass(frozen=True)
class Views:
    """Every cost of a line; what the public price comes to may be unknown."""

    unblended: Decimal
    net_unblended: Decimal
    amortized: Decimal
    net_amortized: Decimal
    on_demand: Decimal | None


def views(row: Row) -> Views:
    """Every view of one line."""
    unblended = Decimal(row["line_item_unblended_cost"])
    net_unblended = unblended
    if "line_item_net_unblended_cost" in row:
        if row["line_item_net_unblended_cost"]:
            net_unblended = Decimal(row["line_item_net_unblended_cost"])
        elif row["line_item_line_item_type"].endswith("Discount"):
            net_unblended = Decimal(0)
    return Views(
        unblended,
        net_unblended,
        spread(row, unblended, net=False),
        spread(row, net_unblended, net=True),
        on_demand(row, unblended),
    )


def spread(row: Row, cost: Decimal, *, net: bool) -> Decimal:
    """The amortised view, of a line whose cash cost is `cost`."""
    match row["line_item_line_item_type"]:
        case "SavingsPlanCoveredUsage":
            cost = amount(row, PLAN + "savings_plan_effective_cost", net=net)
        case "SavingsPlanRecurringFee":
            cost = unused_of_a_plan(row, net=net)
        case "DiscountedUsage":
            cost = amount(row, RESERVED + "effective_cost", net=net)
        case "RIFee":
            cost = amount(row, RESERVED + "unused_amortized_upfront_fee_for_billing_period", net=net)
            cost += amount(row, RESERVED + "unused_recurring_fee", net=net)
        case "SavingsPlanNegation" | "SavingsPlanUpfrontFee":
            cost = Decimal(0)
        case "Fee" if row["reservation_reservation_a_r_n"]:
            cost = Decimal(0)
        case "Refund" if "Refund for one-time fee for Savings Plan ID" in row["line_item_line_item_description"]:
            cost = Decimal(0)
    return cost


def unused_of_a_plan(row: Row, *, net: bool) -> Decimal:
    """What of the hour's commitment nothing used; net, it shrinks as the fee does."""
    unused = amount(row, PLAN + "total_commitment_to_date") - amount(row, PLAN + "used_commitment")
    parts = ("amortized_upfront_commitment_for_billing_period", "recurring_commitment_for_billing_period")
    if not net or not any(NET[PLAN + part] in row for part in parts):
        return unused
    fee = sum((amount(row, PLAN + part) for part in parts), Decimal(0))
    if fee == 0:
        return unused
    net_fee = sum((amount(row, PLAN + part, net=True) for part in parts), Decimal(0))
    return rounded(rounded(unused * net_fee) / fee)


def on_demand(row: Row, unblended: Decimal) -> Decimal | None:
    """What the public price comes to: not said on a negation, and not by a zero beside a cost."""
    given = row.get("pricing_public_on_demand_cost")
    if not given or row["line_item_line_item_type"] == "SavingsPlanNegation":
        return None
    public = Decimal(given)
    return None if public == 0 and unblended != 0 else public


def amount(row: Row, name: str, *, net: bool = False) -> Decimal:
    """A cell, 0 if it is empty; its net twin where that is there and filled."""
    if net and row.get(NET.get(name, "")):
        name = NET[name]
    return Decimal(row.get(name) or 0)


def rounded(value: Decimal) -> Decimal:
    """To the 18th digit, half to even."""
    with localcontext(prec=80):
        return value.quantize(TICK, ROUND_HALF_EVEN)
