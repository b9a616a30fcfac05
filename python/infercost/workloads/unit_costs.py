"""What a unit costs: tokens by class, requests where traffic tells them, and what of the input came from a cache."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from infercost.prices.number import quotient, rounded
from infercost.schema.evidence import Evidence, weakest
from infercost.schema.spending import TokenCost
from infercost.schema.workload import Workload
from infercost.workloads.parts import Part
from infercost.workloads.requests import WHOLE

_CLASSES = ("input", "output", "cache-read", "cache-write-5m", "cache-write-1h")
_INPUT_SIDE = frozenset({"input", "cache-read", "cache-write-5m", "cache-write-1h"})
# A reservation is paid for tokens per minute, whatever goes through: its class names no tokens that were counted.
_RESERVED = "reserved-tokens-per-minute"


@dataclass(frozen=True)
class Requests:
    """Requests that are known, and what their workloads cost."""

    count: int
    cost: Decimal
    evidence: Evidence

    @property
    def per_1000(self) -> Decimal | None:
        """Cost of a thousand of them; None of none."""
        return per(self.cost, self.count, 1_000)


def requests_of(workloads: Sequence[Workload]) -> Mapping[str, Requests]:
    """Requests by the id of the workload, where traffic tells them for the whole period."""
    return {
        one.id: Requests(one.traffic.requests, one.effective_cost, one.traffic.evidence)
        for one in workloads
        if one.traffic is not None and one.traffic.span >= WHOLE
    }


def together(found: Sequence[Requests]) -> Requests | None:
    """Several workloads as one; None of none."""
    if not found:
        return None
    cost = sum((one.cost for one in found), Decimal(0))
    return Requests(sum(one.count for one in found), cost, weakest(*(one.evidence for one in found)))


def token_costs(parts: Iterable[Part]) -> tuple[TokenCost, ...]:
    """Tokens and their cost by class. With one part whose unit is unknown, the class has no count and no unit cost."""
    by_class: dict[str, list[Part]] = {}
    for part in parts:
        if part["token_class"] in _CLASSES and part["component"] != _RESERVED:
            by_class.setdefault(part["token_class"], []).append(part)
    return tuple(_token_cost(name, by_class[name]) for name in _CLASSES if name in by_class)


def _token_cost(token_class: str, parts: Sequence[Part]) -> TokenCost:
    cost = sum((part["effective_cost"] for part in parts), Decimal(0))
    unknown = any(part["meter_factor"] is None or part["lacking"] for part in parts)
    tokens = sum((Fraction(part["quantity"]) * Fraction(part["meter_factor"] or 0) for part in parts), Fraction(0))
    return TokenCost(
        token_class=token_class,
        tokens=None if unknown else rounded(tokens, 6),
        effective_cost=cost,
        per_million=None if unknown else per(cost, tokens, 1_000_000),
    )


def cache_read_pct(tokens: Sequence[TokenCost]) -> Decimal | None:
    """Of the tokens that went in, the share that came from a prompt cache, in per cent.

    None where nothing went in, or a count is not known. A bill that has no cache classes read nothing from one.
    """
    into = [one for one in tokens if one.token_class in _INPUT_SIDE]
    counts = [one.tokens for one in into if one.tokens is not None]
    whole = sum(counts, Decimal(0))
    if len(counts) < len(into) or not whole:
        return None
    read = sum((one.tokens or Decimal(0) for one in into if one.token_class == "cache-read"), Decimal(0))  # noqa: S105 -- a class of tokens
    return (read / whole * 100).quantize(Decimal("0.1"))


def per(cost: Decimal, count: Decimal | Fraction | int, unit: int) -> Decimal | None:
    """The cost of `unit` of something, to twelve significant digits; None where there was none of it.

    >>> per(Decimal(3), 2_000, 1_000)
    Decimal('1.5')
    """
    return quotient(Fraction(cost) * unit, Fraction(count)) if count else None
