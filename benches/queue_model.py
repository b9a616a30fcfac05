"""The queue that all simulators are asked about: Poisson arrivals, exponential work, first come first served."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from oracle.formulas import mmc_wait

_NS_PER_S = 1e9
_MS_PER_S = 1e3


class Requests(NamedTuple):
    """Arrival and work of each request in nanoseconds."""

    arrival_ns: npt.NDArray[np.int64]
    service_ns: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Queue:
    """M/M/c at 70 % utilisation."""

    workers: int
    mean_ms: float = 10
    utilization: float = 0.7

    @property
    def rate_per_s(self) -> float:
        """Arrivals."""
        return self.utilization * self.workers * _MS_PER_S / self.mean_ms

    @property
    def wait_ms(self) -> float:
        """What theory says of the mean wait."""
        return _MS_PER_S * mmc_wait(self.rate_per_s, _MS_PER_S / self.mean_ms, self.workers)

    def draw(self, requests: int, seed: int) -> Requests:
        """Requests for the simulators that are given them."""
        random = np.random.default_rng(seed)
        gaps_ns = random.exponential(_NS_PER_S / self.rate_per_s, requests)
        work_ns = random.exponential(self.mean_ms * 1e6, requests)
        return Requests(np.cumsum(gaps_ns).astype(np.int64), np.maximum(work_ns, 1).astype(np.int64))
