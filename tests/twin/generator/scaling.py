"""Random bounds and policies of a scalable target: few periods, all kinds of policies at once."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Any

# values that a metric often has: at and around them targets and thresholds lie
OFTEN: dict[str, list[float]] = {
    "invocations-per-instance": [0.5, 1, 1, 2, 3, 7.5, 20],
    "invocations-per-copy": [0.5, 1, 1, 2, 3, 7.5, 20],
    "concurrent-requests": [0.5, 1, 1, 2, 3],
    "backlog-per-instance": [0.5, 1, 1, 2, 3, 7.5, 20],
    "provisioned-concurrency-utilization": [0.25, 0.5, 0.7, 1],
}
WITHOUT_CAPACITY = ("has-backlog-without-capacity", "no-capacity-invocation-failures")
COOLDOWNS = [0, 10, 60, 300, 1200]


def scaling(
    draw: Random, metrics: Sequence[str], duration: int, *, lowest: int, most: int = 9
) -> dict[str, Any] | None:
    """`metrics` that the pattern has; `lowest` and `most`: the least minimum and the largest maximum that it takes."""
    if draw.random() < 0.15:
        return None
    least = min(most, lowest + draw.choice([0, 0, 1]))
    policies = [_policy(draw, metrics, duration, lowest, most) for _ in range(draw.choice([0, 1, 1, 2, 2, 3, 4]))]
    if draw.random() < 0.2:
        policies += _clash(draw, duration, lowest, most)
    return {"min": least, "max": min(most, max(1, least + draw.choice([0, 2, 6]))), "policies": policies}


def _policy(draw: Random, metrics: Sequence[str], duration: int, lowest: int, most: int) -> dict[str, Any]:
    kind = draw.choice(["target-tracking", "target-tracking", "step", "step", "scheduled"])
    if kind == "scheduled":
        return _scheduled(draw, duration, lowest, most)
    if kind == "step":
        return _step(draw, draw.choice(metrics))
    metric = draw.choice([one for one in metrics if one in OFTEN])
    return {
        "kind": kind,
        "metric": metric,
        "target": draw.choice(OFTEN[metric]),
        "scale_out_cooldown_s": draw.choice(COOLDOWNS),
        "scale_in_cooldown_s": draw.choice(COOLDOWNS),
        "disable_scale_in": draw.random() < 0.2,
    }


def _step(draw: Random, metric: str) -> dict[str, Any]:
    policy: dict[str, Any] = {"kind": "step", "metric": metric, "cooldown_s": draw.choice(COOLDOWNS)}
    if metric in WITHOUT_CAPACITY and draw.random() < 0.7:
        return policy if draw.random() < 0.3 else {**policy, "adjustment": draw.choice([1, 2, 9])}
    above = draw.random() < 0.6
    change = draw.choice(["change-in-capacity", "change-in-capacity", "percent-change-in-capacity", "exact-capacity"])
    sign = 1 if above else -1
    sizes = {
        "change-in-capacity": [sign, sign, sign * 2, sign * 4, -sign, 0],
        "percent-change-in-capacity": [sign * 10, sign * 50, sign * 150, 0],
        "exact-capacity": [0, 1, 2, 3, 5],
    }[change]
    policy |= {
        "threshold": draw.choice([0, *OFTEN.get(metric, [1])]),
        "comparison": "above" if above else "below",
        "evaluation_periods": draw.choice([1, 1, 2, 3]),
        "adjustment_type": change,
        "steps": _steps(draw, sizes, above=above),
    }
    if change == "percent-change-in-capacity":
        policy["min_adjustment_magnitude"] = draw.choice([1, 1, 2, 3])
    return policy


def _steps(draw: Random, sizes: Sequence[int], *, above: bool) -> list[dict[str, Any]]:
    """One without bounds, or several side by side from the threshold on, the last perhaps bounded, too."""
    bounds: list[float] = draw.choice([[], [], [0.5], [1], [0.5, 2], [1, 1.5, 6]])
    edges: list[float | None] = [draw.choice([0, None]), *bounds, draw.choice([None, None, 10])]
    if not bounds:
        edges = [None, None]
    steps = []
    for near, far in pairwise(edges):
        lower, upper = (near, far) if above else (_negative(far), _negative(near))
        steps.append({"lower": lower, "upper": upper, "adjustment": draw.choice(sizes)})
    if draw.random() < 0.3:
        draw.shuffle(steps)
    return steps


def _negative(bound: float | None) -> float | None:
    return None if bound is None else -bound


def _scheduled(draw: Random, duration: int, lowest: int, most: int) -> dict[str, Any]:
    """At the start, at the horizon, when metrics close and are seen, anywhere."""
    times = [0, duration, *(draw.randrange(0, duration, grain) for grain in (10, 10, 30, 60, 5, 1))]
    bounds: dict[str, int] = {}
    kind = draw.choice(["min", "max", "both"])
    if kind != "max":
        bounds["min"] = draw.randint(lowest, min(most, lowest + 4))
    if kind != "min":
        bounds["max"] = draw.randint(max(lowest, bounds.get("min", 0)), most)
    return {"kind": "scheduled", "at_s": draw.sample(times, draw.choice([1, 1, 2, 4])), **bounds}


def _clash(draw: Random, duration: int, lowest: int, most: int) -> list[dict[str, Any]]:
    """An action that launches, others while it does and as the launch ends."""
    start = draw.randrange(0, duration // 2, 30)
    lengths = [20, 30, 60, 90, 120, 240, 350]  # of launches
    return [
        {"kind": "scheduled", "at_s": [start], "min": min(most, lowest + 3)},
        {
            "kind": "scheduled",
            "at_s": [start + 5, start + draw.choice(lengths)],
            "max": draw.randint(max(1, lowest), most),
        },
        {"kind": "scheduled", "at_s": [start + draw.choice(lengths)], "min": draw.randint(lowest, most)},
    ]
