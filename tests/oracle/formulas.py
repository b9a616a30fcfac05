"""Queueing theory in closed form. a: offered load, c: workers, rho = a / c. Times in seconds."""

import math
from collections.abc import Sequence


def erlang_b(a: float, c: int) -> float:
    """Share of requests lost by c workers without a queue."""
    blocked = 1.0
    for k in range(1, c + 1):
        blocked = a * blocked / (k + a * blocked)
    return blocked


def erlang_c(a: float, c: int) -> float:
    """Share of requests that wait for one of c workers."""
    blocked = erlang_b(a, c)
    return blocked / (1 - a / c * (1 - blocked))


def mmc_wait(rate: float, mu: float, c: int) -> float:
    """Mean wait in an M/M/c queue."""
    return erlang_c(rate / mu, c) / (c * mu - rate)


def mmc_waits_longer(rate: float, mu: float, c: int, t: float) -> float:
    """Share of requests that wait longer than t."""
    return erlang_c(rate / mu, c) * math.exp(-(c * mu - rate) * t)


def mmc_wait_quantile(rate: float, mu: float, c: int, share: float) -> float:
    """The wait that `share` of the requests do not exceed."""
    return math.log(erlang_c(rate / mu, c) / (1 - share)) / (c * mu - rate)


def mg1_wait(rate: float, service: float, cv2: float) -> float:
    """Pollaczek-Khinchine: mean wait with one worker; cv2 is the squared coefficient of variation of service."""
    rho = rate * service
    return rho * service * (1 + cv2) / (2 * (1 - rho))


def mg1_wait_with_setup(rate: float, service: float, cv2: float, setup: tuple[float, float]) -> float:
    """Mean wait with one worker that sleeps whenever nobody is there, and is set up by the next to come.

    `setup`: mean of its length, and of the square of its length.
    """
    mean, square = setup
    return mg1_wait(rate, service, cv2) + (2 * mean + rate * square) / (2 * (1 + rate * mean))


def mmck(rate: float, mu: float, c: int, room: int) -> tuple[float, float, float]:
    """M/M/c with `room` for waiting and served together: share lost, mean queue, mean wait of the accepted."""
    weights = [1.0]
    for n in range(1, room + 1):
        weights.append(weights[-1] * rate / (min(n, c) * mu))
    total = sum(weights)
    lost = weights[room] / total
    queue = sum(max(0, n - c) * weight for n, weight in enumerate(weights)) / total
    return lost, queue, queue / (rate * (1 - lost))


def idle_timeout(rate: float, keep_warm: float) -> tuple[float, float]:
    """Poisson requests without service time: share of cold starts, share of time that the container lives."""
    cold = math.exp(-rate * keep_warm)
    return cold, 1 - cold


def idle_timeout_session(rate: float, keep_warm: float) -> float:
    """How long such a container lives, from a cold start to its expiry."""
    return math.expm1(rate * keep_warm) / rate


def lru_hits(shares: Sequence[float], room: int) -> float:
    """Share of requests whose item is among the `room` most recently used, of items asked for independently.

    King (1971): by the order in which items were last asked for, each the next among those that are left.
    """

    def from_here(left: Sequence[float], rest: float, room: int) -> float:
        if room == 0:
            return 0.0
        return sum(
            one / rest * (one + from_here([*left[:place], *left[place + 1 :]], rest - one, room - 1))
            for place, one in enumerate(left)
        )

    return from_here(shares, math.fsum(shares), room)
