"""What terminal, Markdown and HTML all say, in words: picked from the analysis and formatted, never computed."""

import re
from collections.abc import Iterable
from decimal import Decimal

from infercost.report.aside import set_aside
from infercost.report.text import UNKNOWN, cents, counted, flat, money, month, percent, plain, words
from infercost.schema.analysis import (
    NO_ACCOUNT,
    Analysis,
    Backtest,
    BillSummary,
    Commitment,
    Recommendation,
    RejectedAlternative,
    SavingsRate,
    Spend,
    WorkloadSummary,
)

HALF_A_CENT = Decimal("0.005")
EFFORTS = {"VeryLow": "Very low", "Low": "Low", "Medium": "Medium", "High": "High", "VeryHigh": "Very high"}


def headline(analysis: Analysis) -> tuple[str, ...]:
    """Which bill this is and how far it can be trusted."""
    bill, period = analysis.bill, analysis.period
    worst = analysis.backtest_worst_pct
    off = abs(analysis.reconciliation.difference)
    known = [one for one in bill.by_account if one.name != NO_ACCOUNT]
    accounts = (counted(len(known), "account"),) if known else ()
    return (
        month(period.start, period.end) + ("" if period.closed else " (not known to be closed)"),
        *accounts,
        f"inference {money(bill.inference_effective_cost)} of {money(bill.effective_cost)} {bill.currency}",
        "bill reconciled to the cent" if off < HALF_A_CENT else f"bill reconciled but for {money(off)} {bill.currency}",
        "no back-test" if worst is None else f"back-test within {percent(worst).removeprefix('<')}",
    )


def verdict(analysis: Analysis) -> str:
    """The answer in one sentence."""
    totals, currency = analysis.totals, analysis.bill.currency
    if analysis.recommendations:
        between = f"{money(totals.savings_low)} to {money(totals.savings_high)}"
        return f"You can save {money(totals.estimated_monthly_savings)} {currency}/month ({between})"
    if not analysis.workloads:
        return "No inference was found in this bill"
    return "No saving is proven for this bill"


def workload(analysis: Analysis, identity: str) -> WorkloadSummary:
    """The workload of that id."""
    return next(one for one in analysis.workloads if one.id == identity)


def names(analysis: Analysis, ids: Iterable[str]) -> str:
    """Workloads by name."""
    return ", ".join(workload(analysis, one).name for one in ids)


def range_of(recommendation: Recommendation) -> str:
    """From the low to the high saving."""
    return f"{money(recommendation.savings_low)} to {money(recommendation.savings_high)}"


def terms(recommendation: Recommendation) -> tuple[str, ...]:
    """What a recommendation promises, rests on and asks for."""
    one = recommendation
    known = (
        one.latency,
        f"saves {percent(one.estimated_savings_percentage)}",
        f"{one.evidence} evidence",
        words(one.action_type),
        "needs a restart" if one.restart_needed else "no restart",
        "can be rolled back" if one.rollback_possible else "can not be rolled back",
        f"{money(one.stranded_commitment)} {one.currency_code}/month of a commitment left over"
        if one.stranded_commitment
        else None,
    )
    return tuple(term for term in known if term)


def place(one: Recommendation) -> tuple[str, ...]:
    """Where to act, and the recommendation's own id."""
    known = (one.recommendation_id, f"account {one.account_id}", one.region, one.resource_id or one.resource_arn)
    return tuple(part for part in known if part)


def rejection(rejected: RejectedAlternative) -> str:
    """The reason, with the id of the rule that forbids it."""
    return f"{rejected.reason} [{rejected.rule}]" if rejected.rule else rejected.reason


def backtest(result: Backtest) -> str:
    """Each meter as billed and as simulated, or why there is none."""
    if result.null_reason is not None:
        return result.null_reason
    return " · ".join(f"{one.meter} {percent(one.error_pct)}" for one in result.quantities) or "none"


def unadvised(analysis: Analysis) -> tuple[WorkloadSummary, ...]:
    """Workloads with neither a recommendation nor a reason to stay."""
    answered = {one for recommendation in analysis.recommendations for one in recommendation.workload_ids}
    answered |= {one.workload_id for one in analysis.kept}
    return tuple(one for one in analysis.workloads if one.id not in answered)


def remarks(analysis: Analysis, one: WorkloadSummary) -> tuple[str, ...]:
    """What is known about a workload without an answer, and which investigations are about it."""
    looked_at = [found.investigation_id for found in analysis.investigations if one.id in found.workload_ids]
    return (*one.notes, *(f"see {identity}" for identity in looked_at))


