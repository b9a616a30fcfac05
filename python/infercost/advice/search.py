"""The cheapest deployment that keeps the promise: propose, cost all at once, then prove from the cheapest up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from infercost.advice.backtest import backtest
from infercost.advice.bench import Bench, Trial
from infercost.advice.breach import Breach, breach, tellable
from infercost.advice.doubt import Doubt, doubt, hidden_peaks, misfit
from infercost.advice.explanation import describe, family_of
from infercost.advice.feasibility import No, broken, forbidden, kept
from infercost.advice.floor import least
from infercost.advice.savings import Costs, tied
from infercost.advice.uncertainty import Ratio, ratio_of
from infercost.advice.verdict import Out, Stage, told
from infercost.alternatives import REGISTRY, Candidate, Facts, Rejected
from infercost.schema.analysis import Effort, RejectedAlternative
from infercost.schema.evidence import Evidence
from infercost.schema.scenario import Deployment
from infercost.schema.workload import Workload

_EFFORTS: tuple[Effort, ...] = ("VeryLow", "Low", "Medium", "High", "VeryHigh")
_PROVED_AT_ONCE = 2
_TIES_PROVED = 12
# Ranges of what costs more than this times the dearest end of the best one's are not worth finding out.
_NEAR = Decimal("1.25")


@dataclass(frozen=True)
class Found:
    """What the search came to.

    `best` is null where nothing cheaper keeps the promise, and then `reason` says so; `ratio` is its cost against the
    present one's. `delete` is set where nobody calls.
    `unproven` is the cheapest deployment that lacks a word or a proof only: it adds waiting and nobody said whether
    waiting is fine, or its latency was judged on traffic that is derived from the bill; with `doubt` it rests on
    traffic that the bill does not bear out. `breach` is set where the present itself breaks the promise. `latency` is
    the promise and what came out, in words.
    """

    current: Trial | None = None
    best: Trial | None = None
    ratio: Ratio | None = None
    delete: Candidate | None = None
    unproven: Trial | None = None
    doubt: Doubt | None = None
    breach: Breach | None = None
    rejected: tuple[RejectedAlternative, ...] = ()
    reason: str = ""
    latency: str | None = None


def search(workload: Workload, facts: Facts, bench: Bench | None, costs: Costs) -> Found:
    """Looks for a better deployment.

    Args:
        workload: with traffic.
        facts: of its traffic.
        bench: where candidates run; None where there are no requests to run.
        costs: what is billed, for the estimates of the rejected.
    """
    candidates, refused = _proposals(workload, facts)
    delete = next((one for one in candidates if one.deployment is None), None)
    if delete is not None:
        return Found(delete=delete)
    if bench is None:
        reason = "nothing came, but the traffic does not prove that for the whole period"
        return Found(rejected=told(refused, (), None, _as_is), reason=reason)
    if workload.deployment is None:
        reason = "how it is served now cannot be told from the bill"
        return Found(rejected=told(refused, (), None, _as_is), reason=reason)
    return _Search(workload, facts, bench, costs, candidates, refused).run()


def _proposals(workload: Workload, facts: Facts) -> tuple[list[Candidate], list[Rejected]]:
    """Everything that the alternatives propose, and what is out before any simulation."""
    candidates: list[Candidate] = []
    refused: list[Rejected] = []
    told_once: set[tuple[str, ...]] = set()  # variants of one idea that differ in a number only
    for item in (item for alternative in REGISTRY for item in alternative.propose(workload, facts)):
        if isinstance(item, Rejected):
            refused.append(item)
            continue
        no = forbidden(item, workload)
        if no is not None and item.deployment is not None:
            idea = (*family_of(item.deployment), no.reason)
            refused += [] if idea in told_once else [Rejected(describe(item.deployment), no.reason, no.rule)]
            told_once.add(idea)
        elif item.deployment is None or not _same(item.deployment, workload.deployment):
            candidates.append(item)
    return candidates, refused


def _same(one: Deployment, other: Deployment | None) -> bool:
    return other is not None and one.model_copy(update={"id": other.id}) == other


@dataclass
class _Search:
    workload: Workload
    facts: Facts
    bench: Bench
    costs: Costs
    candidates: list[Candidate]
    refused: list[Rejected]
    out: list[Out] = field(default_factory=list)
    doubt: Doubt | None = None
    breach: Breach | None = None
    unseen: Trial | None = None  # the present, as long as its latency is not known

    def run(self) -> Found:
        current = self.bench.run_present()
        now = current.monthly_cost
        if not now:
            missing = ", ".join(current.bill.unknown)
            reason = f"what it costs now is not known: price unknown: {missing}" if missing else "it costs nothing now"
            return Found(current=current, rejected=told(self.refused, (), None, _as_is), reason=reason)
        self.doubt = doubt(self.workload, backtest(self.workload, current))
        self.breach = breach(current, self.workload.slo)
        self.unseen = current if current.summary.slo_met is None and tellable(current) else None
        if self.doubt is not None and self.breach is not None and self.breach.contradicts:
            self.doubt = misfit(self.workload, self.breach.told)
        affordable, unproven = self._costed(now)
        best, ratio = self._proved(affordable), None
        if best is not None:
            best, ratio = self._least_effort_in_range(current, best, affordable)
            self.out = [one for one in self.out if one.deployment.id != best.deployment.id]
        return Found(
            current=current,
            best=best,
            ratio=ratio,
            unproven=min(unproven, key=_cost, default=None),
            doubt=None if not unproven else self._doubt_of(min(unproven, key=_cost)),
            rejected=told(
                self.refused,
                self.out,
                None if best is None else best.deployment,
                lambda cost: self.costs.estimate(cost / now),
            ),
            breach=self.breach,
            reason=""
            if best is not None
            else self._reason() + ("" if self.breach is None else f"; {self.breach.told}"),
            latency=None if best is None else kept(best.summary, self.workload.slo),
        )

    def _costed(self, now: Decimal) -> tuple[list[Trial], list[Trial]]:
        """Sorts out by rule, by price and by cost; what is worth a proof, and what cannot have one."""
        affordable: list[Trial] = []
        unproven: list[Trial] = []
        for trial in self.bench.run(self._hopeful(now), latency=False):
            no = _impossible(trial)
            if no is not None:
                self.out.append(Out.of(trial, Stage.IMPOSSIBLE, no))
            elif _cost(trial) >= now:
                self.out.append(Out.of(trial, Stage.DEARER_THAN_NOW, No("not cheaper than now")))
            elif self.costs.ties(_cost(trial) / now):
                self.out.append(Out.of(trial, Stage.TIED, No("it costs the same as now within 2 %, for more effort")))
            else:
                lacking = self._lacking(trial)
                (affordable if lacking is None else unproven).append(trial)
                if lacking is not None:
                    self.out.append(Out.of(trial, Stage.UNPROVEN, lacking))
        return sorted(affordable, key=_cost), unproven

    def _hopeful(self, now: Decimal) -> list[Candidate]:
        """Those that have prices and whose work alone does not already cost as much as everything does now."""
        found = []
        for candidate in self.candidates:
            if candidate.deployment is None:
                continue
            lowest, unknown = least(candidate, self.facts, self.bench.book)
            if unknown:
                no = No(f"price unknown: {', '.join(unknown)}")
                self.out.append(Out(candidate.deployment, None, Stage.IMPOSSIBLE, no))
            elif lowest >= now:
                no = No("its work alone costs at least this much")
                self.out.append(Out(candidate.deployment, lowest, Stage.DEARER_THAN_NOW, no))
            else:
                found.append(candidate)
        return found

    def _lacking(self, trial: Trial) -> No | None:
        """What no simulation supplies: true traffic, a word on waiting, the peaks that a bill only totals."""
        unsure = self._doubt_of(trial)
        if unsure is not None:
            return No(unsure.missing)
        if trial.candidate.waits and not self.workload.explicit_interaction:
            return No("it adds waiting, and nobody said that waiting is fine")
        traffic = self.workload.traffic
        derived = traffic is not None and traffic.evidence is not Evidence.MEASURED
        if derived and not trial.deployment.pattern.startswith("bedrock-"):
            return No("its traffic is derived from the bill, which does not tell the peaks inside an hour")
        return None

    def _doubt_of(self, trial: Trial) -> Doubt | None:
        """What speaks against the traffic for this deployment; where a word on waiting lacks, that comes first."""
        if self.doubt is not None or (trial.candidate.waits and not self.workload.explicit_interaction):
            return self.doubt
        return hidden_peaks(self.workload, trial.deployment.pattern)

    def _proved(self, affordable: Sequence[Trial]) -> Trial | None:
        """Replays from the cheapest up until one keeps the promise, then those that tie with it."""
        for start in range(0, len(affordable), _PROVED_AT_ONCE):
            few, rest = affordable[start : start + _PROVED_AT_ONCE], affordable[start + _PROVED_AT_ONCE :]
            fine = self._replayed(few)
            if fine:
                return self._settled(fine, rest)
        return None

    def _replayed(self, trials: Sequence[Trial]) -> list[Trial]:
        """Those that keep the promise, with their latency."""
        replayed = self._with_latency([trial.candidate for trial in trials]) if trials else []
        fine = []
        for trial in replayed:
            no = broken(trial, self.workload.slo)
            if no is None:
                fine.append(trial)
            else:
                self.out.append(Out.of(trial, Stage.BROKEN, no))
        return fine

    def _with_latency(self, candidates: list[Candidate]) -> list[Trial]:
        """Runs candidates; the present joins the first such run, for the stream is dear and it only rides along."""
        if self.unseen is None:
            return self.bench.run(candidates, latency=True)
        *trials, present = self.bench.run([*candidates, self.unseen.candidate], latency=True)
        self.breach, self.unseen = breach(present, self.workload.slo), None
        return trials

    def _settled(self, fine: Sequence[Trial], rest: Sequence[Trial]) -> Trial:
        """Of what ties with the cheapest: least effort, then lowest latency."""
        cheapest = min(fine, key=_cost)
        near = [trial for trial in rest if tied(_cost(trial), _cost(cheapest))]
        tried = sorted(near, key=_effort)[:_TIES_PROVED]
        equal = [trial for trial in fine if tied(_cost(trial), _cost(cheapest))] + self._replayed(tried)
        best = min(equal, key=lambda one: (_effort(one), _latency(one), _cost(one), one.deployment.id))
        settled = {one.deployment.id for one in (*equal, *tried)}
        for trial in (*fine, *rest):
            if trial.deployment.id not in settled:
                self.out.append(Out.of(trial, Stage.DEARER_THAN_BEST, No("dearer than the best")))
        for trial in equal:
            if trial is not best:
                no = No("same cost within 2 %, more effort or latency")
                self.out.append(Out.of(trial, Stage.TIED, no))
        return best

    def _least_effort_in_range(self, current: Trial, best: Trial, affordable: Sequence[Trial]) -> tuple[Trial, Ratio]:
        """Of ways whose ranges overlap with the best one's, that of least effort."""
        ratio = ratio_of(self.bench, current, best)
        now = _cost(current)
        near = [one for one in affordable if _effort(one) < _effort(best) and _cost(one) <= now * ratio.high * _NEAR]
        for rival in sorted(_cheapest_of_each_idea(near), key=lambda one: (_effort(one), _cost(one))):
            other = ratio_of(self.bench, current, rival)
            proved = self._replayed([rival]) if other.overlaps(ratio) else []
            if proved:
                no = No("it saves the same within what AWS does not publish, for more effort")
                self.out.append(Out.of(best, Stage.TIED, no))
                return proved[0], other
        return best, ratio

    def _reason(self) -> str:
        """Why it stays as it is."""
        stages = {one.stage for one in self.out}
        if Stage.UNPROVEN in stages:
            return "what is cheaper lacks evidence: see the investigation"
        if Stage.BROKEN in stages:
            return "nothing cheaper keeps the promise"
        if Stage.TIED in stages:
            return "nothing that was tried saves 2 % or more: to stay costs no effort"
        if Stage.DEARER_THAN_NOW in stages:
            return "nothing that was tried is cheaper"
        if self.workload.service == "Amazon SageMaker" and not self.workload.profiles:
            return "no profile says how long a request takes: without one no other way to serve it can be tried"
        return "nothing else is offered or allowed"


def _impossible(trial: Trial) -> No | None:
    infeasible = trial.summary.infeasible
    if infeasible is not None:
        return No(infeasible.reason, infeasible.rule)
    if trial.bill.unknown:
        return No(f"price unknown: {', '.join(trial.bill.unknown)}")
    return None


def _cheapest_of_each_idea(trials: Sequence[Trial]) -> list[Trial]:
    found: dict[tuple[str, ...], Trial] = {}
    for trial in sorted(trials, key=_cost):
        found.setdefault(family_of(trial.deployment), trial)
    return list(found.values())


def _as_is(cost: Decimal) -> Decimal:
    return cost


def _cost(trial: Trial) -> Decimal:
    cost = trial.monthly_cost
    if cost is None:
        raise ValueError("only priced trials are compared")
    return cost


def _effort(trial: Trial) -> int:
    return _EFFORTS.index(trial.candidate.effort)


def _latency(trial: Trial) -> float:
    latency = trial.summary.latency_ms
    return 0.0 if latency is None else latency.p99
