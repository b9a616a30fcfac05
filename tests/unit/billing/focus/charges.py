"""Charges to write: one by one, and a messy account with a line of nearly every kind."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import strategies as st

from infercost.billing.bill import read_bill
from infercost.schema.charges import CHARGES, CLASSIFICATION
from unit.billing.make_exports import Row, cur, focus, write_csv

SCHEMA = CHARGES | CLASSIFICATION
OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)
PLAN = "arn:aws:savingsplans::012345678901:savingsplan/5d0c7a51"
RESERVATION = "arn:aws:ec2:us-east-1:012345678901:reserved-instances/9c1f"
AWS = "Amazon Web Services, Inc."
CATEGORY = {
    **dict.fromkeys(("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "FlatRateSubscription"), "Usage"),
    **dict.fromkeys(("SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "RIFee", "Fee"), "Purchase"),
    "Tax": "Tax",
    "Credit": "Credit",
}
TYPES = (None, *CATEGORY, "SavingsPlanNegation", "Refund", "EdpDiscount", "SomethingNew")
_STATUS = {"DiscountedUsage": "Used", "SavingsPlanCoveredUsage": "Used"}


def charge(line_item_type: str | None, billed: str, effective: str, /, **other: Any) -> dict[str, Any]:  # noqa: ANN401 -- any column
    """A charge as billing gives it, for the first hour of October unless `other` says more."""
    hour = other.pop("hour", 0)
    row = {
        "billing_account_id": "012345678901",
        "sub_account_id": "000000000042",
        "invoice_issuer_name": AWS,
        "publisher_name": AWS,
        "billing_period_start": OCTOBER,
        "charge_period_start": OCTOBER + timedelta(hours=hour),
        "charge_period_end": OCTOBER + timedelta(hours=hour + 1),
        "charge_category": CATEGORY.get(line_item_type or "Usage", "Adjustment"),
        "line_item_type": line_item_type,
        "service_code": "AmazonSageMaker",
        "service_name": "Amazon SageMaker",
        "usage_type": "USE1-Host:ml.g5.xlarge",
        "region_id": "us-east-1",
        "quantity": Decimal(1),
        "unit": "Hrs",
        "billing_currency": "USD",
        "commitment_discount_status": _STATUS.get(line_item_type or ""),
        "kind": "inference",
        "billed_cost": Decimal(billed),
        "effective_cost": Decimal(effective),
    }
    return row | other


def table(*rows: dict[str, Any]) -> pl.DataFrame:
    """Rows as one table, whatever they leave out."""
    return pl.DataFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)


# Numbers as exports have them, down to the last digit that money has.
AMOUNTS = st.decimals("-99999", "99999", places=12, allow_nan=False) | st.sampled_from(
    [Decimal(text) for text in ("0", "1.5", "0.005", "0.0049", "-0.0000000000001", "0.000000000000000001")]
)
MAYBE = st.none() | AMOUNTS


@st.composite
def any_charge(draw: st.DrawFn) -> dict[str, Any]:
    """A charge of any line item type, with whatever amounts and gaps."""
    kind = draw(st.sampled_from(TYPES))
    return charge(
        kind,
        "0",
        "0",
        hour=draw(st.integers(0, 2)),
        billed_cost=draw(AMOUNTS),
        effective_cost=draw(AMOUNTS),
        list_cost=draw(MAYBE),
        contracted_cost=draw(MAYBE),
        unblended_cost=draw(MAYBE),
        amortized_cost=draw(MAYBE),
        quantity=draw(MAYBE),
        unit=draw(st.sampled_from([None, "Hrs", "1K tokens"])),
        billing_account_id=draw(st.sampled_from(["000000000001", "012345678901"])),
        invoice_id=draw(st.sampled_from([None, "A", "B"])),
        billing_currency=draw(st.sampled_from(["USD", "EUR"])),
        commitment_discount_id=draw(st.sampled_from([None, PLAN, RESERVATION])),
        charge_class=draw(st.sampled_from([None, None, "Correction"])),
        charge_description=draw(st.none() | st.text(max_size=8)),
    )


def messy_account(folder: Path) -> pl.DataFrame:
    """A month with tax, credits, refunds, discounts, a Marketplace model, reservations, a plan, and corrections."""
    bill = read_bill([str(write_csv(folder / "cur.csv", [_with_names(row) for row in _line_items()]))])
    corrected = focus(
        ChargeClass="Correction",
        BilledCost="-0.3",
        EffectiveCost="-0.3",
        ListCost="-0.3",
        ContractedCost="-0.3",
        ChargePeriodStart="2026-09-30T23:00:00Z",
        ChargePeriodEnd="2026-10-01T00:00:00Z",
        BillingAccountName="example-payer",
        ChargeDescription="an hour of last month, taken back",
        SubAccountName="example-risk",
        InvoiceIssuerName=AWS,
        PublisherName=AWS,
    )
    corrections = read_bill([str(write_csv(folder / "focus.csv", [corrected]))])
    return pl.concat([bill.charges, corrections.charges])


def _line_items() -> list[Row]:
    marketplace = {
        "line_item_product_code": "6j7qk2w0zd",
        "line_item_legal_entity": "Example Models, PBC",
        "bill_billing_entity": "AWS Marketplace",
        "product": '{"product_name": "Claude Sonnet 4.6 (Amazon Bedrock Edition)"}',
        "line_item_resource_id": "",
        "resource_tags": "{}",
    }
    plan = {"savings_plan_savings_plan_a_r_n": PLAN}
    covered = plan | {"line_item_line_item_type": "SavingsPlanCoveredUsage"}
    reserved = {
        "line_item_product_code": "AmazonEC2",
        "product": '{"product_name": "Amazon Elastic Compute Cloud"}',
        "line_item_usage_type": "USE1-BoxUsage:g5.xlarge",
        "line_item_resource_id": "i-0a1b2c3d4e5f60718",
        "reservation_reservation_a_r_n": RESERVATION,
    }
    month = {
        "line_item_usage_start_date": "2026-10-01T00:00:00Z",
        "line_item_usage_end_date": "2026-11-01T00:00:00Z",
    }
    return [
        cur(),
        cur(line_item_unblended_cost="0", pricing_public_on_demand_cost="0"),  # free tier
        cur(line_item_usage_type="USE1-Tsform:ml.m5.xlarge", line_item_unblended_cost="4e-07"),
        cur(**marketplace, line_item_usage_type="USE1-MP:USE1_InputTokenCount-Units", pricing_unit="Units",
            pricing_public_on_demand_cost=""),
        cur(**marketplace, **month, line_item_line_item_type="Fee", line_item_usage_type="USE1-MP:USE1_Subscription",
            line_item_unblended_cost="30", pricing_unit="Units", pricing_public_on_demand_cost=""),
        cur(**covered, savings_plan_savings_plan_effective_cost="0.9"),
        cur(**covered | {"line_item_line_item_type": "SavingsPlanNegation", "line_item_unblended_cost": "-1.5"}),
        cur(**plan, line_item_line_item_type="SavingsPlanRecurringFee", line_item_unblended_cost="1.2",
            pricing_unit="", savings_plan_total_commitment_to_date="1.2", savings_plan_used_commitment="0.9"),
        cur(**plan, **month, line_item_line_item_type="SavingsPlanUpfrontFee", line_item_unblended_cost="800"),
        cur(**reserved, line_item_line_item_type="DiscountedUsage", line_item_unblended_cost="0",
            reservation_effective_cost="0.7"),
        cur(**reserved | month, line_item_line_item_type="RIFee", line_item_unblended_cost="200",
            reservation_unused_amortized_upfront_fee_for_billing_period="3", reservation_unused_recurring_fee="7"),
        cur(**reserved, line_item_line_item_type="Fee", line_item_unblended_cost="900"),
        cur(**month, line_item_line_item_type="Tax", line_item_unblended_cost="2.5", line_item_resource_id=""),
        cur(line_item_line_item_type="Credit", line_item_unblended_cost="-3", line_item_resource_id=""),
        cur(line_item_line_item_type="Refund", line_item_unblended_cost="-0.25"),
        cur(line_item_line_item_type="EdpDiscount", line_item_unblended_cost="-0.1"),
        cur(line_item_line_item_type="SomethingNew", line_item_unblended_cost="0.05"),
    ]  # fmt: skip


def _with_names(row: Row) -> Row:
    names = {
        "bill_invoicing_entity": AWS,
        "bill_payer_account_name": "example-payer",
        "line_item_legal_entity": row.get("line_item_legal_entity", AWS),
        "line_item_usage_account_name": "example-risk",
    }
    return row | names | {"line_item_line_item_description": row["line_item_line_item_description"] or "as billed"}
