"""The instances of an endpoint: launched, in service, draining, gone."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from twin.reference.events import Agenda, Kind
from twin.reference.result import Ledger, Request, ns


@dataclass
class Instance:
    """`waiting` is the container's own queue; only real-time endpoints use it."""

    number: int
    requested: int
    ready: int | None = None
    removed: int | None = None
    ended: int | None = None
    running: list[Request] = field(default_factory=list)
    waiting: list[Request] = field(default_factory=list)


class Fleet:
    """`on_change` is called before each change of the count in service, `on_ready` after an instance joined it."""

    def __init__(
        self,
        scenario: Mapping[str, Any],
        deployment: Mapping[str, Any],
        agenda: Agenda,
        *,
        on_change: Callable[[], None],
        on_ready: Callable[[Instance], None],
    ) -> None:
        self._agenda = agenda
        self._assumed = scenario["assumptions"]["instances"]
        self._launch = ns(self._assumed[_launch_key(deployment["instance_type"])])
        self._drain = ns(self._assumed["drain_s"])
        self._on_change = on_change
        self._on_ready = on_ready
        self.every: list[Instance] = []
        self.pending = 0
        self.scaling = deployment["scaling"]
        count = deployment["instances"]
        if self.scaling:
            count = min(max(count, self.scaling["min"]), self.scaling["max"])
        for _ in range(count):
            self.every.append(Instance(len(self.every), requested=0, ready=0))

    @property
    def in_service(self) -> list[Instance]:
        """In the order of their numbers."""
        return [one for one in self.every if one.ready is not None and one.removed is None]

    def launch(self, count: int) -> int:
        """Requests instances; says when they will be ready."""
        ready = self._agenda.now + self._launch
        for _ in range(count):
            instance = Instance(len(self.every), requested=self._agenda.now)
            self.every.append(instance)
            self.pending += 1
            self._agenda.at(ready, Kind.INSTANCE, partial(self._ready, instance), (instance.number,))
        return ready

    def _ready(self, instance: Instance) -> None:
        self._on_change()
        self.pending -= 1
        instance.ready = self._agenda.now
        self._on_ready(instance)

    def remove_newest(self, count: int) -> None:
        for _ in range(count):
            self._on_change()
            instance = self.in_service[-1]
            instance.removed = self._agenda.now
            self.end_if_idle(instance)
            if instance.ended is None:
                end = self._agenda.now + self._drain
                self._agenda.at(end, Kind.INSTANCE, partial(self._drained, instance), (instance.number,))

    def end_if_idle(self, instance: Instance) -> None:
        """A removed instance ends with its last request."""
        if instance.removed is not None and not instance.running and not instance.waiting:
            instance.ended = self._agenda.now

    def _drained(self, instance: Instance) -> None:
        if instance.ended is None:
            for request in instance.running + instance.waiting:
                request.end("unfinished")
            instance.running.clear()
            instance.waiting.clear()
            instance.ended = self._agenda.now

    def bill(self, ledger: Ledger) -> None:
        horizon = ledger.window.horizon
        ledger.alive = []
        for one in self.every:
            if one.ready is not None and one.ready < horizon:
                ledger.alive.append((one.ready, horizon if one.removed is None else one.removed))
            start = one.requested if self._assumed["bill_start"] == "launch" else one.ready
            if start is not None:
                end = horizon if one.ended is None else one.ended
                end = max(end, start + ns(self._assumed["min_bill_s"]))
                ledger.span("instance_ns", start, min(end, horizon))


def _launch_key(instance_type: str) -> str:
    family = re.match("[a-z]+", instance_type.split(".")[1])
    assert family is not None
    return "launch_gpu_s" if family.group() in {"p", "g", "inf", "trn"} else "launch_cpu_s"
