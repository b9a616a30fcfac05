"""Inference components: copies on shared instances, each component scaling by itself."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from twin.reference.autoscaling import Datapoint, Metric, ScalableTarget
from twin.reference.container import Container, Limits
from twin.reference.events import Agenda, Kind
from twin.reference.fleet import Fleet, Pool, Unit, bill_instances, clamped
from twin.reference.hosts import Copy, Hosts, InfeasibleError
from twin.reference.launch import pull_s
from twin.reference.metrics import ConcurrentRequests, Invocations
from twin.reference.result import Ledger, Request, Result, Window, ns
from twin.reference.routing import routed

MAX_PAYLOAD_BYTES = 25_000_000


class NoCapacityFailures:
    """How many requests of the period were refused for want of a copy [IC-6]."""

    def __init__(self, fleet: Fleet[Container]) -> None:
        self._fleet = fleet
        self._count = 0

    def refused(self) -> None:
        self._count += 1

    def opens(self) -> None:
        pass

    def closes(self) -> Datapoint | None:
        datapoint = Datapoint(float(self._count), len(self._fleet.in_service))
        self._count = 0
        return datapoint


class Component:
    """The copies of a component with resources of its own, and what is counted of its requests."""

    def __init__(self, endpoint: "Endpoint", number: int, keys: Mapping[str, Any]) -> None:
        self.number = number
        self._endpoint = endpoint
        self._routing = {"routing": endpoint.deployment["routing"]}
        self._launch = _copy_launch_ns(endpoint.scenario["assumptions"], keys)
        self._copies: dict[Unit[Container], Copy] = {}
        self.fleet: Fleet[Container] = Fleet(
            endpoint.agenda,
            [Pool(keys["speed"], keys["concurrency"])],
            self._container,
            self._is_wanted,
            drain_ns=ns(endpoint.scenario["assumptions"]["instances"]["drain_s"]),
            kind=Kind.COPY,
            place=number,
        )
        self.fleet.on_removal.append(endpoint.hosts.stays)
        self.fleet.on_end.append(lambda unit: endpoint.hosts.gives_back(self._copies.pop(unit)))
        units = self.fleet.starts_with(clamped(keys["copies"], keys["scaling"]))
        self.at_start = [self._copy(unit) for unit in units]
        self._invocations = Invocations(self.fleet)
        self._failures = NoCapacityFailures(self.fleet)
        metrics: dict[str, Metric] = {
            "invocations-per-copy": self._invocations,
            "concurrent-requests": ConcurrentRequests(self.fleet),
            "no-capacity-invocation-failures": self._failures,
        }
        scaling, agenda = keys["scaling"], endpoint.agenda
        ScalableTarget(endpoint.scenario, scaling, agenda, self.fleet, endpoint.ledger, metrics=metrics, place=number)

    def _container(self, unit: Unit[Container]) -> Container:
        return Container(
            self._endpoint.agenda,
            Limits.of(self._endpoint.scenario),
            self.fleet.order(unit),
            concurrency=unit.pool.concurrency,
            speed=unit.pool.speed,
            left=lambda _: self.fleet.released(unit),
        )

    def _copy(self, unit: Unit[Container]) -> Copy:
        self._copies[unit] = Copy(self.number, unit)
        return self._copies[unit]

    def _is_wanted(self, unit: Unit[Container]) -> None:
        self._endpoint.hosts.wants(self._copy(unit))

    def starts_up(self, copy: Copy) -> None:
        self.fleet.ready_after(copy.unit, self._launch)

    def moves(self, copy: Copy) -> None:
        """To where `copy` has its reservation."""
        agenda, (place, number, moves) = self._endpoint.agenda, self.fleet.order(copy.unit)
        agenda.at(agenda.now + self._launch, Kind.COPY, partial(self._has_moved, copy), (place, number, moves + 1))

    def _has_moved(self, copy: Copy) -> None:
        if self._endpoint.hosts.arrives(copy):
            copy.unit = self.fleet.moved(copy.unit)
            self._copies[copy.unit] = copy

    def takes(self, request: Request) -> None:
        copies = self.fleet.in_service
        if not copies:
            request.end("refused")
            self._failures.refused()
            return
        self._invocations.arrives()
        container = routed(self._routing, copies, request).container
        if container.throttles():
            request.end("throttled")
        else:
            container.takes(request)


class Endpoint:
    """Components by name, adapters being names for their base."""

    def __init__(
        self,
        scenario: Mapping[str, Any],
        deployment: Mapping[str, Any],
        requests: list[Request],
        drawn: Sequence[int],
    ) -> None:
        self.scenario, self.deployment = scenario, deployment
        self.agenda = Agenda()
        self.ledger = Ledger(Window.of(scenario))
        self.hosts = Hosts(scenario, deployment, self.agenda, drawn, self)
        listed = deployment["components"]
        self.components = {
            one["name"]: Component(self, number, one) for number, one in enumerate(listed) if one["base"] is None
        }
        self.hosts.starts_with([copy for one in self.components.values() for copy in one.at_start])
        for one in requests:
            self.agenda.at(one.arrival, Kind.ARRIVAL, partial(self.arrives, one))

    def starts_up(self, copy: Copy) -> None:
        self._of(copy).starts_up(copy)

    def moves(self, copy: Copy) -> None:
        self._of(copy).moves(copy)

    def _of(self, copy: Copy) -> Component:
        return self.components[self.deployment["components"][copy.component]["name"]]

    def arrives(self, request: Request) -> None:
        listed = self.deployment["components"]
        if request.row["payload_bytes"] > MAX_PAYLOAD_BYTES or request.row["model"] >= len(listed):
            request.end("refused")
            return
        asked = listed[request.row["model"]]
        self.components[asked["name"] if asked["base"] is None else asked["base"]].takes(request)


def _copy_launch_ns(assumptions: Mapping[str, Any], component: Mapping[str, Any]) -> int:
    pull = pull_s(assumptions["instances"], component)
    if pull is None:
        return ns(assumptions["components"]["copy_launch_s"])
    return ns(pull + assumptions["instances"]["container_start_s"])


def simulate(
    scenario: Mapping[str, Any],
    deployment: Mapping[str, Any],
    rows: Sequence[Mapping[str, int]],
    drawn: Sequence[int] = (),
) -> Result:
    requests = [Request(ordinal, row) for ordinal, row in enumerate(rows)]
    try:
        endpoint = Endpoint(scenario, deployment, requests, drawn)
    except InfeasibleError:
        return Result(infeasible="IC-1")
    ledger = endpoint.ledger
    endpoint.agenda.run(ledger.window.horizon if ledger.window.cut else None)
    for one in requests:
        if not one.status:
            assert ledger.window.cut
            one.end("unfinished")
        ledger.data(one, reached=one.status not in {"refused", "throttled"})
    bill_instances(ledger, scenario["assumptions"]["instances"], endpoint.hosts.fleet)
    return ledger.result(requests)
