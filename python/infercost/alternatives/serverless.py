"""Serverless inference: paid by the millisecond, nothing when idle, no GPU [SL]."""

import math
from collections.abc import Iterator

from infercost.alternatives.base import Candidate, Rejected
from infercost.alternatives.facts import Facts
from infercost.profiles.hardware import accelerator
from infercost.profiles.memory import SIZES_MB, speed_against
from infercost.profiles.service import mean_ms
from infercost.schema.evidence import Evidence, weakest
from infercost.schema.scenario import Serverless
from infercost.schema.workload import Profile, Workload

_MAX_CONCURRENCY = 200  # of one endpoint [SL-3]


class ToServerless:
    """Proposes memory sizes at and above those that a profile covers, never below."""

    def propose(self, workload: Workload, facts: Facts) -> Iterator[Candidate | Rejected]:
        """Serverless endpoints, or why the work cannot run there."""
        if workload.service != "Amazon SageMaker" or facts.requests == 0:
            return
        measured = sorted((one.memory_mb, one) for one in workload.profiles if one.memory_mb is not None)
        if not measured:
            rejected = _without_profile(workload)
            if rejected is not None:
                yield rejected
            return
        for memory_mb in SIZES_MB:
            below = [(size, profile) for size, profile in measured if size <= memory_mb]
            if not below:
                continue  # no candidate below the memory that a profile covers
            profile = _at(memory_mb, *below[-1])
            deployment = Serverless(
                id=f"serverless-{memory_mb}",
                region=workload.region,
                pattern="serverless",
                memory_mb=memory_mb,
                max_concurrency=_concurrency(facts, profile),
            )
            yield Candidate(
                deployment,
                "SwitchServingPattern",
                "Medium",
                profile,
                waits=True,
                conditions=("a new endpoint: a real-time one cannot be converted [SL-17]",),
            )


def _without_profile(workload: Workload) -> Rejected | None:
    types = [one.instance_type for one in workload.profiles if one.instance_type is not None]
    if not types:
        return None
    if all(accelerator(one) != "none" for one in types):
        return Rejected("serverless", "it has no GPU or other accelerator", "SL-16")
    return Rejected("serverless", "no profile says how long a request takes at a serverless memory size")


def _at(memory_mb: int, measured_mb: int, profile: Profile) -> Profile:
    """The profile at a size: as measured, or modelled from the nearest size below it [SL-2]."""
    if memory_mb == measured_mb:
        return profile
    faster = speed_against(memory_mb, measured_mb)
    service = profile.service
    work_ms = mean_ms(service)
    if work_ms is not None:
        scaled = {"mean_ms": work_ms / faster}
        p99_ms = getattr(service, "p99_ms", None)
        if p99_ms is not None:
            scaled["p99_ms"] = p99_ms / faster
        service = service.model_copy(update=scaled)
    return Profile(
        service=service,
        concurrency=1,
        evidence=weakest(profile.evidence, Evidence.MODELLED),
        memory_mb=memory_mb,
        cold_start_s=profile.cold_start_s,
    )


def _concurrency(facts: Facts, profile: Profile) -> int:
    """Room for four times the busiest minute, cold starts included; the limit costs nothing until it binds [SL-7]."""
    work_ms = mean_ms(profile.service) or 1000.0
    setup_s = profile.cold_start_s[1] if profile.cold_start_s else 0.0
    at_once = facts.peak_per_s * (work_ms / 1000 + setup_s)
    return min(_MAX_CONCURRENCY, max(10, math.ceil(4 * at_once)))
