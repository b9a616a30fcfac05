"""Outcomes side by side on a terminal, in the order of the scenario."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from infercost.report.console import printed, said
from infercost.report.outcome import HEADING, promise
from infercost.report.paper import Paper
from infercost.report.text import UNKNOWN, cents, flat, milliseconds
from infercost.schema.outcome import Outcome, Quantiles, Untried

HEADINGS = ("DEPLOYMENT", "USD/MONTH", "SLO", "P50", "P99", "COMPLETED", "REQUESTS")
STREAMED = ("FIRST TOKEN P99", "TOKEN P99")  # after P99, where any answer is streamed
LEFT = {"DEPLOYMENT", "SLO"}


def render(outcomes: Sequence[Outcome], untried: Sequence[Untried], paper: Paper) -> str:
    """One row for each deployment and each pattern that was not tried; those that a rule forbids with the rule."""
    return printed(_blocks(outcomes, untried), paper)


def _blocks(outcomes: Sequence[Outcome], untried: Sequence[Untried]) -> Iterator[RenderableType]:
    first = outcomes[0]
    yield said(f"{first.scenario} · seed {first.seed} · {first.method} · {first.simulated_s:,.0f} s simulated")
    yield ""
    table = Table.grid(padding=(0, 2, 0, 0))
    streamed = any(one.ttft_ms is not None for one in outcomes)
    headings = (*HEADINGS[:5], *(STREAMED if streamed else ()), *HEADINGS[5:])
    for heading in headings:
        table.add_column(justify="left" if heading in LEFT else "right", overflow="fold")
    table.add_row(*(said(heading, HEADING) for heading in headings))
    for one in outcomes:
        table.add_row(*(said(text) for text in _row(one, streamed=streamed)))
    for without in untried:
        table.add_row(said(without.pattern), said("not tried"))
    yield table
    for one in outcomes:
        if one.infeasible is not None:
            yield said(f"{one.deployment_id} is not possible: {one.infeasible.reason} [{one.infeasible.rule}]")
    for without in untried:
        yield said(f"{without.pattern} is not tried: {without.reason}")
    for note in dict.fromkeys(note for one in outcomes for note in one.notes):
        yield said(f"note  {note}")
    assumed = " · ".join(dict.fromkeys(f"{key} {value}" for one in outcomes for key, value in flat(one.assumptions)))
    if assumed:
        yield from ("", said("ASSUMPTIONS", HEADING), said(assumed))


def _row(one: Outcome, *, streamed: bool) -> tuple[str, ...]:
    if one.infeasible is not None:
        return (one.deployment_id, "not possible", "", "", "", *(("", "") if streamed else ()), "", f"{one.requests:,}")
    tokens = (_quantile(one.ttft_ms, "p99"), _quantile(one.tpot_ms, "p99")) if streamed else ()
    return (
        one.deployment_id,
        UNKNOWN if one.monthly_cost_usd is None else cents(one.monthly_cost_usd),
        promise(one),
        _quantile(one.latency_ms, "p50"),
        _quantile(one.latency_ms, "p99"),
        *tokens,
        f"{one.completed:,}",
        f"{one.requests:,}",
    )


def _quantile(known: Quantiles | None, name: str) -> str:
    return UNKNOWN if known is None else milliseconds(getattr(known, name))
