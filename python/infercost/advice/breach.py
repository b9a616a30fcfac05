"""Does the present deployment keep the promise, as simulated? What it breaks itself no alternative is to blame for."""

from dataclasses import dataclass

from infercost.advice.bench import Trial
from infercost.advice.feasibility import broken
from infercost.schema.scenario import SLO


@dataclass(frozen=True)
class Breach:
    """`told` in words. With `contradicts` requests are lost that the bill shows were served: the profile is off."""

    told: str
    contradicts: bool


def breach(present: Trial, slo: SLO) -> Breach | None:
    """How the present deployment breaks the promise; None where it keeps it, or nothing tells its latency.

    Args:
        present: after a run.
        slo: the promise.
    """
    summary = present.summary
    if not tellable(present) or summary.slo_met is not False:
        return None
    no = broken(present, slo)
    if no is None:
        return None
    lost = summary.requests - summary.completed > slo.error_rate * summary.requests
    told = f"as simulated the present deployment does not keep the promise either: {no.reason}"
    return Breach(f"{told}; its profile does not fit the bill" if lost else told, contradicts=lost)


def tellable(present: Trial) -> bool:
    """Whether a replay can say anything of it: it has work of its own, and no rule forbids what was billed."""
    return present.contradiction is None and present.candidate.profile is not None
