"""What became of each candidate, and how the rejected ones are told: one line for each idea."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from infercost.advice.bench import Trial
from infercost.advice.explanation import describe, family_of
from infercost.advice.feasibility import No
from infercost.advice.pricing import cents
from infercost.alternatives import Rejected
from infercost.schema.analysis import RejectedAlternative
from infercost.schema.scenario import Deployment


class Stage(IntEnum):
    """How far a candidate came; of variants of one idea the one that came furthest is told."""

    TIED = 0
    DEARER_THAN_BEST = 1
    BROKEN = 2
    UNPROVEN = 3
    DEARER_THAN_NOW = 4
    IMPOSSIBLE = 5


@dataclass(frozen=True)
class Out:
    """A candidate that is not recommended, and why. `monthly_cost` is simulated, or the least that it can be."""

    deployment: Deployment
    monthly_cost: Decimal | None
    stage: Stage
    no: No

    @classmethod
    def of(cls, trial: Trial, stage: Stage, no: No) -> "Out":
        """Of a candidate that was simulated."""
        return cls(trial.deployment, trial.monthly_cost, stage, no)


def told(
    refused: Sequence[Rejected],
    out: Sequence[Out],
    best: Deployment | None,
    estimate: Callable[[Decimal], Decimal],
) -> tuple[RejectedAlternative, ...]:
    """The rejected alternatives, those without a cost first, then from the cheapest to the dearest.

    Variants that differ in a number only are one line; dearer variants of the recommended deployment are none.

    Args:
        refused: before any simulation.
        out: after one.
        best: the recommended deployment.
        estimate: from a simulated cost to one on the scale of the bill.
    """
    lines = {
        (one.deployment, one.reason): RejectedAlternative(
            deployment=one.deployment, estimatedMonthlyCost=None, reason=one.reason, rule=one.rule
        )
        for one in refused
    }
    own = None if best is None else family_of(best)
    families: dict[tuple[str, ...], list[Out]] = {}
    for one in out:
        if family_of(one.deployment) != own or one.stage in {Stage.TIED, Stage.BROKEN}:
            families.setdefault(family_of(one.deployment), []).append(one)
    every = (*lines.values(), *(_line(variants, estimate) for variants in families.values()))
    return tuple(
        sorted(
            every, key=lambda one: (one.estimated_monthly_cost is not None, one.estimated_monthly_cost or Decimal(0))
        )
    )


def _line(variants: Sequence[Out], estimate: Callable[[Decimal], Decimal]) -> RejectedAlternative:
    furthest = min(variants, key=lambda one: (one.stage, one.monthly_cost or Decimal(0)))
    cost = furthest.monthly_cost
    return RejectedAlternative(
        deployment=describe(furthest.deployment),
        estimatedMonthlyCost=None if cost is None else cents(estimate(cost)),
        reason=furthest.no.reason,
        rule=furthest.no.rule,
    )
