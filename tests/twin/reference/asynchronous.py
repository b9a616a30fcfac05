"""Asynchronous endpoints: one FIFO queue, pulled by instances with a free slot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from twin.reference.autoscaling import Datapoint, Metric, ScalableTarget
from twin.reference.events import Agenda, Kind
from twin.reference.fleet import Fleet, Pool, Unit, bill_instances, clamped
from twin.reference.launch import launch_ns
from twin.reference.result import Ledger, Request, Result, Window, ns, work_ns

MAX_PAYLOAD_BYTES = 1_000_000_000


@dataclass
class Slots:
    """What an instance works on."""

    requests: list[Request] = field(default_factory=list)

    def loses_all(self) -> None:
        for request in self.requests:
            request.end("unfinished")
        self.requests.clear()


Instance = Unit[Slots]


class Endpoint:
    """State and events of one endpoint; it gives its metrics itself."""

    def __init__(
        self,
        scenario: Mapping[str, Any],
        deployment: Mapping[str, Any],
        requests: list[Request],
        drawn: Sequence[int],
    ) -> None:
        assumed = scenario["assumptions"]["async"]
        instances = scenario["assumptions"]["instances"]
        self.ttl = ns(assumed["request_ttl_s"])
        self.timeout = ns(assumed["invocation_timeout_s"])
        concurrency = deployment["concurrency"]
        self.slots = assumed["concurrency_default"] if concurrency is None else concurrency
        pool = Pool(deployment["speed"], self.slots)
        self.agenda = Agenda()
        self.ledger = Ledger(Window.of(scenario))
        self.queue: list[Request] = []

        def launches(unit: Instance) -> None:
            length = launch_ns(instances, deployment, deployment["instance_type"], drawn, unit.number)
            self.fleet.ready_after(unit, length)

        drain = ns(instances["drain_s"])
        self.fleet = Fleet(self.agenda, [pool], lambda _: Slots(), launches, drain_ns=drain)
        self.fleet.starts_with(clamped(deployment["instances"], deployment["scaling"]))
        self.fleet.on_ready.append(self.pulls)
        self.ideal = Ideal(self, deployment["scaling"]) if _is_ideal(deployment["scaling"]) else None
        if self.ideal is None:
            metrics: dict[str, Metric] = {
                "backlog-per-instance": BacklogPerInstance(self),
                "has-backlog-without-capacity": HasBacklogWithoutCapacity(self),
            }
            ScalableTarget(scenario, deployment["scaling"], self.agenda, self.fleet, self.ledger, metrics=metrics)
        for one in requests:
            self.agenda.at(one.arrival, Kind.ARRIVAL, partial(self.arrives, one))

    def backlog(self) -> int:
        """Waiting and being processed."""
        return len(self.queue) + sum(len(one.container.requests) for one in self.fleet.every)

    def arrives(self, request: Request) -> None:
        if request.row["payload_bytes"] > MAX_PAYLOAD_BYTES:
            request.end("refused")
            return
        self.queue.append(request)
        for instance in self.fleet.in_service:
            self.pulls(instance)
        if request in self.queue:
            self.agenda.at(request.arrival + self.ttl, Kind.TTL_EXPIRY, partial(self.expires, request))
        self.backlog_changed()

    def expires(self, request: Request) -> None:
        if request in self.queue:
            self.queue.remove(request)
            request.end("expired")

    def pulls(self, instance: Instance) -> None:
        """An instance fills its free slots from the head of the queue."""
        while self.queue and len(instance.container.requests) < instance.pool.concurrency:
            request = self.queue.pop(0)
            request.began = self.agenda.now
            instance.container.requests.append(request)
            work = work_ns(request.row["service_ns"], instance.pool.speed)
            kind, status = Kind.COMPLETION, "completed"
            if work > self.timeout:
                kind, status, work = Kind.TIMEOUT, "timed_out", self.timeout
            finish = self.agenda.now + work
            self.agenda.at(finish, kind, partial(self.ends, request, status, instance), self.fleet.order(instance))

    def ends(self, request: Request, status: str, instance: Instance) -> None:
        if request.status:  # lost with its instance
            return
        request.end(status, request.began, self.agenda.now)
        instance.container.requests.remove(request)
        if instance.removed is None:
            self.pulls(instance)
        self.fleet.released(instance)
        self.backlog_changed()

    def backlog_changed(self) -> None:
        if self.ideal is not None and self.agenda.now < self.ledger.window.horizon:
            self.ideal.follows()


class BacklogPerInstance:
    """As it is when a period closes; missing with none in service [AY-7, AS-15]."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def opens(self) -> None:
        pass

    def closes(self) -> Datapoint | None:
        in_service = len(self._endpoint.fleet.in_service)
        return Datapoint(self._endpoint.backlog() / in_service, in_service) if in_service else None


class HasBacklogWithoutCapacity:
    """1 when a period closes with requests waiting and none in service [AY-7]."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def opens(self) -> None:
        pass

    def closes(self) -> Datapoint | None:
        in_service = len(self._endpoint.fleet.in_service)
        return Datapoint(float(bool(self._endpoint.queue) and in_service == 0), in_service)


class Ideal:
    """Instances for exactly the work there is, from the moment at which it is there."""

    def __init__(self, endpoint: Endpoint, scaling: Mapping[str, Any]) -> None:
        self._endpoint, self._scaling = endpoint, scaling
        self._desired = len(endpoint.fleet.in_service)

    def follows(self) -> None:
        endpoint, fleet = self._endpoint, self._endpoint.fleet
        wanted = clamped(-(-endpoint.backlog() // endpoint.slots), self._scaling)
        if wanted != self._desired:
            endpoint.ledger.activities.append((endpoint.agenda.now, 0, self._desired, wanted))
            self._desired = wanted
        fleet.launch(max(0, wanted - len(fleet.in_service) - len(fleet.launching)))
        idle = [one for one in fleet.in_service if not one.container.requests]
        surplus = len(fleet.in_service) - wanted
        for instance in idle[::-1][: max(0, surplus)]:
            fleet.remove(instance)


def _is_ideal(scaling: Mapping[str, Any] | None) -> bool:
    return scaling is not None and any(one["kind"] == "ideal" for one in scaling["policies"])


def simulate(
    scenario: Mapping[str, Any],
    deployment: Mapping[str, Any],
    rows: Sequence[Mapping[str, int]],
    drawn: Sequence[int] = (),
) -> Result:
    requests = [Request(ordinal, row) for ordinal, row in enumerate(rows)]
    endpoint = Endpoint(scenario, deployment, requests, drawn)
    ledger = endpoint.ledger
    window = ledger.window
    endpoint.agenda.run(window.horizon if window.cut else None)
    for one in requests:
        if not one.status:
            assert window.cut
            one.end("unfinished")
        ledger.data(one, reached=one.began is not None and not (window.cut and one.began >= window.horizon))
        if one.status == "completed":
            ledger.at_arrival(one, "s3_put_requests", 1)
        if deployment["notifications"] and one.status in {"completed", "timed_out", "expired"}:
            ledger.at_arrival(one, "sns_notifications", 1)
    bill_instances(ledger, scenario["assumptions"]["instances"], endpoint.fleet)
    return ledger.result(requests)
