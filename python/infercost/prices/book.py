"""The price book: what a unit costs in a region, by the first layer that knows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from typing import Final, Self

import polars as pl

from infercost.prices import snapshot
from infercost.prices.bill import BillRates, bill_rates
from infercost.prices.keys import S3_PUT, SNS_PUBLISH, model_of, unit_of
from infercost.prices.models import base_id, covers, geography
from infercost.prices.number import plain, quotient
from infercost.prices.offers import same_price_as
from infercost.prices.scale import far_off, scales
from infercost.schema.errors import UsageError
from infercost.schema.evidence import Evidence, weakest
from infercost.schema.fx import Fx

# Digits before and after the point. Beyond, a price is a slip of the finger, and its costs no longer fit.
_LARGEST, _FINEST = 9, 18
CONVERTED: Final = " x fx"  # in the layer of a price that an exchange rate has part in
_LIST_CURRENCY: Final = "USD"  # of the shipped list, and of the prices in a scenario
_NO_DISCOUNT: Final = "what the bill pays of its list prices differs; what the bill lacks has no price"


@dataclass(frozen=True)
class Price:
    """What one `unit` costs, in the currency of the book.

    `layer` says who priced it: `scenario` (the user's own figure), `bill` (cost / quantity of the user's bill), `list`
    (the shipped price list), `inferred` (derived from EC2's price), `inferred-equal` (the price of the same instance
    in real-time); ` x fx` follows where a price in USD was converted, ` x scale` where the bill's own list prices of
    the product code are a multiple of the shipped ones, ` x discount` where the discount of the user's bill is applied.
    """

    amount: Decimal
    unit: str
    layer: str
    as_of: str | None
    source: str
    evidence: Evidence


@dataclass(frozen=True)
class PriceBook:
    """Layers of prices: scenario override > the bill's own rates > shipped price list > unknown.

    All prices are in `currency`, that of the bill. Overrides and the list are in USD: in another currency they are
    converted by `fx`, and without one they are unknown, never taken for the other currency.

    >>> book = PriceBook.shipped()
    >>> book.find("Host:ml.m5.xlarge", "us-east-1").amount
    Decimal('0.23')
    >>> book.find("Host:ml.m5.xlarge", "eu-south-2") is None
    True
    """

    overrides: Mapping[str, Decimal] = field(default_factory=dict)
    bill: BillRates | None = None
    scales: Mapping[str, Decimal | None] = field(default_factory=dict)  # by product code; see prices.scale
    currency: str = _LIST_CURRENCY
    fx: Fx | None = None
    sold_as: frozenset[str] = frozenset()  # product codes of the charges that are compared; see `sold_by`

    @classmethod
    def shipped(cls) -> Self:
        """The price list that comes with infercost, nothing above it."""
        return cls()

    def with_overrides(self, prices: Mapping[str, str]) -> Self:
        """Puts a scenario's `[prices]` on top: usage type without region prefix = USD per its unit, in every region.

        Raises:
            UsageError: nothing is filed under such a usage type, or the price is not a decimal of at least zero.
        """
        return replace(
            self, overrides={**self.overrides, **{key: _override(key, text) for key, text in prices.items()}}
        )

    def with_bill(self, charges: pl.DataFrame, fx: Fx | None = None) -> Self:
        """Puts the rates that a bill implies above the list. Give the rows of one payer to get that payer's.

        Args:
            charges: columns of CHARGES and CLASSIFICATION of schema.charges, in one currency.
            fx: converts the list where that is not USD.

        Raises:
            UsageError: the bill's own rates show that `fx` is no rate of its currency.
        """
        currency = _currency(charges)
        rates = bill_rates(charges, currency)
        book = replace(self, bill=rates, currency=currency, fx=fx)
        usd_per_unit = book.usd_per_unit
        if rates is None or usd_per_unit is None:
            return replace(book, scales={})
        off = None if fx is None else far_off(rates, _list(), usd_per_unit)
        if fx is not None and off is not None:
            raise UsageError(
                f"--fx: at {fx.sentence(currency)} the bill's own prices would be {float(off):.3g} x the price list's."
                f" Give USD for one {currency}, not {currency} for one USD"
            )
        return replace(book, scales=scales(rates, _list(), usd_per_unit))

    def sold_by(self, charges: pl.DataFrame) -> Self:
        """Where several product codes bill a model, each at its own discount, those of these charges count."""
        usage = charges.filter(pl.col("charge_category") == "Usage")
        return replace(self, sold_as=frozenset(usage["service_code"].drop_nulls()))

    @property
    def usd_per_unit(self) -> Decimal | None:
        """What a unit of the book's currency is in USD; None where nobody said."""
        if self.currency == _LIST_CURRENCY:
            return Decimal(1)
        return None if self.fx is None else self.fx.usd_per_unit

    @property
    def notes(self) -> tuple[str, ...]:
        """Where the bill is not in USD, its list prices are not the shipped ones, or its discounts differ; so what."""
        scaled = tuple(_note(code, scale) for code, scale in sorted(self.scales.items()) if scale != 1)
        notes = (*scaled, *(f"{code}: {_NO_DISCOUNT}" for code in self._without_discount()))
        return notes if self.currency == _LIST_CURRENCY else (_foreign(self.currency, self.fx), *notes)

    def _without_discount(self) -> list[str]:
        """Product codes of what is priced whose discount the bill leaves open."""
        if self.bill is None:
            return []
        priced = {rate.service_code for rate in self.bill.listed.values()}
        return sorted(code for code in priced if self.bill.discounts.get(code, Decimal(1)) is None)

    @property
    def as_of(self) -> str | None:
        """The newest date of the price list; of the bill's own rates where the list is of no use."""
        if self.usd_per_unit is None:
            return None if self.bill is None else self.bill.as_of
        return max((row.as_of for row in snapshot.rows()), default=None)

    @property
    def basis(self) -> str:
        """What costs are after: `list`, or `AfterDiscountsAndCommitments` once a bill is in the book."""
        return "list" if self.bill is None else "AfterDiscountsAndCommitments"

    def find(self, key: str, region: str) -> Price | None:
        """The price of a key (see prices.keys) in a region; None where it is unknown, never another region's.

        Raises:
            UsageError: nothing is filed under such a key.
        """
        unit = unit_of(key).name
        if key in self.overrides:
            said = Price(self.overrides[key], unit, "scenario", None, "[prices] of the scenario", Evidence.MEASURED)
            return self._converted(said)
        return self._billed(key, region, unit) or self._listed(key, region) or self._equal(key, region)

    def _billed(self, key: str, region: str, unit: str) -> Price | None:
        """The bill's own rate. A regional rate is that of the model and of its geographic profiles alike [BR-7]."""
        if self.bill is None:
            return None
        model = model_of(key)
        if model is not None and geography(model) not in (None, "global"):
            key = key.replace(model, base_id(model), 1)
        rate = self.bill.rates.get((key, region))
        if rate is None:
            return None
        source = "cost / quantity of the bill"
        return Price(rate.price, unit, "bill", self.bill.as_of, source, Evidence.MEASURED)

    def _listed(self, key: str, region: str) -> Price | None:
        model = model_of(key)
        geo = geography(model) if model is not None else None
        if geo is not None and not covers(geo, region):
            return None
        row = _list().get((key, region if geo is None else f"geo:{geo}"))
        if row is None:
            return None
        price = self._converted(Price(row.price_usd, row.unit, row.layer, row.as_of, row.source, row.evidence))
        return None if price is None else self._on_the_bill_s_basis(price, key)

    def _converted(self, price: Price) -> Price | None:
        """A price in USD in the book's currency; None where nobody gave a rate."""
        if self.currency == _LIST_CURRENCY:
            return price
        if self.fx is None:
            return None
        return replace(
            price,
            amount=quotient(Fraction(price.amount), Fraction(self.fx.usd_per_unit)),
            layer=f"{price.layer}{CONVERTED}",
            source=f"{price.source}; {self.fx.sentence(self.currency)}",
            evidence=weakest(price.evidence, Evidence.MODELLED),
        )

    def _on_the_bill_s_basis(self, price: Price, key: str) -> Price | None:
        """The list price on the scale of the bill's list, times the discount that the bill shows, by product code.

        None where either is unknown: what the bill has a rate of is on that basis, and only like is compared with like.
        """
        if self.bill is None:
            return price
        codes = sorted(self._service_codes(key))
        scale, discount = _agreed(self._scale(code) for code in codes), _agreed(self._discount(code) for code in codes)
        if scale is None or discount is None:
            return None
        sellers = " and ".join(codes)
        for factor, name, why in (
            (scale, "scale", f"as the bill's prices for {sellers} are to the list's"),
            (discount, "discount", f"as the bill pays for {sellers}"),
        ):
            if factor != 1:
                price = replace(
                    price,
                    amount=plain(price.amount * factor),
                    layer=f"{price.layer} x {name}",
                    source=f"{price.source}; x {factor}, {why}",
                    evidence=weakest(price.evidence, Evidence.MODELLED),
                )
        return price

    def _scale(self, code: str) -> Decimal | None:
        return self.scales.get(code, Decimal(1))

    def _discount(self, code: str) -> Decimal | None:
        """None where the bill does not tell it; a scale without list prices holds it already (see prices.scale)."""
        if self.bill is None or code not in self.bill.codes:
            return Decimal(1)
        return self.bill.discounts.get(code, Decimal(1) if code in self.scales else None)

    def _service_codes(self, key: str) -> frozenset[str]:
        """The product codes that bill a key: those under which the bill has the same model, else the usual one."""
        model = model_of(key)
        if model is None:
            return frozenset({{S3_PUT: "AmazonS3", SNS_PUBLISH: "AmazonSNS"}.get(key, "AmazonSageMaker")})
        usual = "AmazonBedrockService" if base_id(model).startswith("anthropic.") else "AmazonBedrock"
        found = frozenset() if self.bill is None else self.bill.model_codes.get(base_id(model), frozenset())
        return found & self.sold_as or found or frozenset({usual})

    def _equal(self, key: str, region: str) -> Price | None:
        host = same_price_as(key, region)
        price = None if host is None else self.find(host, region)
        if price is None:
            return None
        return replace(
            price,
            layer="inferred-equal",
            source=f"equal to {host}: {price.layer}, {price.source}",
            evidence=weakest(price.evidence, Evidence.MODELLED),
        )


