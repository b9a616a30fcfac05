"""Real-time endpoints: variants of instances, a queue in each container."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from twin.reference.autoscaling import Metric, ScalableTarget
from twin.reference.container import Container, Limits
from twin.reference.events import Agenda, Kind
from twin.reference.fleet import Fleet, Pool, Unit, bill_instances, clamped
from twin.reference.launch import launch_ns
from twin.reference.metrics import ConcurrentRequests, Invocations
from twin.reference.result import Ledger, Request, Result, Window, ns
from twin.reference.routing import routed

MAX_PAYLOAD_BYTES = 25_000_000


class Variant:
    """Instances with routing, metrics and policies of their own.

    `keys`: of the variant. `place`: among the variants. `first_part`: of its own instance type, its pools follow.
    """

    def __init__(
        self,
        scenario: Mapping[str, Any],
        keys: Mapping[str, Any],
        agenda: Agenda,
        ledger: Ledger,
        drawn: Sequence[int],
        *,
        place: int = 0,
        first_part: int = 0,
    ) -> None:
        self.keys = keys
        self._agenda = agenda
        self._assumed = scenario["assumptions"]["instances"]
        self._limits = Limits.of(scenario)
        self._drawn = drawn
        own = {key: keys[key] for key in ("instance_type", "speed", "concurrency", "available")}
        self.pools = [Pool(**one, part=first_part + index) for index, one in enumerate([own, *keys["pools"]])]
        self.fleet: Fleet[Container] = Fleet(
            agenda, self.pools, self._container, self._launches, drain_ns=ns(self._assumed["drain_s"]), place=place
        )
        self.fleet.starts_with(clamped(keys["instances"], keys["scaling"]))
        self._invocations = Invocations(self.fleet)
        metrics: dict[str, Metric] = {
            "invocations-per-instance": self._invocations,
            "concurrent-requests": ConcurrentRequests(self.fleet),
        }
        ScalableTarget(scenario, keys["scaling"], agenda, self.fleet, ledger, metrics=metrics, place=place)

    def _container(self, unit: Unit[Container]) -> Container:
        return Container(
            self._agenda,
            self._limits,
            self.fleet.order(unit),
            concurrency=unit.pool.concurrency,
            speed=unit.pool.speed,
            left=lambda _: self.fleet.released(unit),
        )

    def _launches(self, unit: Unit[Container]) -> None:
        length = launch_ns(self._assumed, self.keys, unit.pool.instance_type, self._drawn, unit.number)
        self.fleet.ready_after(unit, length)

    def takes(self, request: Request) -> None:
        self._invocations.arrives()
        container = routed(self.keys, self.fleet.in_service, request).container
        if container.throttles():
            request.end("throttled")
        else:
            container.takes(request)


class Endpoint:
    """The production variants share the requests; a shadow variant has copies of them."""

    def __init__(
        self,
        scenario: Mapping[str, Any],
        deployment: Mapping[str, Any],
        requests: list[Request],
        drawn: Sequence[int],
    ) -> None:
        self.agenda = Agenda()
        self.ledger = Ledger(Window.of(scenario))
        self.production: list[Variant] = []
        self.shadow: list[Variant] = []
        part = 0
        for place, keys in enumerate([deployment, *deployment["variants"]]):
            variant = Variant(scenario, keys, self.agenda, self.ledger, drawn, place=place, first_part=part)
            part += len(variant.pools)
            (self.production if keys["shadow_share"] is None else self.shadow).append(variant)
        for one in requests:
            self.agenda.at(one.arrival, Kind.ARRIVAL, partial(self.arrives, one))

    def arrives(self, request: Request) -> None:
        if request.row["payload_bytes"] > MAX_PAYLOAD_BYTES:
            request.end("refused")
            return
        self._weighed(request).takes(request)
        for variant in self.shadow:
            if request.row["shadow"] < variant.keys["shadow_share"] * 2**64:
                variant.takes(Request(request.ordinal, request.row))

    def _weighed(self, request: Request) -> Variant:
        weights = [one.keys["weight"] for one in self.production]
        total = 0.0
        for weight in weights:
            total += weight
        place = request.row["variant"] * total / 2**64
        so_far = 0.0
        for variant, weight in zip(self.production, weights, strict=True):
            so_far += weight
            if place < so_far:
                return variant
        return self.production[-1]

    def variants(self) -> list[Variant]:
        return [*self.production, *self.shadow]


def simulate(
    scenario: Mapping[str, Any],
    deployment: Mapping[str, Any],
    rows: Sequence[Mapping[str, int]],
    drawn: Sequence[int] = (),
) -> Result:
    requests = [Request(ordinal, row) for ordinal, row in enumerate(rows)]
    endpoint = Endpoint(scenario, {**deployment, "shadow_share": None}, requests, drawn)
    ledger = endpoint.ledger
    endpoint.agenda.run(ledger.window.horizon if ledger.window.cut else None)
    for one in requests:
        if not one.status:
            assert ledger.window.cut
            one.end("unfinished")
        ledger.data(one, reached=one.status not in {"refused", "throttled"})
    for variant in endpoint.variants():
        bill_instances(ledger, scenario["assumptions"]["instances"], variant.fleet)
    return ledger.result(requests)
