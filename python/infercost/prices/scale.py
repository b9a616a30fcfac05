"""Whether the bill and the price list speak of the same prices, by product code."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from statistics import median

from infercost.prices.bill import BillRates, Rate
from infercost.prices.number import quotient
from infercost.prices.snapshot import Row

# Prices closer than this are the same: lists round, and are of different days.
_SAME = Fraction(1, 100)
# Prices of one thing in two currencies differ by less than this factor, whatever the discount.
_EXPLICABLE = Fraction(5)
# Good enough to doubt the bill by; prices inferred with less confidence may be off by themselves.
_CONFIDENT = ("as-", "inferred-high")


def scales(bill: BillRates, listed: Mapping[tuple[str, str], Row], usd_per_unit: Decimal) -> dict[str, Decimal | None]:
    """What the bill's list prices are of the shipped ones, for product codes where both price the same thing.

    One where they agree within 1 %. Where they don't, but all by the same factor, that factor: what the bill lacks is
    on the same scale. Where the factors differ, the list is kept if it is nowhere below the bill, for then it cannot
    promise too much; else None: prices of that product code are unknown. What a bill without list prices pays stands
    in for them: the factor then holds its discount too.

    Args:
        bill: what the bill implies.
        listed: the shipped rows by key and region.
        usd_per_unit: what a unit of the bill's currency is in USD.
    """
    found = _factors(bill, listed, usd_per_unit)
    return {code: _scale(factors) for code, factors in found.items()}


def far_off(bill: BillRates, listed: Mapping[tuple[str, str], Row], usd_per_unit: Decimal) -> Fraction | None:
    """What the bill's prices typically are of the shipped ones, where no discount and no change of price explains it.

    Then the exchange rate is wrong: turned round, or with its point in the wrong place.
    """
    factors = [one for of_code in _factors(bill, listed, usd_per_unit).values() for one in of_code]
    typical = median(factors) if factors else Fraction(1)
    return None if 1 / _EXPLICABLE <= typical <= _EXPLICABLE else Fraction(typical)


def _factors(
    bill: BillRates, listed: Mapping[tuple[str, str], Row], usd_per_unit: Decimal
) -> dict[str, list[Fraction]]:
    """The bill's price over the shipped one, of all that both price, by product code."""
    found: dict[str, list[Fraction]] = {}
    for place, rate in _told(bill):
        row = listed.get(place)
        if row is not None and row.price_usd > 0 and row.confidence.startswith(_CONFIDENT):
            factor = Fraction(rate.price) * Fraction(usd_per_unit) / Fraction(row.price_usd)
            found.setdefault(rate.service_code, []).append(factor)
    return found


def _told(bill: BillRates) -> Iterator[tuple[tuple[str, str], Rate]]:
    """List prices of the bill; rates of the product codes that have none."""
    codes = {rate.service_code for rate in bill.listed.values()}
    yield from bill.listed.items()
    yield from ((place, rate) for place, rate in bill.rates.items() if rate.service_code not in codes)


def _scale(factors: list[Fraction]) -> Decimal | None:
    low, high = min(factors), max(factors)
    if high - low > _SAME * high:
        return Decimal(1) if high <= 1 + _SAME else None
    if abs(high - 1) <= _SAME and abs(low - 1) <= _SAME:
        return Decimal(1)
    return quotient(low + high, Fraction(2))
