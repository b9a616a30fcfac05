"""CUR 2.0, table COST_AND_USAGE_REPORT of AWS Data Exports: any subset of its columns, in any order."""

from collections.abc import Set as AbstractSet

import polars as pl

from infercost.billing.costs import effective_cost
from infercost.billing.reading.head import Head
from infercost.billing.reading.source import Columns

_NEEDS = {
    "line_item_unblended_cost": "what the invoice says",
    "line_item_line_item_type": "telling use from fees, tax, credits and negations",
    "line_item_usage_type": "what was used",
    "line_item_usage_start_date": "the month and the hour of a charge",
    "line_item_usage_account_id": "who used it",
}
_SIGNS = frozenset(_NEEDS) | {"line_item_product_code", "line_item_usage_amount", "bill_payer_account_id"}
# The same names in snake case, but with one column per tag and per product attribute: the Athena table of legacy CUR.
_LEGACY = ("resource_tags_user_", "resource_tags_aws_", "cost_category_")
_LEGACY_NAMES = {"product_region", "product_servicename"}

_USAGE = ("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "FlatRateSubscription")
_PURCHASE = ("SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "RIFee", "Fee")
_KNOWN = frozenset((*_USAGE, *_PURCHASE, "SavingsPlanNegation", "Tax", "Credit", "Refund"))
_COVERED = ("DiscountedUsage", "SavingsPlanCoveredUsage")


class Cur20:
    """CUR 2.0. Billed cost is the unblended cost: covered usage at its on-demand rate, next to a negation."""

    name = "CUR 2.0"
    needs = _NEEDS
    serves: dict[str, str] = {}

    def matches(self, head: Head) -> bool:
        """Tells CUR 2.0 by its snake case names, and from legacy CUR in Athena by the maps that replaced columns."""
        return len(head.names & _SIGNS) >= 3 and not is_legacy(head)

    def fields(self, columns: Columns) -> dict[str, pl.Expr]:
        """Maps the columns by name."""
        columns.require(self.needs)
        kind = columns.text("line_item_line_item_type")
        start = columns.time("line_item_usage_start_date", required=True)
        period = columns.time("bill_billing_period_start_date", required="bill_billing_period_start_date" in columns)
        unblended = columns.money("line_item_unblended_cost", required=True)
        effective = effective_cost(columns, unblended)
        return {
            "billing_account_id": columns.text("bill_payer_account_id"),
            "sub_account_id": columns.text("line_item_usage_account_id"),
            "sub_account_name": columns.text("line_item_usage_account_name"),
            "invoice_id": columns.text("bill_invoice_id"),
            "invoice_issuer_name": columns.text("bill_invoicing_entity"),
            "publisher_name": columns.text("line_item_legal_entity"),
            "billing_period_start": pl.coalesce(period, start).dt.truncate("1mo"),
            "charge_period_start": start,
            "charge_period_end": columns.time("line_item_usage_end_date"),
            "charge_category": _charge_category(kind),
            "charge_class": pl.lit(None, dtype=pl.String),
            "line_item_type": kind,
            "service_code": columns.text("line_item_product_code"),
            "service_name": pl.coalesce(
                _from_map(columns, "product", "product_name"), columns.text("product_product_name")
            ),
            "usage_type": columns.text("line_item_usage_type"),
            "operation": columns.text("line_item_operation"),
            "region_id": columns.text("product_region_code"),
            "resource_id": columns.text("line_item_resource_id"),
            "iam_principal": columns.text("line_item_iam_principal"),
            "tags": columns.json("resource_tags"),
            "charge_description": columns.text("line_item_line_item_description"),
            "quantity": columns.money("line_item_usage_amount"),
            "unit": columns.text("pricing_unit"),
            "billed_cost": unblended,
            "effective_cost": effective,
            # after private discounts, before commitments; the export has it only for payers with discounts
            "contracted_cost": pl.when(kind.is_in(_USAGE)).then(columns.money("line_item_net_unblended_cost")),
            # a negation repeats the list price of the usage it cancels
            "list_cost": pl.when(kind != "SavingsPlanNegation").then(columns.money("pricing_public_on_demand_cost")),
            "unblended_cost": unblended,
            "amortized_cost": effective,
            "billing_currency": pl.coalesce(
                columns.text("line_item_currency_code"), columns.text("pricing_currency"), pl.lit("USD")
            ),
            "commitment_discount_id": pl.coalesce(
                columns.text("savings_plan_savings_plan_a_r_n"), columns.text("reservation_reservation_a_r_n")
            ),
            "commitment_discount_status": pl.when(kind.is_in(_COVERED)).then(pl.lit("Used")),
            "commitment_cost": columns.money("savings_plan_total_commitment_to_date"),
            "commitment_used_cost": columns.money("savings_plan_used_commitment"),
            "commitment_end": columns.time("savings_plan_end_time"),
        }

    def warnings(self, head: Head, line_item_types: AbstractSet[str]) -> tuple[str, ...]:
        """Names the columns that a selection left out, and what that costs."""
        found = []
        if not head.names & {"line_item_currency_code", "pricing_currency"}:
            found.append(f"{head.file}: no column names the currency: amounts are taken to be USD")
        if "line_item_resource_id" not in head.names:
            found.append(
                f"{head.file}: the column line_item_resource_id is missing: endpoints cannot be told apart."
                " Export with INCLUDE_RESOURCES"
            )
        if not head.names & {"product", "product_product_name"}:
            found.append(f"{head.file}: the column product is missing: models sold through Marketplace have no name")
        unknown = sorted(kind for kind in line_item_types if kind not in _KNOWN and not kind.endswith("Discount"))
        if unknown:
            found.append(f"line item types that are not known are kept as adjustments: {', '.join(unknown)}")
        return tuple(found)


def is_legacy(head: Head) -> bool:
    """Returns whether a header is that of legacy CUR as Athena spells it."""
    names = head.names
    return bool(names & _LEGACY_NAMES) or any(name.startswith(_LEGACY) for name in names)


def _charge_category(kind: pl.Expr) -> pl.Expr:
    """Returns FOCUS's category of a line item type. A negation is no use: it repeats the quantity that it cancels."""
    return (
        pl.when(kind.is_in(_USAGE))
        .then(pl.lit("Usage"))
        .when(kind.is_in(_PURCHASE))
        .then(pl.lit("Purchase"))
        .when(kind == "Tax")
        .then(pl.lit("Tax"))
        .when(kind == "Credit")
        .then(pl.lit("Credit"))
        .otherwise(pl.lit("Adjustment"))
    )


def _from_map(columns: Columns, name: str, key: str) -> pl.Expr:
    """Returns one value of a map, which is JSON text in CSV and in some conversions to Parquet."""
    if name not in columns:
        return pl.lit(None, dtype=pl.String)
    dtype = columns.dtype(name)
    if isinstance(dtype, pl.Map):
        return columns.raw(name).map.get(key)
    return columns.json(name).str.json_path_match(f"$.{key}")
