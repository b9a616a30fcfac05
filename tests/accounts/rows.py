"""Small frames of charges, with the columns that billing gives and nothing said that a test doesn't say."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from infercost.schema.charges import CHARGES, CLASSIFICATION

OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)
_USAGE: dict[str, Any] = {
    "billing_account_id": "000000000001",
    "charge_category": "Usage",
    "region_id": "us-east-1",
    "billing_currency": "USD",
}
_HOSTING: dict[str, Any] = {
    **_USAGE,
    "service_code": "AmazonSageMaker",
    "unit": "Hrs",
    "kind": "inference",
    "component": "instance",
    "meter": "instance_ns",
    "meter_factor": Decimal(3_600_000_000_000),
}
_TOKENS: dict[str, Any] = {
    **_USAGE,
    "service_code": "AmazonBedrock",
    "unit": "1K tokens",
    "kind": "inference",
    "component": "tokens",
    "meter_factor": Decimal(1_000),
    "tier": "standard",
    "scope": "regional",
    "custom_model": False,
}


def hosting(usage_type: str, hours: str, cost: str, /, **other: Any) -> dict[str, Any]:  # noqa: ANN401 -- any column
    """An hour's row of an endpoint's instances. `other` replaces any column."""
    return {**_HOSTING, "usage_type": usage_type, **_money(hours, cost), **other}


def tokens(model: str, token_class: str, thousands: str, cost: str, /, **other: Any) -> dict[str, Any]:  # noqa: ANN401 -- any column
    """An hour's row of a model's tokens. `other` replaces any column."""
    meter = {"input": "input_tokens", "output": "output_tokens", "cache-read": "cache_read_tokens"}[token_class]
    named = {"usage_type": f"USE1-{model}-{token_class}-tokens", "model": model, "token_class": token_class}
    return {**_TOKENS, **named, "meter": meter, **_money(thousands, cost), **other}


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    """One row per hour from October on, unless a row says when."""
    schema = CHARGES | CLASSIFICATION
    dated = [
        {
            "charge_period_start": OCTOBER + timedelta(hours=hour),
            "charge_period_end": OCTOBER + timedelta(hours=hour + 1),
            **row,
        }
        for hour, row in enumerate(rows)
    ]
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in dated], schema=schema)


def _money(quantity: str, cost: str) -> dict[str, Any]:
    names = ("billed_cost", "effective_cost", "contracted_cost", "list_cost")
    return {"quantity": Decimal(quantity), **dict.fromkeys(names, Decimal(cost))}
