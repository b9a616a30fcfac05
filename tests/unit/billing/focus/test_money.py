"""The money of charges as FOCUS books it: by hand, against the slow twin, and what must hold for any charges."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infercost.billing.bill import read_bill
from infercost.billing.focus import write
from unit.billing.focus.charges import OCTOBER, PLAN, RESERVATION, any_charge, charge, messy_account, table
from unit.billing.focus.twin import Booked, book
from unit.billing.make_exports import cur, write_csv


def written(charges: pl.DataFrame, folder: Path) -> pl.DataFrame:
    path = folder / "focus.parquet"
    write(charges, path)
    return pl.read_parquet(path)


def money(rows: pl.DataFrame) -> list[tuple[str, str | None, Decimal, Decimal, Decimal, Decimal]]:
    names = ("ChargeCategory", "CommitmentDiscountStatus", "BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
    return rows.select(names).rows()


def exact(*texts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(text) for text in texts)


ONE_BY_ONE = {
    "usage without a list price, which is what Marketplace has": (
        charge("Usage", "1.5", "1.5", unblended_cost=Decimal("1.6")),
        [("Usage", None, *exact("1.5", "1.5", "1.6", "1.5"))],
    ),
    "usage with a list price and a private discount": (
        charge("Usage", "1.5", "1.5", list_cost=Decimal(2), contracted_cost=Decimal("1.4")),
        [("Usage", None, *exact("1.5", "1.5", "2", "1.4"))],
    ),
    "a hour of a plan of which a quarter is not used": (
        charge("SavingsPlanRecurringFee", "1", "0.25", commitment_discount_id=PLAN),
        [("Purchase", None, *exact("1", "0", "1", "1")), ("Usage", "Unused", *exact("0", "0.25", "0", "0"))],
    ),
    "a hour of a plan that is wholly used": (
        charge("SavingsPlanRecurringFee", "1", "0", commitment_discount_id=PLAN),
        [("Purchase", None, *exact("1", "0", "1", "1"))],
    ),
    "a plan paid at once": (
        charge("SavingsPlanUpfrontFee", "8760", "0", commitment_discount_id=PLAN),
        [("Purchase", None, *exact("8760", "0", "8760", "8760"))],
    ),
    "a reservation's month of which some is not used": (
        charge("RIFee", "200", "10", commitment_discount_id=RESERVATION),
        [("Purchase", None, *exact("200", "0", "200", "200")), ("Usage", "Unused", *exact("0", "10", "0", "0"))],
    ),
    "usage under a reservation, without a list price": (
        charge("DiscountedUsage", "0", "0.7", commitment_discount_id=RESERVATION),
        [("Usage", "Used", *exact("0", "0.7", "0.7", "0.7"))],
    ),
    "a subscription": (charge("Fee", "30", "30"), [("Purchase", None, *exact("30", "30", "30", "30"))]),
    "tax": (charge("Tax", "2.5", "2.5"), [("Tax", None, *exact("2.5", "2.5", "2.5", "2.5"))]),
    "a credit, whose list price would be an accident": (
        charge("Credit", "-3", "-3", list_cost=Decimal(0)),
        [("Credit", None, *exact("-3", "-3", "-3", "-3"))],
    ),
    "a refund": (charge("Refund", "-2", "-2"), [("Adjustment", None, *exact("-2", "-2", "-2", "-2"))]),
    "a discount in a row of its own": (
        charge("EdpDiscount", "-0.1", "-0.1"),
        [("Adjustment", None, *exact("-0.1", "-0.1", "-0.1", "-0.1"))],
    ),
    "what FOCUS says already": (
        charge(None, "0", "0.9", commitment_discount_status="Used", list_cost=Decimal(3), contracted_cost=Decimal(2)),
        [("Usage", "Used", *exact("0", "0.9", "3", "2"))],
    ),
}


@pytest.mark.parametrize("name", ONE_BY_ONE)
def test_a_row_of_the_bill_is_booked(tmp_path: Path, name: str) -> None:
    row, expected = ONE_BY_ONE[name]
    assert money(written(table(row), tmp_path)) == expected


def covered(billed: str, effective: str, **other: Any) -> dict[str, Any]:  # noqa: ANN401 -- any column
    return charge("SavingsPlanCoveredUsage", billed, effective, commitment_discount_id=PLAN,
                  unblended_cost=Decimal(billed), **other)  # fmt: skip


def negation(billed: str, **other: Any) -> dict[str, Any]:  # noqa: ANN401 -- any column
    return charge("SavingsPlanNegation", billed, "0", commitment_discount_id=PLAN, **other)


def test_a_negation_goes_with_the_cost_that_it_takes_back(tmp_path: Path) -> None:
    rows = [covered("1.5", "0.9"), covered("0.5", "0.3", sub_account_id="000000000043"), negation("-2")]
    result = write(table(*rows), tmp_path / "focus.parquet")
    assert money(pl.read_parquet(tmp_path / "focus.parquet")) == [
        ("Usage", "Used", *exact("0", "0.9", "1.5", "1.5")),
        ("Usage", "Used", *exact("0", "0.3", "0.5", "0.5")),
    ]
    assert (result.rows, result.notes) == (2, ())


def test_what_negations_do_not_cancel_is_kept_and_said(tmp_path: Path) -> None:
    rows = [covered("1.5", "0.9"), negation("-1.5"), negation("-0.7", hour=1), covered("0.2", "0.1", hour=2)]
    result = write(table(*rows), tmp_path / "focus.parquet")
    adjusted = pl.read_parquet(tmp_path / "focus.parquet").filter(ChargeCategory="Adjustment")
    assert money(adjusted) == [
        ("Adjustment", None, *exact("-0.7", "0", "-0.7", "-0.7")),
        ("Adjustment", None, *exact("0.2", "0", "0.2", "0.2")),
    ]
    assert adjusted["ChargePeriodStart"].to_list() == [row["charge_period_start"] for row in rows[2:]]
    assert adjusted["CommitmentDiscountId"].to_list() == adjusted["ResourceId"].to_list() == [PLAN, PLAN]
    (note,) = result.notes
    assert note.startswith(f"in 2 hours the negations of {PLAN} do not cancel")
    assert "difference of -0.5 USD is kept" in note


def test_binary_noise_of_many_hours_is_one_row_and_not_lost(tmp_path: Path) -> None:
    rows = [
        row for hour in range(24) for row in (covered("1.5", "0.9", hour=hour), negation("-1.500000000001", hour=hour))
    ]
    result = write(table(*rows), tmp_path / "focus.parquet")
    adjusted = pl.read_parquet(tmp_path / "focus.parquet").filter(ChargeCategory="Adjustment")
    assert money(adjusted) == [("Adjustment", None, *exact("-0.000000000024", "0", *["-0.000000000024"] * 2))]
    assert adjusted["ChargePeriodStart"].to_list() == [OCTOBER]
    assert result.notes == ()


def test_each_invoice_keeps_its_own_money(tmp_path: Path) -> None:
    rows = [covered("1.5", "0.9", invoice_id="A"), negation("-1.5", invoice_id="B")]
    result = write(table(*rows), tmp_path / "focus.parquet")
    totals = result.totals.select("invoice_id", "billed_cost", "effective_cost").rows()
    assert totals == [("A", *exact("1.5", "0.9")), ("B", *exact("-1.5", "0"))]
    assert len(result.notes) == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(any_charge(), max_size=12))
def test_any_charges_are_booked_as_the_twin_books_them(tmp_path: Path, charges: list[dict[str, Any]]) -> None:
    complete = table(*charges).to_dicts()
    rows = written(table(*charges), tmp_path)
    columns = (
        *("BillingAccountId", "InvoiceId", "BillingCurrency", "BillingPeriodStart"),
        *("CommitmentDiscountId", "ChargePeriodStart", "ChargeCategory", "CommitmentDiscountStatus"),
        *("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"),
    )
    found = [Booked(row[:4], *row[4:]) for row in rows.select(columns).iter_rows()]
    assert sorted(found, key=repr) == sorted(book(complete), key=repr)
    assert invoices(rows.select(columns[:4]), rows["BilledCost"]) == invoices(
        table(*charges).select("billing_account_id", "invoice_id", "billing_currency", "billing_period_start"),
        table(*charges)["billed_cost"],
    )


def invoices(keys: pl.DataFrame, billed: pl.Series) -> dict[tuple[Any, ...], Decimal]:
    sums: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for key, amount in zip(keys.iter_rows(), billed, strict=True):
        sums[key] += amount
    return {key: amount for key, amount in sums.items() if amount}


@pytest.fixture(scope="module")
def plan_of_a_month(as_cur: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    return written(as_cur, tmp_path_factory.mktemp("plan"))


def test_a_commitment_costs_what_was_paid_for_it(plan_of_a_month: pl.DataFrame) -> None:
    """EffectiveCost-C-012 and C-013, DiscountHandling-A-011: the plan's month is its term here."""
    (plan,) = plan_of_a_month["CommitmentDiscountId"].drop_nulls().unique()

    def total(cost: str, **of: str) -> Decimal:
        return sum(plan_of_a_month.filter(CommitmentDiscountId=plan, **of)[cost], Decimal(0))

    used, unused = (total("EffectiveCost", CommitmentDiscountStatus=status) for status in ("Used", "Unused"))
    assert used > 0
    assert unused > 0
    assert total("EffectiveCost", ChargeCategory="Usage") == used + unused
    assert total("BilledCost", ChargeCategory="Purchase") == used + unused
    assert total("BilledCost", ChargeCategory="Usage") == total("EffectiveCost", ChargeCategory="Purchase") == 0


