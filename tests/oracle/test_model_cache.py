"""The memory of a multi-model endpoint against the theory of caches: independent references, least recently used.

One instance has room for some of the models, all of one size. Loads and requests take nanoseconds and come every
second, so no model is in use when the next is asked for.
"""

from typing import Any

import pytest

from infercost.engine import Run
from oracle.formulas import lru_hits
from oracle.replications import holds, measured

REQUESTS = 30_000
INSTANT_MB_PER_S = 1e9


def endpoint(popularity: dict[str, Any], room: int) -> dict[str, Any]:
    """An endpoint with room for so many models, after a warm-up of a tenth of the requests."""
    deployment = {
        "id": "it",
        "pattern": "multi-model",
        "region": "us-east-1",
        "instance_type": "ml.m5.xlarge",
        "model_mb": [1],
        "memory_mb": room,
        "disk_mb": 2 * room,
    }
    return {
        "traffic": {"kind": "poisson", "rate_per_s": 1, "duration_s": 1.1 * REQUESTS},
        "request": {"models": popularity},
        "service": {"kind": "constant", "mean_ms": 1e-6},
        "deployment": [deployment],
        "assumptions": {
            "multi_model": {"download_mb_per_s": INSTANT_MB_PER_S, "load_mb_per_s": INSTANT_MB_PER_S},
        },
        "run": {"warmup_s": 0.1 * REQUESTS},
    }


def hit_ratio(run: Run) -> float:
    summary = run.summary
    assert summary.completed == summary.requests == summary.cache_hits + summary.cache_loads
    return summary.cache_hits / summary.requests


@pytest.mark.parametrize(("room", "ratio"), [(1, 0.38), (2, 1007 / 1400)])
def test_models_of_three_shares(room: int, ratio: float) -> None:
    shares = (0.5, 0.3, 0.2)
    assert lru_hits(shares, room) == pytest.approx(ratio, abs=1e-12)
    holds(measured(endpoint({"kind": "shares", "shares": shares}, room), hit_ratio), ratio)


@pytest.mark.parametrize("room", [1, 2, 3, 4])
def test_models_by_the_law_of_zipf(room: int) -> None:
    popularity = {"kind": "zipf", "count": 5, "exponent": 1}
    weights = [1 / rank for rank in range(1, 6)]
    shares = [weight / sum(weights) for weight in weights]
    holds(measured(endpoint(popularity, room), hit_ratio), lru_hits(shares, room))


@pytest.mark.parametrize(("count", "room"), [(4, 1), (6, 4)])
def test_of_models_that_are_all_alike_the_share_in_memory_is_hit(count: int, room: int) -> None:
    assert lru_hits([1 / count] * count, room) == pytest.approx(room / count)
    holds(measured(endpoint({"kind": "uniform", "count": count}, room), hit_ratio), room / count)


def test_a_memory_for_all_models_loads_each_once() -> None:
    scenario = endpoint({"kind": "uniform", "count": 50}, 50)
    scenario["run"]["warmup_s"] = 0
    assert set(measured(scenario, lambda run: run.summary.cache_loads)) == {50}
