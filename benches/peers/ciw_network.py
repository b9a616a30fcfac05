"""ciw: queueing networks in plain Python, as its documentation shows them."""

import statistics
from collections.abc import Callable

import ciw

from benches.queue_model import Queue


class CiwNetwork:
    """A network of one node."""

    name = "ciw"
    requests = 20_000
    gives = "one record per request: no quantiles, no timeouts, no hours, no billing"

    def prepare(self, queue: Queue, seed: int) -> Callable[[], float]:
        """The network is described before the clock starts."""
        network = ciw.create_network(
            arrival_distributions=[ciw.dists.Exponential(rate=queue.rate_per_s)],
            service_distributions=[ciw.dists.Exponential(rate=1e3 / queue.mean_ms)],
            number_of_servers=[queue.workers],
        )

        def run() -> float:
            ciw.seed(seed)
            simulation = ciw.Simulation(network)
            simulation.simulate_until_max_customers(self.requests, method="Finish")
            return 1e3 * statistics.fmean(record.waiting_time for record in simulation.get_all_records())

        return run
