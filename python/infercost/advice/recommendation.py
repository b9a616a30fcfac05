"""A recommendation in the fields of AWS's Cost Optimization Hub."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from infercost.advice.assumptions import used
from infercost.advice.bench import Bench, Trial
from infercost.advice.doubt import evidence_of
from infercost.advice.explanation import NOTHING, describe
from infercost.advice.hardware import taken_for_granted
from infercost.advice.pricing import cents
from infercost.advice.search import Found
from infercost.alternatives import Candidate
from infercost.billing.bill import Bill
from infercost.prices.book import CONVERTED, PriceBook
from infercost.prices.charges import overrides
from infercost.schema.analysis import Recommendation
from infercost.schema.evidence import Evidence, weakest
from infercost.schema.workload import Workload

_HUNDRED = Decimal(100)
# Done by an update of the endpoint that is there, which replaces its instances.
_RESTARTS = frozenset({"Rightsize", "MigrateAccelerator", "MigrateToGraviton"})


@dataclass(frozen=True)
class Savings:
    """Per month of 730 hours, what would only be stranded (`lost`) already taken off from what is `billed`."""

    billed: Decimal
    value: Decimal
    low: Decimal
    high: Decimal
    lost: Decimal


def deletion(workload: Workload, found: Found, savings: Savings, bill: Bill) -> Recommendation:
    """Of what nobody calls."""
    if found.delete is None:
        raise ValueError("nothing is to be deleted")
    return Recommendation(
        **_common(workload, found.delete, savings, bill),
        recommendedResourceSummary=NOTHING,
        evidence=Evidence.MEASURED,
        assumptions={},
        conditions=found.delete.conditions,
        latency=None,
        rejectedAlternatives=found.rejected,
        scenario={},
    )


def replacement(
    bench: Bench, found: Found, savings: Savings, bill: Bill, conditions: tuple[str, ...]
) -> Recommendation:
    """Of the bench's present deployment by the best one. `conditions` come after those of the alternative."""
    workload, book = bench.workload, bench.book
    current, best = found.current, found.best
    if current is None or best is None:
        raise ValueError("there is nothing better")
    return Recommendation(
        **_common(workload, best.candidate, savings, bill),
        recommendedResourceSummary=describe(best.deployment),
        evidence=_evidence(workload, found, current, best),
        assumptions={**used(best.scenario.assumptions, best.deployment), **_exchange((current, best), book)},
        conditions=(*best.candidate.conditions, *taken_for_granted(best.deployment, workload.build), *conditions),
        latency=found.latency,
        rejectedAlternatives=found.rejected,
        scenario=_scenario(current, best, book),
    )


def _common(workload: Workload, candidate: Candidate, savings: Savings, bill: Bill) -> dict[str, Any]:
    """Sums agree to the cent: what is left is what is billed less what is saved."""
    before, saved = cents(savings.billed), cents(savings.value)
    share = savings.value / savings.billed if savings.billed else Decimal(0)
    resource = workload.resource_ids[0] if len(workload.resource_ids) == 1 else None
    return {
        "recommendationId": "REC-0",  # numbered when all are ranked
        "workloadIds": (workload.id,),
        "actionType": candidate.action,
        "accountId": workload.account_id,
        "region": workload.region,
        "resourceArn": resource if resource is not None and resource.startswith("arn:") else None,
        "resourceId": None if resource is None else resource.rsplit("/", 1)[-1],
        "tags": workload.tags,
        "currentResourceSummary": workload.pattern if workload.deployment is None else describe(workload.deployment),
        "currentMonthlyCost": before,
        "estimatedMonthlyCost": before - saved,
        "estimatedMonthlySavings": saved,
        "estimatedSavingsPercentage": (share * _HUNDRED).quantize(Decimal("0.1")),
        "savingsLow": cents(savings.low),
        "savingsHigh": cents(savings.high),
        "strandedCommitment": cents(savings.lost),
        "currencyCode": workload.currency,
        "implementationEffort": candidate.effort,
        "restartNeeded": candidate.action in _RESTARTS,
        "rollbackPossible": True,
        "recommendationLookbackPeriodInDays": round(bill.covered_hours / 24),
    }


def _evidence(workload: Workload, found: Found, current: Trial, best: Trial) -> Evidence:
    """The weakest link of traffic, profiles and prices."""
    links = [current.bill.evidence, best.bill.evidence]
    links += [trial.candidate.profile.evidence for trial in (current, best) if trial.candidate.profile is not None]
    if found.breach is not None and found.breach.contradicts:  # a profile that the bill refutes was not measured here
        links.append(Evidence.ASSUMED)
    return weakest(*links, evidence_of(workload, best.deployment.pattern))


def _exchange(trials: tuple[Trial, ...], book: PriceBook) -> dict[str, object]:
    """The exchange rate, where a price in use was converted by it."""
    sources = {charge.price_source for trial in trials for charge in trial.bill.charges}
    if book.fx is None or not any(CONVERTED in source for source in sources):
        return {}
    return {"fx": book.fx.sentence(book.currency)}


def _scenario(current: Trial, best: Trial, book: PriceBook) -> dict[str, Any]:
    """What `infercost simulate` replays: now and best where one scenario can hold both, at the prices used here.

    Scenarios are priced in USD. Where nobody said what the bill's currency is in USD, they go without these prices.
    """
    together = (
        current.scenario.service == best.scenario.service and current.scenario.assumptions == best.scenario.assumptions
    )
    deployments = (current.deployment, best.deployment) if together else (best.deployment,)
    charges = (*(current.bill.charges if together else ()), *best.bill.charges)
    prices = {} if book.usd_per_unit is None else overrides(charges, book.usd_per_unit)
    scenario = best.scenario.model_copy(update={"deployment": deployments, "prices": prices})
    return scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
