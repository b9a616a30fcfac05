"""A month of an invented account as AWS exports it, by the hour: 200,880 lines, one in seven of them inference.

No randomness: the same files on every machine. Amounts are whole multiples of 1e-10 USD, written out in full.
"""

import datetime as dt
import itertools
from pathlib import Path
from typing import NamedTuple

import polars as pl

from accounts import cur2
from infercost.demo.focus import COLUMNS as FOCUS_COLUMNS

START = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
END = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
_PAYER = "111111111111"
_TEXT_TIME = "%Y-%m-%dT%H:%M:%SZ"
_PRICE_SCALE, _QUANTITY_SCALE = 10**6, 10**4
_COST_SCALE = _PRICE_SCALE * _QUANTITY_SCALE


class _Meter(NamedTuple):
    """What is billed every hour on each of so many resources; the price in millionths of a USD per unit."""

    resources: int
    code: str
    service: str
    usage_type: str
    operation: str
    unit: str
    price: int


_METERS = (
    _Meter(20, "AmazonSageMaker", "Amazon SageMaker", "USE1-Host:ml.g5.xlarge", "RunInstance", "Hrs", 1_408_000),
    _Meter(
        10, "AmazonBedrock", "Amazon Bedrock", "USE1-NovaLite-input-tokens", "InvokeModelInference", "1K tokens", 60
    ),
    _Meter(
        8, "AmazonBedrock", "Amazon Bedrock", "USE1-NovaLite-output-tokens", "InvokeModelInference", "1K tokens", 240
    ),
    _Meter(90, "AmazonEC2", "Amazon Elastic Compute Cloud", "BoxUsage:m5.large", "RunInstances", "Hrs", 96_000),
    _Meter(50, "AmazonEC2", "Amazon Elastic Compute Cloud", "EBS:VolumeUsage.gp3", "CreateVolume-Gp3", "GB-Mo", 80_000),
    _Meter(40, "AmazonS3", "Amazon Simple Storage Service", "TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", 23_000),
    _Meter(30, "AWSLambda", "AWS Lambda", "Lambda-GB-Second", "Invoke", "Lambda-GB-Second", 17),
    _Meter(
        22,
        "AmazonRDS",
        "Amazon Relational Database Service",
        "InstanceUsage:db.r5.large",
        "CreateDBInstance",
        "Hrs",
        250_000,
    ),
)


def write_focus(folder: Path) -> Path:
    """FOCUS 1.2 with AWS's own columns: gzip CSV, everything as text."""
    file = folder / "focus-00001.csv.gz"
    charges = _charges().with_columns(pl.col("start", "end").dt.strftime(_TEXT_TIME))
    cells = {
        "BilledCost": pl.col("cost"),
        "BillingAccountId": pl.lit(_PAYER),
        "BillingAccountType": pl.lit("Billing Account"),
        "BillingCurrency": pl.lit("USD"),
        "BillingPeriodEnd": pl.lit(END.strftime(_TEXT_TIME)),
        "BillingPeriodStart": pl.lit(START.strftime(_TEXT_TIME)),
        "ChargeCategory": pl.lit("Usage"),
        "ChargeDescription": pl.format("{} per {} of {}", "price", "unit", "usage_type"),
        "ChargeFrequency": pl.lit("Usage-Based"),
        "ChargePeriodEnd": pl.col("end"),
        "ChargePeriodStart": pl.col("start"),
        "ConsumedQuantity": pl.col("quantity"),
        "ConsumedUnit": pl.col("unit"),
        "ContractedCost": pl.col("cost"),
        "ContractedUnitPrice": pl.col("price"),
        "EffectiveCost": pl.col("cost"),
        "InvoiceId": pl.lit("1000000001"),
        "InvoiceIssuerName": pl.lit("Amazon Web Services, Inc."),
        "ListCost": pl.col("cost"),
        "ListUnitPrice": pl.col("price"),
        "PricingCategory": pl.lit("Standard"),
        "PricingCurrency": pl.lit("USD"),
        "PricingQuantity": pl.col("quantity"),
        "PricingUnit": pl.col("unit"),
        "ProviderName": pl.lit("AWS"),
        "RegionId": pl.lit("us-east-1"),
        "RegionName": pl.lit("US East (N. Virginia)"),
        "ResourceId": pl.col("resource"),
        "ServiceName": pl.col("service"),
        "SkuPriceDetails": pl.lit("{}"),
        "SubAccountId": pl.col("account"),
        "Tags": pl.col("tags"),
        "x_Operation": pl.col("operation"),
        "x_ServiceCode": pl.col("code"),
        "x_UsageType": pl.col("usage_type"),
    }
    columns = [cells.get(name, pl.lit("")).alias(name) for name in FOCUS_COLUMNS]
    charges.lazy().select(columns).sink_csv(file, compression="gzip", compression_level=6)
    return file


