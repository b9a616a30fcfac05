"""What legacy CUR and CUR 2.0 share: the line items, under names that differ in spelling only (FORMATS section 1).

Tags and products are a column each in legacy CUR and maps in CUR 2.0, where a query may flatten them again: whatever
of them is there is read.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import polars as pl

from infercost.billing.costs import NET_OF_COMMITMENTS, NET_UNBLENDED, read_costs
from infercost.billing.formats.missing import missing_said, restored_accounts
from infercost.billing.line_types import type_of
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import Head
from infercost.billing.reading.names import in_athena, plain

# By the names of legacy CUR, from which those of Athena and CUR 2.0 follow.
NEEDS = {
    "lineItem/UnblendedCost": "what the invoice says",
    "lineItem/LineItemType": "telling use from fees, tax, credits and negations",
    "lineItem/UsageType": "what was used",
    "lineItem/UsageStartDate": "the month and the hour of a charge",
    "lineItem/UsageAccountId": "who used it",
}
CURRENCY = "lineItem/CurrencyCode"
CURRENCY_IN_SNAKE_CASE = in_athena(CURRENCY)
NO_PRODUCTS = "models sold through Marketplace have no name"
NO_TAGS = "charges have no owner. Activate tags as cost allocation tags"
_NO_UNUSED = "the unused part of a reservation stays unknown (needed once it is held)"
_UNUSED_PLAN = "the unused part of a Savings Plan counts as before private discounts"
_UNUSED_RESERVATION = "the unused part of a reservation counts as before private discounts"
SERVES = {
    "lineItem/ResourceId": "endpoints cannot be told apart. Export with INCLUDE_RESOURCES (legacy: RESOURCES)",
    CURRENCY: "amounts are taken to be in the currency of their price (pricing currency), else USD",
    "lineItem/ProductCode": "services are told by the names of their products only, where the export has those",
    "lineItem/UsageAmount": "how much was used stays unknown, and with it every saving",
    "pricing/unit": "quantities have no unit, so they cannot be counted",
    "lineItem/UsageEndDate": "how long a charge lasts is guessed from its start",
    "lineItem/Operation": "containers whose cost stands on their instance too cannot be told apart",
    "lineItem/LineItemDescription": "units that hide in the text (Marketplace) and refunded fees cannot be told",
    "lineItem/NetUnblendedCost": "private discounts are not seen: costs are before them, if there are any",
    "pricing/publicOnDemandCost": "what the public price comes to stays unknown, and with it discounts",
    "bill/PayerAccountId": "who pays stays unknown: several payers would be added up",
    "bill/BillingPeriodStartDate": "the month of a charge is the one that it starts in",
    "bill/InvoiceId": "whether the month is closed stays unknown",
    "bill/InvoicingEntity": "who issues the invoice stays unknown",
    "lineItem/LegalEntity": "who sells a Marketplace model stays unknown",
    "lineItem/UsageAccountName": "accounts are shown by number",
    "product/regionCode": "regions are told by the prefixes of usage types only",
    "savingsPlan/SavingsPlanARN": "what a Savings Plan covers cannot be told",
    "savingsPlan/SavingsPlanEffectiveCost": "what covered usage costs stays unknown (needed once a plan is held)",
    "savingsPlan/TotalCommitmentToDate": "the unused part of a Savings Plan stays unknown (needed once it is held)",
    "savingsPlan/UsedCommitment": "the unused part of a Savings Plan stays unknown (needed once it is held)",
    "savingsPlan/EndTime": "when a Savings Plan ends stays unknown",
    "reservation/ReservationARN": "what a reservation covers cannot be told, and its upfront fee counts whole",
    "reservation/EndTime": "when a reservation ends stays unknown",
    "reservation/EffectiveCost": "what reserved usage costs stays unknown (needed once a reservation is held)",
    "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod": _NO_UNUSED,
    "reservation/UnusedRecurringFee": _NO_UNUSED,
    "savingsPlan/NetSavingsPlanEffectiveCost": "what a Savings Plan covers counts as before private discounts",
    "savingsPlan/RecurringCommitmentForBillingPeriod": _UNUSED_PLAN,
    "savingsPlan/NetRecurringCommitmentForBillingPeriod": _UNUSED_PLAN,
    "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod": f"{_UNUSED_PLAN}, if it was paid upfront",
    "savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod": f"{_UNUSED_PLAN}, if it was paid upfront",
    "reservation/NetEffectiveCost": "what a reservation covers counts as before private discounts",
    "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod": f"{_UNUSED_RESERVATION}, if it was paid upfront",
    "reservation/NetUnusedRecurringFee": _UNUSED_RESERVATION,
}
# The line item type whose costs after discounts a column tells. Without such rows nothing is lost.
_TELLS = {
    plain(name): line_item_type
    for name, line_item_type in (
        ("savingsPlan/NetSavingsPlanEffectiveCost", "SavingsPlanCoveredUsage"),
        ("savingsPlan/RecurringCommitmentForBillingPeriod", "SavingsPlanRecurringFee"),
        ("savingsPlan/NetRecurringCommitmentForBillingPeriod", "SavingsPlanRecurringFee"),
        ("savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod", "SavingsPlanRecurringFee"),
        ("savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod", "SavingsPlanRecurringFee"),
        ("reservation/NetEffectiveCost", "DiscountedUsage"),
        ("reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod", "RIFee"),
        ("reservation/NetUnusedRecurringFee", "RIFee"),
    )
}
# Said in every analysis; the others are for who inspects the export.
_TOLD = {
    plain(name)
    for name in (
        *("line_item_resource_id", "line_item_usage_amount", "line_item_product_code", "line_item_currency_code"),
        *("product", "product_product_name"),
    )
}
_CURRENCIES = (CURRENCY_IN_SNAKE_CASE, "pricing_currency")
_ACCOUNTS = ("bill_payer_account_id", "line_item_usage_account_id")
# Every private discount stands in one of these, where it does not stand in a line of its own.
_DISCOUNTS = ("discount_total_discount", "discount_bundled_discount", "discount", *NET_OF_COMMITMENTS)

_USAGE = ("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "FlatRateSubscription")
_PURCHASE = ("SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "RIFee", "Fee")
_COVERED = ("DiscountedUsage", "SavingsPlanCoveredUsage")
# A reserved hour is billed at the reservation's rate, which says nothing about the price without it.
_CONTRACTED = ("Usage", "SavingsPlanCoveredUsage", "FlatRateSubscription")
# Rows of containers whose cost stands on the row of their EC2 instance too. Source: the filter of AWS's summary view.
_SPLIT = ("EKSPod-EC2", "ECSTask-EC2")


def in_snake_case(columns: Mapping[str, str]) -> dict[str, str]:
    """Returns columns by the names of Athena and CUR 2.0, given by those of legacy CUR."""
    return {in_athena(name): words for name, words in columns.items()}


def fields(columns: Columns) -> dict[str, pl.Expr]:
    """Maps the columns by name; billed cost is the invoice's: net of private discounts where the export tells them."""
    kind = type_of(columns)
    start = columns.time("line_item_usage_start_date", required=True)
    has_period = "bill_billing_period_start_date" in columns
    period = columns.time("bill_billing_period_start_date", required=True) if has_period else start
    costs = read_costs(columns)
    return {
        "billing_account_id": columns.account("bill_payer_account_id"),
        "billing_account_name": columns.text("bill_payer_account_name"),
        "sub_account_id": columns.account("line_item_usage_account_id"),
        "sub_account_name": columns.text("line_item_usage_account_name"),
        "invoice_id": columns.text("bill_invoice_id"),
        "invoice_issuer_name": columns.text("bill_invoicing_entity"),
        "publisher_name": columns.text("line_item_legal_entity"),
        "billing_period_start": period.dt.truncate("1mo"),
        "charge_period_start": start,
        "charge_period_end": columns.time("line_item_usage_end_date"),
        "charge_category": charge_category(kind),
        "charge_class": pl.lit(None, dtype=pl.String),
        "line_item_type": kind,
        "service_code": columns.text("line_item_product_code"),
        "service_name": pl.coalesce(
            columns.entry("product", "product_name"), columns.first_text("product_product_name", "product_name")
        ),
        "usage_type": columns.text("line_item_usage_type"),
        "operation": columns.text("line_item_operation"),
        "region_id": columns.first_text("product_region_code", "product_region"),
        "resource_id": columns.text("line_item_resource_id"),
        "iam_principal": columns.text("line_item_iam_principal"),
        "tags": _tags(columns),
        "charge_description": columns.text("line_item_line_item_description"),
        "quantity": columns.money("line_item_usage_amount"),
        "unit": columns.text("pricing_unit"),
        "billed_cost": costs.net_unblended,
        "effective_cost": costs.net_amortized,
        "contracted_cost": pl.when(kind.is_in(_CONTRACTED)).then(costs.net_unblended)
        if NET_UNBLENDED in columns
        else columns.money(NET_UNBLENDED),
        "list_cost": _in_billing_currency(costs.on_demand, columns),
        "unblended_cost": costs.unblended,
        "amortized_cost": costs.amortized,
        "billing_currency": columns.first_text(*_CURRENCIES)
        if any(name in columns for name in _CURRENCIES)
        else pl.lit("USD"),
        "commitment_discount_id": columns.first_text(
            "savings_plan_savings_plan_a_r_n", "reservation_reservation_a_r_n"
        ),
        "commitment_discount_status": pl.when(kind.is_in(_COVERED)).then(pl.lit("Used")),
        "commitment_cost": columns.money("savings_plan_total_commitment_to_date"),
        "commitment_used_cost": columns.money("savings_plan_used_commitment"),
        "commitment_end": pl.coalesce(columns.time("savings_plan_end_time"), columns.time("reservation_end_time")),
        "set_aside": pl.when(columns.text("line_item_operation").is_in(_SPLIT)).then(pl.lit("split cost allocation")),
    }


