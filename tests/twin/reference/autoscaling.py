"""Application Auto Scaling: datapoints in, decisions out."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from twin.reference.events import Agenda, Kind
from twin.reference.fleet import Fleet
from twin.reference.result import SECOND, Ledger, ns

PERIOD = 60 * SECOND


@dataclass(frozen=True)
class Datapoint:
    """The value of one period, and the instances that the proportional rule starts from."""

    value: float
    capacity: int


class Autoscaler:
    """Closes a period every minute and evaluates the policies `metric_delay_s` later, before the horizon.

    `opens` is called at the first instant of each period, `closes` gives each metric's datapoint of the period that
    closes now, None where it is missing.
    """

    def __init__(
        self,
        scenario: Mapping[str, Any],
        agenda: Agenda,
        fleet: Fleet,
        ledger: Ledger,
        *,
        opens: Callable[[], None],
        closes: Callable[[], dict[str, Datapoint | None]],
    ) -> None:
        self._agenda, self._fleet, self._ledger = agenda, fleet, ledger
        self._closes = closes
        self._assumed = scenario["assumptions"]["autoscaling"]
        self._seen: list[dict[str, Datapoint | None]] = []
        self.desired = len(fleet.in_service)
        self._started_from: int | None = None  # desired count before the latest scale-out by target tracking
        self._out_cooldown = (0, 0)  # from its instances in service until its cooldown is over
        self._in_cooldown_until = 0
        scaling = fleet.scaling
        if not scaling or not scaling["policies"]:
            return
        self._min, self._max = scaling["min"], scaling["max"]
        self._policies = scaling["policies"]
        self._quiet_until = [0] * len(self._policies)  # of step policies
        delay = ns(self._assumed["metric_delay_s"])
        period = 0
        while (period + 1) * PERIOD + delay < ledger.window.horizon:
            agenda.at(period * PERIOD, Kind.OPENING, opens)
            agenda.at((period + 1) * PERIOD, Kind.PERIOD_CLOSES, self._close)
            evaluation = (period + 1) * PERIOD + delay
            agenda.at(evaluation, Kind.POLICIES, partial(self._evaluate, period))
            period += 1

    def _close(self) -> None:
        datapoints = self._closes()
        self._seen.append(datapoints)
        self._ledger.metrics.append({metric: one.value if one else None for metric, one in datapoints.items()})

    def _evaluate(self, period: int) -> None:
        if self._assumed["in_flight_lock"] and self._fleet.pending:
            return
        history = self._seen[: period + 1]
        proposals = [self._out_proposal(index, history) for index in range(len(self._policies))]
        largest = max((one for one in proposals if one is not None), default=None)
        if largest is not None:
            self._scale_out(proposals.index(largest), largest)
            return
        if self._agenda.now < self._in_cooldown_until:
            return
        tracking = [index for index, one in enumerate(self._policies) if one["kind"] == "target-tracking"]
        lower = {index: self._in_proposal(self._policies[index], history) for index in tracking}
        agreed = [one for one in lower.values() if one is not None]
        if tracking and len(agreed) == len(tracking):
            winner = next(index for index in tracking if lower[index] == max(agreed))
            self._scale_in(winner, max(agreed))

    def _out_proposal(self, index: int, history: list[dict[str, Datapoint | None]]) -> int | None:
        policy = self._policies[index]
        if policy["kind"] == "step":
            last = _last(history, policy["metric"], 2)
            ringing = last is not None and all(one.value == 1 for one in last)
            if not ringing or self._agenda.now < self._quiet_until[index]:
                return None
            proposal = min(self.desired + policy["adjustment"], self._max)
        else:
            last = _last(history, policy["metric"], self._assumed["high_periods"])
            if last is None or not all(one.value > policy["target"] for one in last):
                return None
            capacity = last[-1].capacity
            since, until = self._out_cooldown
            if self._started_from is not None and since <= self._agenda.now < until:
                capacity = self._started_from
            proposal = _needed(capacity, last[-1].value, policy["target"])
            proposal = min(max(proposal, self._min), self._max)
        return proposal if proposal > self.desired else None

    def _in_proposal(self, policy: Mapping[str, Any], history: list[dict[str, Datapoint | None]]) -> int | None:
        last = _last(history, policy["metric"], self._assumed["low_periods"])
        threshold = self._assumed["low_fraction"] * policy["target"]
        if last is None or not all(one.value < threshold for one in last):
            return None
        proposal = max(self._min, _needed(last[-1].capacity, last[-1].value, policy["target"]))
        if proposal == 0 and not all(one.value == 0 for one in last):
            proposal = 1
        return proposal if proposal < self.desired else None

    def _scale_out(self, winner: int, to: int) -> None:
        policy = self._policies[winner]
        ready = self._fleet.launch(to - self.desired)
        if policy["kind"] == "step":
            self._started_from = None
            self._quiet_until[winner] = ready + ns(policy["cooldown_s"])
        else:
            self._started_from = self.desired
            self._out_cooldown = (ready, ready + ns(policy["scale_out_cooldown_s"]))
        self._in_cooldown_until = 0
        self._decided(to)

    def _scale_in(self, winner: int, to: int) -> None:
        count = min(self.desired - to, len(self._fleet.in_service) - self._min)
        if count > 0:
            self._fleet.remove_newest(count)
            self._in_cooldown_until = self._agenda.now + ns(self._policies[winner]["scale_in_cooldown_s"])
            self._decided(self.desired - count)

    def _decided(self, to: int) -> None:
        self._ledger.activities.append((self._agenda.now, self.desired, to))
        self.desired = to


def _last(history: list[dict[str, Datapoint | None]], metric: str, count: int) -> list[Datapoint] | None:
    """The last `count` datapoints; None where there are fewer or one is missing."""
    if len(history) < count:
        return None
    present = [one for one in (period[metric] for period in history[-count:]) if one is not None]
    return present if len(present) == count else None


def _needed(capacity: int, value: float, target: float) -> int:
    return math.ceil(capacity * value / target - 1e-9)
