"""An event list. Events at one instant happen in the order of `Kind`, then of `order`, then as they were scheduled."""

import heapq
from collections.abc import Callable
from enum import IntEnum


class Kind(IntEnum):
    """The order of events at equal time.

    INSTANCE and COPY are units that come into service or reach the end of their drain. OPENING is the count that a
    period begins with, after all but arrivals.
    """

    COMPLETION = 0
    TIMEOUT = 1
    TTL_EXPIRY = 2
    IDLE_EXPIRY = 3
    CONSOLIDATION = 4
    INSTANCE = 5
    COPY = 6
    PERIOD_CLOSES = 7
    POLICIES = 8
    SCHEDULED = 9
    OPENING = 10
    MODEL_READY = 11
    ARRIVAL = 12


class Agenda:
    """What is still to happen. `now` is the instant of the event being worked on."""

    def __init__(self) -> None:
        self.now = 0
        self._heap: list[tuple[int, Kind, tuple[int, ...], int, Callable[[], None]]] = []
        self._scheduled = 0

    def at(self, time: int, kind: Kind, action: Callable[[], None], order: tuple[int, ...] = ()) -> None:
        """An event at `now` comes next, whatever its kind, unless an earlier kind is left of this instant."""
        assert time >= self.now, "an event in the past"
        heapq.heappush(self._heap, (time, kind, order, self._scheduled, action))
        self._scheduled += 1

    def run(self, until: int | None) -> None:
        """Works through the events, up to and including the instant `until` where there is one."""
        while self._heap and (until is None or self._heap[0][0] <= until):
            self.now, _, _, _, action = heapq.heappop(self._heap)
            action()
