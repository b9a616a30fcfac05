"""Effective costs of CUR, one line item type at a time."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from infercost.billing.bill import read_bill
from unit.billing.make_exports import Row, cur, write_csv, write_parquet

PLAN = "arn:aws:savingsplans::012345678901:savingsplan/1"
RESERVATION = "arn:aws:ec2:us-east-1:012345678901:reserved-instances/1"
LINES = {
    "Usage": ({}, "1.5"),
    "FlatRateSubscription": ({}, "1.5"),
    "SavingsPlanCoveredUsage": ({"savings_plan_savings_plan_effective_cost": "0.9"}, "0.9"),
    "SavingsPlanNegation": ({"line_item_unblended_cost": "-1.5"}, "0"),
    "SavingsPlanRecurringFee": (
        {"savings_plan_total_commitment_to_date": "2", "savings_plan_used_commitment": "0.9"},
        "1.1",
    ),
    "SavingsPlanUpfrontFee": ({}, "0"),
    "DiscountedUsage": ({"reservation_effective_cost": "0.7"}, "0.7"),
    "RIFee": (
        {
            "reservation_unused_amortized_upfront_fee_for_billing_period": "0.25",
            "reservation_unused_recurring_fee": "0.5",
        },
        "0.75",
    ),
    "Fee": ({"reservation_reservation_a_r_n": RESERVATION}, "0"),
    "Credit": ({"line_item_unblended_cost": "-3"}, "-3"),
    "Refund": ({}, "1.5"),
    "Tax": ({}, "1.5"),
    "EdpDiscount": ({"line_item_unblended_cost": "-0.1"}, "-0.1"),
}


def effective_cost(tmp_path: Path, **columns: str) -> Decimal:
    bill = read_bill([str(write_csv(tmp_path / "a.csv", [cur(**columns)]))])
    return Decimal(bill.spend["effective_cost"].item())


@pytest.mark.parametrize("line_item_type", LINES)
def test_the_effective_cost_of(tmp_path: Path, line_item_type: str) -> None:
    columns, expected = LINES[line_item_type]
    assert effective_cost(tmp_path, line_item_line_item_type=line_item_type, **columns) == Decimal(expected)


@pytest.mark.parametrize("write", [write_csv, write_parquet])
@pytest.mark.parametrize("share", [2, 3, 5])
def test_types_cost_the_same_whatever_stands_beside_them(
    tmp_path: Path, write: Callable[[Path, list[Row]], Path], share: int
) -> None:
    usage = [cur()] * 10
    for part in range(share):  # files of some types each, and mostly of usage
        here = list(LINES.items())[part::share]
        rows = [cur(line_item_line_item_type=one, **columns) for one, (columns, _) in here]
        write(tmp_path / f"{part}.bill", [*rows, *usage])
    bill = read_bill([str(tmp_path)])
    expected = sum((Decimal(cost) for _, cost in LINES.values()), share * len(usage) * Decimal("1.5"))
    assert bill.spend["effective_cost"].sum() == bill.charges["effective_cost"].sum() == expected


def test_a_fee_that_is_no_reservation_costs_what_it_says(tmp_path: Path) -> None:
    assert effective_cost(tmp_path, line_item_line_item_type="Fee") == Decimal("1.5")


def test_a_refunded_upfront_fee_is_spread_already(tmp_path: Path) -> None:
    text = "Refund for one-time fee for Savings Plan ID 5d0c7a51"
    refund = {"line_item_line_item_type": "Refund", "line_item_line_item_description": text}
    assert effective_cost(tmp_path, **refund) == 0


def test_an_amount_that_its_line_leaves_out_counts_nothing(tmp_path: Path) -> None:
    assert effective_cost(tmp_path, line_item_line_item_type="DiscountedUsage") == 0


def test_covered_usage_is_used_once_and_its_negation_is_none(tmp_path: Path) -> None:
    covered = {"line_item_line_item_type": "SavingsPlanCoveredUsage", "savings_plan_savings_plan_a_r_n": PLAN}
    negation = covered | {"line_item_line_item_type": "SavingsPlanNegation", "line_item_unblended_cost": "-1.5"}
    charges = read_bill([str(write_csv(tmp_path / "a.csv", [cur(**covered), cur(**negation)]))]).charges
    used = charges.filter(pl.col("charge_category") == "Usage")
    assert used.select("quantity", "commitment_discount_status", "list_cost").row(0) == (1, "Used", 2)
    rest = charges.filter(pl.col("charge_category") != "Usage")
    assert rest.select("kind", "meter", "list_cost", "line_item_type").row(0) == (
        "commitment",
        None,
        None,
        "SavingsPlanNegation",
    )


NET = {"line_item_net_unblended_cost": "1"}


@pytest.mark.parametrize(
    ("line_item_type", "column"),
    [
        ("SavingsPlanCoveredUsage", "savings_plan_net_savings_plan_effective_cost"),
        ("SavingsPlanRecurringFee", "savings_plan_recurring_commitment_for_billing_period"),
        ("SavingsPlanRecurringFee", "savings_plan_net_recurring_commitment_for_billing_period"),
        ("SavingsPlanRecurringFee", "savings_plan_amortized_upfront_commitment_for_billing_period"),
        ("SavingsPlanRecurringFee", "savings_plan_net_amortized_upfront_commitment_for_billing_period"),
        ("DiscountedUsage", "reservation_net_effective_cost"),
        ("RIFee", "reservation_net_unused_recurring_fee"),
        ("RIFee", "reservation_net_unused_amortized_upfront_fee_for_billing_period"),
    ],
)
def test_costs_before_discounts_among_costs_after_them_are_told_with_their_column(
    tmp_path: Path, line_item_type: str, column: str
) -> None:
    columns, gross = LINES[line_item_type]
    row = NET | cur(line_item_line_item_type=line_item_type, **columns)
    bill = read_bill([str(write_csv(tmp_path / "a.csv", [row]))])
    assert bill.spend["effective_cost"].item() == Decimal(gross)
    [told] = [warning for warning in bill.warnings if f"the column {column} is missing" in warning]
    assert "counts as before private discounts" in told


def test_a_net_column_of_commitments_is_not_missed_where_none_costs_anything(tmp_path: Path) -> None:
    idle = {"savings_plan_total_commitment_to_date": "2", "savings_plan_used_commitment": "2"}
    rows = [NET | cur(), NET | cur(line_item_line_item_type="SavingsPlanRecurringFee", **idle)]
    bill = read_bill([str(write_csv(tmp_path / "a.csv", rows))])
    assert not any("private discounts" in warning for warning in bill.warnings)


def test_the_net_cost_of_usage_is_missed_beside_that_of_commitments(tmp_path: Path) -> None:
    row = cur(reservation_net_effective_cost="")
    [told] = [one for one in read_bill([str(write_csv(tmp_path / "a.csv", [row]))]).warnings if "discounts" in one]
    assert "the column line_item_net_unblended_cost is missing beside columns of discounts" in told
