"""Hand-written analyses and outcomes, with names as bad as they come."""

from pathlib import Path

from infercost.schema.analysis import Analysis
from infercost.schema.outcome import Outcome, Untried
from infercost.schema.spending import Spending

HERE = Path(__file__).parent


def rich() -> Analysis:
    """The eight workloads of the demo with made-up figures, a long name and a hostile one."""
    return Analysis.model_validate_json((HERE / "analysis.json").read_bytes())


def bare() -> Analysis:
    """A bill without any inference."""
    return Analysis.model_validate_json((HERE / "bare.json").read_bytes())


def spending() -> Spending:
    """Six groups and the rest, in euros, with a long name, a hostile one, and what is only partly known."""
    return Spending.model_validate_json((HERE / "spending.json").read_bytes())


def outcomes() -> tuple[Outcome, ...]:
    """One with everything, one without latency or price, one that a rule forbids."""
    return tuple(
        Outcome.model_validate_json((HERE / f"outcome_{name}.json").read_bytes()) for name in ("now", "batch", "no")
    )


def untried() -> tuple[Untried, ...]:
    """What a comparison of all patterns left out."""
    return (Untried(pattern="multi-model", reason="nothing says how large its [bold]models[/] are"),)
