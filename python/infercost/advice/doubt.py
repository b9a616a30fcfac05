"""What speaks against the traffic: it does not explain the bill, or does not speak for all of its hours."""

from dataclasses import dataclass

from infercost.schema.analysis import Backtest, BacktestQuantity
from infercost.schema.workload import Workload
from infercost.workloads.requests import WHOLE

# Per cent between a meter as billed and as simulated. Above what rounding, requests across the edges of hours and
# sizes told as a mean make of it; below the requests of two days in a month, which would hide a peak.
BACKTEST_LIMIT_PCT = 5.0


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
