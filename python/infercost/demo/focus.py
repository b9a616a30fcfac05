"""The bill as a FOCUS 1.2 export with AWS's own columns, in the way AWS delivers it: gzip CSV, everything as text."""

import csv
import gzip
import io
import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from infercost.demo.account import PAYER, REGION, REGION_NAME
from infercost.demo.charge import Charge
from infercost.demo.month import END, START

COLUMNS = (
    *("AvailabilityZone", "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType"),
    *("BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "CapacityReservationId"),
    *("CapacityReservationStatus", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency"),
    *("ChargePeriodEnd", "ChargePeriodStart", "CommitmentDiscountCategory", "CommitmentDiscountId"),
    *("CommitmentDiscountName", "CommitmentDiscountQuantity", "CommitmentDiscountStatus", "CommitmentDiscountType"),
    *("CommitmentDiscountUnit", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ContractedUnitPrice"),
    *("EffectiveCost", "InvoiceId", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory"),
    *("PricingCurrency", "PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost"),
    *("PricingCurrencyListUnitPrice", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName"),
    *("RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType", "ServiceCategory", "ServiceName"),
    *("ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceDetails", "SkuPriceId", "SubAccountId", "SubAccountName"),
    *("SubAccountType", "Tags", "x_CostCategories", "x_Discounts", "x_Operation", "x_ServiceCode", "x_UsageType"),
)
_FREQUENCIES = {"Usage": "Usage-Based", "Purchase": "Recurring", "Tax": "Recurring", "Credit": "One-Time"}


def export(charges: Iterable[Charge]) -> bytes:
    """The whole file. What a charge doesn't have is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row(charge) for charge in charges)
    return gzip.compress(text.getvalue().encode(), compresslevel=6, mtime=0)


def row(charge: Charge) -> dict[str, str]:
    """A charge under FOCUS's column names."""
    cells = {
        "BilledCost": money(charge.billed),
        "BillingAccountId": PAYER.id,
        "BillingAccountName": PAYER.name,
        "BillingAccountType": "Billing Account",
        "BillingCurrency": "USD",
        "BillingPeriodEnd": moment(END),
        "BillingPeriodStart": moment(START),
        "ChargeCategory": charge.category,
        "ChargeDescription": charge.description,
        "ChargeFrequency": _FREQUENCIES[charge.category],
        "ChargePeriodEnd": moment(charge.end),
        "ChargePeriodStart": moment(charge.start),
        "ContractedCost": money(charge.listed),
        "EffectiveCost": money(charge.effective),
        "InvoiceId": "2261940385",
        "InvoiceIssuerName": "Amazon Web Services, Inc.",
        "ListCost": money(charge.listed),
        "PricingCurrency": "USD",
        "PricingCurrencyEffectiveCost": money(charge.effective),
        "ProviderName": "AWS",
        "PublisherName": "Amazon Web Services, Inc.",
        "ServiceCategory": charge.service.category,
        "ServiceName": charge.service.name,
        "ServiceSubcategory": charge.service.subcategory,
        "SkuPriceDetails": "{}",
        "SubAccountId": charge.account.id,
        "SubAccountName": charge.account.name,
        "SubAccountType": "Account",
        "Tags": "{}",
        "x_CostCategories": "{}",
        "x_Discounts": "{}",
        "x_ServiceCode": charge.service.code,
    }
    return cells | _usage(charge) | _commitment(charge)


def _usage(charge: Charge) -> dict[str, str]:
    if charge.meter is None or charge.resource is None or charge.quantity is None:
        return {}
    meter, price, quantity = charge.meter, money(charge.meter.price_usd), money(charge.quantity)
    return {
        "ConsumedQuantity": quantity,
        "ConsumedUnit": meter.unit,
        "ContractedUnitPrice": price,
        "ListUnitPrice": price,
        "PricingCategory": "Standard" if charge.plan is None else "Committed",
        "PricingCurrencyContractedUnitPrice": price,
        "PricingCurrencyListUnitPrice": price,
        "PricingQuantity": quantity,
        "PricingUnit": meter.unit,
        "RegionId": REGION,
        "RegionName": REGION_NAME,
        "ResourceId": charge.resource.id,
        "ResourceName": charge.resource.name,
        "ResourceType": charge.resource.kind,
        "SkuMeter": meter.usage_type.removeprefix("USE1-"),
        "SkuPriceDetails": _details(meter.usage_type),
        "Tags": json.dumps(charge.resource.tags, separators=(",", ":")),
        "x_Operation": meter.operation,
        "x_UsageType": meter.usage_type,
    }


def _commitment(charge: Charge) -> dict[str, str]:
    """A plan's purchase has no status; its unused hour has the plan's id for a resource."""
    if charge.plan is None:
        return {}
    cells = {
        "CommitmentDiscountCategory": "Spend",
        "CommitmentDiscountId": charge.plan.id,
        "CommitmentDiscountName": charge.plan.name,
        "CommitmentDiscountQuantity": money(charge.billed + charge.effective),
        "CommitmentDiscountStatus": charge.plan_status or "",
        "CommitmentDiscountType": "Savings Plan",
        "CommitmentDiscountUnit": "USD",
    }
    if charge.resource is None:
        cells |= {
            "PricingCategory": "Standard" if charge.category == "Purchase" else "Committed",
            "ResourceId": charge.plan.id,
            "ResourceType": "Savings Plan",
        }
    return cells


def _details(usage_type: str) -> str:
    _, _, instance_type = usage_type.partition(":")
    size = {"InstanceType": instance_type} if "." in instance_type and "Volume" not in instance_type else {}
    return json.dumps(size, separators=(",", ":"))


def money(amount: Decimal) -> str:
    """Every digit, and no exponent.

    >>> money(Decimal("0.000060") * 10)
    '0.000600'
    """
    return format(amount, "f")


def moment(instant: datetime) -> str:
    """As AWS writes it.

    >>> moment(START)
    '2026-10-01T00:00:00Z'
    """
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
