"""FOCUS 1.2 as AWS exports it (table FOCUS_1_2_AWS)."""

from collections.abc import Set as AbstractSet

import polars as pl

from infercost.billing.formats import focus
from infercost.billing.head import Head
from infercost.billing.source import Columns, Source
from infercost.schema.charges import CHARGES

_NEEDS = {
    "BilledCost": "what the invoice says",
    "EffectiveCost": "what a charge costs with its commitments",
    "BillingCurrency": "amounts in different currencies are never added",
    "ChargeCategory": "telling use from tax, credits and purchases",
    "ChargePeriodStart": "the month and the hour of a charge",
    "BillingAccountId": "who pays",
}


class Focus12:
    """FOCUS 1.2. BilledCost is the invoice's view, EffectiveCost the one with commitments spread over their use."""

    name = "FOCUS 1.2"

    def matches(self, head: Head) -> bool:
        """Tells 1.2 by the columns that it added, and by the absence of those that 1.3 adds."""
        return focus.version(head.names) == "1.2"

    def scan(self, source: Source) -> pl.LazyFrame:
        """Maps the columns by name."""
        columns = Columns(source)
        columns.require(_NEEDS)
        if "ServiceName" not in columns:
            columns.require({"x_ServiceCode": "telling one service from another"})
        start = columns.time("ChargePeriodStart", required=True)
        period = columns.time("BillingPeriodStart", required=True) if "BillingPeriodStart" in columns else start
        # AWS leaves PricingUnit null on some rows; then what was consumed is what was priced.
        consumed = columns.text("PricingUnit").is_null() | columns.money("PricingQuantity").is_null()
        fields = {
            "billing_account_id": columns.text("BillingAccountId"),
            "sub_account_id": columns.text("SubAccountId"),
            "billing_period_start": period.dt.truncate("1mo"),
            "charge_period_start": start,
            "charge_period_end": columns.time("ChargePeriodEnd"),
            "charge_category": columns.text("ChargeCategory"),
            "line_item_type": pl.lit(None, dtype=pl.String),
            "service_code": columns.text("x_ServiceCode"),
            "service_name": columns.text("ServiceName"),
            "usage_type": columns.text("x_UsageType"),
            "operation": columns.text("x_Operation"),
            "region_id": columns.text("RegionId"),
            "resource_id": columns.text("ResourceId"),
            "tags": columns.json("Tags"),
            "charge_description": columns.text("ChargeDescription"),
            "quantity": pl.when(consumed)
            .then(columns.money("ConsumedQuantity"))
            .otherwise(columns.money("PricingQuantity")),
            "unit": pl.when(consumed).then(columns.text("ConsumedUnit")).otherwise(columns.text("PricingUnit")),
            "billed_cost": columns.money("BilledCost", required=True),
            "effective_cost": columns.money("EffectiveCost", required=True),
            "contracted_cost": columns.money("ContractedCost"),
            "list_cost": columns.money("ListCost"),
            "billing_currency": columns.text("BillingCurrency"),
            "commitment_discount_id": columns.text("CommitmentDiscountId"),
            "commitment_discount_status": columns.text("CommitmentDiscountStatus"),
        }
        return source.rows().select(**{name: fields[name] for name in CHARGES}, **columns.lineage("InvoiceId"))

    def warnings(self, head: Head, _line_item_types: AbstractSet[str]) -> tuple[str, ...]:
        """Names AWS's own columns that are missing, and what that costs."""
        missing = [name for name in ("x_ServiceCode", "x_UsageType", "x_Operation") if name.lower() not in head.names]
        found = []
        if "x_UsageType" in missing:
            found.append(
                f"{head.path}: the columns {', '.join(missing)} are missing. Services are known by name only: their"
                " spend is shown, but what was used (instances, tokens, memory) and every saving stay unknown."
                " AWS's own export FOCUS_1_2_AWS has them"
            )
        if "resourceid" not in head.names:
            found.append(f"{head.path}: the column ResourceId is missing: endpoints cannot be told apart")
        return tuple(found)
