"""What happens to requests, what is metered, and what of it is reported."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SECOND = 1_000_000_000
HOUR = 3600 * SECOND


def ns(seconds: float) -> int:
    return math.floor(seconds * 1e9 + 0.5)


def work_ns(service_ns: int, speed: float) -> int:
    return max(1, math.floor(service_ns / speed + 0.5))


@dataclass(eq=False)
class Request:
    """One row of the stream and what became of it; `status` is empty while it waits or is worked on."""

    ordinal: int
    row: Mapping[str, int]
    status: str = ""
    start: int | None = None
    finish: int | None = None
    cold: bool = False
    began: int | None = None  # start of work, also of what does not finish
    first_token: int | None = None  # where it streams

    @property
    def arrival(self) -> int:
        return self.row["arrival_ns"]

    def end(self, status: str, start: int | None = None, finish: int | None = None) -> None:
        assert not self.status, "a request ends once"
        self.status, self.start, self.finish = status, start, finish


@dataclass(frozen=True)
class Window:
    """Figures are over [warmup, horizon)."""

    warmup: int
    horizon: int
    cut: bool

    @classmethod
    def of(cls, scenario: Mapping[str, Any]) -> "Window":
        run = scenario["run"]
        return cls(ns(run["warmup_s"]), ns(scenario["traffic"]["duration_s"]), run["end"] == "cut")


@dataclass
class Result:
    """What a deployment did.

    requests: ordinal, status, start, finish, cold, first token. usage: by hour, meter and part. activities: when, from,
    to. infeasible: the rule by which the deployment cannot be; then there is nothing else. metrics: (place of the
    scalable target, metric, period, value or None where it is missing), as they closed.
    """

    requests: list[tuple[int, str, int | None, int | None, bool, int | None]] = field(default_factory=list)
    usage: dict[tuple[int, str, int], int] = field(default_factory=dict)
    activities: list[tuple[int, int, int]] = field(default_factory=list)
    instances_mean: float | None = None
    instances_peak: int | None = None
    ttft: list[int] = field(default_factory=list)
    tpot: list[int] = field(default_factory=list)
    cache_hits: int = 0
    cache_loads: int = 0
    infeasible: str | None = None
    metrics: list[tuple[int, str, int, float | None]] = field(default_factory=list)


class Ledger:
    """Collects usage, activities and lives, leaving out what belongs to the warm-up.

    `activities`: when, place of the scalable target, from, to. `alive`: half-open spans of time, one per instance in
    service or container alive.
    """

    def __init__(self, window: Window) -> None:
        self.window = window
        self.activities: list[tuple[int, int, int, int]] = []
        self.metrics: list[tuple[int, str, int, float | None]] = []
        self.alive: list[tuple[int, int]] | None = None
        self._usage: Counter[tuple[int, str, int]] = Counter()

    def at_arrival(self, request: Request, meter: str, quantity: int) -> None:
        if request.arrival >= self.window.warmup:
            self._usage[request.arrival // HOUR, meter, 0] += quantity

    def data(self, request: Request, *, reached: bool) -> None:
        if reached:
            self.at_arrival(request, "data_in_bytes", request.row["payload_bytes"])
        if request.status == "completed":
            self.at_arrival(request, "data_out_bytes", request.row["response_bytes"])

    def tokens(self, request: Request) -> None:
        if request.status == "completed":
            for meter in ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"):
                self.at_arrival(request, meter, request.row[meter])

    def span(self, meter: str, start: int, end: int, units: int = 1, part: int = 0) -> None:
        """Time from start to end, shared out over the hours that it touches."""
        start = max(start, self.window.warmup)
        while start < end:
            stop = min(end, (start // HOUR + 1) * HOUR)
            self._usage[start // HOUR, meter, part] += (stop - start) * units
            start = stop

    def lives(self, spans: Iterable[tuple[int, int]]) -> None:
        self.alive = [*(self.alive or []), *spans]

    def result(self, requests: Iterable[Request]) -> Result:
        result = Result(metrics=self.metrics)
        for one in requests:
            assert one.status, "every request ends"
            if one.arrival < self.window.warmup:
                continue
            first = one.first_token if one.status == "completed" else None
            result.requests.append((one.ordinal, one.status, one.start, one.finish, one.cold, first))
            if first is not None:
                assert one.finish is not None
                result.ttft.append(first - one.arrival)
                if one.row["output_tokens"] >= 2:
                    result.tpot.append((one.finish - first) // (one.row["output_tokens"] - 1))
        result.usage = {key: quantity for key, quantity in sorted(self._usage.items()) if quantity}
        by_time_and_place = sorted(self.activities, key=lambda one: one[:2])
        result.activities = [(at, old, new) for at, _, old, new in by_time_and_place if at >= self.window.warmup]
        if self.alive is not None:
            result.instances_mean, result.instances_peak = _lives(self.alive, self.window)
        return result


def _lives(alive: list[tuple[int, int]], window: Window) -> tuple[float, int]:
    clipped = [(max(start, window.warmup), min(end, window.horizon)) for start, end in alive]
    clipped = [(start, end) for start, end in clipped if start < end]
    # the count can only rise where a span starts
    peak = max((sum(start <= instant < end for start, end in clipped) for instant, _ in clipped), default=0)
    total = sum(end - start for start, end in clipped)
    return total / (window.horizon - window.warmup), peak
