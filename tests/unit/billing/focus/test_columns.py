"""What FOCUS 1.2 says of every row: the rules that the official validator skips or reads wrongly, as own tests."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infercost.billing.focus import write
from infercost.billing.focus.columns import focus_columns
from infercost.demo.focus import COLUMNS
from unit.billing.focus.charges import PLAN, RESERVATION, any_charge, charge, messy_account, table

NEVER_NULL = (
    *("BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd", "ChargeCategory"),
    *("ChargeFrequency", "ChargePeriodStart", "ChargePeriodEnd", "ContractedCost", "EffectiveCost", "ListCost"),
    *("ProviderName", "ServiceCategory", "ServiceName", "ServiceSubcategory", "PricingCurrency"),
    *("PricingCurrencyEffectiveCost", "BillingAccountType"),
)


def of(name: str) -> pl.Expr:
    return pl.col(name)


def nothing(name: str) -> pl.Expr:
    return of(name).is_null()


def something(name: str) -> pl.Expr:
    return of(name).is_not_null()


USAGE = of("ChargeCategory") == "Usage"
PURCHASE = of("ChargeCategory") == "Purchase"
UNUSED = of("CommitmentDiscountStatus").eq_missing(pl.lit("Unused"))
CORRECTION = of("ChargeClass").is_not_null()
TAX = of("ChargeCategory") == "Tax"
# FOCUS's rule: where it is broken.
BROKEN = {
    "BillingPeriodEnd-C-004-M": of("BillingPeriodEnd") != of("BillingPeriodStart").dt.offset_by("1mo"),
    "ChargePeriodEnd-C-004-M": of("ChargePeriodEnd") <= of("ChargePeriodStart"),
    "ChargeFrequency-C-004-C": PURCHASE & (of("ChargeFrequency") == "Usage-Based"),
    "CommitmentDiscountCategory-C-003-C": nothing("CommitmentDiscountId") & something("CommitmentDiscountCategory"),
    "CommitmentDiscountCategory-C-004-C": something("CommitmentDiscountId") & nothing("CommitmentDiscountCategory"),
    "CommitmentDiscountType-C-004-C": nothing("CommitmentDiscountId") & something("CommitmentDiscountType"),
    "CommitmentDiscountType-C-005-C": something("CommitmentDiscountId") & nothing("CommitmentDiscountType"),
    "CommitmentDiscountQuantity-C-007-C": something("CommitmentDiscountQuantity")
    & (~(USAGE | PURCHASE) | nothing("CommitmentDiscountId") | CORRECTION),
    "CommitmentDiscountUnit-C-005-C": nothing("CommitmentDiscountQuantity") & something("CommitmentDiscountUnit"),
    "CommitmentDiscountUnit-C-006-C": something("CommitmentDiscountQuantity") & nothing("CommitmentDiscountUnit"),
    "ConsumedQuantity-C-004-C": (~USAGE | UNUSED) & something("ConsumedQuantity"),
    "ConsumedUnit-C-005-C": nothing("ConsumedQuantity") & something("ConsumedUnit"),
    "ContractedCost-C-008-C": ~(USAGE | PURCHASE) & (of("ContractedCost") != of("BilledCost")),
    "DiscountHandling-A-009-C, by a Savings Plan": (of("x_LineItemType") == "SavingsPlanCoveredUsage")
    & (of("BilledCost") != 0),
    "DiscountHandling-A-012-C": PURCHASE & something("CommitmentDiscountId")
    & (of("ResourceId") != of("CommitmentDiscountId")),
    "DiscountHandling-A-018-C": UNUSED & (~USAGE | (of("BilledCost") != 0)),
    "DiscountHandling-A-019-C": UNUSED & something("CommitmentDiscountId")
    & (of("ResourceId") != of("CommitmentDiscountId")),
    "EffectiveCost-C-005-C, of a plan or reservation": of("x_LineItemType").is_in(["SavingsPlanRecurringFee", "RIFee"])
    & PURCHASE & (of("EffectiveCost") != 0),
    "ListCost-C-008-C": ~(USAGE | PURCHASE) & (of("ListCost") != of("BilledCost")),
    "PricingCategory-C-003-C": TAX & something("PricingCategory"),
    "PricingCategory-C-004-C": (USAGE | PURCHASE) & nothing("PricingCategory"),
    "PricingCategory-C-009-C": USAGE & something("CommitmentDiscountStatus") & (of("PricingCategory") != "Committed"),
    "PricingCurrencyEffectiveCost": of("PricingCurrencyEffectiveCost") != of("EffectiveCost"),
    "PricingQuantity-C-004-C": TAX & something("PricingQuantity"),
    "PricingUnit-C-005-C": nothing("PricingQuantity") & something("PricingUnit"),
    # Use in an unknown unit keeps its quantity, as AWS's own export does.
    "PricingUnit-C-006-C": ~USAGE & ~PURCHASE & something("PricingQuantity") & nothing("PricingUnit"),
    "RegionName-C-004-C": nothing("RegionId") & something("RegionName"),
    "ResourceType-C-004-C": nothing("ResourceId") & something("ResourceType"),
    **{f"{name} is never null": nothing(name) for name in NEVER_NULL},
}  # fmt: skip


def broken(rows: pl.DataFrame) -> list[str]:
    counts = rows.select(broken.fill_null(value=False).sum().alias(rule) for rule, broken in BROKEN.items())
    return [rule for rule in BROKEN if counts[rule].item()]


def written(charges: pl.DataFrame, folder: Path) -> pl.DataFrame:
    write(charges, folder / "focus.parquet")
    return pl.read_parquet(folder / "focus.parquet")


def one(folder: Path, row: dict[str, Any]) -> dict[str, Any]:
    return written(table(row), folder).row(0, named=True)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(any_charge(), min_size=1, max_size=12))
def test_rows_of_any_charges_follow_the_rules(tmp_path: Path, charges: list[dict[str, Any]]) -> None:
    from_focus = [row | {"list_cost": None, "contracted_cost": None} for row in charges if not row["line_item_type"]]
    from_cur = [row for row in charges if row["line_item_type"]]
    assert broken(written(table(*from_focus, *from_cur), tmp_path)) == []


def test_the_rows_of_a_messy_account_follow_the_rules(tmp_path: Path) -> None:
    assert broken(written(messy_account(tmp_path), tmp_path)) == []


def test_the_rows_of_a_whole_account_follow_the_rules_and_name_what_is_used(
    tmp_path: Path, as_cur: pl.DataFrame
) -> None:
    rows = written(as_cur, tmp_path)
    assert broken(rows) == []
    for needed in ("RegionName", "ResourceType", "SubAccountType"):
        assert (
            rows.filter(pl.col(needed.replace("Name", "Id").replace("Type", "Id")).is_not_null())[needed].null_count()
            == 0
        )
    purchases = rows.filter((USAGE | PURCHASE) & nothing("PricingQuantity"))
    assert purchases.is_empty()


def test_the_columns_are_those_of_focus_1_2_then_those_of_aws_then_ours() -> None:
    names = list(focus_columns())
    published = [name for name in COLUMNS if not name.startswith("x_")]
    assert names[:57] == sorted(published)
    assert names[57:60] == ["x_Operation", "x_ServiceCode", "x_UsageType"]
    assert all(name.startswith("x_") for name in names[60:])
    assert names[60:] == sorted(names[60:])


@pytest.mark.parametrize(
    ("code", "name", "category"),
    [
        ("AmazonSageMaker", "Amazon SageMaker", ("AI and Machine Learning", "Machine Learning")),
        ("AmazonBedrockService", "Amazon Bedrock Service", ("AI and Machine Learning", "Generative AI")),
        ("6j7qk2w0zd", "Claude Sonnet 4.6 (Amazon Bedrock Edition)", ("AI and Machine Learning", "Generative AI")),
        ("AmazonBedrock", None, ("AI and Machine Learning", "Generative AI")),
        ("MachineLearningSavingsPlans", None, ("AI and Machine Learning", "Machine Learning")),
        ("ComputeSavingsPlans", "Savings Plans for AWS Compute usage", ("Compute", "Virtual Machines")),
        ("AmazonEC2", "Amazon Elastic Compute Cloud", ("Compute", "Virtual Machines")),
        ("AmazonS3", None, ("Storage", "Object Storage")),
        ("AmazonSNS", None, ("Integration", "Messaging")),
        ("6j7qk2w0zd", None, ("Other", "Other (Other)")),
    ],
)
def test_a_service_has_the_category_of(tmp_path: Path, code: str, name: str | None, category: tuple[str, str]) -> None:
    row = one(tmp_path, charge("Usage", "1", "1", service_code=code, service_name=name))
    assert (row["ServiceCategory"], row["ServiceSubcategory"]) == category
    assert row["ServiceName"] == (name or code)


@pytest.mark.parametrize(
    ("code", "resource", "expected"),
    [
        ("AmazonSageMaker", "arn:aws:sagemaker:us-east-1:012345678901:endpoint/fraud", "endpoint"),
        ("AmazonSageMaker", "arn:aws-cn:sagemaker:cn-north-1:012345678901:transform-job/a/b", "transform-job"),
        ("AmazonSageMaker", "notebook-instance/analysts", "notebook-instance"),
        ("AmazonEC2", "i-0a1b2c3d4e5f60718", "instance"),
        ("AmazonSNS", "arn:aws:sns:us-east-1:012345678901:answers", "topic"),
        ("AmazonSageMaker", "something", None),
        ("AmazonEC2", None, None),
    ],
)
def test_a_resource_has_the_type_of(tmp_path: Path, code: str, resource: str | None, expected: str | None) -> None:
    row = one(tmp_path, charge("Usage", "1", "1", service_code=code, resource_id=resource))
    assert (row["ResourceId"], row["ResourceType"]) == (resource, expected)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (charge("Usage", "1", "1"), ("Usage-Based", "Standard")),
        (charge("Usage", "1", "1", usage_type="USE1-SpotUsage:g5.xlarge"), ("Usage-Based", "Dynamic")),
        (charge("SavingsPlanCoveredUsage", "1", "1", commitment_discount_id=PLAN), ("Usage-Based", "Committed")),
        (charge("SavingsPlanRecurringFee", "1", "0", commitment_discount_id=PLAN), ("Recurring", "Standard")),
        (charge("SavingsPlanUpfrontFee", "1", "0", commitment_discount_id=PLAN), ("One-Time", "Standard")),
        (charge("RIFee", "1", "0", commitment_discount_id=RESERVATION), ("Recurring", "Standard")),
        (charge("Fee", "1", "0", commitment_discount_id=RESERVATION), ("One-Time", "Standard")),
        (charge(None, "1", "0", charge_category="Purchase"), ("Recurring", "Standard")),
        (charge("Tax", "1", "1"), ("One-Time", None)),
        (charge("Credit", "-1", "-1"), ("One-Time", None)),
    ],
)
def test_a_charge_comes_as_often_and_is_priced_as(
    tmp_path: Path, row: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    found = one(tmp_path, row)
    assert (found["ChargeFrequency"], found["PricingCategory"]) == expected


def test_a_purchase_in_focus_that_lasts_longer_than_a_month_is_made_once(tmp_path: Path) -> None:
    row = charge(None, "8760", "0", charge_category="Purchase", commitment_discount_id=PLAN)
    row["charge_period_end"] = row["charge_period_start"].replace(year=2027)
    assert one(tmp_path, row)["ChargeFrequency"] == "One-Time"


def test_what_nobody_knows_is_null(tmp_path: Path) -> None:
    row = one(tmp_path, charge("Usage", "1", "1", publisher_name=None, invoice_issuer_name=None, unit=None))
    for name in ("ContractedUnitPrice", "ListUnitPrice", "SkuId", "SkuPriceId", "PublisherName", "InvoiceIssuerName",
                 "PricingUnit", "InvoiceId", "CommitmentDiscountId"):  # fmt: skip
        assert row[name] is None
    assert row["PricingQuantity"] == row["ConsumedQuantity"] == 1


PRIVATE = {"commitment_discount_id": PLAN, "unblended_cost": Decimal(2), "amortized_cost": Decimal("1.1")}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # a plan is committed to before private discounts: 2 an hour, though 1.8 are paid for it
        (charge("SavingsPlanRecurringFee", "1.8", "0", **PRIVATE), ("2", "USD")),
        (charge("SavingsPlanCoveredUsage", "0", "0.9", **PRIVATE), ("1.1", "USD")),
        (charge(None, "0", "0.9", commitment_discount_id=PLAN, commitment_discount_status="Used"), ("0.9", "USD")),
        (charge("DiscountedUsage", "0", "0.7", commitment_discount_id=RESERVATION), ("1", "Hrs")),
        (charge("RIFee", "200", "0", commitment_discount_id=RESERVATION, unit=None), (None, None)),
        (charge("Refund", "-1", "-1", commitment_discount_id=PLAN), (None, None)),
        (charge("Usage", "1", "1"), (None, None)),
    ],
)
def test_a_commitment_is_counted_as(
    tmp_path: Path, row: dict[str, Any], expected: tuple[str | None, str | None]
) -> None:
    found = one(tmp_path, row)
    quantity, unit = expected
    assert found["CommitmentDiscountQuantity"] == (None if quantity is None else Decimal(quantity))
    assert found["CommitmentDiscountUnit"] == unit


def test_the_unused_part_of_a_commitment_is_not_consumed(tmp_path: Path) -> None:
    row = charge(None, "0", "0.4", commitment_discount_id=PLAN, commitment_discount_status="Unused", resource_id=PLAN)
    found = one(tmp_path, row)
    assert (found["PricingQuantity"], found["PricingUnit"]) == (1, "Hrs")
    assert found["ConsumedQuantity"] is found["ConsumedUnit"] is None
