"""The engine against queueing theory."""

from typing import Any

import pytest

from infercost.engine import Run, stream
from oracle.formulas import erlang_b, idle_timeout, mg1_wait, mmc_wait, mmc_waits_longer, mmck
from oracle.replications import holds, measured, replications

REAL_TIME = {"id": "it", "region": "us-east-1", "pattern": "real-time", "instance_type": "ml.m5.xlarge"}
SERVERLESS = {"id": "it", "region": "us-east-1", "pattern": "serverless", "memory_mb": 2048, "max_concurrency": 200}
EXPONENTIAL = {"kind": "exponential", "mean_ms": 1000}
NO_COLD_START = {"kind": "constant", "median_s": 0}


def poisson(rate: float, requests: int, service: dict[str, Any], deployment: dict[str, Any]) -> dict[str, Any]:
    """Poisson traffic of about so many requests per replication after a warm-up of a tenth of them."""
    measured_s = requests / rate
    return {
        "traffic": {"kind": "poisson", "rate_per_s": rate, "duration_s": 1.1 * measured_s},
        "service": service,
        "deployment": [deployment],
        "assumptions": {"real_time": {"timeout_s": 1e6}},
        "run": {"warmup_s": 0.1 * measured_s},
    }


def mean_wait_s(run: Run) -> float:
    assert run.summary.wait_ms is not None
    return run.summary.wait_ms.mean / 1000


def mean_latency_s(run: Run) -> float:
    assert run.summary.latency_ms is not None
    return run.summary.latency_ms.mean / 1000


def throttled_share(run: Run) -> float:
    return run.summary.throttled / run.summary.requests


def cold_share(run: Run) -> float:
    return run.summary.cold_starts / run.summary.requests


def mean_alive(run: Run) -> float:
    assert run.summary.instances is not None
    return run.summary.instances.mean


@pytest.mark.parametrize(
    ("rate", "mu", "workers", "requests"),
    [(0.8, 1.0, 1, 500_000), (1.5, 1.0, 2, 300_000), (8.0, 1.0, 10, 1_000_000), (10.0, 3.0, 5, 300_000)],
    ids=["M/M/1", "M/M/2", "M/M/10", "M/M/5"],
)
def test_wait_for_one_of_c_workers(rate: float, mu: float, workers: int, requests: int) -> None:
    service = {"kind": "exponential", "mean_ms": 1000 / mu}
    scenario = poisson(rate, requests, service, {**REAL_TIME, "concurrency": workers})
    holds(measured(scenario, mean_wait_s), mmc_wait(rate, mu, workers))


def test_share_of_requests_that_wait_longer_than_half_a_second() -> None:
    shares = []
    for scenario, run in replications(poisson(0.8, 100_000, EXPONENTIAL, REAL_TIME), record=True):
        assert run.requests is not None
        arrivals = stream(scenario)["arrival_ns"].gather(run.requests["ordinal"])
        waits = run.requests["start_ns"] - arrivals
        shares.append(float((waits > 500_000_000).sum()) / waits.len())
    holds(shares, mmc_waits_longer(0.8, 1, 1, 0.5))


@pytest.mark.parametrize(
    ("rate", "service", "cv2", "requests"),
    [
        (0.8, {"kind": "constant", "mean_ms": 1000}, 0, 300_000),
        (5.0, {"kind": "constant", "mean_ms": 150}, 0, 300_000),
        (0.8, {"kind": "gamma", "mean_ms": 1000, "cv": 0.5}, 0.25, 300_000),
        (0.8, {"kind": "hyperexponential", "mean_ms": 1000, "cv": 2}, 4, 1_000_000),
        (5.0, {"kind": "lognormal", "mean_ms": 150, "cv": 0.284025**0.5}, 0.284025, 300_000),
    ],
    ids=["M/D/1", "M/D/1 fast", "M/E4/1", "M/H2/1", "M/LN/1"],
)
def test_wait_for_one_worker_by_the_spread_of_service(
    rate: float, service: dict[str, Any], cv2: float, requests: int
) -> None:
    scenario = poisson(rate, requests, service, REAL_TIME)
    holds(measured(scenario, mean_wait_s), mg1_wait(rate, service["mean_ms"] / 1000, cv2))


def test_random_routing_over_four_instances_is_four_queues() -> None:
    scenario = poisson(3.2, 800_000, EXPONENTIAL, {**REAL_TIME, "instances": 4})
    holds(measured(scenario, mean_latency_s), 1 + mmc_wait(0.8, 1, 1))


@pytest.mark.parametrize(("rate", "workers", "room"), [(3.0, 4, 10), (8.0, 5, 20)], ids=["M/M/4/10", "M/M/5/20"])
def test_a_queue_with_little_room_throttles(rate: float, workers: int, room: int) -> None:
    scenario = poisson(rate, 1_000_000, EXPONENTIAL, {**REAL_TIME, "concurrency": workers})
    scenario["assumptions"]["real_time"]["container_queue_limit"] = room - workers
    lost, _, wait = mmck(rate, 1, workers, room)
    figures = measured(scenario, lambda run: (throttled_share(run), mean_wait_s(run)))
    holds([one for one, _ in figures], lost)
    holds([one for _, one in figures], wait)


@pytest.mark.parametrize(("load", "limit"), [(2, 3), (5, 7), (8, 10), (20, 25)])
def test_serverless_throttles_as_erlang_b(load: int, limit: int) -> None:
    scenario = poisson(load, 300_000, EXPONENTIAL, {**SERVERLESS, "max_concurrency": limit})
    scenario["assumptions"]["serverless"] = {"keep_warm_s": 1e6, "cold_start": NO_COLD_START, "timeout_s": 1e6}
    holds(measured(scenario, throttled_share), erlang_b(load, limit))


@pytest.mark.parametrize("kind", ["poisson", "renewal"])
@pytest.mark.parametrize(
    ("rate", "keep_warm", "requests"),
    [(1 / 300, 300, 10_000), (1 / 600, 300, 6_000), (0.01, 300, 60_000), (1 / 1800, 600, 4_000)],
)
def test_cold_starts_of_an_idle_timeout(kind: str, rate: float, keep_warm: float, requests: int) -> None:
    scenario = poisson(rate, requests, {"kind": "constant", "mean_ms": 1e-6}, SERVERLESS)
    scenario["assumptions"]["serverless"] = {"keep_warm_s": keep_warm, "cold_start": NO_COLD_START}
    if kind == "renewal":  # the same law, drawn gap by gap
        scenario["traffic"] |= {"kind": kind, "interarrival_cv": 1}
    cold, alive = idle_timeout(rate, keep_warm)
    figures = measured(scenario, lambda run: (cold_share(run), mean_alive(run)))
    holds([one for one, _ in figures], cold)
    holds([one for _, one in figures], alive)
