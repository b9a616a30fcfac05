"""Small accounts for tests of the advice: hourly charges of a few days, traffic files, what owners know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from infercost import advice
from infercost.billing.bill import SPEND_KEYS, Bill
from infercost.billing.classify import classify
from infercost.prices.book import PriceBook
from infercost.schema.analysis import Analysis, Kept, Recommendation, RejectedAlternative
from infercost.schema.charges import CHARGES
from infercost.schema.config import Config
from infercost.workloads import discover

START = datetime(2026, 10, 5, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
REGION = "us-east-1"
# Prices of this little world, per unit of each usage type.
PRICES = {
    "Host:ml.m5.large": "0.1152",
    "Host:ml.c5.4xlarge": "0.816",
    "Host:ml.g5.xlarge": "1.408",
    "AsyncInf:ml.g5.xlarge": "1.408",
    "AsyncInf:ml.m5.large": "0.1152",
    "Tsform:ml.m5.large": "0.1152",
    "Tsform:ml.g5.xlarge": "1.408",
    "ServerlessInf:Mem-6GB": "0.00012",
    "Hst:Data-Bytes-In": "0.016",
    "Hst:Data-Bytes-Out": "0.016",
    "Requests-Tier1": "0.000005",
    "bedrock:amazon.nova-lite-v1:0:standard:input": "0.06",
    "bedrock:amazon.nova-lite-v1:0:standard:output": "0.24",
    "bedrock:amazon.nova-lite-v1:0:batch:input": "0.03",
    "bedrock:amazon.nova-lite-v1:0:batch:output": "0.12",
}


@dataclass(frozen=True)
class Line:
    """The same quantity every hour; `price` in USD per unit."""

    usage_type: str
    quantity: str
    price: str
    resource: str | None = None
    account: str = "000000000001"
    unit: str = "Hrs"
    service: str = "AmazonSageMaker"
    tags: str = "{}"
    plan: str | None = None
    hours: tuple[int, ...] | None = None
    nameless: bool = False  # the export has no name of the product


def endpoint(name: str, account: str = "000000000001") -> str:
    return f"arn:aws:sagemaker:{REGION}:{account}:endpoint/{name}"


def instances(name: str, instance_type: str, count: int, **more: Any) -> Line:  # noqa: ANN401 -- fields of a line
    price = PRICES[f"Host:{instance_type}"]
    account = more.get("account", "000000000001")
    return Line(f"USE1-Host:{instance_type}", str(count), price, endpoint(name, account), **more)


def tokens(kind: str, per_hour: int, price_per_1k: str) -> Line:
    return Line(
        f"USE1-NovaLite-{kind}-tokens",
        str(Decimal(per_hour) / 1000),
        price_per_1k,
        unit="1K tokens",
        service="AmazonBedrock",
    )


def resold(product: str = "c7k2m9opaque") -> Line:
    """A model through Marketplace whose product has a code and no name."""
    usage_type = "USE1-MP:USE1_InputTokenCount-Units"
    return Line(usage_type, "1", "3", unit="Units", service=product, nameless=True)


def bill(lines: Sequence[Line], *, days: int = 7, factor: int = 1, currency: str = "USD") -> Bill:
    """A bill of whole days. `factor` multiplies every amount of money."""
    rows = [row for line in lines for row in _rows(line, days, factor)]
    charges = classify(pl.DataFrame(rows, schema=CHARGES, orient="row").with_columns(billing_currency=pl.lit(currency)))
    total = Decimal(charges["billed_cost"].sum())
    return Bill(
        format="FOCUS 1.2",
        files=("bill.csv",),
        rows=charges.height,
        month=START.date(),
        period_start=START,
        period_end=START + timedelta(days=days),
        covered_start=START,
        covered_hours=24 * days,
        closed=True,
        payers=("000000000001",),
        currency=currency,
        charges=charges,
        spend=charges.group_by(SPEND_KEYS, maintain_order=True).agg(
            pl.len().alias("rows"), pl.col("billed_cost", "effective_cost").sum()
        ),
        export_total=total,
        charges_total=total,
        warnings=(),
        set_aside={},
    )


def _rows(line: Line, days: int, factor: int) -> list[dict[str, Any]]:
    cost = Decimal(line.quantity) * Decimal(line.price) * factor
    named = {"AmazonSageMaker": "Amazon SageMaker", "AmazonBedrock": "Amazon Bedrock"}
    service = None if line.nameless else named.get(line.service, line.service)
    return [
        {
            **dict.fromkeys(CHARGES),
            "billing_account_id": "000000000001",
            "sub_account_id": line.account,
            "billing_period_start": START.replace(day=1),
            "charge_period_start": START + hour * HOUR,
            "charge_period_end": START + (hour + 1) * HOUR,
            "charge_category": "Usage",
            "service_code": line.service,
            "service_name": service,
            "usage_type": line.usage_type,
            "region_id": REGION,
            "resource_id": line.resource,
            "tags": line.tags,
            "quantity": Decimal(line.quantity),
            "unit": line.unit,
            "billed_cost": Decimal(0) if line.plan else cost,
            "effective_cost": cost,
            "contracted_cost": cost,
            "list_cost": cost,
            "billing_currency": "USD",
            "commitment_discount_id": line.plan,
            "commitment_discount_status": "Used" if line.plan else None,
        }
        for hour in (range(24 * days) if line.hours is None else line.hours)
    ]


@dataclass
class World:
    """Bill, config and traffic files of a little account; `answer` runs the whole analysis on it."""

    folder: Path
    lines: list[Line]
    workloads: list[dict[str, Any]]
    days: int = 7
    factor: int = 1
    prices: dict[str, str] = field(default_factory=lambda: dict(PRICES))

    def answer(self) -> Analysis:
        found = bill(self.lines, days=self.days, factor=self.factor)
        config = Config.parse({"workload": self.workloads}, "infercost.toml")
        prices = {key: str(Decimal(price) * self.factor) for key, price in self.prices.items()}
        book = PriceBook.shipped().with_overrides(prices)
        return advice.analyze(found, discover(found, config, self.folder), book, config.assumptions)

    def every(self, name: str, gap_s: float, *, from_h: int = 0, to_h: int = 24) -> str:
        """Writes a trace of one request every `gap_s` seconds in a part of each day; its path."""
        per_day = int((to_h - from_h) * 3600 / gap_s)
        arrivals = [
            START + timedelta(days=day, hours=from_h, seconds=gap_s * position)
            for day in range(self.days)
            for position in range(per_day)
        ]
        pl.DataFrame({"arrival": arrivals}).write_parquet(self.folder / f"{name}.parquet")
        return f"{name}.parquet"

    def hourly(self, name: str, requests: int, **sums: int) -> str:
        """Writes the same count every hour; its path."""
        starts = [START + hour * HOUR for hour in range(24 * self.days)]
        frame = pl.DataFrame({"start": starts}).with_columns(
            requests=pl.lit(requests), **{column: pl.lit(value) for column, value in sums.items()}
        )
        frame.write_parquet(self.folder / f"{name}.parquet")
        return f"{name}.parquet"


def recommended(analysis: Analysis, name: str) -> Recommendation | None:
    return next((one for one in analysis.recommendations if name in one.workload_ids), None)


def kept(analysis: Analysis, name: str) -> Kept | None:
    return next((one for one in analysis.kept if one.workload_id == name), None)


def rejected(analysis: Analysis, name: str) -> tuple[RejectedAlternative, ...]:
    found = recommended(analysis, name) or kept(analysis, name)
    return () if found is None else found.rejected_alternatives
