"""The price book: what a unit costs in a region, by the first layer that knows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Self

import polars as pl

from infercost.prices import snapshot
from infercost.prices.bill import BillRates, bill_rates
from infercost.prices.keys import S3_PUT, SNS_PUBLISH, model_of, unit_of
from infercost.prices.models import base_id, covers, geography
from infercost.prices.number import plain
from infercost.prices.offers import same_price_as
from infercost.prices.scale import scales
from infercost.schema.errors import UsageError
from infercost.schema.evidence import Evidence, weakest

# Digits before and after the point. Beyond, a price is a slip of the finger, and its costs no longer fit.
_LARGEST, _FINEST = 9, 18


@dataclass(frozen=True)
class Price:
    """USD per `unit`.

    `layer` says who priced it: `scenario` (the user's own figure), `bill` (cost / quantity of the user's bill), `list`
    (the shipped price list), `inferred` (derived from EC2's price), `inferred-equal` (the price of the same instance
    in real-time); ` x scale` follows where the bill's own list prices of the product code are a multiple of the shipped
    ones, ` x discount` where the discount of the user's bill is applied.
    """

    price_usd: Decimal
    unit: str
    layer: str
    as_of: str | None
    source: str
    evidence: Evidence


@dataclass(frozen=True)
class PriceBook:
    """Layers of prices: scenario override > the bill's own rates > shipped price list > unknown.

    >>> book = PriceBook.shipped()
    >>> book.find("Host:ml.m5.xlarge", "us-east-1").price_usd
    Decimal('0.23')
    >>> book.find("Host:ml.m5.xlarge", "eu-south-2") is None
    True
    """

    overrides: Mapping[str, Decimal] = field(default_factory=dict)
    bill: BillRates | None = None
    scales: Mapping[str, Decimal | None] = field(default_factory=dict)  # by product code; see prices.scale

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

    def with_bill(self, charges: pl.DataFrame) -> Self:
        """Puts the rates that a bill implies above the list. Give the rows of one payer to get that payer's.

        Args:
            charges: columns of CHARGES and CLASSIFICATION of schema.charges.
        """
        rates = bill_rates(charges)
        return replace(self, bill=rates, scales={} if rates is None else scales(rates, _list()))

    @property
    def notes(self) -> tuple[str, ...]:
        """Where the bill's own list prices are not the shipped ones, and what is made of that."""
        return tuple(_note(code, scale) for code, scale in sorted(self.scales.items()) if scale != 1)

    @property
    def as_of(self) -> str | None:
        """The newest date of the price list."""
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
            return Price(self.overrides[key], unit, "scenario", None, "[prices] of the scenario", Evidence.MEASURED)
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
        return Price(rate.price_usd, unit, "bill", self.bill.as_of, source, Evidence.MEASURED)

    def _listed(self, key: str, region: str) -> Price | None:
        model = model_of(key)
        geo = geography(model) if model is not None else None
        if geo is not None and not covers(geo, region):
            return None
        row = _list().get((key, region if geo is None else f"geo:{geo}"))
        if row is None:
            return None
        price = Price(row.price_usd, row.unit, row.layer, row.as_of, row.source, row.evidence)
        return self._on_the_bill_s_basis(price, key)

    def _on_the_bill_s_basis(self, price: Price, key: str) -> Price | None:
        """The list price on the scale of the bill's list, times the discount that the bill shows, by product code."""
        if self.bill is None:
            return price
        code = self._service_code(key)
        scale, discount = self.scales.get(code, Decimal(1)), self.bill.discounts.get(code, Decimal(1))
        if scale is None:
            return None
        for factor, name, why in (
            (scale, "scale", f"as the bill's prices for {code} are to the list's"),
            (discount, "discount", f"as the bill pays for {code}"),
        ):
            if factor != 1:
                price = replace(
                    price,
                    price_usd=plain(price.price_usd * factor),
                    layer=f"{price.layer} x {name}",
                    source=f"{price.source}; x {factor}, {why}",
                    evidence=weakest(price.evidence, Evidence.MODELLED),
                )
        return price

    def _service_code(self, key: str) -> str:
        """The product code that bills a key: the one under which the bill has the same model, else the usual one."""
        model = model_of(key)
        if model is None:
            return {S3_PUT: "AmazonS3", SNS_PUBLISH: "AmazonSNS"}.get(key, "AmazonSageMaker")
        usual = "AmazonBedrockService" if base_id(model).startswith("anthropic.") else "AmazonBedrock"
        return usual if self.bill is None else self.bill.model_codes.get(base_id(model), usual)

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
