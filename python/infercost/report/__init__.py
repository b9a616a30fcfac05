"""Prints an analysis or outcomes in one of the formats. Reads the schema only, and computes nothing."""

from collections.abc import Callable, Sequence

from infercost.report import comparison, csv, html, json, markdown, outcome, terminal
from infercost.report.paper import Paper
from infercost.schema.analysis import Analysis
from infercost.schema.outcome import Outcome, Untried

__all__ = ["Paper", "render_analysis", "render_comparison", "render_outcomes"]

_FORMATS: dict[str, Callable[[Analysis], str]] = {
    "json": json.render,
    "csv": csv.render,
    "markdown": markdown.render,
    "html": html.render,
}


def render_analysis(analysis: Analysis, form: str, paper: Paper) -> str:
    """The analysis as `table`, `json`, `csv`, `markdown` or `html`; only a table looks at the paper."""
    return terminal.render(analysis, paper) if form == "table" else _FORMATS[form](analysis)


def render_outcomes(outcomes: Sequence[Outcome], form: str, paper: Paper) -> str:
    """Each outcome in full, as `table` or `json`."""
    return json.render_outcomes(outcomes) if form == "json" else outcome.render(outcomes, paper)


def render_comparison(outcomes: Sequence[Outcome], untried: Sequence[Untried], form: str, paper: Paper) -> str:
    """Outcomes side by side, and what was not tried, as `table` or `json`."""
    return json.render_comparison(outcomes, untried) if form == "json" else comparison.render(outcomes, untried, paper)
