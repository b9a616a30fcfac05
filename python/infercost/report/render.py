"""An analysis, spending, an inspection or outcomes in one of the formats."""

from collections.abc import Callable, Sequence

from infercost.report import (
    comparison,
    csv,
    html,
    inspection,
    json,
    markdown,
    outcome,
    spending,
    spending_csv,
    spending_markdown,
    terminal,
)
from infercost.report.paper import Paper
from infercost.schema.analysis import Analysis
from infercost.schema.inspection import Inspection
from infercost.schema.outcome import Outcome, Untried
from infercost.schema.spending import Spending

_FORMATS: dict[str, Callable[[Analysis], str]] = {
    "json": json.render,
    "csv": csv.render,
    "markdown": markdown.render,
    "html": html.render,
}
_SPENDING: dict[str, Callable[[Spending], str]] = {
    "json": json.render_spending,
    "csv": spending_csv.render,
    "markdown": spending_markdown.render,
}


def render_analysis(analysis: Analysis, form: str, paper: Paper) -> str:
    """The analysis as `table`, `json`, `csv`, `markdown` or `html`; only a table looks at the paper."""
    return terminal.render(analysis, paper) if form == "table" else _FORMATS[form](analysis)


def render_spending(spent: Spending, form: str, paper: Paper) -> str:
    """What inference costs, as `table`, `json`, `csv` or `markdown`; only a table looks at the paper."""
    return spending.render(spent, paper) if form == "table" else _SPENDING[form](spent)


def render_outcomes(outcomes: Sequence[Outcome], form: str, paper: Paper) -> str:
    """Each outcome in full, as `table` or `json`."""
    return json.render_outcomes(outcomes) if form == "json" else outcome.render(outcomes, paper)


def render_comparison(outcomes: Sequence[Outcome], untried: Sequence[Untried], form: str, paper: Paper) -> str:
    """Outcomes side by side, and what was not tried, as `table` or `json`."""
    return json.render_comparison(outcomes, untried) if form == "json" else comparison.render(outcomes, untried, paper)


def render_inspection(inspected: Inspection, form: str, paper: Paper) -> str:
    """What an export is, as `table` or `json`."""
    return json.render_inspection(inspected) if form == "json" else inspection.render(inspected, paper)
