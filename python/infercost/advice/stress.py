"""Would the promise still hold if AWS were as slow as it may be?"""

from infercost.advice.assumptions import read, uncertain, with_values
from infercost.advice.bench import Bench, Trial
from infercost.advice.feasibility import broken, kept


def under_stress(bench: Bench, best: Trial) -> str | None:
    """One replay with every unpublished figure at the end that hurts latency, told as a condition.

    None where nothing unpublished moves the latency of this deployment.
    """
    slow = {
        one.key: one.slowest
        for one in uncertain(best.scenario.assumptions, best.deployment)
        if one.affects_latency and one.slowest != read(best.scenario.assumptions, one.key)
    }
    if not slow:
        return None
    [trial] = bench.under(with_values(bench.assumptions, slow)).run([best.candidate], latency=True)
    slo = bench.workload.slo
    no = broken(trial, slo)
    if no is None:
        return f"the promise holds even at the slow end of every assumption: {kept(trial.summary, slo)}"
    ends = ", ".join(f"{key} {value}" for key, value in slow.items())
    return f"at the slow end of the assumptions the promise breaks ({ends}): {no.reason}"
