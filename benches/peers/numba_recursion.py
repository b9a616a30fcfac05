"""The bare recursion, compiled by numba: Lindley's with one worker, Kiefer and Wolfowitz's with several."""

from collections.abc import Callable

import numba
import numpy as np
import numpy.typing as npt

from benches.queue_model import Queue

Integers = npt.NDArray[np.int64]


class NumbaRecursion:
    """As fast as plain Python gets: one loop over two arrays, one sum."""

    name = "numba, bare recursion"
    requests = 2_000_000
    gives = (
        "the mean wait alone, on the same requests as the first line: no quantiles, no timeouts, no hours, no billing"
    )

    def prepare(self, queue: Queue, seed: int) -> Callable[[], float]:
        """Compiles before the clock starts."""
        drawn = queue.draw(self.requests, seed)
        few = queue.draw(10, seed)
        if queue.workers == 1:
            _lindley(*few)
            return lambda: _lindley(*drawn) / self.requests / 1e6
        _kiefer_wolfowitz(*few, queue.workers)
        return lambda: _kiefer_wolfowitz(*drawn, queue.workers) / self.requests / 1e6


def _sum_of_waits_one(arrival_ns: Integers, service_ns: Integers) -> int:
    free_ns, waited_ns = 0, 0
    for row in range(len(arrival_ns)):
        start_ns = max(arrival_ns[row], free_ns)
        waited_ns += start_ns - arrival_ns[row]
        free_ns = start_ns + service_ns[row]
    return waited_ns


def _sum_of_waits_many(arrival_ns: Integers, service_ns: Integers, workers: int) -> int:
    free_ns = np.zeros(workers, np.int64)  # when each worker is free, the earliest first
    waited_ns = 0
    for row in range(len(arrival_ns)):
        start_ns = max(arrival_ns[row], free_ns[0])
        waited_ns += start_ns - arrival_ns[row]
        finish_ns = start_ns + service_ns[row]
        place = 1
        while place < workers and free_ns[place] < finish_ns:
            free_ns[place - 1] = free_ns[place]
            place += 1
        free_ns[place - 1] = finish_ns
    return waited_ns


_lindley: Callable[[Integers, Integers], int] = numba.njit(_sum_of_waits_one)
_kiefer_wolfowitz: Callable[[Integers, Integers, int], int] = numba.njit(_sum_of_waits_many)
