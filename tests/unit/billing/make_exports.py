"""Small real exports: FOCUS 1.2 and CUR 2.0, as gzip CSV with JSON maps and as Parquet with maps.

A row is given as text, as CSV has it; what is not given has a plain default. Parquet types follow AWS's: costs and
quantities are doubles, times are timestamps in milliseconds without a zone, tags and products are maps.
"""

import csv
import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl

Row = dict[str, str]

FOCUS = {
    "BilledCost": "1.5",
    "BillingAccountId": "012345678901",
    "BillingAccountType": "Management",
    "BillingCurrency": "USD",
    "BillingPeriodEnd": "2026-11-01T00:00:00Z",
    "BillingPeriodStart": "2026-10-01T00:00:00Z",
    "ChargeCategory": "Usage",
    "ChargeClass": "",
    "ChargeDescription": "",
    "ChargeFrequency": "Usage-Based",
    "ChargePeriodEnd": "2026-10-31T01:00:00Z",
    "ChargePeriodStart": "2026-10-31T00:00:00Z",
    "CommitmentDiscountId": "",
    "CommitmentDiscountStatus": "",
    "ConsumedQuantity": "1",
    "ConsumedUnit": "Hrs",
    "ContractedCost": "1.5",
    "EffectiveCost": "1.5",
    "InvoiceId": "INV1",
    "ListCost": "2",
    "PricingQuantity": "1",
    "PricingUnit": "Hrs",
    "ProviderName": "AWS",
    "RegionId": "us-east-1",
    "ResourceId": "arn:aws:sagemaker:us-east-1:012345678901:endpoint/fraud",
    "ServiceName": "Amazon SageMaker",
    "SubAccountId": "000000000042",
    "Tags": '{"team": "risk", "app": "fraud"}',
    "x_Operation": "RunInstance",
    "x_ServiceCode": "AmazonSageMaker",
    "x_UsageType": "USE1-Host:ml.g5.xlarge",
}
CUR = {
    "bill_bill_type": "Anniversary",
    "bill_billing_entity": "AWS",
    "bill_billing_period_end_date": "2026-11-01T00:00:00Z",
    "bill_billing_period_start_date": "2026-10-01T00:00:00Z",
    "bill_invoice_id": "INV1",
    "bill_payer_account_id": "012345678901",
    "line_item_currency_code": "USD",
    "line_item_line_item_description": "",
    "line_item_line_item_type": "Usage",
    "line_item_operation": "RunInstance",
    "line_item_product_code": "AmazonSageMaker",
    "line_item_resource_id": "arn:aws:sagemaker:us-east-1:012345678901:endpoint/fraud",
    "line_item_unblended_cost": "1.5",
    "line_item_usage_account_id": "000000000042",
    "line_item_usage_amount": "1",
    "line_item_usage_end_date": "2026-10-31T01:00:00Z",
    "line_item_usage_start_date": "2026-10-31T00:00:00Z",
    "line_item_usage_type": "USE1-Host:ml.g5.xlarge",
    "pricing_public_on_demand_cost": "2",
    "pricing_unit": "Hrs",
    "product": '{"product_name": "Amazon SageMaker"}',
    "product_region_code": "us-east-1",
    "reservation_effective_cost": "",
    "reservation_reservation_a_r_n": "",
    "reservation_unused_amortized_upfront_fee_for_billing_period": "",
    "reservation_unused_recurring_fee": "",
    "resource_tags": '{"user_team": "risk", "user_app": "fraud"}',
    "savings_plan_savings_plan_a_r_n": "",
    "savings_plan_savings_plan_effective_cost": "",
    "savings_plan_total_commitment_to_date": "",
    "savings_plan_used_commitment": "",
}
MAPS = {"Tags", "product", "resource_tags"}
_AMOUNTS = ("Cost", "Quantity", "_cost", "_amount", "_fee", "_to_date", "_commitment", "_for_billing_period")
_TIMES = ("PeriodStart", "PeriodEnd", "_date")


def focus(**given: str) -> Row:
    """One row of FOCUS 1.2: an hour of an endpoint, unless told otherwise."""
    return FOCUS | given


def cur(**given: str) -> Row:
    """One row of CUR 2.0: an hour of an endpoint, unless told otherwise."""
    return CUR | given


def without(rows: Sequence[Row], *columns: str) -> list[Row]:
    """The rows without some columns."""
    return [{name: value for name, value in row.items() if name not in columns} for row in rows]


def write_csv(file: Path, rows: Sequence[Row]) -> Path:
    """Gzip CSV if the name ends so, else plain CSV."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    file.parent.mkdir(parents=True, exist_ok=True)
    content = text.getvalue().encode()
    file.write_bytes(gzip.compress(content, mtime=0) if file.suffix == ".gz" else content)
    return file


def write_parquet(file: Path, rows: Sequence[Row]) -> Path:
    """Snappy Parquet with the types of AWS."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    frame = pl.DataFrame([_typed(name, values) for name, values in columns.items()])
    file.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(file, compression="snappy")
    return file


def _typed(name: str, values: Sequence[str]) -> pl.Series:
    given = [value or None for value in values]
    if name in MAPS:
        return pl.Series(name, [value and json.loads(value) for value in given], dtype=pl.Map(pl.String, pl.String))
    if name.endswith(_AMOUNTS):
        return pl.Series(name, [value and float(value) for value in given], dtype=pl.Float64)
    if name.endswith(_TIMES):
        return pl.Series(name, given, dtype=pl.String).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="ms")
    return pl.Series(name, given, dtype=pl.String)
