"""From a bill and its workloads to the whole answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from infercost.advice import backtest, commitments, doubt, investigations, summary
from infercost.advice.bench import Bench
from infercost.advice.conclusion import conclude
from infercost.advice.explanation import describe, money
from infercost.advice.investigations import Lead
from infercost.advice.pricing import cents
from infercost.advice.savings import Costs, costs_of
from infercost.advice.savings_rate import savings_rates
from infercost.advice.search import Found, search
from infercost.alternatives import facts_of
from infercost.billing.bill import Bill
from infercost.prices.book import PriceBook
from infercost.schema.analysis import Analysis, Kept, Recommendation, Totals, WorkloadSummary
from infercost.schema.evidence import weakest
from infercost.schema.progress import Progress, silent
from infercost.schema.scenario import Assumptions
from infercost.schema.selection import Selection
from infercost.schema.workload import Workload

_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class _Examined:
    """One workload and what came of it: a recommendation, a reason to keep it, or neither without traffic."""

    workload: Workload
    costs: Costs
    found: Found
    outcome: Recommendation | Kept | None


def analyze(  # noqa: PLR0913 -- what the command line has, one by one
    bill: Bill,
    workloads: Sequence[Workload],
    book: PriceBook,
    assumptions: Assumptions,
    *,
    seed: int = 1,
    select: Selection | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Examines every selected workload and ranks what is found.

    Args:
        bill: the month.
        workloads: found in it; see `infercost.workloads.discover`.
        book: the prices, for before and after alike.
        assumptions: what AWS does not publish.
        seed: of every simulation.
        select: which workloads to examine; all without.
        progress: is told what is being done.

    Returns:
        The analysis. Each workload is in the totals at most once.
    """
    tell = progress or silent
    chosen = [one for one in workloads if select is None or select.matches(one)]
    examined = []
    for position, workload in enumerate(chosen):
        tell(f"simulating {workload.name}", position / len(chosen))
        examined.append(_examine(workload, bill, book, assumptions, seed))
    tell("done", 1.0)
    recommendations = _ranked(examined)
    leads = [lead for one in examined for lead in _leads(one, bill, book)]
    if not select:
        leads += investigations.of_bill(bill)
    return Analysis(
        period=summary.period_of(bill),
        prices_as_of=book.as_of,
        price_basis=book.basis,
        price_shares=_price_shares(examined),
        seed=seed,
        bill=summary.summary_of(bill),
        reconciliation=summary.reconciliation_of(bill),
        workloads=tuple(_summary(one) for one in examined),
        recommendations=recommendations,
        kept=tuple(one.outcome for one in examined if isinstance(one.outcome, Kept)),
        investigations=investigations.numbered(leads),
        commitments=commitments.held(bill.charges),
        savings_rates=savings_rates(bill.charges),
        totals=_totals(examined, recommendations),
        warnings=(*bill.warnings, *book.notes, *commitments.left_out(bill.charges)),
        fx=book.fx,
    )


def _examine(workload: Workload, bill: Bill, book: PriceBook, assumptions: Assumptions, seed: int) -> _Examined:
    costs = costs_of(workload, bill.covered_hours)
    if workload.traffic is None or workload.charges.is_empty():
        return _Examined(workload, costs, Found(), None)
    facts = facts_of(workload, assumptions)
    bench = Bench.of(workload, assumptions, book.sold_by(workload.charges), seed) if facts.requests else None
    found = search(workload, facts, bench, costs)
    return _Examined(workload, costs, found, conclude(workload, found, bench, costs, bill))


def _leads(one: _Examined, bill: Bill, book: PriceBook) -> Iterator[Lead]:
    return investigations.of_workload(one.workload, one.found, one.costs, bill, book.sold_by(one.workload.charges))


def _ranked(examined: Sequence[_Examined]) -> tuple[Recommendation, ...]:
    """From the largest saving down; numbered in that order. One workload has one at most."""
    found = [one.outcome for one in examined if isinstance(one.outcome, Recommendation)]
    ranked = sorted(found, key=lambda one: -one.estimated_monthly_savings)
    return tuple(one.model_copy(update={"recommendation_id": f"REC-{number}"}) for number, one in enumerate(ranked, 1))


def _summary(one: _Examined) -> WorkloadSummary:
    workload, current = one.workload, one.found.current
    return WorkloadSummary(
        id=workload.id,
        name=workload.name,
        service=workload.service,
        pattern=workload.pattern,
        accountId=workload.account_id,
        region=workload.region,
        resource_ids=workload.resource_ids,
        tags=workload.tags,
        effective_cost=workload.effective_cost,
        monthly_cost=cents(one.costs.billed),
        unit_cost=_unit_cost(one),
        deployment="unknown" if workload.deployment is None else describe(workload.deployment),
        evidence=_evidence(one),
        backtest=backtest.backtest(workload, current),
        notes=(*workload.notes, *doubt.remarks(workload)),
    )


def _unit_cost(one: _Examined) -> str | None:
    """What a million requests costs now; None where nobody knows how many there are, or what they cost."""
    traffic = one.workload.traffic
    if traffic is None or not traffic.requests or one.workload.charges.is_empty():
        return None
    cost = one.workload.effective_cost / traffic.requests * 1_000_000
    return f"{money(cost, one.workload.currency)} per 1M requests"


def _evidence(one: _Examined) -> str:
    """How well the present is known; of a workload without traffic nothing is."""
    traffic, current = one.workload.traffic, one.found.current
    if traffic is None:
        return "the bill alone"
    known = doubt.evidence_of(one.workload, one.workload.pattern)
    return known if current is None else weakest(known, current.bill.evidence)


def _price_shares(examined: Sequence[_Examined]) -> dict[str, Decimal]:
    """By which layer what is compared is priced, present and recommended, in per cent of its cost."""
    trials = (one for found in examined for one in (found.found.current, found.found.best) if one is not None)
    shares: dict[str, Decimal] = {}
    for charge in (charge for trial in trials for charge in trial.bill.charges):
        shares[charge.price_source] = shares.get(charge.price_source, Decimal(0)) + (charge.cost or 0)
    whole = sum(shares.values(), Decimal(0))
    return {layer: (part / whole * _HUNDRED).quantize(Decimal("0.1")) for layer, part in sorted(shares.items()) if part}


def _totals(examined: Sequence[_Examined], recommendations: Sequence[Recommendation]) -> Totals:
    return Totals(
        monthly_cost=cents(sum((one.costs.billed for one in examined), Decimal(0))),
        estimated_monthly_savings=sum((one.estimated_monthly_savings for one in recommendations), Decimal(0)),
        savings_low=sum((one.savings_low for one in recommendations), Decimal(0)),
        savings_high=sum((one.savings_high for one in recommendations), Decimal(0)),
    )
