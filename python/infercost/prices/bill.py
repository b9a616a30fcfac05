"""Rates that the user's own bill implies: cost / quantity, and the discount that each product code shows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from infercost.prices.keys import (
    GIGABYTE_MONTHS,
    Commitment,
    Dimension,
    Tier,
    model_of,
    model_unit_key,
    token_key,
    unit_of,
    usage_body,
)
from infercost.prices.models import base_id, model_id
from infercost.prices.number import quotient
from infercost.schema.errors import UsageError
from infercost.schema.uncounted import is_uncounted

# Rates that differ by more than this are not one rate: exports print ten decimals, so rounding stays far below.
_TOLERANCE = 1e-4
_ROUNDING = 1e-9
# Usage that a commitment covers is paid by the commitment: its rate says nothing about the next hour's.
_COVERED = ("SavingsPlanCoveredUsage", "DiscountedUsage")
_DIMENSIONS: Mapping[str, Dimension] = {
    "input": "input",
    "output": "output",
    "cache-read": "cache_read",
    "cache-write-5m": "cache_write_5m",
    "cache-write-1h": "cache_write_1h",
}
_TIERS: Mapping[str, Tier] = {"standard": "standard", "batch": "batch", "flex": "flex", "priority": "priority"}
_COMMITMENTS: Mapping[str, Commitment] = {"no": "none", "1": "1-month", "6": "6-month"}


@dataclass(frozen=True)
class Rate:
    """Price per unit of the key, in the bill's currency and without rounding.

    `service_code` is the product code that bills it.
    """

    price: Decimal
    service_code: str


@dataclass(frozen=True)
class BillRates:
    """What a bill implies.

    `rates` are by key and region; keys of Bedrock tokens hold the plain model id, with `global.` in front where the
    bill says global. `codes` are the product codes of what has a rate. `discounts` are by product code, of those with
    list prices: what is paid of a list dollar, None where that differs. `model_codes`: the product codes that bill a
    model. `as_of`: the newest day with a rate. `listed`: the bill's own list prices, where it tells them.
    """

    rates: Mapping[tuple[str, str], Rate]
    codes: frozenset[str]
    discounts: Mapping[str, Decimal | None]
    model_codes: Mapping[str, frozenset[str]]
    as_of: str
    listed: Mapping[tuple[str, str], Rate]


def bill_rates(charges: pl.DataFrame, currency: str) -> BillRates | None:
    """Reads the rates of a bill; None where it implies none.

    Only rows of usage in that currency that no commitment covers, with cost and quantity above zero, say what something
    costs. The cost is the effective one (after negotiated discounts; uncovered usage amortises nothing), else the
    contracted, else the billed one. Rates of one usage type and region that differ by more than 0.01 % (two payers, a
    price change within the month, a free tier) are unknown. Give the rows of one payer to get that payer's rates.

    Args:
        charges: columns of CHARGES and CLASSIFICATION of schema.charges.
        currency: of the rates.
    """
    usage = _uncovered(charges, currency)
    if usage.is_empty():
        return None
    groups = _grouped(usage)
    rates = dict(_settled(groups))
    listed = dict(_settled([_at_list(group) for group in groups if group["all_listed"]]))
    newest = usage["charge_period_start"].dt.strftime("%Y-%m-%d").max()
    codes = frozenset(str(group["service_code"]) for group in groups)
    return BillRates(rates, codes, _discounts(groups), _model_codes(groups), str(newest), listed)


def _uncovered(charges: pl.DataFrame, currency: str) -> pl.DataFrame:
    cost = pl.coalesce("effective_cost", "contracted_cost", "billed_cost")
    covered = pl.col("line_item_type").is_in(_COVERED) | pl.col("commitment_discount_status").is_not_null()
    return charges.with_columns(cost=cost).filter(
        ~is_uncounted(),
        pl.col("charge_category") == "Usage",
        pl.col("billing_currency") == currency,
        ~covered.fill_null(value=False),
        pl.col("commitment_discount_id").is_null(),
        pl.col("cost") > 0,
        pl.col("quantity") > 0,
        pl.col("charge_period_start").is_not_null(),
        pl.col("region_id").is_not_null(),
        pl.col("service_code").is_not_null(),
        pl.col("usage_type").is_not_null(),
    )


def _grouped(usage: pl.DataFrame) -> list[dict[str, Any]]:
    """One row per thing that has a rate, with its sums, and whether all its rows agree on the rate."""
    thing = ["service_code", "usage_type", "region_id", "unit", "meter_factor"]
    said = ["meter", "component", "model", "token_class", "tier", "scope", "custom_model"]
    cost, quantity, listed = (pl.col(name).cast(pl.Float64) for name in ("cost", "quantity", "list_cost"))
    rate, share = cost.sum() / quantity.sum(), cost.sum() / listed.sum()
    return (
        usage.group_by(thing)
        .agg(
            *(pl.col(name).first() for name in said),
            pl.col("cost").sum(),
            pl.col("quantity").sum(),
            pl.col("list_cost").sum().alias("listed"),
            ((cost - rate * quantity).abs() <= _TOLERANCE * cost + _ROUNDING).all().alias("one_rate"),
            ((pl.col("list_cost") > 0).fill_null(value=False).all()).alias("all_listed"),
            ((listed - listed.sum() / quantity.sum() * quantity).abs() <= _TOLERANCE * listed + _ROUNDING)
            .all()
            .alias("one_list"),
            ((cost - share * listed).abs() <= _TOLERANCE * cost + _ROUNDING).all().alias("one_share"),
        )
        .sort(thing)
        .to_dicts()
    )


def _at_list(group: dict[str, Any]) -> dict[str, Any]:
    """The group as if it had been paid at the bill's list prices."""
    return group | {"cost": group["listed"], "one_rate": group["one_list"]}


