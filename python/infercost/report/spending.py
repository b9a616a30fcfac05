"""What inference costs, by whom or what, on a terminal."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from infercost.report import spending_facts as facts
from infercost.report.console import NARROWEST, printed, said
from infercost.report.paper import Paper
from infercost.schema.spending import Spending

HEADING = "bold"
GAP = 2
NARROW_NAME, WIDE_NAME = 16, 44
NARROW_WORDS = 18


def render(spending: Spending, paper: Paper) -> str:
    """Money first, then tokens, then what the export can't tell."""
    return printed(_blocks(spending, max(paper.columns, NARROWEST)), paper)


def _blocks(spending: Spending, width: int) -> Iterator[RenderableType]:
    yield said(" · ".join(facts.headline(spending)))
    yield said(facts.verdict(spending), HEADING)
    for warning in spending.warnings:
        yield _note("note", warning)
    if spending.groups:
        yield from ("", _table(facts.costs(spending), width))
    yield from (said(line) for line in facts.legend(spending))
    if any(one.tokens for one in spending.groups):
        yield from ("", said(facts.TOKENS_ARE), _table(facts.tokens(spending), width))
    if spending.untold:
        yield from ("", said("WHAT THE EXPORT CAN'T TELL", HEADING))
    for one in spending.untold:
        yield _note("", one, width=0)
    yield ""
    for label, text in facts.footing(spending):
        yield _note(label, text, width=10)


def _table(grid: facts.Grid, width: int) -> Table:
    """A name, figures to the right, and words at the end, which narrow paper leaves out: the figures are the point."""
    rows = [grid.headings, *grid.rows]
    name, *figures = (max(map(len, column)) for column in zip(*rows, strict=True))
    widths = figures[:-1] if grid.words else figures
    left = width - sum(widths) - GAP * len(widths)
    words = 0
    if grid.words and left - GAP >= NARROW_NAME + NARROW_WORDS:
        left -= GAP
        words = min(figures[-1], max(left - min(name, WIDE_NAME), NARROW_WORDS))
    table = Table.grid(padding=(0, GAP, 0, 0))
    table.add_column(width=min(name, WIDE_NAME, left - words), overflow="fold")
    for one in widths:
        table.add_column(width=one, justify="right", overflow="fold")
    if words:
        table.add_column(width=words, overflow="fold")
    shown = 1 + len(widths) + bool(words)
    for place, row in enumerate(rows):
        style = HEADING if place in {0, grid.total} else ""
        table.add_row(*_cells(row[:shown], style, upper=place == 0))
    return table


def _cells(row: Sequence[str], style: str, *, upper: bool) -> Iterator[RenderableType]:
    for cell in row:
        yield said(cell.upper() if upper else cell, style)


def _note(label: str, text: str, width: int = 5) -> Table:
    table = Table.grid(padding=(0, GAP, 0, 0), expand=True)
    table.add_column(width=width)
    table.add_column(ratio=1, overflow="fold")
    table.add_row(said(label), said(text))
    return table
