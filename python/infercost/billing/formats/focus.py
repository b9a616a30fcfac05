"""What all versions of FOCUS share: charges by name, whatever its case; each version's file says what it added.

Which version a header is of is told by the columns that each version added, for a user may leave some out.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import polars as pl

from infercost.billing.formats.missing import missing_said, restored_accounts
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import Head
from infercost.schema.charges import MONEY, TIME

# Any three of these, with the time of a charge, mark the cost and usage data of FOCUS.
_CORE = {
    *("billedcost", "effectivecost", "chargecategory", "chargeperiodstart", "billingperiodstart", "servicename"),
    *("listcost", "contractedcost", "billingcurrency", "chargefrequency"),
}
# Columns that a version added to the one before, newest first (changelog and migration guide of the specification).
_ADDED = {
    "1.4": {"commitmentprogrameligibilitydetails", "invoicedetailid"},
    "1.3": {
        *("serviceprovidername", "hostprovidername", "contractapplied", "allocatedmethodid", "allocatedmethoddetails"),
        *("allocatedresourceid", "allocatedresourcename", "allocatedtags"),
    },
    "1.2": {
        *("billingaccounttype", "subaccounttype", "invoiceid", "pricingcurrency", "pricingcurrencylistunitprice"),
        *("pricingcurrencycontractedunitprice", "pricingcurrencyeffectivecost"),
    },
    "1.1": {
        *("capacityreservationid", "capacityreservationstatus", "commitmentdiscountquantity", "commitmentdiscountunit"),
        *("servicesubcategory", "skumeter", "skupricedetails"),
    },
}
_NEEDS = {
    "BilledCost": "what the invoice says",
    "EffectiveCost": "what a charge costs with its commitments",
    "BillingCurrency": "amounts in different currencies are never added",
    "ChargeCategory": "telling use from tax, credits and purchases",
    "ChargePeriodStart": "the month and the hour of a charge",
    "BillingAccountId": "who pays",
}
_SERVES = {
    "x_UsageType": "services are known by name only, so their spend is shown, but what was used (instances, tokens,"
    " memory) and every saving stay unknown. AWS's own exports of FOCUS have it",
    "x_ServiceCode": "services are told by their display names",
    "x_Operation": "how a model was called stays unknown",
    "ResourceId": "endpoints cannot be told apart",
    "PricingQuantity": "how much was used is told by ConsumedQuantity alone",
    "PricingUnit": "quantities are told by ConsumedUnit alone",
    "ServiceName": "services are shown by their codes",
    "Tags": "charges have no owner",
    "BillingPeriodStart": "the month of a charge is the one that it starts in",
    "ChargePeriodEnd": "how long a charge lasts is guessed from its start",
    "ListCost": "what the public price comes to stays unknown, and with it discounts",
    "ContractedCost": "private discounts stay unknown",
    "RegionId": "regions are told by the prefixes of usage types only",
    "SubAccountId": "which account used it stays unknown",
    "SubAccountName": "accounts are shown by number",
    "ChargeClass": "corrections of earlier months cannot be told",
    "ChargeDescription": "units that hide in the text (Marketplace) cannot be told",
    "InvoiceIssuerName": "who issues the invoice stays unknown",
    "CommitmentDiscountId": "what a Savings Plan or reservation covers cannot be told",
    "CommitmentDiscountStatus": "the unused part of a commitment cannot be told",
}
# What some versions have, or call otherwise.
PUBLISHER = {"PublisherName": "who sells a Marketplace model stays unknown"}
SERVICE_PROVIDER = {"ServiceProviderName": PUBLISHER["PublisherName"]}
INVOICE = {"InvoiceId": "whether the month is closed stays unknown"}
_TOLD = ("x_UsageType", "ResourceId")
_ACCOUNTS = ("BillingAccountId", "SubAccountId")
# Who runs the service, by any name that a version has for it; the invoice's issuer may be a reseller of AWS.
_PROVIDERS = ("ProviderName", "HostProviderName", "ServiceProviderName", "InvoiceIssuerName")


class Focus:
    """One version. BilledCost is the invoice's view, EffectiveCost the one with commitments spread over their use."""

    currency = "BillingCurrency"
    needs: Mapping[str, str] = _NEEDS
    version: str
    own: Mapping[str, str]  # columns that are read and not every version has, each with what is lost without it

    @property
    def name(self) -> str:
        """How people call it: "FOCUS 1.2"."""
        return f"FOCUS {self.version}"

    @property
    def serves(self) -> dict[str, str]:
        """Those of all versions, and what not every version has."""
        return {**_SERVES, **self.own}

    def matches(self, head: Head) -> bool:
        """Tells a version by the newest columns that are there."""
        return version(head.names) == self.version

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
            "billing_account_id": columns.account("BillingAccountId"),
            "billing_account_name": columns.text("BillingAccountName"),
            "sub_account_id": columns.account("SubAccountId"),
            "sub_account_name": columns.text("SubAccountName"),
            "invoice_id": columns.text("InvoiceId"),
            "invoice_issuer_name": columns.text("InvoiceIssuerName"),
            "publisher_name": columns.first_text("PublisherName", "ServiceProviderName"),
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
            "set_aside": pl.when(_is_of_others(columns)).then(pl.lit("other provider")),
        }

    def warnings(self, head: Head, _types: AbstractSet[str]) -> tuple[str, ...]:
        """Names AWS's own columns that are missing, and what that costs."""
        told = missing_said(head, {name: loss for name, loss in self.serves.items() if name in _TOLD})
        return (*told, *restored_accounts(head, _ACCOUNTS))


def version(names: AbstractSet[str]) -> str | None:
    """Returns the oldest version that has all the columns of a header (in lower case), or None if it is not FOCUS.

    Example:
        >>> version({"billedcost", "effectivecost", "chargeperiodstart", "invoiceid"})
        '1.2'
    """
    if len(names & _CORE) < 3 or "chargeperiodstart" not in names:
        return None
    return next((number for number, added in _ADDED.items() if names & added), "1.0")


def _is_of_others(columns: Columns) -> pl.Expr:
    """Whether the provider has a name, and none of AWS: a file may hold the bills of several clouds."""
    provider = next((name for name in _PROVIDERS if name in columns), None)
    if provider is None:
        return pl.lit(value=False)
    named = columns.text(provider)
    return ~(named.str.starts_with("AWS") | named.str.starts_with("Amazon")).fill_null(value=True)
