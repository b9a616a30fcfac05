"""The result that all have to come to: the rows of machine learning as charges, and totals of the whole export."""

from pathlib import Path

CODES = (
    *("AmazonSageMaker", "AmazonBedrock", "AmazonBedrockService"),
    *("ComputeSavingsPlans", "MachineLearningSavingsPlans"),
)
COVERED = "SavingsPlanCoveredUsage"
NET_EFFECTIVE = "savings_plan_net_savings_plan_effective_cost"
NET_RESERVED = "reservation_net_effective_cost"
PLAN_FEES = ("savings_plan_total_commitment_to_date", "savings_plan_used_commitment")
VIEWS = ("line_item_net_unblended_cost", "line_item_unblended_cost")
TOTAL_KEYS = (
    *("bill_billing_period_start_date", "bill_payer_account_id", "line_item_currency_code"),
    "line_item_line_item_type",
)
# Of each charge, beside its costs and the name of its service.
KEPT_RAW = (
    *("bill_payer_account_id", "bill_payer_account_name", "line_item_usage_account_id", "line_item_usage_account_name"),
    *("bill_invoice_id", "bill_invoicing_entity", "line_item_legal_entity", "bill_billing_period_start_date"),
    *("line_item_usage_start_date", "line_item_usage_end_date", "line_item_line_item_type", "line_item_product_code"),
    *("line_item_usage_type", "line_item_operation", "product_region_code", "line_item_resource_id", "resource_tags"),
    *("line_item_line_item_description", "line_item_usage_amount", "pricing_unit", "pricing_public_on_demand_cost"),
    *("line_item_currency_code", "savings_plan_savings_plan_a_r_n", "reservation_reservation_a_r_n"),
    *PLAN_FEES,
    "savings_plan_end_time",
)


def files_of(export: Path) -> list[Path]:
    """Returns the files of an export, in order."""
    return sorted(file for file in export.rglob("*") if file.is_file())
