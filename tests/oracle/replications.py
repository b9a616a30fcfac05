"""Thirty seeds of one scenario, and what they say about a theoretical value."""

import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from scipy import stats

from infercost.engine import Run, simulate
from infercost.schema.scenario import Scenario

SEEDS = range(1, 31)
Measure = TypeVar("Measure")


def replications(document: dict[str, Any], *, record: bool = False) -> Iterator[tuple[Scenario, Run]]:
    """One deployment under each seed, every request simulated."""
    for seed in SEEDS:
        settings = {**document["run"], "seed": seed, "max_requests": 10**10}
        scenario = Scenario.parse({**document, "run": settings}, "oracle")
        (run,) = simulate(scenario, record=record, threads=1)
        yield scenario, run


def measured(document: dict[str, Any], measure: Callable[[Run], Measure]) -> list[Measure]:
    """The measure under each seed."""
    return [measure(run) for _, run in replications(document)]


def interval(values: Sequence[float], confidence: float) -> tuple[float, float]:
    """Mean and half-width: the replications are independent, their means nearly normal."""
    count = len(values)
    mean = math.fsum(values) / count
    spread = math.sqrt(math.fsum((one - mean) ** 2 for one in values) / (count - 1) / count)
    return mean, float(stats.t.ppf((1 + confidence) / 2, count - 1)) * spread


def holds(values: Sequence[float], theory: float, *, within: float = 0.01) -> None:
    """Fails if the theory lies outside the 99.9 % interval, and if the 95 % interval is too wide to prove anything.

    `within`: how wide that is, to either side, as a share of the theory.
    """
    mean, half_width = interval(values, 0.95)
    assert half_width <= within * theory, f"too loose: {mean:.6g} ± {half_width:.2g} for {theory:.6g}"
    mean, half_width = interval(values, 0.999)
    assert abs(mean - theory) <= half_width, f"{mean:.6g} ± {half_width:.2g} is not {theory:.6g}"


def controlled(values: Sequence[float], control: Sequence[float], expected: float) -> list[float]:
    """The values with the part taken out that follows a control, whose expectation is known.

    Long waits, for one, vary from seed to seed with the mean wait, and that with how busy the workers happened to be.
    """
    slope = statistics.linear_regression(control, values).slope
    return [value - slope * (one - expected) for value, one in zip(values, control, strict=True)]
