"""From what the engine counted to money per month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from infercost.prices.book import PriceBook
from infercost.prices.charges import price_usage, total_cost
from infercost.schema.evidence import Evidence, weakest
from infercost.schema.outcome import PricedCharge
from infercost.schema.scenario import Deployment
from infercost.schema.usage import Quantities

HOURS_PER_MONTH = Decimal(730)
_SECONDS_PER_HOUR = Decimal(3600)
_CENTS = Decimal("0.01")


@dataclass(frozen=True)
class Bill:
    """The charges of one run. `cost` is null where a price is unknown: with one missing there is no sum."""

    charges: tuple[PricedCharge, ...]
    cost: Decimal | None
    unknown: tuple[str, ...]
    evidence: Evidence


def priced(deployment: Deployment, usage: pl.DataFrame, book: PriceBook) -> Bill:
    """Prices the usage of one run. No usage at all costs nothing, whatever the price."""
    charges = price_usage(deployment, quantities(usage), book)
    known, unknown = total_cost(charges)
    return Bill(charges, None if unknown else known, unknown, _evidence(charges, deployment.region, book))


def by_meter(usage: pl.DataFrame) -> dict[str, int]:
    """Meter: quantity over the whole run."""
    sums = usage.group_by("meter", maintain_order=True).agg(pl.col("quantity").sum())
    return {str(meter): int(quantity) for meter, quantity in sums.iter_rows()}


def quantities(usage: pl.DataFrame) -> Quantities:
    """Quantity by meter and part, over the whole run."""
    sums = usage.group_by("meter", "part", maintain_order=True).agg(pl.col("quantity").sum())
    return {(str(meter), int(part)): int(quantity) for meter, part, quantity in sums.iter_rows()}


def monthly(cost: Decimal, hours: Decimal) -> Decimal:
    """Cost per month of 730 hours.

    >>> monthly(Decimal(100), Decimal(365))
    Decimal('200')
    """
    return cost * HOURS_PER_MONTH / hours if hours else Decimal(0)


def hours_of(seconds: float) -> Decimal:
    """Seconds of a run as hours."""
    return Decimal(str(seconds)) / _SECONDS_PER_HOUR


def cents(amount: Decimal) -> Decimal:
    """Rounded for people, at the very end: sums are of unrounded amounts."""
    return amount.quantize(_CENTS)


def hourly_costs(run_usage: pl.DataFrame, deployment: Deployment, book: PriceBook) -> Mapping[int, Decimal]:
    """Cost by hour of the run, known prices only."""
    found: dict[int, Decimal] = {}
    for (hour,), of_hour in run_usage.partition_by("hour", as_dict=True, maintain_order=True).items():
        known, _ = total_cost(price_usage(deployment, quantities(of_hour), book))
        found[int(hour)] = known
    return found


def _evidence(charges: Iterable[PricedCharge], region: str, book: PriceBook) -> Evidence:
    """That of the weakest price in use; an inferred price caps it at modelled."""
    prices = [book.find(charge.usage_type, region) for charge in charges]
    return weakest(Evidence.MEASURED, *(price.evidence for price in prices if price is not None))
