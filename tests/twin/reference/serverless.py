"""Serverless endpoints: one request per container, containers kept warm for a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from twin.reference.events import Agenda, Kind
from twin.reference.result import Ledger, Request, Result, Window, ns, work_ns

MAX_PAYLOAD_BYTES = 4_000_000
MILLISECOND = 1_000_000


@dataclass
class Container:
    """Alive from `created` until `gone`, None while it lives; `uses` tells one idle spell from the next."""

    created: int
    gone: int | None = None
    uses: int = 0


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
        self.in_flight = 0
        self.spent: dict[int, tuple[int, int]] = {}  # ordinal: end of set-up, end of the use of the container
        for one in requests:
            self.agenda.at(one.arrival, Kind.ARRIVAL, partial(self.arrives, one))

    def arrives(self, request: Request) -> None:
        if request.row["payload_bytes"] > MAX_PAYLOAD_BYTES:
            request.end("refused")
            return
        if self.in_flight >= self.limit:
            request.end("throttled")
            return
        now = self.agenda.now
        if self.idle:
            container, setup = self.idle.pop(), 0
        else:
            container, setup = Container(created=now), request.row["cold_start_ns"]
            self.every.append(container)
            request.cold = True
        container.uses += 1
        self.in_flight += 1
        begins = now + setup
        ends = begins + work_ns(request.row["service_ns"], self.speed)
        latest = (now if self.assumed["setup_counts_to_timeout"] else begins) + self.timeout
        if ends > latest:
            kind, status, ends = Kind.TIMEOUT, "timed_out", latest
        else:
            kind, status = Kind.COMPLETION, "completed"
        self.spent[request.ordinal] = (begins, ends)
        self.agenda.at(ends, kind, partial(self.ends, request, status, container))

    def ends(self, request: Request, status: str, container: Container) -> None:
        begins, ends = self.spent[request.ordinal]
        request.end(status, begins if begins < ends else None, ends)
        self.in_flight -= 1
        self.idle.append(container)
        spell = container.uses
        expiry = self.agenda.now + ns(self.assumed["keep_warm_s"])
        self.agenda.at(expiry, Kind.IDLE_EXPIRY, partial(self.idle_expires, container, spell))

    def idle_expires(self, container: Container, spell: int) -> None:
        if container.uses == spell:
            self.idle.remove(container)
            container.gone = self.agenda.now

    def bill(self, request: Request) -> None:
        if request.ordinal not in self.spent:
            return
        window = self.ledger.window
        begins, ends = self.spent[request.ordinal]
        if window.cut:
            ends = min(ends, window.horizon)
        setup = min(begins, ends) - request.arrival
        billed = max(0, ends - begins) + (setup if self.assumed["bill_cold_start"] else 0)
        self.ledger.at_arrival(request, "serverless_ms", -(-billed // MILLISECOND))


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
        ledger.data(one, reached=one.status not in {"refused", "throttled"})
        endpoint.bill(one)
    ledger.alive = [(one.created, window.horizon if one.gone is None else one.gone) for one in endpoint.every]
    return ledger.result(requests)
