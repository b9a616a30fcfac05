"""May it be done at all, and does it keep the promise? In words, with the rule where one forbids it."""

from dataclasses import dataclass

from infercost.advice.bench import Trial
from infercost.advice.explanation import duration
from infercost.advice.hardware import impossible
from infercost.alternatives import Candidate
from infercost.profiles.hardware import family
from infercost.schema.outcome import Simulated
from infercost.schema.scenario import SLO, Asynchronous, Deployment, RealTime
from infercost.schema.workload import Workload


@dataclass(frozen=True)
class No:
    """Why not; `rule` is the id of the rule of AWS that forbids it."""

    reason: str
    rule: str | None = None


def forbidden(candidate: Candidate, workload: Workload) -> No | None:
    """What the owner's own words and the hardware rule out, before anything is simulated."""
    deployment = candidate.deployment
    if deployment is None:
        return None
    limits = workload.constraints
    if limits.patterns and deployment.pattern not in limits.patterns:
        return No("your constraints allow other patterns only")
    if limits.regions and deployment.region not in limits.regions:
        return No("your constraints allow other regions only")
    instance_type = getattr(deployment, "instance_type", None)
    if limits.instance_families and instance_type is not None and family(instance_type) not in limits.instance_families:
        return No("your constraints allow other instance families only")
    no = impossible(deployment, workload.build)
    if no is not None:
        return No(no.reason, no.rule)
    return _below_floor(deployment, workload)


def _below_floor(deployment: Deployment, workload: Workload) -> No | None:
    """A floor that the owner gave holds for every pattern; the default one for instances that people wait for."""
    if deployment.pattern.startswith("bedrock-"):  # counts no instances of anybody's
        return None
    least = 0  # serverless and batch transform keep none between requests
    if isinstance(deployment, RealTime | Asynchronous):
        least = deployment.instances if deployment.scaling is None else deployment.scaling.min
    if least >= workload.min_instances:
        return None
    if workload.floor_said:
        return No(f"fewer instances than your min_instances, {workload.min_instances}")
    if workload.interaction == "interactive" and isinstance(deployment, RealTime):
        return No(f"below the floor of {workload.min_instances} instances")
    return None


def broken(trial: Trial, slo: SLO) -> No | None:
    """Why a run does not show that the promise is kept; None where it does. Needs a run with latency."""
    summary = trial.summary
    if summary.infeasible is not None:
        return No(summary.infeasible.reason, summary.infeasible.rule)
    if summary.slo_met:
        return None
    if summary.slo_met is None:
        return No("its latency is not known, so nothing shows that it keeps the promise")
    return No(_missed(summary, slo))


def kept(summary: Simulated, slo: SLO) -> str | None:
    """The promise and what came out, in words: p99 120 ms of 200 ms."""
    if summary.latency_ms is None:
        return None
    if slo.p99_ms is not None:
        return f"p99 {duration(summary.latency_ms.p99)} of {duration(slo.p99_ms)}"
    if slo.deadline_s is not None:
        return f"the last answer after {duration(summary.latency_ms.max)} of {duration(slo.deadline_s * 1_000)}"
    return None


def _missed(summary: Simulated, slo: SLO) -> str:
    failed = summary.requests - summary.completed
    if summary.requests and failed > slo.error_rate * summary.requests:
        return f"{_failures(summary)}, {failed / summary.requests:.2%} of requests, {slo.error_rate:.2%} are allowed"
    if summary.latency_ms is None:
        return "nothing completes"
    if slo.p99_ms is not None and summary.latency_ms.p99 > slo.p99_ms:
        return f"p99 {duration(summary.latency_ms.p99)} > {duration(slo.p99_ms)}"
    if slo.deadline_s is not None:
        return f"answers after up to {duration(summary.latency_ms.max)} > {duration(slo.deadline_s * 1_000)}"
    return "it does not keep the promise"


def _failures(summary: Simulated) -> str:
    """The commonest way to fail."""
    ways = {
        "throttled": summary.throttled,
        "refused": summary.refused,
        "timed out": summary.timed_out,
        "expired": summary.expired,
        "unfinished": summary.unfinished,
    }
    return max(ways, key=lambda way: ways[way])
