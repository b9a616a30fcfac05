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
    DEARER = 1
    BROKEN = 2
    UNPROVEN = 3
    IMPOSSIBLE = 4


@dataclass(frozen=True)
class Out:
    """A candidate that is not recommended, and why."""

    trial: Trial
    stage: Stage
    no: No


def told(
    refused: Sequence[Rejected],
    out: Sequence[Out],
    best: Deployment | None,
    estimate: Callable[[Trial], Decimal | None],
) -> tuple[RejectedAlternative, ...]:
    """The rejected alternatives, those without a cost first, then from the cheapest to the dearest.

    Variants that differ in a number only are one line. Dearer variants of the recommended deployment are none.
    """
    lines = {
        (one.deployment, one.reason): RejectedAlternative(
            deployment=one.deployment, estimatedMonthlyCost=None, reason=one.reason, rule=one.rule
        )
        for one in refused
    }
    families: dict[tuple[str, ...], list[Out]] = {}
    for one in out:
        if best is None or one.stage is not Stage.DEARER or family_of(one.trial.deployment) != family_of(best):
            families.setdefault(family_of(one.trial.deployment), []).append(one)
    simulated = [_line(variants, estimate) for variants in families.values()]
    every = (*lines.values(), *simulated)
    return tuple(
        sorted(every, key=lambda one: (one.estimated_monthly_cost is not None, one.estimated_monthly_cost or 0))
    )


def _line(variants: Sequence[Out], estimate: Callable[[Trial], Decimal | None]) -> RejectedAlternative:
    furthest = min(variants, key=lambda one: (one.stage, one.trial.monthly_cost or Decimal(0)))
    cost = estimate(furthest.trial)
    return RejectedAlternative(
        deployment=describe(furthest.trial.deployment),
        estimatedMonthlyCost=None if cost is None else cents(cost),
        reason=furthest.no.reason,
        rule=furthest.no.rule,
    )
