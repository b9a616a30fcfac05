"""Where candidates of one workload are run: the same requests for all of them, in as few passes as possible."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from infercost import engine
from infercost.advice.pricing import Bill, hours_of, monthly, priced
from infercost.alternatives import Candidate
from infercost.prices.book import PriceBook
from infercost.profiles.service import shape, speed
from infercost.schema.outcome import Simulated
from infercost.schema.scenario import (
    Assumptions,
    Asynchronous,
    ColdStart,
    ConstantService,
    Deployment,
    RatesTraffic,
    RealTime,
    Run,
    Scenario,
    Service,
    TraceTraffic,
)
from infercost.schema.traffic import Traffic
from infercost.schema.usage import USAGE
from infercost.schema.workload import Profile, Workload
from infercost.traffic.columns import engine_columns

# Stands in where only what is independent of the work is asked for: the cost of a fixed fleet.
_NO_WORK = ConstantService(kind="constant", mean_ms=1)


@dataclass(frozen=True)
class Trial:
    """One candidate after a run. `cost` is null where a price is unknown or a rule forbids the deployment."""

    candidate: Candidate
    deployment: Deployment
    scenario: Scenario
    summary: Simulated
    usage: pl.DataFrame
    bill: Bill
    contradiction: str | None = None  # why what the bill shows could not have served this traffic

    @property
    def monthly_cost(self) -> Decimal | None:
        """Per month of 730 hours."""
        if self.bill.cost is None or self.summary.infeasible is not None:
            return None
        return monthly(self.bill.cost, hours_of(self.summary.simulated_s))


@dataclass(frozen=True)
class Bench:
    """One workload's traffic, ready for the engine."""

    workload: Workload
    columns: pl.DataFrame
    assumptions: Assumptions
    book: PriceBook
    seed: int

    @classmethod
    def of(cls, workload: Workload, assumptions: Assumptions, book: PriceBook, seed: int) -> "Bench":
        """Prepares the columns once for all runs."""
        if workload.traffic is None:
            raise ValueError("a workload without traffic has nothing to run")
        return cls(workload, engine_columns(workload.traffic), assumptions, book, seed)

    def under(self, assumptions: Assumptions | None = None, seed: int | None = None) -> "Bench":
        """The same bench under other assumptions or another seed."""
        return replace(
            self,
            assumptions=self.assumptions if assumptions is None else assumptions,
            seed=self.seed if seed is None else seed,
        )

    def run(self, candidates: Sequence[Candidate], *, latency: bool) -> list[Trial]:
        """Runs candidates; those whose work has one shape share one pass. In the order given."""
        trials: dict[str, Trial] = {}
        for group in _one_pass(candidates):
            scenario = self.scenario(group)
            runs = engine.simulate(scenario, self.columns, latency=latency)
            for candidate, deployment, run in zip(group, scenario.deployment, runs, strict=True):
                bill = priced(deployment, run.usage, self.book)
                trials[deployment.id] = Trial(candidate, deployment, scenario, run.summary, run.usage, bill)
        return [trials[candidate.deployment.id] for candidate in candidates if candidate.deployment is not None]

    def run_present(self) -> Trial:
        """Runs the present deployment.

        A fixed fleet that by a rule of AWS cannot take this traffic was billed all the same: its hours stand, and the
        contradiction is told.
        """
        [trial] = self.run([present(self.workload)], latency=False)
        infeasible, deployment = trial.summary.infeasible, trial.deployment
        if infeasible is None or not isinstance(deployment, RealTime | Asynchronous) or deployment.scaling is not None:
            return trial
        traffic = self.workload.traffic
        duration_s = 0.0 if traffic is None else traffic.duration_s
        usage = pl.DataFrame(
            {
                "hour": [0],
                "meter": ["instance_ns"],
                "part": [0],
                "quantity": [int(deployment.instances * duration_s * 1e9)],
            },
            schema=USAGE,
        )
        return replace(
            trial,
            summary=trial.summary.model_copy(update={"infeasible": None, "slo_met": None, "simulated_s": duration_s}),
            usage=usage,
            bill=priced(deployment, usage, self.book),
            contradiction=f"it cannot take its traffic now: {infeasible.reason} [{infeasible.rule}]; check the config",
        )

    def scenario(self, candidates: Sequence[Candidate]) -> Scenario:
        """The scenario of candidates of one shape: the first one's profile is the reference."""
        traffic = self.workload.traffic
        if traffic is None:
            raise ValueError("a workload without traffic has no scenario")
        reference = _reference(candidates)
        bedrock = all(one.deployment is None or one.deployment.pattern.startswith("bedrock-") for one in candidates)
        return Scenario(
            name=self.workload.name,
            traffic=_spec(traffic),
            request=self.workload.request,
            model=self.workload.build,
            service=reference or (None if bedrock else _NO_WORK),
            deployment=tuple(_at_speed(one, reference) for one in candidates if one.deployment is not None),
            slo=self.workload.slo,
            assumptions=self._cold_start(candidates[0].profile),
            run=Run(seed=self.seed),
        )

    def _cold_start(self, profile: Profile | None) -> Assumptions:
        """A measured cold start replaces the assumed one."""
        if profile is None or profile.cold_start_s is None:
            return self.assumptions
        median_s, p95_s = profile.cold_start_s
        kind = "lognormal" if p95_s > median_s else "constant"
        cold_start = ColdStart(kind=kind, median_s=median_s, p95_s=p95_s)
        serverless = self.assumptions.serverless.model_copy(update={"cold_start": cold_start})
        return self.assumptions.model_copy(update={"serverless": serverless})


def present(workload: Workload) -> Candidate:
    """The present deployment as a candidate: what all others are compared with."""
    deployment = workload.deployment
    instance_type = getattr(deployment, "instance_type", None)
    memory_mb = getattr(deployment, "memory_mb", None)
    fitting = (
        one
        for one in workload.profiles
        if (one.instance_type is not None and one.instance_type == instance_type)
        or (one.memory_mb is not None and one.memory_mb == memory_mb)
    )
    return Candidate(deployment, "Rightsize", "VeryLow", next(fitting, None))


def _one_pass(candidates: Iterable[Candidate]) -> list[list[Candidate]]:
    """Candidates by the shape of their work and their cold start: what one scenario can hold."""
    found: dict[object, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.deployment is None:
            continue
        profile = candidate.profile
        key = None if profile is None else (shape(profile.service), profile.cold_start_s)
        found.setdefault(key, []).append(candidate)
    return list(found.values())


def _spec(traffic: Traffic) -> RatesTraffic | TraceTraffic:
    start, duration_s = traffic.start, traffic.duration_s
    if traffic.kind == "rates":
        return RatesTraffic(kind="rates", path=traffic.source, start=start, duration_s=duration_s)
    return TraceTraffic(kind="trace", path=traffic.source, start=start, duration_s=duration_s)


def _reference(candidates: Sequence[Candidate]) -> Service | None:
    profiles = [one.profile for one in candidates if one.profile is not None]
    return profiles[0].service if profiles else None


def _at_speed(candidate: Candidate, reference: Service | None) -> Deployment:
    deployment = candidate.deployment
    if deployment is None:
        raise ValueError("nothing is left to run")
    if candidate.profile is None or reference is None or deployment.pattern.startswith("bedrock-"):
        return deployment
    return deployment.model_copy(update={"speed": speed(candidate.profile.service, reference)})
