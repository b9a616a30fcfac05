"""Multi-model endpoints: a request meets its model in memory, on the way there, or has it loaded."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from twin.reference.autoscaling import Autoscaler, Datapoint
from twin.reference.container import Container, Limits
from twin.reference.events import Agenda, Kind
from twin.reference.fleet import Fleet, Instance
from twin.reference.model_store import Store
from twin.reference.result import Ledger, Request, Result, Window, ns

MAX_PAYLOAD_BYTES = 25_000_000


def _bytes(megabytes: float) -> int:
    return math.floor(megabytes * 1e6 + 0.5)


class Endpoint:
    """State and events of one endpoint."""

    def __init__(self, scenario: Mapping[str, Any], deployment: Mapping[str, Any], requests: list[Request]) -> None:
        self.deployment = deployment
        self.assumed = scenario["assumptions"]["multi_model"]
        self.limits = Limits.of(scenario)
        self.agenda = Agenda()
        self.ledger = Ledger(Window.of(scenario))
        self.stores: dict[int, Store] = {}  # by number of the instance
        for one in requests:
            self.agenda.at(one.arrival, Kind.ARRIVAL, partial(self.arrives, one))

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
        store, container = self.stores[instance.number], instance.container
        if not store.holds(model):
            if not store.makes_room(model, {one.row["model"] for one in container.requests}):
                request.end("refused")
                return
            self.loads(instance, model)
            self.ledger.cache("loads", request)
        store.touch(model)
        ready = store.ready(model)
        if ready is None:
            self.ledger.cache("hits", request)
            if container.throttles():
                request.end("throttled")
            else:
                container.takes(request)
        elif ready > request.arrival + ns(self.assumed["not_ready_after_s"]):
            request.end("refused")  # ModelNotReady
        else:
            container.expects(request)
            self.agenda.at(ready, Kind.MODEL_READY, partial(self.joins, container, request), (1, request.ordinal))
        self.counts(request)

    def routes(self, request: Request) -> Instance:
        """To an instance that holds the model, unless all that do are busy and another does not."""
        model = request.row["model"]
        in_service = self.fleet.in_service
        holding = [one for one in in_service if self.stores[one.number].holds(model)]
        others = [one for one in in_service if one not in holding]
        if not holding:
            return in_service[request.row["route"] * len(in_service) // 2**64]
        least = _least(holding)
        busy = self.deployment["concurrency"] + self.assumed["spread_waiting"]
        if others and len(least.container.requests) >= busy:
            return _least(others)
        return least

    def loads(self, instance: Instance, model: int) -> None:
        """Begins to download, where it is not on the disk, and to load."""
        store = self.stores[instance.number]
        size = self.size_mb(model)
        download_s = 0.0 if store.is_on_disk(model) else size / self.assumed["download_mb_per_s"]
        ready = self.agenda.now + ns(download_s + size / self.assumed["load_mb_per_s"])
        store.loads(model, ready)
        self.agenda.at(ready, Kind.MODEL_READY, partial(self.loaded, instance, model), (0, instance.number, model))

    def loaded(self, instance: Instance, model: int) -> None:
        self.stores[instance.number].loaded(model)
        self.forgets(instance, model)

    def joins(self, container: Container, request: Request) -> None:
        if not request.status:  # neither cut while it waited nor lost with its instance
            container.joins(request)

    def left(self, instance: Instance, request: Request) -> None:
        self.forgets(instance, request.row["model"])
        self.fleet.end_if_idle(instance)

    def forgets(self, instance: Instance, model: int) -> None:
        """Without the cache, a model goes with its last request; one that is being loaded is loaded first."""
        store = self.stores[instance.number]
        in_use = model in {one.row["model"] for one in instance.container.requests}
        if not self.deployment["model_cache"] and store.ready(model) is None and not in_use:
            store.forgets(model)


def _least(instances: Sequence[Instance]) -> Instance:
    return min(instances, key=lambda one: (len(one.container.requests), one.number))
