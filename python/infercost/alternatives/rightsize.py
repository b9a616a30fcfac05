"""A fixed number of instances of a profiled type: fewer, smaller, or other ones."""

from collections.abc import Iterator

from infercost.alternatives.base import Candidate
from infercost.alternatives.facts import Facts, capacity_per_s, needed
from infercost.alternatives.types import by_instance_type, instance_type_now, move
from infercost.schema.scenario import RealTime
from infercost.schema.workload import Workload

# Of the busiest minute. Which of them keeps the promise is for the simulation to say.
_UTILISATIONS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


class Rightsize:
    """Proposes the fleets that the busiest minute fills to several degrees."""

    def propose(self, workload: Workload, facts: Facts) -> Iterator[Candidate]:
        """Fixed fleets of every profiled instance type, other than the present one."""
        if workload.service != "Amazon SageMaker" or facts.requests == 0:
            return
        now = instance_type_now(workload.deployment)
        for instance_type, profile in by_instance_type(workload):
            capacity = capacity_per_s(profile, facts)
            if capacity is None:
                continue
            action, effort = move(now, instance_type, ("ScaleIn", "VeryLow"))
            floor = max(1, workload.min_instances)
            for count in sorted({max(floor, needed(facts.peak_per_s, capacity, share)) for share in _UTILISATIONS}):
                deployment = RealTime(
                    id=f"fixed-{instance_type}-{count}",
                    region=workload.region,
                    pattern="real-time",
                    instance_type=instance_type,
                    instances=count,
                    concurrency=profile.concurrency,
                )
                yield Candidate(deployment, action, effort, profile)
