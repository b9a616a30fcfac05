"""The analysis on a terminal: one table of figures, with words and rejected alternatives under each workload."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.console import RenderableType
from rich.table import Table

from infercost.report import facts
from infercost.report.console import NARROWEST, printed, said, unfolded
from infercost.report.paper import Paper
from infercost.report.text import money
from infercost.schema.analysis import Analysis, Recommendation, RejectedAlternative, Spend

HEADINGS = ("NOW/MO", "BEST/MO", "SAVES/MO", "RANGE", "EFFORT")
GAP = 2
INDENT = 2
NAME_WIDTHS = (12, 46)
LISTED = 10  # of a list without an end: accounts, services, usage types. The JSON has the rest

HEADING = "bold"
SAVING = "bold green"


def render(analysis: Analysis, paper: Paper) -> str:
    """The report as text, as wide as the paper (60 columns at least)."""
    width = max(paper.columns, NARROWEST)
    return printed(_blocks(analysis, _layout(analysis, width), width), paper)


@dataclass(frozen=True)
class _Layout:
    """Columns that all blocks share, so that every figure stands under its heading."""

    name: int
    figures: tuple[int, ...]

    def row(self, name: str, figures: Sequence[str], style: str = "") -> Table:
        """A name and its figures: three numbers, then words. The name takes the place of numbers left out before."""
        first = next(place for place, figure in enumerate(figures) if figure)
        table = Table.grid(padding=(0, GAP, 0, 0))
        table.add_column(width=self.name + sum(self.figures[:first]) + GAP * first, overflow="fold")
        for place in range(first, len(figures)):
            table.add_column(width=self.figures[place], justify="right" if place < 3 else "left", overflow="fold")
        table.add_row(said(name, style), *(said(figure, style) for figure in figures[first:]))
        return table

    def rejected(self, alternatives: Iterable[RejectedAlternative]) -> Table:
        """One line for each; its cost stands under BEST/MO."""
        left = self.name + GAP + self.figures[0] - 2 * INDENT
        table = Table.grid(padding=(0, GAP, 0, 0), expand=True)
        table.add_column(width=2 * INDENT - GAP)
        table.add_column(width=left, overflow="fold")
        table.add_column(width=self.figures[1], justify="right", overflow="fold")
        table.add_column(ratio=1, overflow="fold")
        for one in alternatives:
            cost = money(one.estimated_monthly_cost)
            table.add_row("", said(one.deployment), said(cost), said(facts.rejection(one)))
        return table


def _layout(analysis: Analysis, width: int) -> _Layout:
    columns = [*zip(HEADINGS, *(_figures(one) for one in analysis.recommendations), strict=True)]
    costs = [money(one.monthly_cost) for one in analysis.workloads]
    turned_down = [one.rejected_alternatives for one in analysis.recommendations]
    turned_down += [one.rejected_alternatives for one in analysis.kept]
    rejected = [money(one.estimated_monthly_cost) for alternatives in turned_down for one in alternatives]
    bounds = [money(one.upper_bound_monthly_savings) for one in analysis.investigations]
    figures = [
        max(map(len, column)) for column in ((*columns[0], *costs), (*columns[1], *rejected), (*columns[2], *bounds))
    ]
    figures += [max(map(len, column)) for column in columns[3:]]
    left = width - sum(figures) - GAP * len(figures)
    narrow, wide = NAME_WIDTHS
    figures[3] -= max(narrow - left, 0)  # where all are wide, the range goes on two lines
    return _Layout(min(max(left, narrow), wide), tuple(figures))


def _figures(one: Recommendation) -> tuple[str, str, str, str, str]:
    return (
        money(one.current_monthly_cost),
        money(one.estimated_monthly_cost),
        money(one.estimated_monthly_savings),
        facts.range_of(one),
        facts.EFFORTS[one.implementation_effort],
    )


def _blocks(analysis: Analysis, layout: _Layout, width: int) -> Iterator[RenderableType]:
    yield said(" · ".join(facts.headline(analysis)))
    yield said(facts.verdict(analysis), SAVING if analysis.recommendations else HEADING)
    for warning in analysis.warnings:
        yield _note("note", warning)
    for section in (_recommendations, _kept, _unadvised, _investigations):
        yield from section(analysis, layout)
    yield from _bill(analysis)
    yield from _commitments(analysis, width)
    yield ""
    for label, text in facts.footing(analysis):
        yield _note(label, text, indent=0, width=14)


def _recommendations(analysis: Analysis, layout: _Layout) -> Iterator[RenderableType]:
    if analysis.recommendations:
        yield from ("", layout.row("WORKLOAD", HEADINGS, HEADING))
    for one in analysis.recommendations:
        yield layout.row(facts.names(analysis, one.workload_ids), _figures(one), HEADING)
        yield _note("now", one.current_resource_summary)
        yield _note("best", one.recommended_resource_summary)
        yield _note("", " · ".join(facts.terms(one)))
        yield _note("where", " · ".join(facts.place(one)))
        for condition in one.conditions:
            yield _note("note", condition)
        for workload in analysis.workloads:
            if workload.id in one.workload_ids:
                yield _note("check", f"back-test: {facts.backtest(workload.backtest)}")
        yield from _rejected(one.rejected_alternatives, layout)


def _kept(analysis: Analysis, layout: _Layout) -> Iterator[RenderableType]:
    if analysis.kept:
        yield from ("", layout.row("KEPT AS THEY ARE", ["NOW/MO"], HEADING))
    for kept in analysis.kept:
        workload = facts.workload(analysis, kept.workload_id)
        yield layout.row(workload.name, [money(workload.monthly_cost)], HEADING)
        yield _note("now", workload.deployment)
        yield _note("why", kept.reason)
        yield from _rejected(kept.rejected_alternatives, layout)


def _rejected(alternatives: Sequence[RejectedAlternative], layout: _Layout) -> Iterator[RenderableType]:
    if alternatives:
        yield _note("rejected", "", width=len("rejected"))
        yield layout.rejected(alternatives)


def _unadvised(analysis: Analysis, layout: _Layout) -> Iterator[RenderableType]:
    workloads = facts.unadvised(analysis)
    if workloads:
        yield from ("", layout.row("NO ANSWER YET", ["NOW/MO"], HEADING))
    for workload in workloads:
        yield layout.row(workload.name, [money(workload.monthly_cost)], HEADING)
        yield _note("now", workload.deployment)
        for remark in facts.remarks(analysis, workload):
            yield _note("note", remark)


def _investigations(analysis: Analysis, layout: _Layout) -> Iterator[RenderableType]:
    if analysis.investigations:
        yield from ("", layout.row("WORTH A LOOK (not counted)", ["", "", "UP TO/MO"], HEADING))
    for one in analysis.investigations:
        bound = money(one.upper_bound_monthly_savings)
        yield layout.row(f"{one.investigation_id} {one.title}", ["", "", bound], HEADING)
        if one.workload_ids:
            yield _note("of", facts.names(analysis, one.workload_ids))
        yield _note("found", one.finding)
        yield _note("needs", one.missing_evidence)
        yield unfolded(f"{' ' * INDENT}run    {one.command}")


def _bill(analysis: Analysis) -> Iterator[RenderableType]:
    bill = analysis.bill
    yield from ("", said(f"THE BILL, effective cost of the period in {bill.currency}", HEADING))
    table = Table.grid(padding=(0, GAP, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(justify="right", overflow="fold")
    table.add_column(overflow="fold")
    _spends(table, (*bill.breakdown, Spend(name="the whole bill", cost=bill.effective_cost)))
    for title, spends in facts.spends(analysis):
        table.add_row(said(title, HEADING))
        _spends(table, spends)
    yield table


def _spends(table: Table, spends: Sequence[Spend]) -> None:
    blank = " " * INDENT
    for one in spends[:LISTED]:
        table.add_row(said(blank + one.name), said(money(one.cost)), said(one.detail))
    if len(spends) > LISTED:
        table.add_row(said(f"{blank}and {len(spends) - LISTED} more: see --format json"))


def _commitments(analysis: Analysis, width: int) -> Iterator[RenderableType]:
    """Notes stand between the rows, so each row is a table of its own with the same columns."""
    headings = tuple(heading.upper() for heading in ("Commitments", *facts.COMMITMENT[1:]))
    rows = [facts.commitment(one) for one in analysis.commitments]
    name, *figures = (max(map(len, column)) for column in zip(headings, *rows, strict=True))
    left = width - sum(figures) - GAP * len(figures)
    widths = (min(name, max(left, NAME_WIDTHS[0])), *figures)
    if rows:
        yield from ("", _figured(headings, widths, HEADING))
    for one, row in zip(analysis.commitments, rows, strict=True):
        yield _figured(row, widths)
        for note in facts.commitment_notes(one):
            yield _note("note", note)
    if analysis.savings_rates:
        yield from ("", said("EFFECTIVE SAVINGS RATE", HEADING))
    for rate in analysis.savings_rates:
        share, base = facts.savings_rate(rate)
        yield _note(share, base, width=len(share))


def _figured(row: Sequence[str], widths: Sequence[int], style: str = "") -> Table:
    """A name, figures to the right, and words at the end."""
    table = Table.grid(padding=(0, GAP, 0, 0))
    for place, width in enumerate(widths):
        justify: Literal["left", "right"] = "left" if place in {0, len(widths) - 1} else "right"
        table.add_column(width=width, justify=justify, overflow="fold")
    table.add_row(*(said(figure, style) for figure in row))
    return table


def _note(label: str, text: str, *, indent: int = INDENT, width: int = 5) -> Table:
    """Words under a figure: a label and text that folds beside it."""
    table = Table.grid(padding=(0, GAP, 0, 0), expand=True)
    table.add_column(width=width + indent)
    table.add_column(ratio=1, overflow="fold")
    table.add_row(said(" " * indent + label), said(text))
    return table
