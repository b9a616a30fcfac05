"""FOCUS 1.2 as AWS exports it (table FOCUS_1_2_AWS)."""

from collections.abc import Set as AbstractSet

import polars as pl

from infercost.billing.formats import focus
from infercost.billing.reading.head import Head
from infercost.billing.reading.source import Columns
from infercost.schema.charges import MONEY, TIME

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
    needs = _NEEDS
    serves: dict[str, str] = {}

    def matches(self, head: Head) -> bool:
        """Tells 1.2 by the columns that it added, and by the absence of those that 1.3 adds."""
        return focus.version(head.names) == "1.2"

    def fields(self, columns: Columns) -> dict[str, pl.Expr]:
        """Maps the columns by name."""
        columns.require(self.needs)
        if "ServiceName" not in columns:
            columns.require({"x_ServiceCode": "telling one service from another"})
        start = columns.time("ChargePeriodStart", required=True)
        period = columns.time("BillingPeriodStart", required=True) if "BillingPeriodStart" in columns else start
        # AWS leaves PricingUnit null on some rows; then what was consumed is what was priced.
        consumed = columns.text("PricingUnit").is_null() | columns.money("PricingQuantity").is_null()
        return {
            "billing_account_id": columns.text("BillingAccountId"),
            "sub_account_id": columns.text("SubAccountId"),
            "sub_account_name": columns.text("SubAccountName"),
            "invoice_id": columns.text("InvoiceId"),
            "invoice_issuer_name": columns.text("InvoiceIssuerName"),
            "publisher_name": columns.text("PublisherName"),
            "billing_period_start": period.dt.truncate("1mo"),
            "charge_period_start": start,
            "charge_period_end": columns.time("ChargePeriodEnd"),
            "charge_category": columns.text("ChargeCategory"),
            "charge_class": columns.text("ChargeClass"),
            "line_item_type": pl.lit(None, dtype=pl.String),
            "service_code": columns.text("x_ServiceCode"),
            "service_name": columns.text("ServiceName"),
            "usage_type": columns.text("x_UsageType"),
            "operation": columns.text("x_Operation"),
            "region_id": columns.text("RegionId"),
            "resource_id": columns.text("ResourceId"),
            "iam_principal": pl.lit(None, dtype=pl.String),
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
            "unblended_cost": pl.lit(None, dtype=MONEY),
            "amortized_cost": pl.lit(None, dtype=MONEY),
            "billing_currency": columns.text("BillingCurrency"),
            "commitment_discount_id": columns.text("CommitmentDiscountId"),
            "commitment_discount_status": columns.text("CommitmentDiscountStatus"),
            "commitment_cost": pl.lit(None, dtype=MONEY),
            "commitment_used_cost": pl.lit(None, dtype=MONEY),
            "commitment_end": pl.lit(None, dtype=TIME),
        }

    def warnings(self, head: Head, _line_item_types: AbstractSet[str]) -> tuple[str, ...]:
        """Names AWS's own columns that are missing, and what that costs."""
        missing = [name for name in ("x_ServiceCode", "x_UsageType", "x_Operation") if name.lower() not in head.names]
        found = []
        if "x_UsageType" in missing:
            found.append(
                f"{head.file}: the columns {', '.join(missing)} are missing. Services are known by name only: their"
                " spend is shown, but what was used (instances, tokens, memory) and every saving stay unknown."
                " AWS's own export FOCUS_1_2_AWS has them"
            )
        if "resourceid" not in head.names:
            found.append(f"{head.file}: the column ResourceId is missing: endpoints cannot be told apart")
        return tuple(found)