def test_a_commitment_is_counted_in_what_it_is_bought_in(plan_of_a_month: pl.DataFrame) -> None:
    rows = plan_of_a_month.filter(pl.col("CommitmentDiscountId").is_not_null())
    assert rows["CommitmentDiscountUnit"].unique().to_list() == ["USD"]
    by_category = dict(rows.group_by("ChargeCategory").agg(pl.col("CommitmentDiscountQuantity").sum()).iter_rows())
    assert by_category["Usage"] == by_category["Purchase"] == rows["BilledCost"].sum()


def test_a_messy_account_keeps_every_cent(tmp_path: Path) -> None:
    charges = messy_account(tmp_path)
    rows = written(charges, tmp_path)
    assert rows["BilledCost"].sum() == charges["billed_cost"].sum()
    assert rows["EffectiveCost"].sum() == charges["effective_cost"].sum()
    assert set(rows["ChargeCategory"]) == {"Usage", "Purchase", "Tax", "Credit", "Adjustment"}


def test_private_discounts_in_net_columns_stay_in_every_view(tmp_path: Path) -> None:
    """A fifth off everything: what is billed, contracted and effective is net; the list and the commitment are not."""
    plan = {"savings_plan_savings_plan_a_r_n": PLAN}
    covered = plan | {"line_item_line_item_type": "SavingsPlanCoveredUsage"}
    share = {
        "savings_plan_savings_plan_effective_cost": "0.9",
        "savings_plan_net_savings_plan_effective_cost": "0.72",
    }
    committed = {
        "line_item_line_item_type": "SavingsPlanRecurringFee",
        "line_item_unblended_cost": "1.2",
        "pricing_public_on_demand_cost": "",
        "savings_plan_recurring_commitment_for_billing_period": "1.2",
        "savings_plan_net_recurring_commitment_for_billing_period": "0.96",
        "savings_plan_total_commitment_to_date": "1.2",
        "savings_plan_used_commitment": "0.9",
    }
    negation = covered | {"line_item_line_item_type": "SavingsPlanNegation", "line_item_unblended_cost": "-1.5"}
    lines = [
        cur(line_item_net_unblended_cost="1.2"),
        cur(**covered, **share, line_item_net_unblended_cost="1.2"),
        cur(**negation, line_item_net_unblended_cost="-1.2"),
        cur(**plan, **committed, line_item_net_unblended_cost="0.96"),
    ]
    names = sorted({name for line in lines for name in line})
    bill = read_bill([str(write_csv(tmp_path / "a.csv", [dict.fromkeys(names, "") | line for line in lines]))])
    rows = written(bill.charges, tmp_path).sort("x_LineItemType", "ChargeCategory")
    assert money(rows) == [
        ("Usage", "Used", *exact("0", "0.72", "2", "1.2")),
        ("Purchase", None, *exact("0.96", "0", "1.2", "0.96")),
        ("Usage", "Unused", *exact("0", "0.24", "0", "0")),
        ("Usage", None, *exact("1.2", "1.2", "2", "1.2")),
    ]
    assert rows["CommitmentDiscountQuantity"].to_list() == [Decimal("0.9"), Decimal("1.2"), Decimal("0.3"), None]