def _settled(groups: list[dict[str, Any]]) -> Iterator[tuple[tuple[str, str], Rate]]:
    """The rate of each key and region; groups that lead to one key (two prefixes, two product codes) must agree."""
    found: dict[tuple[str, str], Rate | None] = {}
    for group in groups:
        key = _key(group)
        if key is None:
            continue
        factor = group["meter_factor"]
        units = Fraction(group["quantity"]) * (1 if factor is None else Fraction(factor) / unit_of(key).base)
        rate = Rate(quotient(Fraction(group["cost"]), units), group["service_code"]) if group["one_rate"] else None
        place = key, group["region_id"]
        if place in found and not _agree(found[place], rate):
            rate = None
        found[place] = rate
    yield from ((place, rate) for place, rate in found.items() if rate is not None)


def _agree(one: Rate | None, other: Rate | None) -> bool:
    return (
        one is not None and other is not None and abs(one.price - other.price) <= Decimal(str(_TOLERANCE)) * one.price
    )


def _key(group: Mapping[str, Any]) -> str | None:
    """The key whose rate a group of rows tells, None where we file no price for such a thing."""
    meter, tier, token_class = group["meter"], group["tier"], group["token_class"]
    if group["service_code"] == "AmazonSNS":
        return _plain_key(f"AmazonSNS:{usage_body(group['usage_type'])}")
    stored = group["component"] == "storage" and group["unit"] == GIGABYTE_MONTHS.name
    if group["service_code"] == "AmazonS3" or (
        group["service_code"] == "AmazonSageMaker" and (meter is not None or stored)
    ):
        return _plain_key(group["usage_type"])
    model = model_id(group["model"]) if group["model"] else None
    if model is None:
        return None
    if meter == "model_unit_ns":
        term = re.search(r"(no|1|6)(?:-?months?)?commit", group["usage_type"].lower())
        return model_unit_key(model, _COMMITMENTS[term[1]], custom_model=bool(group["custom_model"])) if term else None
    # images, audio and long contexts have rates of their own
    if group["component"] != "tokens" or token_class not in _DIMENSIONS or tier not in _TIERS or group["custom_model"]:
        return None
    profile = f"global.{base_id(model)}" if group["scope"] == "global" else base_id(model)
    return token_key(profile, _TIERS[tier], _DIMENSIONS[token_class])


def _plain_key(usage_type: str) -> str | None:
    try:
        unit_of(usage_body(usage_type))
    except UsageError:  # a usage type of AWS's that we price nothing by
        return None
    return usage_body(usage_type)


def _model_codes(groups: list[dict[str, Any]]) -> dict[str, frozenset[str]]:
    """All product codes of a model: Marketplace and Bedrock itself may both sell it, at discounts of their own."""
    found: dict[str, frozenset[str]] = {}
    for group in groups:
        key = _key(group)
        model = None if key is None else model_of(key)
        if model is not None:
            found[base_id(model)] = found.get(base_id(model), frozenset()) | {group["service_code"]}
    return found


def _discounts(groups: list[dict[str, Any]]) -> dict[str, Decimal | None]:
    """What is paid of a list dollar, by product code; None where its usage types do not say the same."""
    shares: dict[str, list[tuple[Fraction, bool]]] = {}
    for group in groups:
        if group["all_listed"]:
            share = Fraction(group["cost"]) / Fraction(group["listed"])
            shares.setdefault(group["service_code"], []).append((share, group["one_share"]))
    return {code: _discount(said) for code, said in shares.items()}


def _discount(said: list[tuple[Fraction, bool]]) -> Decimal | None:
    low, high = min(share for share, _ in said), max(share for share, _ in said)
    if not all(sure for _, sure in said) or high - low > high * Fraction(str(_TOLERANCE)):
        return None
    return Decimal(1) if abs(high - 1) <= Fraction(str(_TOLERANCE)) else quotient(low + high, Fraction(2))
