"""What is said of one workload in the end: a recommendation with its range, or why it stays as it is."""

from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl

from infercost.advice import breakeven
from infercost.advice.bench import Bench, Trial
from infercost.advice.explanation import describe, money
from infercost.advice.pricing import hourly_costs, hours_of, monthly
from infercost.advice.recommendation import Savings, deletion, replacement
from infercost.advice.savings import Costs
from infercost.advice.search import Found
from infercost.advice.stranded import covered_by_period, stranded
from infercost.advice.stress import under_stress
from infercost.advice.uncertainty import Ratio
from infercost.alternatives.delete import DELETION
from infercost.billing.bill import Bill
from infercost.prices.book import PriceBook
from infercost.schema.analysis import Kept, Recommendation
from infercost.schema.uncounted import is_uncounted
from infercost.schema.workload import Workload

_DAY = timedelta(days=1)


def conclude(workload: Workload, found: Found, bench: Bench | None, costs: Costs, bill: Bill) -> Recommendation | Kept:
    """Turns what was found into a recommendation or a reason to keep the workload as it is."""
    if found.delete is not None:
        gone = gone_since(workload, bill)
        if gone is not None:
            reason = f"already gone since {gone:%Y-%m-%d}: nothing is left to delete"
            return Kept(workloadId=workload.id, reason=reason, rejectedAlternatives=found.rejected)
        savings = _deletion_savings(workload, costs, bill)
        if savings.value > 0:
            return deletion(workload, found, savings, bill)
        reason = "nobody calls it, but a commitment pays for it all the same"
        return Kept(workloadId=workload.id, reason=reason, rejectedAlternatives=found.rejected)
    if found.best is None or found.current is None or found.ratio is None or bench is None:
        return _as_it_is(workload, found, bench, costs)
    savings = _savings(costs, found.ratio, _stranded(workload, found, costs, bill, bench.book))
    if savings.low <= 0:
        reason = _no_sure_saving(found.best, savings, workload.currency)
        return Kept(workloadId=workload.id, reason=reason, rejectedAlternatives=found.rejected)
    broken = None if found.breach is None else found.breach.told
    told = (found.current.contradiction, broken, under_stress(bench, found.best))
    return replacement(bench, found, savings, bill, tuple(one for one in told if one is not None))


def _no_sure_saving(best: Trial, savings: Savings, currency: str) -> str:
    """Why the better deployment is not recommended: a commitment goes on paying [SP-2], or too little is known."""
    freed = savings.value + savings.lost
    if savings.lost >= freed / 2:
        return (
            f"{describe(best.deployment)} would free {money(freed, currency)} a month, but a commitment goes on paying "
            f"{money(savings.lost, currency)} of it [SP-2]"
        )
    return (
        f"{describe(best.deployment)} may save {money(savings.value, currency)} a month, or nothing: it hangs on what "
        "AWS does not publish"
    )


def gone_since(workload: Workload, bill: Bill) -> datetime | None:
    """When what is metered of a workload ended, if the bill goes on for more than a day without it.

    Charges for longer than a day (a stored model's month) do not tell; a bill of nothing else does not either.
    """
    last, until = (_last_use(charges) for charges in (workload.charges, bill.charges))
    return last if last is not None and until is not None and until - last >= _DAY else None


def _last_use(charges: pl.DataFrame) -> datetime | None:
    start, end = pl.col("charge_period_start"), pl.col("charge_period_end")
    happened = is_uncounted() | (pl.col("quantity") > 0)
    used = charges.filter(pl.col("charge_category") == "Usage", happened, end - start <= _DAY)
    last = used["charge_period_end"].max()
    return last if isinstance(last, datetime) else None


def _as_it_is(workload: Workload, found: Found, bench: Bench | None, costs: Costs) -> Kept:
    refused = next((one.reason for one in found.rejected if one.deployment == DELETION), None)
    if refused is not None:
        reason = f"its traffic says that nobody calls it, but {refused}"
        return Kept(workloadId=workload.id, reason=reason, rejectedAlternatives=found.rejected)
    estimate = breakeven.on_demand_estimate(workload, found.rejected)
    if estimate is not None and estimate < costs.billed:
        reason = "on demand is cheaper, but how fast it answers there is unknown: see the investigation"
        return Kept(workloadId=workload.id, reason=reason, rejectedAlternatives=found.rejected)
    if bench is None or found.current is None or found.current.bill.cost is None or not breakeven.is_custom(workload):
        return Kept(workloadId=workload.id, reason=found.reason, rejectedAlternatives=found.rejected)
    hourly = found.current.bill.cost / hours_of(found.current.summary.simulated_s)
    return Kept(
        workloadId=workload.id,
        reason=breakeven.sentence(workload, bench.book, hourly),
        rejectedAlternatives=(*found.rejected, breakeven.rejected_on_demand(workload)),
    )


def _deletion_savings(workload: Workload, costs: Costs, bill: Bill) -> Savings:
    """Everything, but for what a commitment goes on paying."""
    lost = monthly(stranded(workload, None, {}, bill.period_start), Decimal(bill.covered_hours))
    value = max(Decimal(0), costs.billed - lost)
    return Savings(costs.billed, value, value, value, min(lost, costs.billed))


def _savings(costs: Costs, ratio: Ratio, lost: Decimal) -> Savings:
    """What is stranded is taken off everywhere: it is paid for all the same."""
    gross, low, high = (costs.saving(one) for one in (ratio.value, ratio.high, ratio.low))
    lost = min(lost, gross)
    return Savings(costs.billed, gross - lost, max(Decimal(0), low - lost), high - lost, lost)


def _stranded(workload: Workload, found: Found, costs: Costs, bill: Bill, book: PriceBook) -> Decimal:
    """Per month; the simulated hours of the new deployment are put on the scale of the bill first."""
    best = found.best
    simulated = None if found.current is None else found.current.monthly_cost
    if best is None or not simulated or not covered_by_period(workload):
        return Decimal(0)
    scale = costs.counted / simulated
    after = {hour: cost * scale for hour, cost in hourly_costs(best.usage, best.deployment, book).items()}
    lost = stranded(workload, best.deployment.pattern, after, bill.covered_start)
    return monthly(lost, Decimal(bill.covered_hours))
