"""Multi-model endpoints: a request meets its model in memory, on the way there, or has it loaded."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from twin.reference.autoscaling import ScalableTarget
from twin.reference.container import Container, Limits
from twin.reference.events import Agenda, Kind
from twin.reference.fleet import Fleet, Pool, Unit, bill_instances, clamped
from twin.reference.launch import launch_ns
from twin.reference.metrics import Invocations
from twin.reference.model_store import Store
from twin.reference.result import Ledger, Request, Result, Window, ns
from twin.reference.routing import least_outstanding, position

MAX_PAYLOAD_BYTES = 25_000_000


class ModelContainer(Container):
    """A container with models in its instance's memory and on its disk."""

    store: Store


Instance = Unit[ModelContainer]


class Endpoint:
    """State and events of one endpoint."""

    def __init__(
        self,
        scenario: Mapping[str, Any],
        deployment: Mapping[str, Any],
        requests: list[Request],
        drawn: Sequence[int],
    ) -> None:
        self.deployment = deployment
        self.assumed = scenario["assumptions"]["multi_model"]
        self.instances = scenario["assumptions"]["instances"]
        self.drawn = drawn
        self.limits = Limits.of(scenario)
        self.agenda = Agenda()
        self.ledger = Ledger(Window.of(scenario))
        self.hits: list[Request] = []
        self.loads: list[Request] = []  # that began one
        own = Pool(deployment["speed"], deployment["concurrency"], deployment["instance_type"])
        self.fleet: Fleet[ModelContainer] = Fleet(
            self.agenda, [own], self.fits_out, self.launches, drain_ns=ns(self.instances["drain_s"])
        )
        scaling = deployment["scaling"]
        self.fleet.starts_with(clamped(deployment["instances"], scaling))
        self.invocations = Invocations(self.fleet)
        metrics = {"invocations-per-instance": self.invocations}
        ScalableTarget(scenario, scaling, self.agenda, self.fleet, self.ledger, metrics=metrics)
        for one in requests:
            self.agenda.at(one.arrival, Kind.ARRIVAL, partial(self.arrives, one))

    def fits_out(self, instance: Instance) -> ModelContainer:
        container = ModelContainer(
            self.agenda,
            self.limits,
            self.fleet.order(instance),
            concurrency=instance.pool.concurrency,
            speed=instance.pool.speed,
            left=partial(self.left, instance),
        )
        memory, disk = _bytes(self.deployment["memory_mb"]), _bytes(self.deployment["disk_mb"])
        container.store = Store(memory, disk, lambda model: _bytes(self.size_mb(model)))
        return container

    def launches(self, instance: Instance) -> None:
        own = self.deployment
        length = launch_ns(self.instances, own, own["instance_type"], self.drawn, instance.number)
        self.fleet.ready_after(instance, length)

    def size_mb(self, model: int) -> float:
        sizes = self.deployment["model_mb"]
        size: float = sizes[0] if len(sizes) == 1 else sizes[model]
        return size

    def arrives(self, request: Request) -> None:
        sizes = self.deployment["model_mb"]
        model = request.row["model"]
        if request.row["payload_bytes"] > MAX_PAYLOAD_BYTES or (len(sizes) > 1 and model >= len(sizes)):
            request.end("refused")
            return
        instance = self.routes(request)
        container = instance.container
        store = container.store
        if not store.holds(model):
            if not store.makes_room(model, in_use=_models(container)):
                request.end("refused")
                return
            self.loads.append(request)
            self.begins_load(instance, model)
        store.touch(model)
        ready = store.ready(model)
        if ready is None:
            self.hits.append(request)
            if container.throttles():
                request.end("throttled")
            else:
                container.takes(request)
        elif ready > request.arrival + ns(self.assumed["not_ready_after_s"]):
            request.end("refused")  # ModelNotReady
        else:
            container.expects(request)
            self.agenda.at(ready, Kind.MODEL_READY, partial(self.joins, container, request), (1, request.ordinal))
        if request.status != "refused":
            self.invocations.arrives()

    def routes(self, request: Request) -> Instance:
        """To an instance that holds the model, unless all that do are busy and another does not."""
        in_service = self.fleet.in_service
        holding = [one for one in in_service if one.container.store.holds(request.row["model"])]
        others = [one for one in in_service if one not in holding]
        if not holding:
            return in_service[position(request.row["route"], len(in_service))]
        least = least_outstanding(holding)
        busy = self.deployment["concurrency"] + self.assumed["spread_waiting"]
        if others and len(least.container.requests) >= busy:
            return least_outstanding(others)
        return least

    def begins_load(self, instance: Instance, model: int) -> None:
        """Downloads it, where it is not on the disk, and loads it."""
        store = instance.container.store
        size = self.size_mb(model)
        download_s = 0.0 if store.is_on_disk(model) else size / self.assumed["download_mb_per_s"]
        ready = self.agenda.now + ns(download_s + size / self.assumed["load_mb_per_s"])
        store.loads(model, ready)
        self.agenda.at(ready, Kind.MODEL_READY, partial(self.loaded, instance, model), (0,))

    def loaded(self, instance: Instance, model: int) -> None:
        instance.container.store.loaded(model)
        self.forgets_unused(instance, model)

    def joins(self, container: ModelContainer, request: Request) -> None:
        if not request.status:  # neither cut while it waited nor lost with its instance
            container.joins(request)

    def left(self, instance: Instance, request: Request) -> None:
        self.forgets_unused(instance, request.row["model"])
        self.fleet.released(instance)

    def forgets_unused(self, instance: Instance, model: int) -> None:
        """Without the cache, a model goes with its last request; one that is being loaded is loaded first."""
        container = instance.container
        unused = container.store.ready(model) is None and model not in _models(container)
        if unused and not self.deployment["model_cache"]:
            container.store.forgets(model)

    def counted(self, requests: list[Request]) -> int:
        return sum(one.arrival >= self.ledger.window.warmup for one in requests)


def _models(container: ModelContainer) -> set[int]:
    """Those in use."""
    return {one.row["model"] for one in container.requests}


def _bytes(megabytes: float) -> int:
    return math.floor(megabytes * 1e6 + 0.5)


def simulate(
    scenario: Mapping[str, Any],
    deployment: Mapping[str, Any],
    rows: Sequence[Mapping[str, int]],
    drawn: Sequence[int] = (),
) -> Result:
    requests = [Request(ordinal, row) for ordinal, row in enumerate(rows)]
    endpoint = Endpoint(scenario, deployment, requests, drawn)
    ledger = endpoint.ledger
    endpoint.agenda.run(ledger.window.horizon if ledger.window.cut else None)
    for one in requests:
        if not one.status:
            assert ledger.window.cut
            one.end("unfinished")
        ledger.data(one, reached=one.status not in {"refused", "throttled"})
    bill_instances(ledger, endpoint.instances, endpoint.fleet)
    result = ledger.result(requests)
    result.cache_hits, result.cache_loads = endpoint.counted(endpoint.hits), endpoint.counted(endpoint.loads)
    return result
