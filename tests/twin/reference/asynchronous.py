"""Asynchronous endpoints: one FIFO queue, pulled by instances with a free slot."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from twin.reference.autoscaling import Autoscaler, Datapoint
from twin.reference.events import Agenda, Kind
from twin.reference.fleet import Fleet, Instance
from twin.reference.result import Ledger, Request, Result, Window, ns, work_ns

MAX_PAYLOAD_BYTES = 1_000_000_000


class Endpoint:
    """State and events of one endpoint."""

    def __init__(self, scenario: Mapping[str, Any], deployment: Mapping[str, Any], requests: list[Request]) -> None:
        self.deployment = deployment
        assumed = scenario["assumptions"]["async"]
        self.ttl = ns(assumed["request_ttl_s"])
        self.timeout = ns(assumed["invocation_timeout_s"])
        concurrency = deployment["concurrency"]
        self.slots = assumed["concurrency_default"] if concurrency is None else concurrency
        self.agenda = Agenda()
        self.ledger = Ledger(Window.of(scenario))
        self.queue: list[Request] = []
        self.fleet = Fleet(scenario, deployment, self.agenda, on_change=lambda: None, on_ready=self.pulls)
        Autoscaler(scenario, self.agenda, self.fleet, self.ledger, opens=lambda: None, closes=self.closes)
        for one in requests:
            self.agenda.at(one.arrival, Kind.ARRIVAL, partial(self.arrives, one))

    def closes(self) -> dict[str, Datapoint | None]:
        in_service = len(self.fleet.in_service)
        processed = sum(len(one.running) for one in self.fleet.every)
        backlog = len(self.queue) + processed
        stuck = bool(self.queue) and in_service == 0
        return {
            "backlog-per-instance": Datapoint(backlog / in_service, in_service) if in_service else None,
            "has-backlog-without-capacity": Datapoint(float(stuck), in_service),
        }

    def arrives(self, request: Request) -> None:
        if request.row["payload_bytes"] > MAX_PAYLOAD_BYTES:
            request.end("refused")
            return
        self.queue.append(request)
        for instance in self.fleet.in_service:
            self.pulls(instance)
        if request in self.queue:
            self.agenda.at(request.arrival + self.ttl, Kind.TTL_EXPIRY, partial(self.expires, request))

    def expires(self, request: Request) -> None:
        if request in self.queue:
            self.queue.remove(request)
            request.end("expired")

    def pulls(self, instance: Instance) -> None:
        """An instance fills its free slots from the head of the queue."""
        while self.queue and len(instance.running) < self.slots:
            request = self.queue.pop(0)
            request.began = self.agenda.now
            instance.running.append(request)
            work = work_ns(request.row["service_ns"], self.deployment["speed"])
            kind, status = Kind.COMPLETION, "completed"
            if work > self.timeout:
                kind, status, work = Kind.TIMEOUT, "timed_out", self.timeout
            finish = self.agenda.now + work
            self.agenda.at(finish, kind, partial(self.ends, request, status, instance), (instance.number,))

    def ends(self, request: Request, status: str, instance: Instance) -> None:
        if request.status:  # lost with its instance
            return
        request.end(status, request.began, self.agenda.now)
        instance.running.remove(request)
        if instance.removed is None:
            self.pulls(instance)
        self.fleet.end_if_idle(instance)


def simulate(scenario: Mapping[str, Any], deployment: Mapping[str, Any], rows: Sequence[Mapping[str, int]]) -> Result:
    requests = [Request(ordinal, row) for ordinal, row in enumerate(rows)]
    endpoint = Endpoint(scenario, deployment, requests)
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
    endpoint.fleet.bill(ledger)
    return ledger.result(requests)
