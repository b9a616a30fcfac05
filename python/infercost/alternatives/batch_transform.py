"""Batch transform: instances exist only while a job runs [BT]."""

import math
from collections.abc import Iterator

from infercost.alternatives.base import Candidate, Rejected
from infercost.alternatives.facts import Facts
from infercost.alternatives.types import Step, by_instance_type, instance_type_now, move
from infercost.alternatives.waiting import refused_batch
from infercost.prices.offers import offers_transform
from infercost.schema.scenario import BatchTransform
from infercost.schema.workload import Profile, Workload

_MAX_INSTANCES = 100  # [BT-2]
_MAX_PAYLOAD_MB = 100  # also of payload x concurrent transforms [BT-4]
_DEFAULT_PAYLOAD_MB = 6  # [BT-4]
_INTERVALS_S = (900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 28_800, 43_200, 86_400)
_TRIED_INTERVALS = 4


class ToBatchTransform:
    """Proposes numbers of instances and intervals between jobs, on the profiled types that transform jobs run on."""

    def propose(self, workload: Workload, facts: Facts) -> Iterator[Candidate | Rejected]:
        """Transform jobs, for work of which somebody said when it is due."""
        if workload.service != "Amazon SageMaker" or facts.requests == 0:
            return
        refused = refused_batch(workload, "batch transform")
        if refused is not None:
            yield refused
            return
        for instance_type, profile in by_instance_type(workload):
            if not offers_transform(instance_type):
                yield Rejected(f"batch transform on {instance_type}", "transform jobs do not run on this type", "BT-9")
                continue
            payload_mb = _payload_mb(facts, profile.concurrency)
            if payload_mb is None:
                yield Rejected(
                    f"batch transform on {instance_type}",
                    f"payloads x {profile.concurrency} at once are above {_MAX_PAYLOAD_MB} MB",
                    "BT-4",
                )
                continue
            yield from _candidates(workload, instance_type, profile, payload_mb)


def _candidates(workload: Workload, instance_type: str, profile: Profile, payload_mb: int) -> Iterator[Candidate]:
    files = workload.files or 1
    same: Step = ("SwitchServingPattern", "Medium")
    action, effort = move(instance_type_now(workload.deployment), instance_type, same)
    shared_out = (
        ("nobody said in how many files the input lies: one, which one instance works through [BT-3]",)
        if workload.files is None
        else ()
    )
    for every_s in _intervals_s(workload.slo.deadline_s):
        for instances in _fleets(files):
            deployment = BatchTransform(
                id=f"batch-{instance_type}-{instances}-{every_s}",
                region=workload.region,
                pattern="batch-transform",
                instance_type=instance_type,
                instances=instances,
                files=files,
                max_concurrent_transforms=profile.concurrency,
                max_payload_mb=payload_mb,
                every_s=every_s,
            )
            yield Candidate(deployment, action, effort, profile, waits=True, conditions=shared_out)


def _intervals_s(deadline_s: float | None) -> list[int]:
    """Intervals that leave a part of the deadline for the job itself, the longest few of them."""
    fitting = [one for one in _INTERVALS_S if deadline_s is None or one < deadline_s]
    return fitting[-_TRIED_INTERVALS:] or [_INTERVALS_S[0]]


def _fleets(files: int) -> list[int]:
    """Powers of two up to one file per instance: more would stand idle, and be billed [BT-3]."""
    most = min(files, _MAX_INSTANCES)
    return sorted({2**power for power in range(most.bit_length()) if 2**power <= most} | {most})


def _payload_mb(facts: Facts, at_once: int) -> int | None:
    """The limit to set, None where the largest payload cannot be had with so many at once [BT-4]."""
    largest_mb = 1 if facts.max_payload_bytes is None else max(1, math.ceil(facts.max_payload_bytes / 1e6))
    allowed = _MAX_PAYLOAD_MB // at_once
    if largest_mb > allowed:
        return None
    return min(allowed, max(largest_mb, _DEFAULT_PAYLOAD_MB))