def spends(analysis: Analysis) -> tuple[tuple[str, tuple[Spend, ...]], ...]:
    """The lists behind the breakdown of the bill; services only where there is no inference to show."""
    bill = analysis.bill
    lists = (
        ("Training", bill.training),
        ("Self-managed accelerators", bill.self_managed_accelerators),
        ("Related to inference", bill.related_not_inference),
        ("Development", bill.development),
        ("Unrecognised", bill.unrecognised),
        ("Machine learning by account", bill.by_account),
        ("By service", () if analysis.workloads else bill.services),
    )
    return tuple((title, listed) for title, listed in lists if listed)


COMMITMENT = ("Commitment", "Per hour", "Used", "Unused", "Covers", "Saves", "Ends")
_UUID = re.compile(r"\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


def commitment(held: Commitment) -> tuple[str, ...]:
    """The columns of COMMITMENT. Of the id the first eight digits tell plans apart; the notes have all of it."""
    return (
        _UUID.sub(r"\1", held.kind),
        money(held.hourly),
        percent(held.utilisation),
        money(held.unused),
        percent(held.coverage),
        money(held.net_savings),
        f"{held.end:%Y-%m-%d}" if held.end else UNKNOWN,
    )


def commitment_notes(held: Commitment) -> tuple[str, ...]:
    """Its whole id, what its coverage is a share of, and why something is unknown."""
    known = (held.commitment_id, f"can pay for: {held.base}" if held.base else None)
    return (
        *(note for note in known if note),
        *(f"{name.replace('_', ' ')} unknown: {why}" for name, why in held.unknown.items()),
    )


def savings_rate(one: SavingsRate) -> tuple[str, str]:
    """The rate, and its base or why there is none."""
    cost = money(one.effective_cost)
    if one.unused_commitment:
        cost += f" and {money(one.unused_commitment)} of unused commitments"
    if one.rate is None:
        return UNKNOWN, f"of {one.base} for {cost}: {one.null_reason}"
    return percent(one.rate), f"off {money(one.list_cost)} on demand: {cost} for {one.base}, before credits"


def footing(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    """What every figure rests on, by label."""
    bill, period, total = analysis.bill, analysis.period, analysis.reconciliation
    layers = ", ".join(f"{percent(share)} {layer}" for layer, share in analysis.price_shares.items())
    sums = f"export {cents(total.export_total)}, charges {cents(total.charges_total)}"
    hours = counted(period.covered_hours, "hour")
    facts = (
        ("Bill", f"{bill.format}, {counted(bill.files, 'file')}, {counted(bill.rows, 'row')}"),
        ("Set aside", set_aside(bill.set_aside, bill.unread)),
        ("Period", f"{period.start:%Y-%m-%d %H:%M} to {period.end:%Y-%m-%d %H:%M} UTC, {hours}"),
        ("Recognised", _recognised(bill)),
        ("Reconciliation", f"{sums}, difference {cents(total.difference)} {bill.currency}"),
        ("Prices", f"as of {analysis.prices_as_of or 'an unknown date'}" + (f": {layers}" if layers else "")),
        *((("Exchange", f"{analysis.fx.sentence(bill.currency)} (--fx)"),) if analysis.fx else ()),
        ("Basis", f"{words(analysis.price_basis)}; a month is 730 hours"),
        ("Seed", str(analysis.seed)),
        ("Assumptions", " · ".join(assumptions(analysis)) or "none"),
    )
    return tuple((label, plain(text)) for label, text in facts)


def _recognised(bill: BillSummary) -> str:
    if bill.recognised_pct is None:
        return "unknown: what is not recognised is no share of what machine learning usage costs in all"
    return f"{percent(bill.recognised_pct)} of what machine learning usage costs"


def assumptions(analysis: Analysis) -> tuple[str, ...]:
    """Each assumption once with its value; with the workloads' names where they differ in it."""
    held: dict[str, dict[str, list[str]]] = {}
    for one in analysis.recommendations:
        for key, value in flat(one.assumptions):
            held.setdefault(key, {}).setdefault(value, []).append(names(analysis, one.workload_ids))
    lines = []
    for key, by_value in sorted(held.items()):
        for value, holders in by_value.items():
            lines.append(f"{key} {value}" + (f" ({', '.join(holders)})" if len(by_value) > 1 else ""))
    return tuple(lines)