@cache
def _list() -> dict[tuple[str, str], snapshot.Row]:
    return {(row.key, row.region): row for row in snapshot.rows()}


def _currency(charges: pl.DataFrame) -> str:
    """That of the charges; without any there is nothing to price, and the list's is as good as another."""
    found = charges["billing_currency"].drop_nulls().unique().to_list()
    if len(found) > 1:
        raise ValueError(f"amounts in {', '.join(sorted(found))}: currencies are never added")
    return str(found[0]) if found else _LIST_CURRENCY


def _agreed(factors: Iterable[Decimal | None]) -> Decimal | None:
    """The one factor of all; None where they differ, or one is unknown."""
    found = set(factors)
    return found.pop() if len(found) == 1 else None


def _foreign(currency: str, fx: Fx | None) -> str:
    if fx is not None:
        return (
            f"the bill is in {currency}: what it has no rate of is priced by the list at {fx.sentence(currency)} (--fx)"
        )
    return (
        f"the bill is in {currency}: it is priced by its own rates only, and what it has no rate of is unknown."
        f" --fx RATE@DATE converts list prices; RATE is USD for 1 {currency}"
    )


def _note(code: str, scale: Decimal | None) -> str:
    if scale is None:
        return f"{code}: the bill's prices are no single multiple of the price list's; what the bill lacks has no price"
    return f"{code}: the bill's prices are {scale:.4g} x the price list's; so is what the bill lacks"


def _override(key: str, text: str) -> Decimal:
    unit = unit_of(key)
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < 0 or (price and not -_FINEST <= price.adjusted() < _LARGEST):
        raise UsageError(
            f'[prices] `{key}`: {text!r} is no price; give USD per {unit.name} as a decimal such as "0.23"'
        )
    return price
