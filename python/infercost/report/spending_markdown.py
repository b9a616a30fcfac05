"""What inference costs, by whom or what, in Markdown."""

from collections.abc import Iterator

from infercost.report import spending_facts as facts
from infercost.report.markdown import escape, table
from infercost.schema.spending import Spending


def render(spending: Spending) -> str:
    """The whole answer."""
    return "\n".join(_lines(spending)) + "\n"


def _lines(spending: Spending) -> Iterator[str]:
    yield f"# What inference costs, by {escape(spending.by)}"
    yield from ("", escape(" · ".join(facts.headline(spending))))
    yield from ("", f"**{escape(facts.verdict(spending))}**")
    for warning in spending.warnings:
        yield from ("", f"> Note: {escape(warning)}")
    if spending.groups:
        yield ""
        yield from _grid(facts.costs(spending))
        for line in facts.legend(spending):
            yield from ("", escape(line))
    if any(one.tokens for one in spending.groups):
        yield from ("", facts.TOKENS_ARE, "")
        yield from _grid(facts.tokens(spending))
    if spending.untold:
        yield from ("", "## What the export can't tell", "")
        yield from (f"- {escape(one)}" for one in spending.untold)
    yield from ("", "## What the figures rest on", "")
    yield from (f"- {label}: {escape(text)}" for label, text in facts.footing(spending))


def _grid(grid: facts.Grid) -> Iterator[str]:
    last = len(grid.headings) - grid.words
    headings = [escape(one[:1].upper() + one[1:]) for one in grid.headings]
    yield from table(headings, grid.rows, right=set(range(1, last)))
