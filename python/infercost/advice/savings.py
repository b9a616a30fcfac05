"""What a better deployment saves of what is billed."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from infercost.advice.pricing import monthly
from infercost.schema.workload import Workload

# Costs closer than this are a tie: least effort wins, then lowest latency.
TIE = Decimal("0.02")


@dataclass(frozen=True)
class Costs:
    """Of a workload, per month of 730 hours. `counted` is the part of `billed` that the simulation counts too.

    Only that part can be said to shrink with the simulation: a volume or a stored model stays on the bill as it is,
    unless everything is deleted.
    """

    billed: Decimal
    counted: Decimal

    def estimate(self, ratio: Decimal) -> Decimal:
        """The bill of a deployment whose simulated cost is `ratio` times that of the present one.

        >>> Costs(Decimal(110), Decimal(100)).estimate(Decimal("0.25"))
        Decimal('35.00')
        """
        return self.billed - self.counted * (1 - ratio)

    def saving(self, ratio: Decimal) -> Decimal:
        """Billed x (1 - simulated best / simulated current): never more than billed, never negative.

        Model error is not a saving: what the simulation gets wrong about the present cancels out in the ratio.

        >>> costs = Costs(Decimal(110), Decimal(100))
        >>> costs.saving(Decimal("0.25")), costs.saving(Decimal("1.2"))
        (Decimal('75.00'), Decimal('0'))
        """
        return min(self.billed, max(Decimal(0), self.counted * (1 - ratio)))

    def ties(self, ratio: Decimal) -> bool:
        """Whether what it saves is within the tie of what is billed: staying costs no effort.

        >>> costs = Costs(Decimal(110), Decimal(100))
        >>> costs.ties(Decimal("0.99")), costs.ties(Decimal("0.97"))
        (True, False)
        """
        return self.saving(ratio) < self.billed * TIE


def costs_of(workload: Workload, covered_hours: int) -> Costs:
    """The costs of a workload, from its charges in the covered hours."""
    counted = Decimal(workload.charges.filter(pl.col("meter").is_not_null())["effective_cost"].sum() or 0)
    billed = max(Decimal(0), workload.effective_cost)
    hours = Decimal(covered_hours)
    return Costs(monthly(billed, hours), monthly(min(billed, max(Decimal(0), counted)), hours))


def tied(cost: Decimal, best: Decimal) -> bool:
    """Whether a cost is within the tie of the best one.

    >>> tied(Decimal("101.9"), Decimal(100)), tied(Decimal("102.1"), Decimal(100))
    (True, False)
    """
    return cost <= best * (1 + TIE)
