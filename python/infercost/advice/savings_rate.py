"""Effective Savings Rate: what discounts and commitments took off what the same usage costs on demand."""

from decimal import Decimal

import polars as pl

from infercost.advice import eligible
from infercost.advice.commitments import unused
from infercost.schema.analysis import SavingsRate

_HUNDRED = Decimal(100)


def savings_rates(charges: pl.DataFrame) -> tuple[SavingsRate, ...]:
    """The rate of each base that the bill has usage of.

    The base is usage alone: list prices of purchases and of the usage that they cover, added, would count it twice.
    What a SageMaker plan costs without being used is a cost of the base; that of other plans is not, for they pay for
    much else.
    """
    bases = (
        (eligible.SAGEMAKER, eligible.by_sagemaker_plans(charges), unused(charges)),
        (eligible.ACCELERATORS, eligible.on_ec2(charges), None),
    )
    return tuple(_rate(base, usage, rest) for base, usage, rest in bases if not usage.is_empty())


def _rate(base: str, usage: pl.DataFrame, rest: Decimal | None) -> SavingsRate:
    effective = Decimal(usage["effective_cost"].sum() or 0)
    lacking = usage["list_cost"].null_count()
    listed = None if lacking else Decimal(usage["list_cost"].sum() or 0)
    reason = None
    if listed is None:
        reason = f"{lacking} of {usage.height} charges have no list cost (ListCost, pricing_public_on_demand_cost)"
    elif not listed:
        reason = "its list price is zero"
    return SavingsRate(
        base=base,
        rate=_percent(1 - (effective + (rest or 0)) / listed) if listed else None,
        list_cost=listed,
        effective_cost=effective,
        unused_commitment=rest,
        null_reason=reason,
    )


def _percent(share: Decimal) -> Decimal:
    return (share * _HUNDRED).quantize(Decimal("0.1"))
