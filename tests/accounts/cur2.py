"""The demo account as CUR 2.0: gzip CSV with JSON maps, or Parquet with real maps.

Where FOCUS has a purchase, covered usage and an unused rest, CUR has a recurring fee, covered usage at its on-demand
rate, and a negation that takes that rate back and repeats the quantity.
"""

import csv
import functools
import gzip
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import polars as pl

from infercost.demo.account import PAYER, REGION
from infercost.demo.charge import Charge
from infercost.demo.focus import moment, money
from infercost.demo.month import END, START
from infercost.demo.write import bill, workloads

MAPS = ("cost_category", "discount", "product", "resource_tags")
DOUBLES = (
    "line_item_blended_cost",
    "line_item_unblended_cost",
    "line_item_usage_amount",
    "pricing_public_on_demand_cost",
    "savings_plan_amortized_upfront_commitment_for_billing_period",
    "savings_plan_recurring_commitment_for_billing_period",
    "savings_plan_savings_plan_effective_cost",
    "savings_plan_savings_plan_rate",
    "savings_plan_total_commitment_to_date",
    "savings_plan_used_commitment",
)
TIMES = (
    "bill_billing_period_end_date",
    "bill_billing_period_start_date",
    "line_item_usage_end_date",
    "line_item_usage_start_date",
)
TEXTS = (
    "bill_bill_type",
    "bill_billing_entity",
    "bill_invoice_id",
    "bill_invoicing_entity",
    "bill_payer_account_id",
    "bill_payer_account_name",
    "identity_line_item_id",
    "identity_time_interval",
    "line_item_availability_zone",
    "line_item_currency_code",
    "line_item_legal_entity",
    "line_item_line_item_description",
    "line_item_line_item_type",
    "line_item_operation",
    "line_item_product_code",
    "line_item_resource_id",
    "line_item_unblended_rate",
    "line_item_usage_account_id",
    "line_item_usage_account_name",
    "line_item_usage_type",
    "pricing_public_on_demand_rate",
    "pricing_term",
    "pricing_unit",
    "product_instance_type",
    "product_product_family",
    "product_region_code",
    "product_servicecode",
    "reservation_reservation_a_r_n",
    "savings_plan_savings_plan_a_r_n",
)
COLUMNS = tuple(sorted((*MAPS, *DOUBLES, *TIMES, *TEXTS)))
PLACE = Path("data/BILLING_PERIOD=2026-10")

Row = dict[str, str]


