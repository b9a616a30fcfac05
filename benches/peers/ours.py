"""infercost through Python, on one thread: what users and the advice call."""

from collections.abc import Callable

import polars as pl

from benches.queue_model import Queue
from infercost import engine
from infercost.schema.scenario import Scenario

_ALL = "status, wait and latency of each request in sketches, usage by hour and meter as AWS bills it"


class InMemory:
    """A trace that is in memory as columns."""

    name = "infercost, trace in memory"
    requests = 2_000_000
    gives = _ALL

    def prepare(self, queue: Queue, seed: int) -> Callable[[], float]:
        """The columns are there before the clock starts; they cross to the engine while it runs."""
        drawn = queue.draw(self.requests, seed)
        columns = pl.DataFrame(drawn._asdict())
        duration_s = float(drawn.arrival_ns[-1]) / 1e9 + 1
        traffic = {"kind": "trace", "path": "memory", "duration_s": duration_s}
        scenario = _scenario(queue, traffic, {"kind": "trace"}, seed)
        return lambda: _wait_ms(scenario, columns)


class Drawn:
    """Requests that the engine draws itself."""

    name = "infercost, requests drawn"
    requests = 2_000_000
    gives = f"{_ALL}; it draws the requests while the clock runs"

    def prepare(self, queue: Queue, seed: int) -> Callable[[], float]:
        """Nothing is there before the clock starts."""
        rate_per_s = queue.rate_per_s
        traffic = {"kind": "poisson", "rate_per_s": rate_per_s, "duration_s": self.requests / rate_per_s}
        scenario = _scenario(queue, traffic, {"kind": "exponential", "mean_ms": queue.mean_ms}, seed)
        return lambda: _wait_ms(scenario, None)


def _scenario(queue: Queue, traffic: dict[str, object], service: dict[str, object], seed: int) -> Scenario:
    return Scenario.parse(
        {
            "traffic": traffic,
            "service": service,
            "deployment": [
                {
                    "id": "it",
                    "pattern": "real-time",
                    "region": "us-east-1",
                    "instance_type": "ml.m5.xlarge",
                    "concurrency": queue.workers,
                }
            ],
            "run": {"seed": seed},
        },
        "benchmark",
    )


def _wait_ms(scenario: Scenario, columns: pl.DataFrame | None) -> float:
    (run,) = engine.simulate(scenario, columns, threads=1)
    if run.summary.wait_ms is None:
        raise RuntimeError("no wait was measured")
    return run.summary.wait_ms.mean