def warnings(head: Head, serves: Mapping[str, str], types: AbstractSet[str]) -> tuple[str, ...]:
    """Names the columns that a selection left out, and what that costs."""
    names = {plain(name) for name, _ in head.columns}
    told = {name: loss for name, loss in serves.items() if plain(name) in _TOLD or _TELLS.get(plain(name)) in types}
    found = missing_said(head, told)
    if plain(NET_UNBLENDED) not in names and any(plain(name) in names for name in _DISCOUNTS):
        found.append(
            f"{head.file}: the column {NET_UNBLENDED} is missing beside columns of discounts: costs are before private"
            " discounts, if there are any. Add that column"
        )
    found += restored_accounts(head, _ACCOUNTS)
    return tuple(found)


def _in_billing_currency(public: pl.Expr, columns: Columns) -> pl.Expr:
    """A public price in another currency than the bill's says nothing in the bill's."""
    if not all(name in columns for name in _CURRENCIES):
        return public
    billed, priced = (columns.text(name) for name in _CURRENCIES)
    return pl.when((billed != priced).fill_null(value=False)).then(None).otherwise(public)


def charge_category(kind: pl.Expr) -> pl.Expr:
    """Returns FOCUS's category of a line item type. A negation is no use: it repeats the quantity that it cancels.

    Nothing is known of a row without a type.
    """
    return (
        pl.when(kind.is_null())
        .then(None)
        .when(kind.is_in(_USAGE))
        .then(pl.lit("Usage"))
        .when(kind.is_in(_PURCHASE))
        .then(pl.lit("Purchase"))
        .when(kind == "Tax")
        .then(pl.lit("Tax"))
        .when(kind == "Credit")
        .then(pl.lit("Credit"))
        .otherwise(pl.lit("Adjustment"))
    )


def _tags(columns: Columns) -> pl.Expr:
    """Tags as JSON: from the map that holds all of them, from that of resources, or from a column each."""
    maps = [columns.json(name) for name in ("tags", "resource_tags") if name in columns]
    return pl.coalesce(*maps, columns.gather("resource_tags_", "resourcetags/"))
