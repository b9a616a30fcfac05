"""The 57 columns of FOCUS 1.2 in alphabetical order, AWS's own `x_` columns, and ours: one expression each.

What charges do not carry stays null, as AWS leaves it null where it does not know (its list of conformance gaps of
FOCUS 1.2): no unit price, SKU, zone, or display name is made up.
"""

from collections.abc import Mapping

import polars as pl

from infercost.billing.focus import commitments, costs, services
from infercost.billing.focus.regions import NAME_OF_REGION
from infercost.schema.charges import MONEY, QUANTITY

_CATEGORY = pl.col("charge_category")
_USAGE = _CATEGORY == "Usage"
_PURCHASE = _CATEGORY == "Purchase"
_STATUS = pl.col("commitment_discount_status")
_UNUSED = _STATUS.eq_missing(pl.lit("Unused"))
_TEXT = pl.lit(None, dtype=pl.String)
_PRICE = pl.lit(None, dtype=MONEY)

# A charge for a term of months is paid once; a fee within the month comes again with the next.
_LONGER_THAN_A_MONTH = pl.col("charge_period_end") > pl.col("charge_period_start").dt.offset_by("1mo")
_ONCE = pl.col("line_item_type").is_in(["Fee", "SavingsPlanUpfrontFee"]).fill_null(value=False) | _LONGER_THAN_A_MONTH

_SPOT = pl.col("usage_type").str.contains("SpotUsage", literal=True).fill_null(value=False)

_TYPE_IN_ID = r"^(?:arn:(?:[^:]*:){4})?([A-Za-z][A-Za-z-]*)/"
# Resources that a bill calls by a name without a type.
_BARE_TYPES = {"AmazonEC2": "instance", "AmazonS3": "bucket", "AmazonSNS": "topic"}


def focus_columns() -> dict[str, pl.Expr]:
    """Returns an expression over booked charges for each column, FOCUS's first."""
    return {
        "AvailabilityZone": _TEXT,
        "BilledCost": pl.col("billed_cost"),
        "BillingAccountId": pl.col("billing_account_id"),
        "BillingAccountName": pl.col("billing_account_name"),
        "BillingAccountType": pl.lit("Billing Account"),
        "BillingCurrency": pl.col("billing_currency"),
        "BillingPeriodEnd": pl.col("billing_period_start").dt.offset_by("1mo"),
        "BillingPeriodStart": pl.col("billing_period_start"),
        "CapacityReservationId": _TEXT,
        "CapacityReservationStatus": _TEXT,
        "ChargeCategory": _CATEGORY,
        "ChargeClass": pl.col("charge_class"),
        "ChargeDescription": pl.col("charge_description"),
        "ChargeFrequency": _frequency(),
        "ChargePeriodEnd": pl.col("charge_period_end"),
        "ChargePeriodStart": pl.col("charge_period_start"),
        "CommitmentDiscountCategory": commitments.category(),
        "CommitmentDiscountId": pl.col("commitment_discount_id"),
        "CommitmentDiscountName": _TEXT,
        "CommitmentDiscountQuantity": commitments.quantity(),
        "CommitmentDiscountStatus": _STATUS,
        "CommitmentDiscountType": commitments.kind(),
        "CommitmentDiscountUnit": commitments.unit(),
        "ConsumedQuantity": pl.when(_USAGE & ~_UNUSED).then("quantity"),
        "ConsumedUnit": pl.when(_USAGE & ~_UNUSED & pl.col("quantity").is_not_null()).then("unit"),
        "ContractedCost": costs.contracted_cost(),
        "ContractedUnitPrice": _PRICE,
        "EffectiveCost": pl.col("effective_cost"),
        "InvoiceId": pl.col("invoice_id"),
        "InvoiceIssuerName": pl.col("invoice_issuer_name"),
        "ListCost": costs.list_cost(),
        "ListUnitPrice": _PRICE,
        "PricingCategory": _pricing_category(),
        "PricingCurrency": pl.col("billing_currency"),
        "PricingCurrencyContractedUnitPrice": _PRICE,
        "PricingCurrencyEffectiveCost": pl.col("effective_cost"),
        "PricingCurrencyListUnitPrice": _PRICE,
        "PricingQuantity": _priced("quantity", commitments.quantity(), pl.lit(None, dtype=QUANTITY)),
        "PricingUnit": _priced("unit", commitments.unit(), _TEXT),
        "ProviderName": pl.lit("AWS"),
        "PublisherName": pl.col("publisher_name"),
        "RegionId": pl.col("region_id"),
        "RegionName": _look_up(pl.col("region_id"), NAME_OF_REGION),
        "ResourceId": _resource_id(),
        "ResourceName": _TEXT,
        "ResourceType": _resource_type(),
        "ServiceCategory": services.category(),
        "ServiceName": pl.coalesce("service_name", "service_code"),
        "ServiceSubcategory": services.subcategory(),
        "SkuId": _TEXT,
        "SkuMeter": _TEXT,
        "SkuPriceDetails": _TEXT,
        "SkuPriceId": _TEXT,
        "SubAccountId": pl.col("sub_account_id"),
        "SubAccountName": pl.col("sub_account_name"),
        "SubAccountType": pl.when(pl.col("sub_account_id").is_not_null()).then(pl.lit("Account")),
        "Tags": pl.col("tags"),
        "x_Operation": pl.col("operation"),
        "x_ServiceCode": pl.col("service_code"),
        "x_UsageType": pl.col("usage_type"),
        "x_IamPrincipal": pl.col("iam_principal"),
        "x_InferenceKind": pl.col("kind"),
        "x_InferenceModel": pl.col("model"),
        "x_InferencePattern": pl.col("pattern"),
        "x_InferenceTier": pl.col("tier"),
        "x_InferenceTokenClass": pl.col("token_class"),
        "x_LineItemType": pl.col("line_item_type"),
    }


