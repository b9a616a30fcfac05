"""The engine against queueing theory."""

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from infercost.engine import Run, stream
from oracle.formulas import (
    erlang_b,
    idle_timeout,
    idle_timeout_session,
    mg1_wait,
    mmc_wait,
    mmc_wait_quantile,
    mmc_waits_longer,
    mmck,
)
from oracle.replications import controlled, holds, interval, measured, replications

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


def utilization(run: Run) -> float:
    assert run.summary.utilization is not None
    return run.summary.utilization


def throttled_share(run: Run) -> float:
    return run.summary.throttled / run.summary.requests


def cold_share(run: Run) -> float:
    return run.summary.cold_starts / run.summary.requests


def mean_alive(run: Run) -> float:
    assert run.summary.instances is not None
    return run.summary.instances.mean


def mean_session_s(run: Run) -> float:
    return mean_alive(run) * run.summary.simulated_s / run.summary.cold_starts


@pytest.mark.parametrize(
    ("rate", "mu", "workers", "requests"),
    [(0.8, 1.0, 1, 500_000), (1.5, 1.0, 2, 300_000), (8.0, 1.0, 10, 1_000_000), (10.0, 3.0, 5, 300_000)],
    ids=["M/M/1", "M/M/2", "M/M/10", "M/M/5"],
)
def test_wait_for_one_of_c_workers(rate: float, mu: float, workers: int, requests: int) -> None:
    service = {"kind": "exponential", "mean_ms": 1000 / mu}
    scenario = poisson(rate, requests, service, {**REAL_TIME, "concurrency": workers})
    holds(measured(scenario, mean_wait_s), mmc_wait(rate, mu, workers))


@pytest.mark.parametrize(
    ("rate", "mu", "workers", "requests"),
    [(45.0, 0.5, 100, 6_400_000), (190.0, 1.0, 200, 9_600_000)],
    ids=["M/M/100", "M/M/200"],
)
def test_wait_for_one_of_many_workers(rate: float, mu: float, workers: int, requests: int) -> None:
    service = {"kind": "exponential", "mean_ms": 1000 / mu}
    scenario = poisson(rate, requests, service, {**REAL_TIME, "concurrency": workers})
    figures = measured(scenario, lambda run: (mean_wait_s(run), utilization(run)))
    waits, busy = zip(*figures, strict=True)
    # few wait at all, and then many together: it takes millions of requests to tell
    holds(controlled(waits, busy, rate / mu / workers), mmc_wait(rate, mu, workers))


def waits_s(rate: float, mu: float, workers: int, requests: int) -> Iterator[pl.Series]:
    """How long each request waited, in seconds, under each seed."""
    service = {"kind": "exponential", "mean_ms": 1000 / mu}
    scenario = poisson(rate, requests, service, {**REAL_TIME, "concurrency": workers})
    for one, run in replications(scenario, record=True):
        assert run.requests is not None
        arrivals = stream(one)["arrival_ns"].gather(run.requests["ordinal"])
        yield (run.requests["start_ns"] - arrivals) / 1e9


@pytest.mark.parametrize(
    ("rate", "mu", "workers", "requests"),
    [(0.8, 1.0, 1, 20_000), (10.0, 3.0, 5, 250_000)],
    ids=["M/M/1", "M/M/5"],
)
def test_share_of_requests_that_wait_longer_than_half_a_second(
    rate: float, mu: float, workers: int, requests: int
) -> None:
    figures = [((waits > 0.5).sum() / waits.len(), mean(waits)) for waits in waits_s(rate, mu, workers, requests)]
    shares, means = zip(*figures, strict=True)
    holds(controlled(shares, means, mmc_wait(rate, mu, workers)), mmc_waits_longer(rate, mu, workers, 0.5))


@pytest.mark.parametrize(("rate", "workers"), [(0.8, 1), (8.0, 10)], ids=["M/M/1", "M/M/10"])
def test_the_wait_that_one_request_in_a_hundred_exceeds(rate: float, workers: int) -> None:
    figures = [(waits.quantile(0.99), mean(waits)) for waits in waits_s(rate, 1, workers, 300_000)]
    longest, means = zip(*figures, strict=True)
    holds(controlled(longest, means, mmc_wait(rate, 1, workers)), mmc_wait_quantile(rate, 1, workers, 0.99))


def mean(waits: pl.Series) -> float:
    return float(waits.sum()) / waits.len()


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


def test_least_outstanding_lies_between_four_queues_and_one() -> None:
    scenario = poisson(3.2, 400_000, EXPONENTIAL, {**REAL_TIME, "instances": 4, "routing": "least-outstanding"})
    latencies = measured(scenario, mean_latency_s)
    assert interval(latencies, 0.95)[1] <= 0.01 * 1.745541
    latency, half_width = interval(latencies, 0.999)
    pooled, random = 1 + mmc_wait(3.2, 1, 4), 1 + mmc_wait(0.8, 1, 1)
    assert pooled == pytest.approx(1.745541, abs=5e-7)
    assert pooled < latency - half_width
    assert latency + half_width < random


@pytest.mark.parametrize(("rate", "workers", "room"), [(3.0, 4, 10), (8.0, 5, 20)], ids=["M/M/4/10", "M/M/5/20"])
def test_a_queue_with_little_room_throttles(rate: float, workers: int, room: int) -> None:
    scenario = poisson(rate, 1_000_000, EXPONENTIAL, {**REAL_TIME, "concurrency": workers})
    scenario["assumptions"]["real_time"]["container_queue_limit"] = room - workers
    lost, _, wait = mmck(rate, 1, workers, room)
    figures = measured(
        scenario,
        lambda run: (throttled_share(run), mean_wait_s(run), run.summary.completed / run.summary.simulated_s),
    )
    shares, waits, throughputs = zip(*figures, strict=True)
    holds(shares, lost)
    holds(waits, wait)
    holds(throughputs, rate * (1 - lost))


@pytest.mark.parametrize(
    ("load", "limit", "requests", "within"),
    [
        (2, 3, 300_000, 0.01),
        (5, 7, 300_000, 0.01),
        (8, 10, 300_000, 0.01),
        (20, 25, 300_000, 0.01),
        (150, 170, 7_500_000, 0.01),
        (160, 200, 7_500_000, 0.05),
    ],
)
def test_serverless_throttles_as_erlang_b(load: int, limit: int, requests: int, within: float) -> None:
    scenario = poisson(load, requests, EXPONENTIAL, {**SERVERLESS, "max_concurrency": limit})
    scenario["assumptions"]["serverless"] = {"keep_warm_s": 1e6, "cold_start": NO_COLD_START, "timeout_s": 1e6}
    # with much room few are throttled, and then many together
    holds(measured(scenario, throttled_share), erlang_b(load, limit), within=within)


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
    figures = measured(scenario, lambda run: (cold_share(run), mean_alive(run), mean_session_s(run)))
    cold, alive, session = zip(*figures, strict=True)
    holds(cold, idle_timeout(rate, keep_warm)[0])
    holds(alive, idle_timeout(rate, keep_warm)[1])
    holds(session, idle_timeout_session(rate, keep_warm))
