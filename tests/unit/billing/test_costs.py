"""Effective costs of CUR 2.0, one line item type at a time, and against the same account as FOCUS."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from accounts.cur2 import write_cur2_csv, write_cur2_parquet
from infercost.billing.bill import Bill, read_bill
from infercost.demo.write import write_demo
from unit.billing.make_exports import cur, write_csv

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


@pytest.fixture(scope="module")
def as_focus(tmp_path_factory: pytest.TempPathFactory) -> Bill:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder / "demo")
    return read_bill([str(folder / "demo/bill")])


def spent(bill: Bill) -> dict[tuple[str, str], Decimal]:
    """Effective cost by service and kind, commitments apart: the two formats book their fees differently."""
    groups = bill.spend.group_by("service_code", "kind").agg(pl.col("effective_cost").sum())
    return {(code, kind): round(cost, 6) for code, kind, cost in groups.iter_rows() if cost}


@pytest.mark.parametrize("write", [write_cur2_csv, write_cur2_parquet])
def test_one_account_costs_the_same_in_both_formats(
    tmp_path: Path, as_focus: Bill, write: Callable[[Path], Path]
) -> None:
    as_cur = read_bill([str(write(tmp_path))])
    assert spent(as_cur) == spent(as_focus)
    assert as_cur.covered_hours == as_focus.covered_hours == 744
    assert abs(as_cur.charges_total - as_focus.charges_total) < Decimal("0.000001")


@pytest.mark.parametrize("write", [write_cur2_csv, write_cur2_parquet])
def test_one_account_uses_the_same_in_both_formats(
    tmp_path: Path, as_focus: Bill, write: Callable[[Path], Path]
) -> None:
    def used(bill: Bill) -> dict[object, Decimal]:
        metered = bill.charges.filter(pl.col("meter").is_not_null()).group_by(
            "usage_type", "resource_id", "tags", "region_id", "pattern", "model", "token_class", "tier"
        )
        total = metered.agg((pl.col("quantity") * pl.col("meter_factor")).sum().alias("total"))
        return {row[:-1]: round(row[-1], -3) for row in total.iter_rows()}

    assert used(read_bill([str(write(tmp_path))])) == used(as_focus)
