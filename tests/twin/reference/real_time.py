"""Real-time endpoints: random routing, one FIFO queue per instance."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from twin.reference.autoscaling import Autoscaler, Datapoint
from twin.reference.events import Agenda, Kind
from twin.reference.fleet import Fleet, Instance
from twin.reference.result import Ledger, Request, Result, Window, ns, work_ns

MAX_PAYLOAD_BYTES = 25_000_000


class Endpoint:
    """State and events of one endpoint."""

    def __init__(self, scenario: Mapping[str, Any], deployment: Mapping[str, Any], requests: list[Request]) -> None:
        self.deployment = deployment
        self.assumed = scenario["assumptions"]["real_time"]
        self.agenda = Agenda()
        self.ledger = Ledger(Window.of(scenario))
        self.fleet = Fleet(scenario, deployment, self.agenda, on_change=self.count_changes, on_ready=lambda _: None)
        self.period_sum = 0.0
        self.period_capacity = len(self.fleet.in_service)
        self.stretch_arrivals = 0
        Autoscaler(scenario, self.agenda, self.fleet, self.ledger, opens=self.period_opens, closes=self.closes)
        for one in requests:
            self.agenda.at(one.arrival, Kind.ARRIVAL, partial(self.arrives, one))

    def count_changes(self) -> None:
        """A stretch of constant count ends."""
        if self.stretch_arrivals:
            self.period_sum += self.stretch_arrivals / len(self.fleet.in_service)
        self.stretch_arrivals = 0

    def period_opens(self) -> None:
        self.period_capacity = len(self.fleet.in_service)

    def closes(self) -> dict[str, Datapoint | None]:
        self.count_changes()
        datapoint = Datapoint(self.period_sum, self.period_capacity)
        self.period_sum = 0.0
        return {"invocations-per-instance": datapoint}

    def arrives(self, request: Request) -> None:
        if request.row["payload_bytes"] > MAX_PAYLOAD_BYTES:
            request.end("refused")
            return
        self.stretch_arrivals += 1
        choices = self.fleet.in_service
        instance = choices[request.row["route"] * len(choices) // 2**64]
        limit = self.assumed["container_queue_limit"]
        if len(instance.running) < self.deployment["concurrency"]:
            self.begins(request, instance)
        elif limit is not None and len(instance.waiting) >= limit:
            request.end("throttled")
        else:
            instance.waiting.append(request)

    def begins(self, request: Request, instance: Instance) -> None:
        request.began = self.agenda.now
        instance.running.append(request)
        finish = self.agenda.now + work_ns(request.row["service_ns"], self.deployment["speed"])
        self.agenda.at(finish, Kind.COMPLETION, partial(self.completes, request, instance), (instance.number,))

    def completes(self, request: Request, instance: Instance) -> None:
        if request.status:  # lost with its instance
            return
        late = self.agenda.now - request.arrival > ns(self.assumed["timeout_s"])
        request.end("timed_out" if late else "completed", request.began, self.agenda.now)
        instance.running.remove(request)
        if instance.waiting:
            self.begins(instance.waiting.pop(0), instance)
        self.fleet.end_if_idle(instance)


def simulate(scenario: Mapping[str, Any], deployment: Mapping[str, Any], rows: Sequence[Mapping[str, int]]) -> Result:
    requests = [Request(ordinal, row) for ordinal, row in enumerate(rows)]
    endpoint = Endpoint(scenario, deployment, requests)
    ledger = endpoint.ledger
    endpoint.agenda.run(ledger.window.horizon if ledger.window.cut else None)
    for one in requests:
        if not one.status:
            assert ledger.window.cut
            one.end("unfinished")
        ledger.data(one, reached=one.status not in {"refused", "throttled"})
    endpoint.fleet.bill(ledger)
    return ledger.result(requests)
