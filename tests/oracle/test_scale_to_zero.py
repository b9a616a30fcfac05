"""An endpoint that sleeps the instant nobody is there, against the queue with set-up after idle (M/G/1).

The policy `ideal` with at most one instance: it launches when a request finds nothing, and removes the instance when
the last one leaves.
"""

import math
from typing import Any

from infercost.engine import Run
from oracle.formulas import mg1_wait_with_setup
from oracle.replications import holds, measured

FIXED = {"kind": "constant", "median_s": 120}
EXPONENTIAL = {"kind": "exponential", "median_s": 5 * math.log(2)}


def endpoint(rate: float, service: dict[str, Any], launch: dict[str, Any], requests: int) -> dict[str, Any]:
    """About so many requests after a warm-up of a tenth of them; Poisson traffic is renewal traffic of spread 1."""
    deployment = {
        "id": "it",
        "region": "us-east-1",
        "pattern": "async",
        "instance_type": "ml.m5.xlarge",
        "instances": 0,
        "concurrency": 1,
        "scaling": {"min": 0, "max": 1, "policies": [{"kind": "ideal"}]},
    }
    return {
        "traffic": {
            "kind": "renewal",
            "rate_per_s": rate,
            "interarrival_cv": 1,
            "duration_s": 1.1 * requests / rate,
        },
        "service": service,
        "deployment": [deployment],
        "assumptions": {"instances": {"launch": launch}},
        "run": {"warmup_s": 0.1 * requests / rate},
    }


def mean_wait_s(run: Run) -> float:
    assert run.summary.wait_ms is not None
    assert run.summary.completed == run.summary.requests
    return run.summary.wait_ms.mean / 1000


def test_wait_for_a_worker_that_takes_two_minutes_to_launch() -> None:
    service = {"kind": "exponential", "mean_ms": 30_000}
    waits = measured(endpoint(1 / 600, service, FIXED, 4_000), mean_wait_s)
    holds(waits, mg1_wait_with_setup(1 / 600, 30, 1, (120, 120**2)))


def test_wait_for_a_worker_whose_launch_is_exponential() -> None:
    service = {"kind": "constant", "mean_ms": 1000}
    waits = measured(endpoint(0.5, service, EXPONENTIAL, 40_000), mean_wait_s)
    holds(waits, mg1_wait_with_setup(0.5, 1, 0, (5, 2 * 5**2)))
