"""What is committed to, what of it is used, and what it saves: by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from accounts.cur2 import write_cur2_parquet
from accounts.rows import frame, hosting, tokens
from infercost.advice.commitments import held, left_out
from infercost.advice.savings_rate import savings_rates
from infercost.billing.bill import read_bill
from infercost.billing.classify import classify
from infercost.demo import write_demo
from infercost.schema.analysis import Commitment
from infercost.schema.charges import CHARGES

HOUR = timedelta(hours=1)
D = Decimal
OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)
PLAN = "arn:aws:savingsplans::000000000001:savingsplan/5d0c7a51-6f0e-4b58-9a0e-2f4b7c1e9d30"
COMPUTE = "arn:aws:savingsplans::000000000001:savingsplan/11111111-6f0e-4b58-9a0e-2f4b7c1e9d30"
TYPE = "USE1-Host:ml.c5.2xlarge"
OWN_FEE = {"service_code": "MachineLearningSavingsPlans", "commitment_discount_id": PLAN}


def row(hour: int, usage_type: str | None, cost: str, listed: str | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- any column
    money = {"billed_cost": D(cost), "effective_cost": D(cost)}
    return {
        "billing_account_id": "000000000001",
        "charge_period_start": OCTOBER + hour * HOUR,
        "charge_period_end": OCTOBER + (hour + 1) * HOUR,
        "charge_category": "Usage",
        "service_code": "AmazonSageMaker",
        "usage_type": usage_type,
        "region_id": "us-east-1",
        "unit": "Hrs",
        "quantity": D(1),
        "billing_currency": "USD",
        "list_cost": None if listed is None else D(listed),
        **money,
        **more,
    }


def charges(*rows: dict[str, Any]) -> pl.DataFrame:
    table = pl.DataFrame([{name: one.get(name) for name in CHARGES} for one in rows], schema=CHARGES)
    return classify(table)


# Two hours by hand. Committed to 2.00 an hour; in the first hour the plan pays for usage of 3.00 at list, in the second
# for 1.50, which takes 1.00 of it. Beside it 1.00 runs on demand in each hour, and the account has 10.00 of tokens.
FOCUS = charges(
    *(row(hour, None, "0", "2", charge_category="Purchase", billed_cost=D(2), **OWN_FEE) for hour in (0, 1)),
    row(0, TYPE, "2", "3", commitment_discount_id=PLAN, commitment_discount_status="Used"),
    row(1, TYPE, "1", "1.5", commitment_discount_id=PLAN, commitment_discount_status="Used"),
    row(1, None, "1", "0", commitment_discount_status="Unused", **OWN_FEE),
    row(0, TYPE, "1", "1"),
    row(1, TYPE, "1", "1"),
    row(1, "USE1-NovaLite-input-tokens", "10", "10", service_code="AmazonBedrock", unit="1K tokens"),
)
FEE: dict[str, Any] = {
    **OWN_FEE,
    "commitment_end": datetime(2027, 3, 31, tzinfo=UTC),
    "line_item_type": "SavingsPlanRecurringFee",
    "charge_category": "Purchase",
    "commitment_cost": D(2),
}
CUR = charges(
    row(0, None, "0", None, commitment_used_cost=D(2), **FEE),
    row(1, None, "1", None, commitment_used_cost=D(1), **FEE),
    row(0, TYPE, "2", "3", commitment_discount_id=PLAN, line_item_type="SavingsPlanCoveredUsage"),
    row(1, TYPE, "1", "1.5", commitment_discount_id=PLAN, line_item_type="SavingsPlanCoveredUsage"),
    *(
        row(
            *(hour, TYPE, "0", None),
            commitment_discount_id=PLAN,
            line_item_type="SavingsPlanNegation",
            charge_category="Adjustment",
        )
        for hour in (0, 1)
    ),
    row(0, TYPE, "1", "1", line_item_type="Usage"),
    row(1, TYPE, "1", "1", line_item_type="Usage"),
    row(1, "USE1-NovaLite-input-tokens", "10", "10", service_code="AmazonBedrock", unit="1K tokens"),
)


@pytest.mark.parametrize("bill", [FOCUS, CUR], ids=["FOCUS", "CUR"])
def test_a_plan_by_hand(bill: pl.DataFrame) -> None:
    [plan] = held(bill)
    assert plan.kind == "SageMaker Savings Plan 5d0c7a51-6f0e-4b58-9a0e-2f4b7c1e9d30"
    assert (plan.committed, plan.used, plan.unused) == (D(4), D(3), D(1))
    assert plan.hourly == 2
    assert plan.utilisation == 75
    assert plan.coverage == D("69.2")  # 4.50 of 6.50 at list: tokens are nothing that a plan could pay for
    assert plan.net_savings == D("0.5")  # 4.50 at list for 4.00


@pytest.mark.parametrize("bill", [FOCUS, CUR], ids=["FOCUS", "CUR"])
def test_the_savings_rate_by_hand(bill: pl.DataFrame) -> None:
    [rate] = savings_rates(bill)
    # 3.00 of the plan and 2.00 on demand, and 1.00 that nothing used, for 6.50 at list: 1 - 6 / 6.5
    assert (rate.effective_cost, rate.unused_commitment, rate.list_cost) == (D(5), D(1), D("6.5"))
    assert rate.rate == D("7.7")


def test_the_end_is_told_where_the_export_has_it_and_else_how_to_find_it() -> None:
    [told], [untold] = held(CUR), held(FOCUS)
    assert told.end == datetime(2027, 3, 31, tzinfo=UTC)
    assert "end" not in told.unknown
    assert untold.end is None
    assert "describe-savings-plans --savings-plan-ids 5d0c7a51-6f0e-4b58-9a0e-2f4b7c1e9d30" in untold.unknown["end"]


def test_ends_that_differ_are_no_end() -> None:
    other = CUR.with_columns(
        commitment_end=pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.col("commitment_end") + HOUR)
        .otherwise("commitment_end")
    )
    [plan] = held(other)
    assert (plan.end, "different ends" in plan.unknown["end"]) == (None, True)


def test_a_plan_whose_fee_is_another_account_s_has_no_utilisation() -> None:
    [plan] = held(CUR.filter(pl.col("line_item_type") != "SavingsPlanRecurringFee"))
    assert (plan.utilisation, plan.hourly, plan.unused, plan.net_savings) == (None, None, None, None)
    assert "another account" in plan.unknown["utilisation"]
    assert plan.coverage == D("69.2")


def test_without_list_costs_coverage_and_rate_are_unknown_with_the_reason() -> None:
    bare = FOCUS.with_columns(list_cost=pl.when(pl.int_range(pl.len()) != 5).then("list_cost"))
    [plan] = held(bare)
    assert (plan.coverage, plan.utilisation) == (None, D(75))
    assert "coverage" in plan.unknown
    [rate] = savings_rates(bare)
    assert rate.rate is None
    assert rate.null_reason == "1 of 4 charges have no list cost (ListCost, pricing_public_on_demand_cost)"


def test_what_a_plan_covers_counts_by_its_id_where_usage_types_are_missing() -> None:
    nameless = classify(FOCUS.select(*CHARGES).with_columns(usage_type=pl.lit(None, dtype=pl.String)))
    [plan] = held(nameless)
    assert (plan.utilisation, plan.net_savings) == (D(75), D("0.5"))
    assert plan.coverage is None
    assert "not recognised" in plan.unknown["coverage"]


def test_without_the_usage_that_a_plan_covers_its_saving_is_unknown() -> None:
    [plan] = held(CUR.filter(pl.col("line_item_type") != "SavingsPlanCoveredUsage"))
    assert (plan.utilisation, plan.net_savings) == (D(75), None)
    assert "not in this export" in plan.unknown["net_savings"]


RESERVED: dict[str, Any] = {"service_code": "AmazonEC2", "commitment_discount_id": "arn:aws:ec2:::reserved-instances/1"}
GPU = "BoxUsage:g5.xlarge"


def reserved(fee: str, unused: str, *hours: int) -> pl.DataFrame:
    """A reservation over two hours at 0.60 each, used in some of them."""
    two_hours = {"charge_period_end": OCTOBER + 2 * HOUR, "line_item_type": "RIFee", "charge_category": "Purchase"}
    return charges(
        row(0, GPU, fee, None, **RESERVED | two_hours | {"effective_cost": D(unused)}),
        *(row(hour, GPU, "0.6", "1", **RESERVED, line_item_type="DiscountedUsage") for hour in hours),
    )


def test_the_fee_of_a_reservation_tells_what_of_it_is_used() -> None:
    [whole], [half] = held(reserved("1.2", "0", 0, 1)), held(reserved("1.2", "0.6", 0))
    assert (whole.hourly, whole.utilisation, whole.unused, whole.net_savings) == (D("0.6"), D(100), D(0), D("0.8"))
    assert (half.hourly, half.utilisation, half.unused, half.net_savings) == (D("0.6"), D(50), D("0.6"), D("-0.2"))
    assert "utilisation" not in whole.unknown | half.unknown


def test_a_reservation_that_is_used_elsewhere_has_no_utilisation() -> None:
    [lent] = held(reserved("1.2", "0", 0))
    assert (lent.utilisation, lent.net_savings) == (None, None)
    assert "used elsewhere" in lent.unknown["utilisation"]
    [borrowed] = held(reserved("1.2", "0", 0).filter(line_item_type="DiscountedUsage"))
    assert "another account" in borrowed.unknown["utilisation"]


def test_fees_by_the_day_give_the_same_hourly_commitment() -> None:
    daily = CUR.filter(pl.col("line_item_type") == "SavingsPlanRecurringFee").with_columns(
        charge_period_start=pl.lit(OCTOBER).dt.offset_by(pl.format("{}d", pl.int_range(pl.len()))),
        commitment_cost=pl.lit(D(48)),
    )
    daily = daily.with_columns(charge_period_end=pl.col("charge_period_start") + timedelta(days=1))
    [plan] = held(daily)
    assert plan.hourly == 2


def compute_plan(*more: dict[str, Any]) -> pl.DataFrame:
    fee = {"service_code": "ComputeSavingsPlans", "commitment_discount_id": COMPUTE}
    unused = row(0, None, "5", "0", commitment_discount_status="Unused", **fee)
    return charges(unused, row(0, TYPE, "1", "1"), *more)


def test_a_compute_plan_pays_for_nothing_of_sagemaker_and_is_counted_instead_of_listed() -> None:
    assert held(compute_plan()) == ()
    [told] = left_out(compute_plan())
    assert told.startswith("1 Savings Plan or reservation covers no machine learning")
    assert left_out(FOCUS) == ()
    [rate] = savings_rates(compute_plan())
    assert (rate.rate, rate.unused_commitment) == (D(0), D(0))


def test_of_a_compute_plan_only_what_it_pays_of_accelerators_is_known() -> None:
    ec2 = {"service_code": "AmazonEC2"}
    used = {"commitment_discount_id": COMPUTE, "commitment_discount_status": "Used"}
    bill = compute_plan(
        row(0, "BoxUsage:g5.2xlarge", "0.6", "1", **ec2, **used),
        row(0, "BoxUsage:g5.2xlarge", "1", "1", **ec2),
        row(0, "SpotUsage:g5.2xlarge", "0.3", "1", **ec2),
    )
    [plan] = held(bill)
    assert plan.kind.startswith("Compute Savings Plan")
    assert (plan.coverage, plan.utilisation, plan.net_savings) == (D(50), None, None)
    assert "other usage" in plan.unknown["utilisation"]
    sagemaker, accelerators = savings_rates(bill)
    assert (sagemaker.rate, accelerators.rate, accelerators.unused_commitment) == (D(0), D(20), None)


def test_model_units_with_a_term_are_committed_and_their_end_is_not_guessed() -> None:
    units = {"component": "model-units", "meter": "model_unit_ns", "unit": "hour"}
    arn = "arn:aws:bedrock:us-east-1:1:provisioned-model/abc"
    named = ("NovaLite", "input", "2", "80")
    bill = frame(
        tokens(*named, usage_type="NovaLite-ProvisionedThroughput-1MonthCommit-ModelUnits", resource_id=arn, **units),
        tokens(*named, usage_type="NovaLite-ProvisionedThroughput-1MonthCommit-ModelUnits", resource_id=arn, **units),
        tokens(*named, usage_type="NovaLite-ProvisionedThroughput-NoCommit-ModelUnits", resource_id=arn, **units),
    )
    [held_units] = held(bill)
    assert held_units.kind == "provisioned throughput abc, NovaLite-ProvisionedThroughput-1MonthCommit-ModelUnits"
    assert (held_units.hourly, held_units.committed) == (D(80), D(160))  # two units at 40, in both hours
    assert (held_units.end, held_units.utilisation, held_units.coverage) == (None, None, None)
    assert set(held_units.unknown) == {"end", "utilisation", "coverage"}


def test_a_bill_without_eligible_usage_has_no_rate() -> None:
    assert savings_rates(frame(tokens("NovaLite", "input", "2", "80"))) == ()
    assert held(frame(hosting(TYPE, "1", "1"))) == ()


def test_the_demo_s_plan_is_the_same_from_focus_and_from_cur(tmp_path: Path) -> None:
    write_demo(tmp_path / "demo")
    focus = read_bill([str(tmp_path / "demo/bill")]).charges
    cur = read_bill([str(write_cur2_parquet(tmp_path / "cur"))]).charges
    [ours], [theirs] = held(focus), held(cur)
    assert _figures(ours) == _figures(theirs)
    # 6 x 0.3264 an hour; 4 of 6 instances are used in 8 of 24 hours
    assert (ours.hourly, ours.utilisation) == (D("1.9584"), D("88.9"))
    assert savings_rates(focus) == savings_rates(cur)


def _figures(one: Commitment) -> tuple[object, ...]:
    return one.kind, one.hourly, one.coverage, one.utilisation, one.committed, one.used, one.unused, one.net_savings