def _frequency() -> pl.Expr:
    return (
        pl.when(_USAGE)
        .then(pl.lit("Usage-Based"))
        .when(_PURCHASE & ~_ONCE)
        .then(pl.lit("Recurring"))
        .otherwise(pl.lit("One-Time"))
    )


def _pricing_category() -> pl.Expr:
    return (
        pl.when(_USAGE & _STATUS.is_not_null())
        .then(pl.lit("Committed"))
        .when(_USAGE & _SPOT)
        .then(pl.lit("Dynamic"))
        .when(_USAGE | _PURCHASE)
        .then(pl.lit("Standard"))
    )


def _priced(own: str, committed: pl.Expr, nothing: pl.Expr) -> pl.Expr:
    """Quantity or unit: the charge's own, and a commitment's where the charge has none.

    Tax has neither; other charges that are no use or purchase have both or none.
    """
    whole = pl.col("quantity").is_not_null() & pl.col("unit").is_not_null()
    paid = _USAGE | _PURCHASE
    return (
        pl.when(_CATEGORY == "Tax")
        .then(nothing)
        .when(whole)
        .then(own)
        .when(paid & commitments.quantity().is_not_null())
        .then(committed)
        .when(paid & pl.col("quantity").is_not_null())
        .then(own)
        .otherwise(nothing)
    )


def _resource_id() -> pl.Expr:
    """A commitment's purchase is about the commitment."""
    return pl.when(_PURCHASE).then(pl.coalesce("commitment_discount_id", "resource_id")).otherwise("resource_id")


def _resource_type() -> pl.Expr:
    """The type that stands in an ARN: endpoint, transform-job, application-inference-profile, savingsplan."""
    bare = _look_up(pl.col("service_code"), _BARE_TYPES)
    return pl.when(_resource_id().is_not_null()).then(pl.coalesce(_resource_id().str.extract(_TYPE_IN_ID), bare))


def _look_up(column: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    """The word of a table, or null. Not `replace_strict`: in polars 2.1.0 that keeps all rows in memory."""
    return pl.coalesce(pl.when(column == key).then(pl.lit(word)) for key, word in table.items())
