"""Costs of CUR against a second, slow reading of the same rules: any line, any columns, to the last digit."""

from decimal import Decimal, localcontext

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from infercost.billing.costs import read_costs
from infercost.billing.delivery.file import File
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import Head
from unit.billing.cost_twin import NET, Row, Views, views

TYPES = (
    *("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation", "SavingsPlanRecurringFee"),
    *("SavingsPlanUpfrontFee", "RIFee", "Fee", "Credit", "Refund", "Tax", "EdpDiscount", "PrivateRateDiscount"),
    *("BundledDiscount", "DistributorDiscount", "Discount", "FlatRateSubscription", "Novelty"),
)
REFUND = "Refund for one-time fee for Savings Plan ID 5d0c7a51-made-up"
AMOUNTS = (
    *NET,
    *("savings_plan_total_commitment_to_date", "savings_plan_used_commitment", "pricing_public_on_demand_cost"),
)
amounts = st.decimals(min_value=-1000, max_value=1000, places=12).map(str)
cells = st.one_of(st.just(""), st.just("0"), amounts)


@st.composite
def lines(draw: st.DrawFn) -> list[Row]:
    """A few lines of one export: each column of discounts is there for all of them, or for none."""
    net = draw(st.sets(st.sampled_from(sorted(NET.values()))))
    return [
        {
            "line_item_line_item_type": draw(st.sampled_from(TYPES)),
            "line_item_line_item_description": draw(st.sampled_from(["", REFUND, "Refund of something else"])),
            "reservation_reservation_a_r_n": draw(
                st.sampled_from(["", "arn:aws:ec2:us-east-1:1:reserved-instances/1"])
            ),
            **{name: draw(cells) for name in (*AMOUNTS, *sorted(net))},
            "line_item_unblended_cost": draw(amounts),
        }
        for _ in range(draw(st.integers(1, 6)))
    ]


def ours(rows: list[Row]) -> list[Views]:
    """The same views, as expressions over a table of text."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
    head = Head(File.at("a.csv"), "csv", tuple(frame.schema.items()))
    costs = read_costs(Columns(head))
    return [Views(*row) for row in frame.select(**costs._asdict()).iter_rows()]


@given(lines())
@settings(max_examples=150)
def test_every_view_of_any_line_is_what_the_twin_says(rows: list[Row]) -> None:
    with localcontext(prec=80):
        assert ours(rows) == [views(row) for row in rows]


# Half of an 18th digit goes to the even one.
@given(amounts, amounts, amounts, amounts)
@example("0.000000000001", "0.000000500000", "1", "0")
@settings(max_examples=100)
def test_the_unused_part_of_a_plan_shrinks_as_its_fee_does(unused: str, net_fee: str, upfront: str, used: str) -> None:
    fee = {
        "savings_plan_amortized_upfront_commitment_for_billing_period": upfront,
        "savings_plan_recurring_commitment_for_billing_period": "0.3",
        "savings_plan_net_amortized_upfront_commitment_for_billing_period": net_fee,
        "savings_plan_net_recurring_commitment_for_billing_period": "",
    }
    row = fee | {
        "line_item_line_item_type": "SavingsPlanRecurringFee",
        "line_item_line_item_description": "",
        "reservation_reservation_a_r_n": "",
        "line_item_unblended_cost": "1",
        "savings_plan_total_commitment_to_date": str(Decimal(unused) + Decimal(used)),
        "savings_plan_used_commitment": used,
    }
    with localcontext(prec=80):
        assert ours([row]) == [views(row)]
