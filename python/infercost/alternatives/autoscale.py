"""A real-time endpoint that follows its traffic: target tracking on invocations per instance [AS]."""

import math
from collections.abc import Iterator
from typing import Any

from infercost.alternatives.base import Candidate
from infercost.alternatives.facts import Facts, capacity_per_s, needed
from infercost.alternatives.types import by_instance_type, instance_type_now, move
from infercost.schema.scenario import RealTime, Scaling, TargetTracking
from infercost.schema.workload import Workload

# target = requests per second of one instance x safety factor x 60, starting at 0.5 [AS-20]
_SUGGESTED = 0.5
SAFETY_FACTORS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
# Room above the busiest minute: a bound that binds would hide what the policy does.
_HEADROOM = 1.5


class Autoscale:
    """Proposes every safety factor on every profiled instance type."""

    def propose(self, workload: Workload, facts: Facts) -> Iterator[Candidate]:
        """Target-tracked endpoints, for instances that are there all the time now."""
        if workload.service != "Amazon SageMaker" or facts.requests == 0:
            return
        for instance_type, profile in by_instance_type(workload):
            capacity = capacity_per_s(profile, facts)
            if capacity is None:
                continue
            action, effort = move(instance_type_now(workload.deployment), instance_type, ("TuneAutoscaling", "Low"))
            for factor in SAFETY_FACTORS:
                per_instance = capacity * factor
                deployment = RealTime(
                    id=f"autoscaled-{instance_type}-{round(factor * 100)}",
                    region=workload.region,
                    pattern="real-time",
                    instance_type=instance_type,
                    concurrency=profile.concurrency,
                    **_scaling(workload, facts, per_instance),
                )
                yield Candidate(deployment, action, effort, profile, conditions=_boldness(factor))


def _boldness(factor: float) -> tuple[str, ...]:
    """What is to be known of a target above the one that AWS suggests to start from [AS-20].

    >>> _boldness(0.5), _boldness(0.9)[0][:22]
    ((), 'the target is 90 % of ')
    """
    if factor <= _SUGGESTED:
        return ()
    told = f"the target is {factor * 100:.0f} % of what was measured per instance"
    return (f"{told}; AWS suggests starting at {_SUGGESTED * 100:.0f} % [AS-20]",)


def _scaling(workload: Workload, facts: Facts, per_instance: float) -> dict[str, Any]:
    """Bounds, policy and the instances at the start for so many requests per second and instance."""
    low = max(1, workload.min_instances)  # a synchronous variant keeps one at least [AS-3]
    high = max(low, math.ceil(_HEADROOM * needed(facts.peak_per_s, per_instance, 1.0)))
    policy = TargetTracking(
        kind="target-tracking", metric="invocations-per-instance", target=round(per_instance * 60, 6)
    )
    opening = needed(facts.opening_per_s, per_instance, 1.0)
    return {"instances": min(max(opening, low), high), "scaling": Scaling(min=low, max=high, policies=(policy,))}
