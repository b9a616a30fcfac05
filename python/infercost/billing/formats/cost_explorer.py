"""Cost Explorer's get-cost-and-usage as JSON: days, hours or months of each usage type; no resources and few tags."""

from collections.abc import Set as AbstractSet

import polars as pl

from infercost.billing.formats import cur
from infercost.billing.formats.missing import missing_said
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import Head
from infercost.billing.reading.names import plain
from infercost.schema.charges import MONEY, TIME
from infercost.schema.errors import IncompleteError

_ASK = (
    "aws ce get-cost-and-usage --granularity DAILY --time-period Start=2026-10-01,End=2026-11-01"
    " --metrics UnblendedCost NetUnblendedCost AmortizedCost NetAmortizedCost UsageQuantity"
    " --group-by Type=DIMENSION,Key=SERVICE Type=DIMENSION,Key=USAGE_TYPE"
)
_BILLED = ("NetUnblendedCost", "UnblendedCost")
_EFFECTIVE = ("NetAmortizedCost", "AmortizedCost")
# What Cost Explorer puts where a charge has no usage type, such as tax.
_NO_USAGE_TYPE = "NoUsageType"
_NO_UNIT = "N/A"
# Said in every analysis; the others are for who inspects the export.
_TOLD = (
    *("Keys.SERVICE", "Metrics.UsageQuantity.Amount", "Metrics.AmortizedCost.Amount", "Keys.RECORD_TYPE"),
    "Keys.RESOURCE_ID",
)


class CostExplorer:
    """Cost Explorer. Credits, refunds and discounts are added into the usage they belong to, unless told apart."""

    name = "Cost Explorer"
    currency = "Metrics.UnblendedCost.Unit"
    needs = {"Keys.USAGE_TYPE": "what was used"}
    serves = {
        "Keys.SERVICE": "services are told by their usage types only",
        "Metrics.UsageQuantity.Amount": "how much was used stays unknown, and with it every saving",
        "Metrics.AmortizedCost.Amount": "commitments are not spread over their use: effective costs are billed ones",
        "Metrics.NetUnblendedCost.Amount": "costs are before private discounts, if there are any",
        "Keys.RECORD_TYPE": "credits, refunds and discounts are added into the usage types they belong to",
        "Keys.LINKED_ACCOUNT": "which account used it stays unknown",
        "Keys.REGION": "regions are told by the prefixes of usage types only",
        "Keys.RESOURCE_ID": "endpoints cannot be told apart. CUR 2.0 and FOCUS 1.2 have them",
    }

    def matches(self, head: Head) -> bool:
        """Tells an answer of Cost Explorer by its results by time."""
        return head.container == "json" and "timeperiod.start" in head.names

    def fields(self, columns: Columns) -> dict[str, pl.Expr]:
        """Maps the metrics and keys that were asked for."""
        _refuse_other_questions(columns)
        kind = columns.text("Keys.RECORD_TYPE").str.replace_all(" ", "", literal=True)
        usage_type = columns.text("Keys.USAGE_TYPE")
        start = columns.time("TimePeriod.Start", required=True)
        billed = next(name for name in _BILLED if _amount(name) in columns)
        effective = next((name for name in _EFFECTIVE if _amount(name) in columns), billed)
        quantity_unit = columns.text("Metrics.UsageQuantity.Unit")
        unit = pl.when(quantity_unit != _NO_UNIT).then(quantity_unit)
        nothing, unsaid, untimed = (pl.lit(None, dtype=dtype) for dtype in (MONEY, pl.String, TIME))
        return {
            "billing_account_id": unsaid,
            "billing_account_name": unsaid,
            "sub_account_id": columns.text("Keys.LINKED_ACCOUNT"),
            "sub_account_name": unsaid,
            "invoice_id": unsaid,
            "invoice_issuer_name": columns.text("Keys.INVOICING_ENTITY"),
            "publisher_name": columns.text("Keys.LEGAL_ENTITY_NAME"),
            "billing_period_start": start.dt.truncate("1mo"),
            "charge_period_start": start,
            "charge_period_end": columns.time("TimePeriod.End", required=True),
            "charge_category": cur.charge_category(kind)
            if "Keys.RECORD_TYPE" in columns
            else pl.when(usage_type == _NO_USAGE_TYPE).then(pl.lit("Adjustment")).otherwise(pl.lit("Usage")),
            "charge_class": unsaid,
            "line_item_type": kind,
            "service_code": columns.text("Keys.SERVICE_CODE"),
            "service_name": columns.text("Keys.SERVICE"),
            "usage_type": pl.when(usage_type != _NO_USAGE_TYPE).then(usage_type),
            "operation": columns.text("Keys.OPERATION"),
            "region_id": columns.text("Keys.REGION"),
            "resource_id": columns.text("Keys.RESOURCE_ID"),
            "iam_principal": unsaid,
            "tags": columns.gather("tags."),
            "charge_description": unsaid,
            # a quantity without a unit adds hours to gigabytes
            "quantity": pl.when(unit.is_not_null()).then(columns.money(_amount("UsageQuantity"))),
            "unit": unit,
            "billed_cost": columns.money(_amount(billed), required=True),
            "effective_cost": columns.money(_amount(effective), required=True),
            "contracted_cost": nothing,
            "list_cost": nothing,
            "unblended_cost": columns.money(_amount("UnblendedCost")),
            "amortized_cost": columns.money(_amount("AmortizedCost")),
            "billing_currency": columns.text(f"Metrics.{billed}.Unit"),
            "commitment_discount_id": columns.text("Keys.SAVINGS_PLAN_ARN"),
            "commitment_discount_status": unsaid,
            "commitment_cost": nothing,
            "commitment_used_cost": nothing,
            "commitment_end": untimed,
            "set_aside": unsaid,
            "is_final": (columns.text("Estimated") == "False").fill_null(value=False),
        }

    def warnings(self, head: Head, _types: AbstractSet[str]) -> tuple[str, ...]:
        """Names what was not asked for, and what that costs."""
        found = missing_said(head, {name: self.serves[name] for name in _TOLD})
        names = {plain(name) for name, _ in head.columns}
        net = [plain(_amount(name)) in names for name in (_BILLED[0], _EFFECTIVE[0])]
        if any(net) and not all(net):
            found.append(
                f"{head.file}: {_BILLED[0]} and {_EFFECTIVE[0]} were not both asked for: one of billed and effective"
                " costs is before private discounts, the other after them"
            )
        return tuple(found)


def _amount(metric: str) -> str:
    return f"Metrics.{metric}.Amount"


def _refuse_other_questions(columns: Columns) -> None:
    """An answer to another question holds money, too, and nothing that says what it was for."""
    file = columns.head.file
    if "Keys.USAGE_TYPE" not in columns:
        keys = [name for name, _ in columns.head.columns if name.startswith(("Keys.", "Tags.", "CostCategories."))]
        grouped = f"is grouped by {' and '.join(keys)}" if keys else "is not grouped, or does not say by what"
        raise IncompleteError(
            f"{file}: this answer of Cost Explorer {grouped}, so nothing says what was used. Ask for groups by"
            f" USAGE_TYPE, and best by SERVICE too, and save the whole answer: {_ASK}"
        )
    if not any(_amount(name) in columns for name in _BILLED):
        raise IncompleteError(
            f"{file}: this answer of Cost Explorer has neither {' nor '.join(_BILLED)}, so nothing says what is billed."
            f" Ask for both: {_ASK}"
        )
