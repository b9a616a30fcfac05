"""When provisioned throughput pays: tokens per hour from which a model unit is cheaper than tokens on demand."""

from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from infercost.advice.explanation import money
from infercost.prices.book import PriceBook
from infercost.prices.keys import token_key
from infercost.schema.analysis import RejectedAlternative
from infercost.schema.scenario import BedrockProvisioned
from infercost.schema.workload import Workload

_MILLION = Decimal(1_000_000)
# Base models whose custom models can be deployed on demand [CM-1], by what their ids hold.
_ON_DEMAND_BASES = ("nova-micro", "nova-lite", "nova-pro", "gpt-oss-20b", "qwen3-32b")


def is_custom(workload: Workload) -> bool:
    """Whether a custom model is served by model units that can be given back."""
    now = workload.deployment
    return isinstance(now, BedrockProvisioned) and now.custom_model and now.commitment == "none"


def rejected_on_demand(workload: Workload) -> RejectedAlternative:
    """Why a custom model is not moved to tokens: not offered for its base model, or at a price that nobody lists."""
    model = workload.deployment.model_id if isinstance(workload.deployment, BedrockProvisioned) else ""
    if any(base in model.casefold() for base in _ON_DEMAND_BASES):
        reason, rule = f"price unknown: {workload.model or model}-input-tokens-custom-model", None
    else:
        reason, rule = "not offered for models tuned from this one", "CM-1"
    return RejectedAlternative(
        deployment=f"{model} on demand, custom", estimatedMonthlyCost=None, reason=reason, rule=rule
    )


def on_demand_estimate(workload: Workload, rejected: Iterable[RejectedAlternative]) -> Decimal | None:
    """What a base model of model units would cost by the token, where nothing but its unknown latency is against it."""
    now = workload.deployment
    if not isinstance(now, BedrockProvisioned) or now.custom_model or now.commitment != "none":
        return None
    return next((one.estimated_monthly_cost for one in rejected if one.deployment == f"{now.model_id} on demand"), None)


def sentence(workload: Workload, book: PriceBook, hourly: Decimal) -> str:
    """The break-even of the model units in words [PT-1, BR-1].

    The price of the custom model on demand is unknown, so the break-even is told from both ends: what a million
    tokens costs now, below which on demand would win; and from how many tokens an hour the units would pay at the
    base model's price, where that is known.

    Args:
        workload: served by provisioned throughput.
        book: for the base model's token prices.
        hourly: what the model units cost an hour.
    """
    now = workload.deployment
    tokens = _tokens_per_hour(workload)
    if not isinstance(now, BedrockProvisioned) or tokens is None or not sum(tokens):
        return f"its price on demand is unknown; the units cost {hourly:.2f} {workload.currency} an hour"
    per_million = money(hourly / sum(tokens) * _MILLION, workload.currency)
    text = (
        f"its price on demand is unknown; break-even: {hourly:.2f} {workload.currency} an hour for "
        f"{_count(sum(tokens, Decimal(0)))} tokens an hour are {per_million} per 1M tokens"
    )
    blend = _base_blend(now, tokens, book)
    if blend is None:
        return text
    return f"{text}; at the base model's price on demand the units would pay from {_count(hourly / blend)} an hour on"


def _tokens_per_hour(workload: Workload) -> tuple[Decimal, Decimal] | None:
    """Input and output tokens per hour of the traffic, None where it doesn't say."""
    traffic = workload.traffic
    if traffic is None or not traffic.duration_s:
        return None
    hours = Decimal(str(traffic.duration_s)) / 3600
    found = []
    for column, each in (
        ("input_tokens", workload.request.input_tokens),
        ("output_tokens", workload.request.output_tokens),
    ):
        if column in traffic.frame.columns:
            found.append(Decimal(traffic.frame.select(pl.col(column).sum()).item()))
        elif each is not None:
            found.append(Decimal(each * traffic.requests))
        else:
            return None
    return found[0] / hours, found[1] / hours


def _base_blend(now: BedrockProvisioned, tokens: tuple[Decimal, Decimal], book: PriceBook) -> Decimal | None:
    """The price per token of this mix on the base model, None where a price is unknown."""
    found = [
        book.find(token_key(now.model_id, "standard", "input"), now.region),
        book.find(token_key(now.model_id, "standard", "output"), now.region),
    ]
    prices = [None if one is None else one.amount / _MILLION for one in found]
    if prices[0] is None or prices[1] is None:
        return None
    return (tokens[0] * prices[0] + tokens[1] * prices[1]) / (tokens[0] + tokens[1])


def _count(number: Decimal) -> str:
    """A count for a sentence.

    >>> _count(Decimal(5_645_161)), _count(Decimal(950))
    ('5.6 million', '950')
    """
    return f"{number / _MILLION:,.1f} million" if number >= _MILLION else f"{number:,.0f}"
