"""Markdown, for a pull request, a ticket or a wiki: GitHub's tables and nothing that needs HTML."""

import re
from collections.abc import Iterable, Iterator, Sequence

from infercost.report import facts
from infercost.report.text import money, plain
from infercost.schema.analysis import Analysis, RejectedAlternative, Spend

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#!|~$])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape(text: str) -> str:
    r"""Outside text that stays text: no markup, no HTML, no new cell.

    >>> escape("a|b <script> *x*")
    'a\\|b &lt;script&gt; \\*x\\*'
    """
    safe = "".join(_ENTITIES.get(one, one) for one in plain(text))
    return _SPECIAL.sub(r"\\\1", safe)


def render(analysis: Analysis) -> str:
    """The whole report."""
    return "\n".join(_lines(analysis)) + "\n"


def _lines(analysis: Analysis) -> Iterator[str]:
    yield "# What inference costs, and what it could cost"
    yield from ("", escape(" · ".join(facts.headline(analysis))))
    yield from ("", f"**{escape(facts.verdict(analysis))}**")
    for warning in analysis.warnings:
        yield from ("", f"> Note: {escape(warning)}")
    yield from _recommendations(analysis)
    yield from _kept(analysis)
    yield from _unadvised(analysis)
    yield from _investigations(analysis)
    yield from _bill(analysis)
    yield from _commitments(analysis)
    yield from ("", "## What the figures rest on", "")
    for label, text in facts.footing(analysis):
        yield f"- {label}: {escape(text)}"


def _recommendations(analysis: Analysis) -> Iterator[str]:
    if not analysis.recommendations:
        return
    yield from ("", "## Savings", "")
    rows = [
        (
            facts.names(analysis, one.workload_ids),
            money(one.current_monthly_cost),
            money(one.estimated_monthly_cost),
            money(one.estimated_monthly_savings),
            facts.range_of(one),
            facts.EFFORTS[one.implementation_effort],
        )
        for one in analysis.recommendations
    ]
    yield from table(("Workload", "Now/month", "Best/month", "Saves/month", "Range", "Effort"), rows, right={1, 2, 3})
    for one in analysis.recommendations:
        yield from ("", f"### {escape(facts.names(analysis, one.workload_ids))}", "")
        yield f"- Now: {escape(one.current_resource_summary)}"
        yield f"- Best: {escape(one.recommended_resource_summary)}"
        yield f"- Terms: {escape(' · '.join(facts.terms(one)))}"
        yield f"- Where: {escape(' · '.join(facts.place(one)))}"
        yield from (f"- Note: {escape(condition)}" for condition in one.conditions)
        yield from (
            f"- Back-test: {escape(facts.backtest(workload.backtest))}"
            for workload in analysis.workloads
            if workload.id in one.workload_ids
        )
        yield from _rejected(one.rejected_alternatives)


def _kept(analysis: Analysis) -> Iterator[str]:
    if not analysis.kept:
        return
    yield from ("", "## Kept as they are")
    for kept in analysis.kept:
        workload = facts.workload(analysis, kept.workload_id)
        yield from ("", f"### {escape(workload.name)}", "")
        yield f"- Now: {escape(workload.deployment)}, {money(workload.monthly_cost)} a month"
        yield f"- Why: {escape(kept.reason)}"
        yield from _rejected(kept.rejected_alternatives)


def _rejected(alternatives: Sequence[RejectedAlternative]) -> Iterator[str]:
    if alternatives:
        rows = [(one.deployment, money(one.estimated_monthly_cost), facts.rejection(one)) for one in alternatives]
        yield ""
        yield from table(("Rejected", "Cost/month", "Why"), rows, right={1})


def _unadvised(analysis: Analysis) -> Iterator[str]:
    workloads = facts.unadvised(analysis)
    if workloads:
        rows = [
            (one.name, one.deployment, money(one.monthly_cost), "; ".join(facts.remarks(analysis, one)))
            for one in workloads
        ]
        yield from ("", "## No answer yet", "")
        yield from table(("Workload", "Now", "Now/month", "Notes"), rows, right={2})


def _investigations(analysis: Analysis) -> Iterator[str]:
    if analysis.investigations:
        rows = [
            (
                one.investigation_id,
                facts.names(analysis, one.workload_ids),
                f"{one.title}: {one.finding}",
                money(one.upper_bound_monthly_savings),
                one.missing_evidence,
                one.command,
            )
            for one in analysis.investigations
        ]
        yield from ("", "## Worth a look (not counted)", "")
        yield from table(("Id", "Workload", "Found", "Up to/month", "Needs", "Run"), rows, right={3})


def _bill(analysis: Analysis) -> Iterator[str]:
    bill = analysis.bill
    yield from ("", f"## The bill, effective cost of the period in {escape(bill.currency)}", "")
    whole = (*bill.breakdown, Spend(name="the whole bill", cost=bill.effective_cost))
    yield from _spends("Part", whole)
    for title, spends in facts.spends(analysis):
        yield ""
        yield from _spends(title, spends)


def _spends(title: str, spends: Iterable[Spend]) -> Iterator[str]:
    yield from table((title, "Cost", ""), [(one.name, money(one.cost), one.detail) for one in spends], right={1})


def _commitments(analysis: Analysis) -> Iterator[str]:
    if analysis.commitments:
        rows = [facts.commitment(one) for one in analysis.commitments]
        yield from ("", "## Commitments", "")
        yield from table(facts.COMMITMENT, rows, right=set(range(1, len(facts.COMMITMENT) - 1)))
        for one in analysis.commitments:
            notes = "; ".join(facts.commitment_notes(one))
            if notes:
                yield from ("", f"{escape(facts.commitment(one)[0])}: {escape(notes)}")
    if analysis.savings_rates:
        yield from ("", "## Effective savings rate", "")
        yield from (f"- {escape(' '.join(facts.savings_rate(one)))}" for one in analysis.savings_rates)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], right: set[int]) -> Iterator[str]:
    """A table of GitHub; headings are ours, cells are escaped."""
    yield f"| {' | '.join(headings)} |"
    yield f"|{'|'.join('---:' if place in right else '---' for place in range(len(headings)))}|"
    for row in rows:
        yield f"| {' | '.join(escape(text) for text in row)} |"
