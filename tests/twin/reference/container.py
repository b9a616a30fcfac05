"""A container: one FIFO queue, its workers, and the limit on a request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from twin.reference.events import Agenda, Kind
from twin.reference.result import Request, ns, work_ns


@dataclass(frozen=True)
class Limits:
    """What holds for every container of a scenario [RT-2, RT-3, Q-1]."""

    streams: bool
    limit: int
    cancels_queued: bool
    cancels_running: bool
    most_waiting: int | None

    @classmethod
    def of(cls, scenario: Mapping[str, Any]) -> "Limits":
        assumed = scenario["assumptions"]["real_time"]
        streams = scenario["streaming"] is not None
        return cls(
            streams,
            ns(assumed["stream_timeout_s" if streams else "timeout_s"]),
            assumed["timeout_cancels_queued"],
            assumed["timeout_cancels_running"],
            assumed["container_queue_limit"],
        )


class Container:
    """`left` hears of each request that was completed or cut off.

    `place`: in this order its completions, and its timeouts, come among those of other containers at one instant. Of
    its timeouts, what is running is cut first, and what a freed worker takes then has started; then what waits leaves.
    `expected`: requests that are here but cannot join the queue yet, because their model is being loaded.
    """

    def __init__(
        self,
        agenda: Agenda,
        limits: Limits,
        place: tuple[int, ...],
        *,
        concurrency: int,
        speed: float,
        left: Callable[[Request], None],
    ) -> None:
        self._agenda, self._limits, self._place = agenda, limits, place
        self._concurrency, self._speed, self._left = concurrency, speed, left
        self.expected: list[Request] = []
        self.waiting: list[Request] = []
        self.running: list[Request] = []

    @property
    def requests(self) -> list[Request]:
        return self.expected + self.waiting + self.running

    def throttles(self) -> bool:
        """Whether an arrival finds no free worker and the queue at its limit."""
        limit = self._limits.most_waiting
        return len(self.running) >= self._concurrency and limit is not None and len(self.waiting) >= limit

    def takes(self, request: Request) -> None:
        self.expects(request)
        self.joins(request)

    def expects(self, request: Request) -> None:
        self.expected.append(request)
        if self._limits.cancels_queued:
            limit, place = request.arrival + self._limits.limit, (*self._place, 1)
            self._agenda.at(limit, Kind.TIMEOUT, partial(self._waited_too_long, request), place)

    def joins(self, request: Request) -> None:
        """From expected to the queue."""
        self.expected.remove(request)
        self.waiting.append(request)
        self._starts()

    def loses_all(self) -> None:
        """What was not finished when the drain was over."""
        for request in self.requests:
            request.end("unfinished")
        for part in (self.expected, self.waiting, self.running):
            part.clear()

    def _starts(self) -> None:
        while self.waiting and len(self.running) < self._concurrency:
            request = self.waiting.pop(0)
            self.running.append(request)
            request.began = self._agenda.now
            finish = self._agenda.now + work_ns(request.row["service_ns"], self._speed)
            self._agenda.at(finish, Kind.COMPLETION, partial(self._completes, request), self._place)
            limit = request.arrival + self._limits.limit
            if self._limits.cancels_running and limit >= request.began:
                self._agenda.at(limit, Kind.TIMEOUT, partial(self._is_cut, request), (*self._place, 0))

    def _completes(self, request: Request) -> None:
        if request.status:  # cut, or lost with its container
            return
        now = self._agenda.now
        self.running.remove(request)
        if now - request.arrival > self._limits.limit:
            request.end("timed_out", request.began, now)
        else:
            request.end("completed", request.began, now)
            if self._limits.streams:
                assert request.began is not None
                first = min(request.row["first_token_ns"], request.row["service_ns"])
                request.first_token = request.began + work_ns(first, self._speed)
        self._starts()
        self._left(request)

    def _waited_too_long(self, request: Request) -> None:
        for queue in (self.expected, self.waiting):
            if request in queue:
                queue.remove(request)
                request.end("timed_out", None, self._agenda.now)
                self._left(request)

    def _is_cut(self, request: Request) -> None:
        if request not in self.running:
            return
        self.running.remove(request)
        request.end("timed_out", request.began, self._agenda.now)
        self._starts()
        self._left(request)
