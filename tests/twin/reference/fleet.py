"""Units that come and go: instances, copies of a component, provisioned concurrency."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from twin.reference.events import Agenda, Kind
from twin.reference.result import Ledger, Request, ns


@dataclass(frozen=True)
class Pool:
    """What units are made of: an instance type of the deployment (`part` is its place there), or a component."""

    speed: float = 1.0
    concurrency: int = 1
    instance_type: str = ""
    available: int | None = None
    part: int = 0


class Holds(Protocol):
    """What is in a unit: `requests` are all that are with it, whatever they wait for."""

    @property
    def requests(self) -> Sequence[Request]: ...

    def loses_all(self) -> None:
        """The unit is gone: its requests end as unfinished."""


C = TypeVar("C", bound=Holds)


@dataclass(eq=False)
class Unit(Generic[C]):
    """From the decision to the end."""

    number: int
    pool: Pool
    requested: int
    ready: int | None = None
    removed: int | None = None
    ended: int | None = None
    moves: int = 0  # to another place, before
    container: C = field(init=False)


class Fleet(Generic[C]):
    """All units of one kind, numbered in the order in which their launch was decided.

    `fits_out` makes what is in a unit. How a unit is launched is the caller's, too: `begins_launch(unit)` must lead to
    `comes_into_service(unit)`, now or later. How it goes is the same for all: `remove` takes it out of service, and it
    ends with its last request (say so with `released`) or when it has drained for `drain_ns`, what is left being
    unfinished. A unit without requests ends at once.

    Who wants to hear of it adds to `before_change` (called before each change of the count in service), `on_ready`,
    `on_removal` (called before it takes effect) or `on_end`.
    """

    def __init__(
        self,
        agenda: Agenda,
        pools: Sequence[Pool],
        fits_out: Callable[[Unit[C]], C],
        begins_launch: Callable[[Unit[C]], None],
        *,
        drain_ns: int = 0,
        kind: Kind = Kind.INSTANCE,
        place: int = 0,
    ) -> None:
        self._agenda = agenda
        self._pools = pools
        self._fits_out = fits_out
        self._begins_launch = begins_launch
        self._drain = drain_ns
        self._kind = kind
        self.place = place  # among the fleets of its kind
        self.every: list[Unit[C]] = []
        self.before_change: list[Callable[[], None]] = []
        self.on_ready: list[Callable[[Unit[C]], None]] = []
        self.on_removal: list[Callable[[Unit[C]], None]] = []
        self.on_end: list[Callable[[Unit[C]], None]] = []

    @property
    def in_service(self) -> list[Unit[C]]:
        """In the order of their numbers."""
        return [one for one in self.every if one.ready is not None and one.removed is None]

    @property
    def launching(self) -> list[Unit[C]]:
        return [one for one in self.every if one.ready is None]

    def order(self, unit: Unit[C]) -> tuple[int, int, int]:
        """Of events at one instant: fleet by fleet, by number, what a unit has left behind before itself."""
        return self.place, unit.number, unit.moves

    def starts_with(self, count: int) -> list[Unit[C]]:
        """In service at 0, nobody being told."""
        units = [unit for unit in (self._make() for _ in range(count)) if unit]
        for unit in units:
            unit.ready = 0
        return units

    def launch(self, count: int) -> list[Unit[C]]:
        """Decides on `count` units; fewer where the pools have no more."""
        launched = []
        for _ in range(count):
            unit = self._make()
            if unit is None:
                break
            launched.append(unit)
            self._begins_launch(unit)
        return launched

    def _make(self) -> Unit[C] | None:
        for pool in self._pools:
            alive = sum(one.pool is pool and one.ended is None for one in self.every)
            if pool.available is None or alive < pool.available:
                unit = Unit[C](len(self.every), pool, requested=self._agenda.now)
                unit.container = self._fits_out(unit)
                self.every.append(unit)
                return unit
        return None

    def ready_after(self, unit: Unit[C], length: int) -> None:
        """The plain way to launch: in service `length` ns from now."""
        ready = self._agenda.now + length
        self._agenda.at(ready, self._kind, partial(self.comes_into_service, unit), self.order(unit))

    def comes_into_service(self, unit: Unit[C]) -> None:
        for tell in self.before_change:
            tell()
        unit.ready = self._agenda.now
        for hear in self.on_ready:
            hear(unit)

    def remove_newest(self, count: int) -> None:
        for _ in range(count):
            self.remove(self.in_service[-1])

    def remove(self, unit: Unit[C]) -> None:
        for tell in self.before_change:
            tell()
        for hear in self.on_removal:
            hear(unit)
        self._leaves(unit)

    def moved(self, unit: Unit[C]) -> Unit[C]:
        """Goes on elsewhere under its number, with nothing in it; nobody hears of it. Here it ends as if removed."""
        heir = Unit[C](unit.number, unit.pool, unit.requested, unit.ready, moves=unit.moves + 1)
        heir.container = self._fits_out(heir)
        self.every[unit.number] = heir
        self._leaves(unit)
        return heir

    def _leaves(self, unit: Unit[C]) -> None:
        unit.removed = self._agenda.now
        self.released(unit)
        if unit.ended is None:
            end = self._agenda.now + self._drain
            self._agenda.at(end, self._kind, partial(self._drained, unit), self.order(unit))

    def released(self, unit: Unit[C]) -> None:
        """A request has left the unit: a removed one ends with its last."""
        if unit.removed is not None and unit.ended is None and not unit.container.requests:
            self._ends(unit)

    def _drained(self, unit: Unit[C]) -> None:
        if unit.ended is None:
            unit.container.loses_all()
            self._ends(unit)

    def _ends(self, unit: Unit[C]) -> None:
        unit.ended = self._agenda.now
        for hear in self.on_end:
            hear(unit)

    def lives(self, horizon: int) -> list[tuple[int, int]]:
        """Spans in service, up to the horizon."""
        units = [one for one in self.every if one.ready is not None and one.ready < horizon]
        return [(one.ready or 0, horizon if one.removed is None else one.removed) for one in units]


def clamped(count: int, scaling: Mapping[str, Any] | None) -> int:
    """What is in service at 0."""
    return count if scaling is None else min(max(count, scaling["min"]), scaling["max"])


def bill_instances(ledger: Ledger, assumed: Mapping[str, Any], fleet: Fleet[C]) -> None:
    """`assumed`: `assumptions.instances`."""
    horizon = ledger.window.horizon
    ledger.lives(fleet.lives(horizon))
    for one in fleet.every:
        start = one.requested if assumed["bill_start"] == "launch" else one.ready
        if start is not None:
            end = horizon if one.ended is None else one.ended
            end = max(end, start + ns(assumed["min_bill_s"]))
            ledger.span("instance_ns", start, min(end, horizon), part=one.pool.part)