def write_cur2_csv(directory: Path) -> Path:
    """Everything as text, maps as JSON; returns the folder of the export."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows())
    return _write(directory, "infercost-demo-00001.csv.gz", gzip.compress(text.getvalue().encode(), mtime=0))


def write_cur2_parquet(directory: Path) -> Path:
    """Costs as doubles, times in milliseconds without a zone, maps as maps; returns the folder of the export."""
    frame = pl.DataFrame(list(rows()), schema=dict.fromkeys(COLUMNS, pl.String)).with_columns(
        pl.col(DOUBLES).replace("", None).cast(pl.Float64),
        pl.col(TIMES).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="ms"),
        pl.col(TEXTS).replace("", None),
    )
    maps = [pl.Series(name, map(json.loads, frame[name]), dtype=pl.Map(pl.String, pl.String)) for name in MAPS]
    frame = frame.with_columns(maps)
    target = io.BytesIO()
    frame.write_parquet(target, compression="snappy")
    return _write(directory, "infercost-demo-00001.snappy.parquet", target.getvalue())


@functools.cache
def rows() -> tuple[Row, ...]:
    """Line items."""
    return tuple(_rows())


def _rows() -> Iterator[Row]:
    charges = list(bill(workloads()))
    unused = {charge.start: charge.effective for charge in charges if charge.plan_status == "Unused"}
    for ordinal, row in enumerate(_line_items(charges, unused)):
        interval = f"{row['line_item_usage_start_date']}/{row['line_item_usage_end_date']}"
        yield row | {"identity_line_item_id": f"{ordinal:032x}", "identity_time_interval": interval}


def _line_items(charges: Iterable[Charge], unused: dict[datetime, Decimal]) -> Iterator[Row]:
    for charge in charges:
        if charge.plan_status == "Unused":
            continue  # CUR has no such row: the fee says how much of it was used
        if charge.plan_status == "Used":
            yield from _covered(charge)
        elif charge.plan is not None:
            yield _fee(charge, unused.get(charge.start, Decimal(0)))
        else:
            yield _line(charge, charge.category) | {
                "line_item_unblended_cost": money(charge.billed),
                "pricing_public_on_demand_cost": money(charge.listed) if charge.meter else "",
                "pricing_term": "OnDemand" if charge.meter else "",
            }


def _covered(charge: Charge) -> Iterator[Row]:
    assert charge.plan is not None
    assert charge.quantity is not None
    usage = _line(charge, "SavingsPlanCoveredUsage") | {
        "line_item_unblended_cost": money(charge.listed),
        "pricing_public_on_demand_cost": money(charge.listed),
        "savings_plan_savings_plan_a_r_n": charge.plan.id,
        "savings_plan_savings_plan_effective_cost": money(charge.effective),
        "savings_plan_savings_plan_rate": money(charge.effective / charge.quantity),
    }
    yield usage
    yield usage | {
        "line_item_line_item_type": "SavingsPlanNegation",
        "line_item_line_item_description": f"SavingsPlanNegation used by AccountId : {charge.account.id}",
        "line_item_resource_id": charge.plan.id,
        "line_item_unblended_cost": money(-charge.listed),
        "pricing_public_on_demand_cost": "",
        "resource_tags": "{}",
        "savings_plan_savings_plan_effective_cost": "",
        "savings_plan_savings_plan_rate": "",
    }


def _fee(charge: Charge, unused: Decimal) -> Row:
    assert charge.plan is not None
    return _line(charge, "SavingsPlanRecurringFee") | {
        "line_item_resource_id": charge.plan.id,
        "line_item_unblended_cost": money(charge.billed),
        "savings_plan_amortized_upfront_commitment_for_billing_period": "0",
        "savings_plan_recurring_commitment_for_billing_period": money(charge.billed),
        "savings_plan_savings_plan_a_r_n": charge.plan.id,
        "savings_plan_total_commitment_to_date": money(charge.billed),
        "savings_plan_used_commitment": money(charge.billed - unused),
    }


def _line(charge: Charge, line_item_type: str) -> Row:
    """What every line item has."""
    row = {
        "bill_bill_type": "Anniversary",
        "bill_billing_entity": "AWS",
        "bill_billing_period_end_date": moment(END),
        "bill_billing_period_start_date": moment(START),
        "bill_invoice_id": "2261940385",
        "bill_invoicing_entity": "Amazon Web Services, Inc.",
        "bill_payer_account_id": PAYER.id,
        "bill_payer_account_name": PAYER.name,
        "cost_category": "{}",
        "discount": "{}",
        "line_item_currency_code": "USD",
        "line_item_legal_entity": "Amazon Web Services, Inc.",
        "line_item_line_item_description": charge.description,
        "line_item_line_item_type": line_item_type,
        "line_item_product_code": charge.service.code,
        "line_item_usage_account_id": charge.account.id,
        "line_item_usage_account_name": charge.account.name,
        "line_item_usage_end_date": moment(charge.end),
        "line_item_usage_start_date": moment(charge.start),
        "product": json.dumps({"product_name": charge.service.name}),
        "resource_tags": "{}",
    }
    if charge.meter is None or charge.resource is None or charge.quantity is None:
        return row
    return row | {
        "line_item_operation": charge.meter.operation,
        "line_item_resource_id": charge.resource.id,
        "line_item_unblended_rate": money(charge.meter.price_usd),
        "line_item_usage_amount": money(charge.quantity),
        "line_item_usage_type": charge.meter.usage_type,
        "pricing_public_on_demand_rate": money(charge.meter.price_usd),
        "pricing_unit": charge.meter.unit,
        "product_region_code": REGION,
        "product_servicecode": charge.service.code,
        "resource_tags": json.dumps({f"user_{key}": value for key, value in charge.resource.tags.items()}),
    }


def _write(directory: Path, name: str, content: bytes) -> Path:
    folder = directory / PLACE
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)
    return folder
