"""Outcomes side by side on a terminal, in the order of the scenario."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from infercost.report.console import printed, said
from infercost.report.outcome import HEADING, promise, table
from infercost.report.paper import Paper
from infercost.report.text import UNKNOWN, cents, flat, milliseconds
from infercost.schema.outcome import Outcome, Quantiles, Untried

HEADINGS = ("DEPLOYMENT", "USD/MONTH", "SLO", "P50", "P99", "MISSES", "REQUESTS")
STREAMED = ("DEPLOYMENT", "FIRST TOKEN P50", "P99", "EACH TOKEN P50", "P99")


def render(outcomes: Sequence[Outcome], untried: Sequence[Untried], paper: Paper) -> str:
    """One row for each deployment and each pattern that was not tried; those that a rule forbids with the rule."""
    return printed(_blocks(outcomes, untried), paper)


def _blocks(outcomes: Sequence[Outcome], untried: Sequence[Untried]) -> Iterator[RenderableType]:
    first = outcomes[0]
    yield said(f"{first.scenario} · seed {first.seed} · {first.method} · {first.simulated_s:,.0f} s simulated")
    yield ""
    rows = [*(_row(one) for one in outcomes), *((one.pattern, "not tried") for one in untried)]
    yield table(HEADINGS, rows, left={0, 2})
    tokens = [_tokens(one) for one in outcomes if one.ttft_ms is not None]
    if tokens:
        yield from ("", table(STREAMED, tokens), "")
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


def _row(one: Outcome) -> tuple[str, ...]:
    if one.infeasible is not None:
        return (one.deployment_id, "not possible", "", "", "", "", f"{one.requests:,}")
    return (
        one.deployment_id,
        UNKNOWN if one.monthly_cost_usd is None else cents(one.monthly_cost_usd),
        promise(one),
        _quantile(one.latency_ms, "p50"),
        _quantile(one.latency_ms, "p99"),
        UNKNOWN if one.slo_misses is None else f"{one.slo_misses:,}",
        f"{one.requests:,}",
    )


def _tokens(one: Outcome) -> tuple[str, ...]:
    lengths = ((one.ttft_ms, "p50"), (one.ttft_ms, "p99"), (one.tpot_ms, "p50"), (one.tpot_ms, "p99"))
    return (one.deployment_id, *(_quantile(known, name) for known, name in lengths))


def _quantile(known: Quantiles | None, name: str) -> str:
    return UNKNOWN if known is None else milliseconds(getattr(known, name))
