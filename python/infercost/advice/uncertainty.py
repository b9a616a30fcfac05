"""How far a saving may be off: re-costed under both ends of what AWS does not publish, and under another seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from infercost.advice.assumptions import Assumption, Value, uncertain, with_values
from infercost.advice.bench import Bench, Trial
from infercost.alternatives import Candidate


@dataclass(frozen=True)
class Ratio:
    """Simulated best / simulated current: as assumed, at its lowest and at its highest."""

    value: Decimal
    low: Decimal
    high: Decimal

    def overlaps(self, other: "Ratio") -> bool:
        """Whether the two could be the other way round."""
        return self.low <= other.high and other.low <= self.high


def ratio_of(bench: Bench, current: Trial, best: Trial) -> Ratio:
    """The ratio of monthly costs with its range.

    Each assumption is moved alone to both its ends, then all to the ends that hurt and all to those that help.
    Both deployments are re-costed each time on the same requests: what moves both moves nothing.
    """
    pair = _Pair(current, best.candidate)
    value = _ratio((current, best))
    if value is None:
        raise ValueError("the range of a saving needs two known costs")
    found = [value]
    worst: dict[str, Value] = {}
    kindest: dict[str, Value] = {}
    for assumption in _moving_cost(bench, current, best):
        ends = {end: _recosted(bench, pair, {assumption.key: end}) for end in (assumption.low, assumption.high)}
        known = {end: ratio for end, ratio in ends.items() if ratio is not None}
        if not known:
            continue
        found += known.values()
        # of two equal ends the high one may still hurt together with another assumption
        worst[assumption.key] = max(reversed(known), key=lambda end: known[end])
        kindest[assumption.key] = min(known, key=lambda end: known[end])
    together = [_recosted(bench, pair, values) for values in (worst, kindest) if len(values) > 1]
    reseeded = pair.ratio(bench.under(seed=bench.seed + 1))
    found += [ratio for ratio in (*together, reseeded) if ratio is not None]
    return Ratio(value, min(found), max(found))


def _moving_cost(bench: Bench, current: Trial, best: Trial) -> tuple[Assumption, ...]:
    every = uncertain(bench.assumptions, current.deployment, best.deployment)
    return tuple(one for one in every if one.affects_cost)


@dataclass(frozen=True)
class _Pair:
    """The present and the best deployment; hours that were only taken from the bill do not move."""

    current: Trial
    best: Candidate

    def ratio(self, bench: Bench) -> Decimal | None:
        if self.current.contradiction is None:
            return _ratio(bench.run((self.current.candidate, self.best), latency=False))
        return _ratio((self.current, *bench.run((self.best,), latency=False)))


def _recosted(bench: Bench, pair: _Pair, values: dict[str, Value]) -> Decimal | None:
    return pair.ratio(bench.under(with_values(bench.assumptions, values)))


def _ratio(trials: Sequence[Trial]) -> Decimal | None:
    now, then = (trial.monthly_cost for trial in trials)
    return None if not now or then is None else then / now
