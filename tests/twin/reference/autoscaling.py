"""Application Auto Scaling: datapoints in, decisions out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol

from twin.reference.events import Agenda, Kind
from twin.reference.fleet import C, Fleet, Unit
from twin.reference.result import SECOND, Ledger, ns

HIGH_RESOLUTION = {"concurrent-requests"}


@dataclass(frozen=True)
class Datapoint:
    """The value of one period, and the units that the proportional rule starts from."""

    value: float
    capacity: int


@dataclass(frozen=True)
class ScaleOut(Generic[C]):
    """The desired count before it, what it launched, and the cooldown that begins when all of that is in service."""

    started_from: int
    units: Sequence[Unit[C]]
    cooldown: int

    def in_service_since(self) -> int | None:
        ready = [one.ready for one in self.units if one.ready is not None]
        return max(ready) if len(ready) == len(self.units) else None


class Metric(Protocol):
    """Told when a period opens (after all but the arrivals of that instant) and asked when it closes."""

    def opens(self) -> None: ...

    def closes(self) -> Datapoint | None:
        """None where the datapoint is missing."""


class ScalableTarget(Generic[C]):
    """A desired count of the units of a fleet, its bounds and its policies.

    `metrics`: those that a policy of this target may ask for, by name. `place`: of the target among those of the
    deployment, in whose order they are evaluated and listed.
    """

    def __init__(
        self,
        scenario: Mapping[str, Any],
        scaling: Mapping[str, Any] | None,
        agenda: Agenda,
        fleet: Fleet[C],
        ledger: Ledger,
        *,
        metrics: Mapping[str, Metric],
        place: int = 0,
    ) -> None:
        self._agenda, self._fleet, self._ledger, self._place = agenda, fleet, ledger, place
        self._assumed = scenario["assumptions"]["autoscaling"]
        self.desired = len(fleet.in_service)
        if scaling is None:
            return
        self._min, self._max = scaling["min"], scaling["max"]
        self._policies: Sequence[Mapping[str, Any]] = scaling["policies"]
        # the latest scale-out by target tracking, and of each step policy
        self._tracked_out: ScaleOut[C] | None = None
        self._stepped_out: dict[int, ScaleOut[C]] = {}
        self._in_cooldown_until = 0
        self._held_back = False  # bounds were changed while units were launching
        fleet.on_ready.append(self._unit_ready)
        self._metrics = {one["metric"]: metrics[one["metric"]] for one in self._policies if one["kind"] != "scheduled"}
        self._history: dict[str, list[Datapoint | None]] = {name: [] for name in self._metrics}
        self._plan_metrics()
        self._plan_actions()

    def _plan_metrics(self) -> None:
        evaluations = set()
        for name, metric in sorted(self._metrics.items()):
            period, delay = self._period(name), self._delay(name)
            index = 0
            while (index + 1) * period + delay < self._ledger.window.horizon:
                self._agenda.at(index * period, Kind.OPENING, metric.opens)
                self._agenda.at((index + 1) * period, Kind.PERIOD_CLOSES, partial(self._closes, name, metric))
                evaluations.add((index + 1) * period + delay)
                index += 1
        for instant in evaluations:
            self._agenda.at(instant, Kind.POLICIES, self._evaluate, (self._place,))

    def _plan_actions(self) -> None:
        actions: dict[int, list[Mapping[str, Any]]] = {}
        for policy in self._policies:
            if policy["kind"] == "scheduled":
                for instant in map(ns, policy["at_s"]):
                    actions.setdefault(instant, []).append(policy)
        for instant, policies in actions.items():
            if instant < self._ledger.window.horizon:
                self._agenda.at(instant, Kind.SCHEDULED, partial(self._acts, policies), (self._place, 0))

    def _period(self, metric: str) -> int:
        return (10 if metric in HIGH_RESOLUTION else 60) * SECOND

    def _delay(self, metric: str) -> int:
        return ns(self._assumed["metric_delay_hires_s" if metric in HIGH_RESOLUTION else "metric_delay_s"])

    def _closes(self, name: str, metric: Metric) -> None:
        datapoint = metric.closes()
        period = len(self._history[name])
        self._history[name].append(datapoint)
        self._ledger.metrics.append((self._place, name, period, datapoint.value if datapoint else None))

    # ---- what the policies say

    def _evaluate(self) -> None:
        if self._locked():
            return
        results = [self._step_result(index) for index in range(len(self._policies))]
        out = {index: self._tracked_higher(one) for index, one in self._of_kind("target-tracking")}
        out |= {index: result for index, result in enumerate(results) if result is not None}
        largest = max((one for one in out.values() if one is not None and one > self.desired), default=None)
        if largest is not None:
            self._scale_out(largest, min(index for index, one in out.items() if one == largest))
            return
        if self._agenda.now < self._in_cooldown_until:
            return
        lower = self._tracked_lower()
        lower |= {index: one for index, one in enumerate(results) if one is not None and one < self.desired}
        if lower:
            largest = max(lower.values())
            self._scale_in(largest, min(index for index, one in lower.items() if one == largest))

    def _of_kind(self, kind: str) -> list[tuple[int, Mapping[str, Any]]]:
        return [(index, one) for index, one in enumerate(self._policies) if one["kind"] == kind]

    def _tracked_higher(self, policy: Mapping[str, Any]) -> int | None:
        last = self._last(policy["metric"], "high_periods")
        if last is None or not all(one.value > policy["target"] for one in last):
            return None
        capacity = last[-1].capacity
        if self._tracked_out is not None:
            since = self._tracked_out.in_service_since()
            if since is not None and self._agenda.now < since + self._tracked_out.cooldown:
                capacity = self._tracked_out.started_from
        return self._clamped(_needed(capacity, last[-1].value, policy["target"]))

    def _tracked_lower(self) -> dict[int, int]:
        """The largest proposal of those that may scale in, if each of them has one."""
        asked = [(index, one) for index, one in self._of_kind("target-tracking") if not one["disable_scale_in"]]
        proposals = {index: self._lower_proposal(one) for index, one in asked}
        agreed = {index: one for index, one in proposals.items() if one is not None}
        if not agreed or len(agreed) < len(asked):
            return {}
        largest = max(agreed.values())
        return {index: one for index, one in agreed.items() if one == largest}

    def _lower_proposal(self, policy: Mapping[str, Any]) -> int | None:
        last = self._last(policy["metric"], "low_periods")
        threshold = self._assumed["low_fraction"] * policy["target"]
        if last is None or not all(one.value < threshold for one in last):
            return None
        proposal = max(self._min, _needed(last[-1].capacity, last[-1].value, policy["target"]))
        if proposal == 0 and not all(one.value == 0 for one in last):
            proposal = 1
        return proposal if proposal < self.desired else None

    def _step_result(self, index: int) -> int | None:
        """The count that a step policy wants now."""
        policy = self._policies[index]
        if policy["kind"] != "step" or not self._seen_now(policy["metric"]):
            return None
        last = self._newest(policy["metric"], policy["evaluation_periods"])
        above = policy["comparison"] == "above"
        threshold = policy["threshold"]
        if last is None or not all(one.value >= threshold if above else one.value <= threshold for one in last):
            return None
        adjustment = _adjustment(policy["steps"], last[-1].value - threshold, above=above)
        if adjustment is None:
            return None
        latest = self._stepped_out.get(index)
        if latest is not None:
            since = latest.in_service_since()
            if since is None or self._agenda.now < since + latest.cooldown:
                result = self._clamped(_adjusted(policy, latest.started_from, adjustment))
                return result if result > self.desired else None
        return self._clamped(_adjusted(policy, self.desired, adjustment))

    def _seen_now(self, metric: str) -> bool:
        closed = self._agenda.now - self._delay(metric)
        return closed > 0 and closed % self._period(metric) == 0

    def _last(self, metric: str, periods: str) -> list[Datapoint] | None:
        return self._newest(metric, self._assumed[f"{periods}_hires" if metric in HIGH_RESOLUTION else periods])

    def _newest(self, metric: str, count: int) -> list[Datapoint] | None:
        """The last `count` datapoints that are seen by now; None where there are fewer or one is missing."""
        seen = max(0, self._agenda.now - self._delay(metric)) // self._period(metric)
        if seen < count:
            return None
        present = [one for one in self._history[metric][seen - count : seen] if one is not None]
        return present if len(present) == count else None

    # ---- scheduled actions

    def _acts(self, policies: Sequence[Mapping[str, Any]]) -> None:
        """All actions of one instant."""
        for policy in policies:
            if policy["min"] is not None:
                self._min = policy["min"]
                self._max = max(self._max, self._min)
            if policy["max"] is not None:
                self._max = policy["max"]
                self._min = min(self._min, self._max)
        self._held_back = True
        self._to_bounds()

    def _unit_ready(self, _: Unit[C]) -> None:
        now = self._agenda.now
        if self._held_back and not self._fleet.launching and now < self._ledger.window.horizon:
            self._agenda.at(now, Kind.SCHEDULED, self._to_bounds, (self._place, 1))

    def _to_bounds(self) -> None:
        if not self._held_back or self._locked():
            return
        self._held_back = False
        bounded = self._clamped(self.desired)
        if bounded > self.desired:
            self._scale_out(bounded, None)
        elif bounded < self.desired:
            self._scale_in(bounded, None)

    # ---- effect

    def _locked(self) -> bool:
        return bool(self._assumed["in_flight_lock"] and self._fleet.launching)

    def _clamped(self, count: int) -> int:
        return int(min(max(count, self._min), self._max))

    def _scale_out(self, to: int, winner: int | None) -> None:
        """`winner`: the place of the policy that decided it, None for a scheduled action."""
        launched = self._fleet.launch(to - self.desired)
        if not launched:
            return
        self._tracked_out = None
        if winner is not None:
            policy = self._policies[winner]
            if policy["kind"] == "step":
                self._stepped_out[winner] = ScaleOut(self.desired, launched, ns(policy["cooldown_s"]))
            else:
                self._tracked_out = ScaleOut(self.desired, launched, ns(policy["scale_out_cooldown_s"]))
        self._in_cooldown_until = 0
        self._decided(self.desired + len(launched))

    def _scale_in(self, to: int, winner: int | None) -> None:
        count = min(self.desired - to, len(self._fleet.in_service) - self._min)
        if count <= 0:
            return
        self._fleet.remove_newest(count)
        if winner is not None:
            policy = self._policies[winner]
            cooldown = policy["cooldown_s"] if policy["kind"] == "step" else policy["scale_in_cooldown_s"]
            self._in_cooldown_until = self._agenda.now + ns(cooldown)
        self._decided(self.desired - count)

    def _decided(self, to: int) -> None:
        self._ledger.activities.append((self._agenda.now, self._place, self.desired, to))
        self.desired = to


def _needed(capacity: int, value: float, target: float) -> int:
    return math.ceil(capacity * value / target - 1e-9)


def _adjustment(steps: Sequence[Mapping[str, Any]], distance: float, *, above: bool) -> int | None:
    for step in steps:
        lower = -math.inf if step["lower"] is None else step["lower"]
        upper = math.inf if step["upper"] is None else step["upper"]
        if lower <= distance < upper if above else lower < distance <= upper:
            return int(step["adjustment"])
    return None


def _adjusted(policy: Mapping[str, Any], base: int, adjustment: int) -> int:
    if policy["adjustment_type"] == "exact-capacity":
        return adjustment
    if policy["adjustment_type"] == "change-in-capacity":
        return base + adjustment
    change = max(base * abs(adjustment) // 100, 1, int(policy["min_adjustment_magnitude"]))
    return base + change * ((adjustment > 0) - (adjustment < 0))