def write_cur2(folder: Path) -> Path:
    """CUR 2.0: Parquet with real maps, costs as doubles, times in milliseconds without a zone."""
    file = folder / "cur2-00001.snappy.parquet"
    charges = _charges().with_columns(pl.col("start", "end").dt.replace_time_zone(None).dt.cast_time_unit("ms"))
    cells = {
        "bill_billing_period_end_date": pl.lit(END.replace(tzinfo=None)).dt.cast_time_unit("ms"),
        "bill_billing_period_start_date": pl.lit(START.replace(tzinfo=None)).dt.cast_time_unit("ms"),
        "bill_invoice_id": pl.lit("1000000001"),
        "bill_payer_account_id": pl.lit(_PAYER),
        "identity_line_item_id": pl.format("{}/{}", "resource", "start"),
        "line_item_currency_code": pl.lit("USD"),
        "line_item_line_item_description": pl.format("{} per {} of {}", "price", "unit", "usage_type"),
        "line_item_line_item_type": pl.lit("Usage"),
        "line_item_operation": pl.col("operation"),
        "line_item_product_code": pl.col("code"),
        "line_item_resource_id": pl.col("resource"),
        "line_item_unblended_cost": pl.col("cost").cast(pl.Float64),
        "line_item_unblended_rate": pl.col("price"),
        "line_item_usage_account_id": pl.col("account"),
        "line_item_usage_amount": pl.col("quantity").cast(pl.Float64),
        "line_item_usage_end_date": pl.col("end"),
        "line_item_usage_start_date": pl.col("start"),
        "line_item_usage_type": pl.col("usage_type"),
        "pricing_public_on_demand_cost": pl.col("cost").cast(pl.Float64),
        "pricing_public_on_demand_rate": pl.col("price"),
        "pricing_term": pl.lit("OnDemand"),
        "pricing_unit": pl.col("unit"),
        "product_region_code": pl.lit("us-east-1"),
        "product_servicecode": pl.col("code"),
        "product": _map("product_name", pl.col("service")),
        "resource_tags": _map("user_team", pl.col("team")),
    }
    empty = (
        dict.fromkeys(cur2.TEXTS, pl.lit(None, pl.String))
        | dict.fromkeys(cur2.DOUBLES, pl.lit(None, pl.Float64))
        | dict.fromkeys(cur2.MAPS, pl.lit(None, pl.Map(pl.String, pl.String)))
    )
    columns = [(empty | cells)[name].alias(name) for name in cur2.COLUMNS]
    charges.select(columns).write_parquet(file, compression="snappy")
    return file


def _map(key: str, value: pl.Expr) -> pl.Expr:
    return pl.concat_list(pl.struct(pl.lit(key).alias("key"), value.alias("value"))).cast(pl.Map(pl.String, pl.String))


def _charges() -> pl.DataFrame:
    """One row per resource and hour, in the order of time as exports have it."""
    hours = pl.DataFrame({"start": pl.datetime_range(START, END, "1h", closed="left", eager=True)})
    return (
        hours.join(_resources(), how="cross")
        .with_row_index("row")
        .with_columns(
            pl.col("row").cast(pl.Int64),
            end=pl.col("start") + pl.duration(hours=1),
            amount=pl.when(pl.col("unit") == "Hrs")
            .then(_QUANTITY_SCALE)
            .otherwise(pl.col("row").cast(pl.Int64) * 7919 % 500_009),
        )
        .with_columns(
            cost=_decimal(pl.col("amount") * pl.col("price"), _COST_SCALE),
            quantity=_decimal(pl.col("amount"), _QUANTITY_SCALE),
            price=_decimal(pl.col("price"), _PRICE_SCALE),
        )
    )


def _resources() -> pl.DataFrame:
    rows = [
        {
            **meter._asdict(),
            "account": f"{222222222222 + ordinal % 5}",
            "team": f"team-{ordinal % 12}",
            "tags": f'{{"user_team":"team-{ordinal % 12}"}}',
            "resource": f"arn:aws:{meter.code.lower()}:us-east-1:{222222222222 + ordinal % 5}:thing/{ordinal:06d}",
        }
        for ordinal, meter in enumerate(
            itertools.chain.from_iterable(itertools.repeat(meter, meter.resources) for meter in _METERS)
        )
    ]
    return pl.DataFrame(rows)


def _decimal(units: pl.Expr, scale: int) -> pl.Expr:
    """Whole units of 1 / scale as decimal text, every digit."""
    digits = len(str(scale)) - 1
    return pl.format("{}.{}", units // scale, (units % scale).cast(pl.String).str.zfill(digits))
