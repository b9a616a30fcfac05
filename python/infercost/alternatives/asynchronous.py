"""Asynchronous inference: requests queue in S3, instances come when there is work and leave when there is none [AY]."""

from collections.abc import Iterator

from infercost.alternatives.base import Candidate, Rejected
from infercost.alternatives.facts import Facts, capacity_per_s, needed
from infercost.alternatives.types import Step, by_instance_type, instance_type_now, move
from infercost.alternatives.waiting import refused_queue
from infercost.schema.scenario import Asynchronous, Policy, Scaling, StepScaling, TargetTracking
from infercost.schema.workload import Profile, Workload

_UTILISATIONS = (0.3, 0.6, 0.9)  # of the busiest minute, for the largest fleet
_AWS_EXAMPLE_TARGET = 5  # [AY-9]
# Requests in the system per instance: shares of what one instance works off within the promise.
_SHARES_OF_PROMISE = (0.05, 0.1, 0.25)


class ToAsynchronous:
    """Proposes largest fleets and backlog targets on every profiled instance type."""

    def propose(self, workload: Workload, facts: Facts) -> Iterator[Candidate | Rejected]:
        """Asynchronous endpoints that go down to the floor, zero unless the owner wants more."""
        if workload.service != "Amazon SageMaker" or facts.requests == 0:
            return
        refused = refused_queue(workload, "async")
        if refused is not None:
            yield refused
            return
        for instance_type, profile in by_instance_type(workload):
            capacity = capacity_per_s(profile, facts)
            if capacity is None:
                continue
            same: Step = ("ScaleToZero", "Low") if workload.pattern == "async" else ("SwitchServingPattern", "Medium")
            action, effort = move(instance_type_now(workload.deployment), instance_type, same)
            largest = {needed(facts.peak_per_s, capacity, share) for share in _UTILISATIONS}
            for high in sorted(largest | {max(largest) + 1}):
                for target in _targets(workload, capacity):
                    deployment = _deployment(workload, instance_type, profile, high, target)
                    conditions = () if workload.pattern == "async" else ("callers take the answer from S3 [AY-5]",)
                    yield Candidate(deployment, action, effort, profile, waits=True, conditions=conditions)


def _targets(workload: Workload, capacity: float) -> list[int]:
    slo = workload.slo
    promise_s = slo.deadline_s if slo.p99_ms is None else slo.p99_ms / 1000
    own = [] if promise_s is None else [round(capacity * promise_s * share) for share in _SHARES_OF_PROMISE]
    return sorted({max(1, target) for target in (*own, _AWS_EXAMPLE_TARGET)})


def _deployment(workload: Workload, instance_type: str, profile: Profile, high: int, target: int) -> Asynchronous:
    low = workload.min_instances
    policies: list[Policy] = [
        TargetTracking(kind="target-tracking", metric="backlog-per-instance", target=target),
    ]
    if low == 0:  # target tracking cannot leave zero, the step policy can [AY-7, AY-10]
        policies.append(StepScaling(kind="step", metric="has-backlog-without-capacity"))
    return Asynchronous(
        id=f"async-{instance_type}-{high}-{target}",
        region=workload.region,
        pattern="async",
        instance_type=instance_type,
        instances=low,
        concurrency=profile.concurrency,
        scaling=Scaling(min=low, max=max(low, high), policies=tuple(policies)),
    )
