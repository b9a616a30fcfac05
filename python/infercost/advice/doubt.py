"""What speaks against the traffic: it does not explain the bill, or does not speak for all of its hours."""

from dataclasses import dataclass

from infercost.schema.analysis import Backtest, BacktestQuantity
from infercost.schema.evidence import Evidence, weakest
from infercost.schema.workload import Workload
from infercost.workloads.requests import WHOLE

# Per cent between a meter as billed and as simulated. Above what rounding, requests across the edges of hours and
# sizes told as a mean make of it; below the requests of two days in a month, which would hide a peak.
BACKTEST_LIMIT_PCT = 5.0

# Requests are spread evenly over the step that they were counted in. Who waits for an answer sees a burst inside it,
# unless the promise is longer than the step. CloudWatch keeps counts by the minute for 15 days and by five minutes for
# 63: the first are as good as they come, the second a model, and what is coarser vouches for no latency.
FINE_STEP_S = 60.0
COARSE_STEP_S = 300.0


@dataclass(frozen=True)
class Doubt:
    """Why no advice rests on this traffic. `missing` is the evidence that lacks, `step` what would supply it."""

    missing: str
    step: str


def doubt(workload: Workload, backtest: Backtest) -> Doubt | None:
    """Whether the traffic is too far from the bill to advise on; None where nothing speaks against it.

    A billed quantity decides where there is one: who is silent at the end of a month moves no bytes then. Without one
    the file itself must span the bill's hours.

    Args:
        workload: with its traffic.
        backtest: of its present deployment.
    """
    worst = max(backtest.quantities, key=lambda one: abs(one.error_pct), default=None)
    traffic = workload.traffic
    if worst is not None and abs(worst.error_pct) > BACKTEST_LIMIT_PCT:
        return Doubt(_unexplained(worst), _complete_file(workload))
    if worst is None and traffic is not None and traffic.span < WHOLE:
        return Doubt(
            f"requests of the whole period: the traffic spans only {traffic.span:.0%} of the hours billed, and no "
            "billed quantity shows that the others were silent",
            _complete_file(workload),
        )
    return None


def misfit(workload: Workload, told: str) -> Doubt:
    """Where the bill is not explained because the profile lets the present lose what was served."""
    step = f"measure the work of one request again, correct [[workload.profile]] of {workload.name}, and analyze again"
    return Doubt(f"a profile that fits the bill: {told}", step)


def hidden_peaks(workload: Workload, pattern: str) -> Doubt | None:
    """Why latency that was simulated on these counts is not known, None where it is."""
    step_s = _blind_s(workload, pattern)
    if step_s <= COARSE_STEP_S or _told(workload) is not Evidence.MEASURED:
        return None
    return Doubt(
        _unseen(step_s), f"give `traffic` of {workload.name} as counts per minute or as arrivals, and analyze again"
    )


def evidence_of(workload: Workload, pattern: str) -> Evidence:
    """How well the traffic is known for what a pattern makes of it: peaks inside a step are a model."""
    known = _told(workload)
    return weakest(known, Evidence.MODELLED) if _blind_s(workload, pattern) > FINE_STEP_S else known


def remarks(workload: Workload) -> tuple[str, ...]:
    """What a reader should know of the traffic, for people."""
    if workload.traffic is None:
        return ()
    step_s = _blind_s(workload, workload.pattern)
    return (*workload.traffic.notes, *((_unseen(step_s),) if step_s > FINE_STEP_S else ()))


def _told(workload: Workload) -> Evidence:
    return Evidence.MEASURED if workload.traffic is None else workload.traffic.evidence


def _blind_s(workload: Workload, pattern: str) -> float:
    """The step within which nobody saw the peaks; 0 where the promise outlasts it or no latency is judged."""
    traffic, slo = workload.traffic, workload.slo
    promise_s = slo.p99_ms / 1000 if slo.p99_ms is not None else slo.deadline_s or 0.0
    if traffic is None or pattern.startswith("bedrock-") or traffic.step_s <= promise_s:
        return 0.0
    return traffic.step_s


def _unseen(step_s: float) -> str:
    return f"peaks inside a step of {step_s:g} s are unknown: requests are spread evenly over it"


def _unexplained(worst: BacktestQuantity) -> str:
    explained = 100 + worst.error_pct
    only = "only " if explained < 100 else ""
    meter = worst.meter.replace("_", " ")
    return f"complete traffic: the traffic explains {only}{explained:.3g} % of the billed {meter}"


def _complete_file(workload: Workload) -> str:
    traffic = workload.traffic
    since = (
        "" if traffic is None else f" from {traffic.start:%Y-%m-%d %H:%M} UTC for {traffic.duration_s / 3600:g} hours"
    )
    return (
        f"give `traffic` of {workload.name} as a complete file{since}, check the sizes of a request in infercost.toml, "
        "and analyze again"
    )
