"""Cost is price x quantity and nothing else."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from infercost.prices.book import PriceBook
from infercost.prices.charges import price_usage
from infercost.schema.scenario import RealTime

DEPLOYMENT = RealTime(id="a", pattern="real-time", region="us-east-1", instance_type="ml.m5.xlarge")
PRICES = st.decimals(0, 1000, places=9, allow_nan=False, allow_infinity=False)


@given(price=PRICES, ns=st.integers(1, 10**22))
def test_cost_is_the_exact_product_within_half_of_the_last_digit(price: Decimal, ns: int) -> None:
    book = PriceBook.shipped().with_overrides({"Host:ml.m5.xlarge": str(price)})
    [charge] = price_usage(DEPLOYMENT, {("instance_ns", 0): ns}, book)
    assert charge.cost is not None
    exact = Fraction(price) * Fraction(ns, 3_600 * 10**9)
    assert abs(Fraction(charge.cost) - exact) <= Fraction(1, 2 * 10**12)


@given(price=PRICES, hours=st.integers(1, 10**6), parts=st.integers(1, 50))
def test_whole_hours_cost_the_same_however_they_are_split(price: Decimal, hours: int, parts: int) -> None:
    book = PriceBook.shipped().with_overrides({"Host:ml.m5.xlarge": str(price)})
    hour = 3_600 * 10**9
    [whole] = price_usage(DEPLOYMENT, {("instance_ns", 0): hours * parts * hour}, book)
    [part] = price_usage(DEPLOYMENT, {("instance_ns", 0): hours * hour}, book)
    assert part.cost is not None
    assert whole.cost == parts * part.cost
