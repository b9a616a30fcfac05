"""Serverless endpoints: one request per container, kept warm for a while or provisioned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from twin.reference.autoscaling import Datapoint, ScalableTarget
from twin.reference.events import Agenda, Kind
from twin.reference.fleet import Fleet, Pool, Unit, clamped
from twin.reference.result import Ledger, Request, Result, Window, ns, work_ns

MAX_PAYLOAD_BYTES = 4_000_000
MAX_RESPONSE_BYTES = 4_000_000
MILLISECOND = 1_000_000


@dataclass
class Container:
    """On demand: alive from `created` until `gone`, None while it lives; `uses` tells one idle spell from the next."""

    created: int
    gone: int | None = None
    uses: int = 0


class Provisioned:
    """A unit of provisioned concurrency keeps no request: what is in flight goes on without it."""

    requests: Sequence[Request] = ()

    def loses_all(self) -> None:
        pass


@dataclass(frozen=True)
class Use:
    """Of a container by a request: end of set-up, end of the use; `container` is None where it was provisioned."""

    begins: int
    ends: int
    container: Container | None


class Endpoint:
    """State and events of one endpoint."""

    def __init__(self, scenario: Mapping[str, Any], deployment: Mapping[str, Any], requests: list[Request]) -> None:
        self.speed = deployment["speed"]
        self.assumed = scenario["assumptions"]["serverless"]
        self.limit = min(deployment["max_concurrency"], self.assumed["account_concurrency"])
        self.timeout = ns(self.assumed["timeout_s"])
        self.agenda = Agenda()
        self.ledger = Ledger(Window.of(scenario))
        self.every: list[Container] = []
        self.idle: list[Container] = []  # the most recently idle last
        self.uses: dict[Request, Use] = {}
        self.in_flight = 0
        self.on_provisioned = 0
        self.fleet = Fleet(self.agenda, [Pool()], lambda _: Provisioned(), self.provisions)
        self.fleet.starts_with(clamped(deployment["provisioned_concurrency"], deployment["scaling"]))
        self.utilization = Utilization(self)
        metrics = {"provisioned-concurrency-utilization": self.utilization}
        ScalableTarget(scenario, deployment["scaling"], self.agenda, self.fleet, self.ledger, metrics=metrics)
        for one in requests:
            self.agenda.at(one.arrival, Kind.ARRIVAL, partial(self.arrives, one))

    def provisions(self, unit: Unit[Provisioned]) -> None:
        self.fleet.ready_after(unit, ns(self.assumed["provision_s"]))

    def arrives(self, request: Request) -> None:
        if request.row["payload_bytes"] > MAX_PAYLOAD_BYTES:
            request.end("refused")
            return
        if self.in_flight >= self.limit:
            request.end("throttled")
            return
        self.in_flight += 1
        container: Container | None = None
        setup, work = 0, work_ns(request.row["service_ns"], self.speed)
        if self.on_provisioned < len(self.fleet.in_service):
            self.on_provisioned += 1
            self.utilization.rises()
        elif self.idle:
            container = self.idle.pop()
        else:
            container = Container(created=self.agenda.now)
            self.every.append(container)
            request.cold = True
            if self.assumed["cold_service"] is None:
                setup = request.row["cold_start_ns"]
            else:
                work = work_ns(request.row["cold_service_ns"], self.speed)
        if container is not None:
            container.uses += 1
        self.works(request, setup, work, container)

    def works(self, request: Request, setup: int, work: int, container: Container | None) -> None:
        begins = self.agenda.now + setup
        ends = begins + work
        latest = (self.agenda.now if self.assumed["setup_counts_to_timeout"] else begins) + self.timeout
        if ends > latest:
            kind, status, ends = Kind.TIMEOUT, "timed_out", latest
        elif request.row["response_bytes"] > MAX_RESPONSE_BYTES:
            kind, status = Kind.COMPLETION, "refused"
        else:
            kind, status = Kind.COMPLETION, "completed"
        self.uses[request] = Use(begins, ends, container)
        self.agenda.at(ends, kind, partial(self.ends, request, status))

    def ends(self, request: Request, status: str) -> None:
        use = self.uses[request]
        request.end(status, use.begins if use.begins < use.ends else None, use.ends)
        self.in_flight -= 1
        if use.container is None:
            self.on_provisioned -= 1
            return
        self.idle.append(use.container)
        expiry = self.agenda.now + ns(self.assumed["keep_warm_s"])
        self.agenda.at(expiry, Kind.IDLE_EXPIRY, partial(self.idle_expires, use.container, use.container.uses))

    def idle_expires(self, container: Container, spell: int) -> None:
        if container.uses == spell:
            self.idle.remove(container)
            container.gone = self.agenda.now

    def bill(self, request: Request) -> None:
        use = self.uses.get(request)
        if use is None:
            return
        window = self.ledger.window
        ends = min(use.ends, window.horizon) if window.cut else use.ends
        setup = min(use.begins, ends) - request.arrival
        billed = max(0, ends - use.begins) + (setup if self.assumed["bill_cold_start"] else 0)
        meter = "provisioned_ms" if use.container is None else "serverless_ms"
        self.ledger.at_arrival(request, meter, -(-billed // MILLISECOND))

    def lives(self) -> list[tuple[int, int]]:
        horizon = self.ledger.window.horizon
        on_demand = [(one.created, horizon if one.gone is None else one.gone) for one in self.every]
        return on_demand + self.fleet.lives(horizon)


class Utilization:
    """The most provisioned containers in use at an instant of the period, per provisioned at its first [SL-12]."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._provisioned = 0
        self._most = 0

    def opens(self) -> None:
        self._provisioned = len(self._endpoint.fleet.in_service)
        self._most = self._endpoint.on_provisioned

    def rises(self) -> None:
        self._most = max(self._most, self._endpoint.on_provisioned)

    def closes(self) -> Datapoint | None:
        return Datapoint(self._most / self._provisioned, self._provisioned) if self._provisioned else None


def simulate(
    scenario: Mapping[str, Any],
    deployment: Mapping[str, Any],
    rows: Sequence[Mapping[str, int]],
    drawn: Sequence[int] = (),
) -> Result:
    del drawn  # no instance is launched
    requests = [Request(ordinal, row) for ordinal, row in enumerate(rows)]
    endpoint = Endpoint(scenario, deployment, requests)
    ledger = endpoint.ledger
    window = ledger.window
    endpoint.agenda.run(window.horizon if window.cut else None)
    for one in requests:
        if not one.status:
            assert window.cut
            one.end("unfinished")
        ledger.data(one, reached=one in endpoint.uses)
        endpoint.bill(one)
    for start, end in endpoint.fleet.lives(window.horizon):
        ledger.span("provisioned_ns", start, end)
    ledger.lives(endpoint.lives())
    return ledger.result(requests)
