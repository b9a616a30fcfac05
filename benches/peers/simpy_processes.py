"""simpy: one process per request and a resource for the workers, as its documentation shows queues."""

import random
import statistics
from collections.abc import Callable, Iterator

import simpy

from benches.queue_model import Queue


class SimpyProcesses:
    """A bank of `workers` counters."""

    name = "simpy"
    requests = 50_000
    gives = "one wait per request: no quantiles, no timeouts, no hours, no billing"

    def prepare(self, queue: Queue, seed: int) -> Callable[[], float]:
        """Nothing happens before the clock starts."""
        draw = random.Random(seed)  # noqa: S311 -- a simulation, not a secret
        waits_s: list[float] = []

        def request(environment: simpy.Environment, workers: simpy.Resource) -> Iterator[simpy.Event]:
            arrived_s = environment.now
            with workers.request() as turn:
                yield turn
                waits_s.append(environment.now - arrived_s)
                yield environment.timeout(draw.expovariate(1e3 / queue.mean_ms))

        def arrivals(environment: simpy.Environment, workers: simpy.Resource) -> Iterator[simpy.Event]:
            for _ in range(self.requests):
                yield environment.timeout(draw.expovariate(queue.rate_per_s))
                environment.process(request(environment, workers))

        def run() -> float:
            environment = simpy.Environment()
            environment.process(arrivals(environment, simpy.Resource(environment, capacity=queue.workers)))
            environment.run()
            return 1e3 * statistics.fmean(waits_s)

        return run
