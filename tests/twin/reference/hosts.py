"""The instances that copies of components share: who is placed where, who waits, who is emptied, who is released."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from twin.reference.container import Container
from twin.reference.events import Agenda, Kind
from twin.reference.fleet import Fleet, Pool, Unit
from twin.reference.launch import launch_ns
from twin.reference.result import Request, ns

Resources = tuple[int, int, int]  # accelerators, thousandths of a vCPU, MB


class InfeasibleError(Exception):
    """A copy that fits on no instance, or copies at 0 that do not fit on the instances at 0 [IC-1]."""


@dataclass(eq=False)
class Copy:
    """A copy of component number `component`, and where it has its reservation. One that moves has two."""

    component: int
    unit: Unit[Container]
    host: "Host | None" = None


@dataclass(eq=False)
class Room:
    """What is in an instance: its copies, placed or loading, in service or draining."""

    copies: list[Copy] = field(default_factory=list)
    uses: int = 0  # tells one idle spell from the next

    @property
    def requests(self) -> Sequence[Request]:
        """An instance that is released has no copies, so nobody to wait for."""
        return ()

    def loses_all(self) -> None:
        assert not self.copies


Host = Unit[Room]


class Loads(Protocol):
    """Who brings copies into service."""

    def starts_up(self, copy: Copy) -> None:
        """It was placed on an instance in service, or its instance has come into it."""

    def moves(self, copy: Copy) -> None:
        """A place was reserved for a copy that is in service elsewhere."""


class Hosts:
    """All instances, and the reservations there."""

    def __init__(
        self,
        scenario: Mapping[str, Any],
        deployment: Mapping[str, Any],
        agenda: Agenda,
        drawn: Sequence[int],
        loads: Loads,
    ) -> None:
        self._deployment, self._agenda, self._drawn, self._loads = deployment, agenda, drawn, loads
        self._instances = scenario["assumptions"]["instances"]
        assumed = scenario["assumptions"]["components"]
        self._idle_release = ns(assumed["idle_release_s"])
        offered = deployment["host"]
        self._offers = _resources(offered, math.floor(offered["memory_mb"] * assumed["schedulable_fraction"]))
        self._needs = {
            number: _resources(one, one["memory_mb"])
            for number, one in enumerate(deployment["components"])
            if one["base"] is None
        }
        self._waiting: list[Copy] = []
        self._moving: list[Copy] = []  # where they move to
        pool = Pool(instance_type=deployment["instance_type"])
        self.fleet: Fleet[Room] = Fleet(agenda, [pool], lambda _: Room(), self._launches)
        self.fleet.on_ready.append(self._came_into_service)
        self.fleet.starts_with(deployment["instances"])
        if deployment["instance_scale_in"] == "consolidation":
            self._plan_consolidation(
                ns(scenario["traffic"]["duration_s"]), ns(deployment["instance_scale_in_cooldown_s"])
            )

    def _plan_consolidation(self, horizon: int, cooldown: int) -> None:
        for instant in range(cooldown, horizon, cooldown):
            self._agenda.at(instant, Kind.CONSOLIDATION, self._consolidates)

    def starts_with(self, copies: Sequence[Copy]) -> None:
        """Places the copies that are in service at 0; instances without any are idle from then."""
        for need in self._needs.values():
            if not _fits([need], self._offers):
                raise InfeasibleError
        for copy in copies:
            host = self._choice(copy, self.fleet.in_service)
            if host is None:
                raise InfeasibleError
            self._reserves(copy, host)
        for host in self.fleet.in_service:
            self._may_be_idle(host)

    def wants(self, copy: Copy) -> None:
        """A copy that was just decided on."""
        if not self._placed(copy):
            self._waiting.append(copy)

    def gives_back(self, copy: Copy) -> None:
        """The end of a reservation."""
        host = copy.host
        assert host is not None
        host.container.copies.remove(copy)
        self._may_be_idle(host)
        self._tries_waiting()

    def _tries_waiting(self) -> None:
        self._waiting = [copy for copy in self._waiting if not self._placed(copy)]

    def _placed(self, copy: Copy) -> bool:
        in_service, launching = self.fleet.in_service, self.fleet.launching
        host = self._choice(copy, in_service) or self._choice(copy, launching)
        if host is None and len(in_service) + len(launching) < self._deployment["max_instances"]:
            (host,) = self.fleet.launch(1)
        if host is None:
            return False
        self._reserves(copy, host)
        if host.ready is not None:
            self._loads.starts_up(copy)
        return True

    def _choice(self, copy: Copy, hosts: Sequence[Host]) -> Host | None:
        """Where it goes of those with room [IC-3]."""
        need = self._needs[copy.component]
        roomy = [one for one in hosts if _fits([need, *self._reserved(one)], self._offers)]
        if self._deployment["placement"] == "binpack":
            return min(roomy, key=lambda one: one.number, default=None)

        def crowd(host: Host) -> tuple[int, int, int]:
            copies = host.container.copies
            return sum(one.component == copy.component for one in copies), len(copies), host.number

        return min(roomy, key=crowd, default=None)

    def _reserved(self, host: Host) -> list[Resources]:
        return [self._needs[one.component] for one in host.container.copies]

    def _reserves(self, copy: Copy, host: Host) -> None:
        copy.host = host
        host.container.copies.append(copy)
        host.container.uses += 1

    def _launches(self, host: Host) -> None:
        plain = {"image_gb": None, "model_gb": None, "container_caching": False}  # images are those of the components
        length = launch_ns(self._instances, plain, host.pool.instance_type, self._drawn, host.number)
        self.fleet.ready_after(host, length)

    def _came_into_service(self, host: Host) -> None:
        for copy in host.container.copies:
            self._loads.starts_up(copy)

    def _may_be_idle(self, host: Host) -> None:
        if not host.container.copies:
            release = partial(self._is_released, host, host.container.uses)
            self._agenda.at(self._agenda.now + self._idle_release, Kind.IDLE_EXPIRY, release, (host.number,))

    def _is_released(self, host: Host, uses: int) -> None:
        """After an idle spell, unless too few would be left [IC-4, IC-7]."""
        if host.container.uses == uses and len(self.fleet.in_service) > self._deployment["min_instances"]:
            assert not self._waiting  # every copy fits on an empty instance
            self.fleet.remove(host)

    # ---- consolidation, by IC-4

    def _consolidates(self) -> None:
        """Empties instances, unless something is on its way."""
        hosts = self.fleet.in_service
        loading = any(copy.unit.ready is None for host in hosts for copy in host.container.copies)
        if self._waiting or self._moving or loading or self.fleet.launching:
            return
        chosen: list[Host] = []
        for _ in range(self._deployment["instance_scale_in_step"]):
            if len(hosts) - len(chosen) <= self._deployment["min_instances"]:
                return
            host = self._emptied([one for one in hosts if one not in chosen])
            if host is None:
                return
            chosen.append(host)

    def _emptied(self, hosts: Sequence[Host]) -> Host | None:
        """The first of `hosts` that can be; its copies are on their way then."""
        targets = {copy.host for copy in self._moving}
        for host in sorted(hosts, key=lambda one: (len(one.container.copies), -one.number)):
            copies = sorted(host.container.copies, key=lambda one: (one.component, one.unit.number))
            if copies and host not in targets and all(copy.unit.removed is None for copy in copies):
                others = [one for one in hosts if one is not host and one.container.copies]
                moving = self._reserved_elsewhere(copies, others)
                if moving is not None:
                    self._moving += moving
                    for copy in moving:
                        self._loads.moves(copy)
                    return host
        return None

    def _reserved_elsewhere(self, copies: Sequence[Copy], hosts: Sequence[Host]) -> list[Copy] | None:
        """All of them or none."""
        reserved: list[Copy] = []
        for copy in copies:
            host = self._choice(copy, hosts)
            if host is None:
                for one in reserved:
                    assert one.host is not None
                    one.host.container.copies.remove(one)
                return None
            reserved.append(Copy(copy.component, copy.unit))
            self._reserves(reserved[-1], host)
        return reserved

    def arrives(self, copy: Copy) -> bool:
        """Whether a copy that has loaded was still to move."""
        if copy not in self._moving:
            return False
        self._moving.remove(copy)
        return True

    def stays(self, unit: Unit[Container]) -> None:
        """It will be removed: if it moves, it gives the new place up."""
        for copy in [one for one in self._moving if one.unit is unit]:
            self._moving.remove(copy)
            self.gives_back(copy)


def _resources(given: Mapping[str, Any], memory_mb: int) -> Resources:
    return given["accelerators"], math.floor(given["vcpus"] * 1000 + 0.5), memory_mb


def _fits(needs: Sequence[Resources], offers: Resources) -> bool:
    return all(sum(parts) <= offer for parts, offer in zip(zip(*needs, strict=True), offers, strict=True))
