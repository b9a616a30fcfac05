"""Outcomes of simulations on a terminal, each in full."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from infercost.report.console import printed, said
from infercost.report.paper import Paper
from infercost.report.text import UNKNOWN, cents, flat, grouped, milliseconds, percent
from infercost.schema.outcome import Outcome, Quantiles

HEADING = "bold"
INDENT = "  "
LISTED = 20  # changes of capacity; the JSON has the rest
ENDS = ("completed", "throttled", "refused", "timed_out", "expired", "unfinished")
QUANTILES = {"mean": "MEAN", "p50": "P50", "p90": "P90", "p95": "P95", "p99": "P99", "p999": "P99.9", "max": "MAX"}


def render(outcomes: Sequence[Outcome], paper: Paper) -> str:
    """Counts, latency, instances, charges and assumptions of each."""
    blocks = (block for one in outcomes for block in ("", *_blocks(one)))
    return printed(blocks, paper).lstrip("\n")


def promise(one: Outcome) -> str:
    """Whether the SLO is met, in words."""
    return {True: "met", False: "missed", None: "not judged"}[one.slo_met]


def _blocks(one: Outcome) -> Iterator[RenderableType]:
    yield said(f"{one.scenario} / {one.deployment_id}", HEADING)
    yield said(f"{INDENT}seed {one.seed} · {one.method} · {one.simulated_s:,.0f} s simulated")
    if one.infeasible is not None:
        yield said(f"{INDENT}not possible: {one.infeasible.reason} [{one.infeasible.rule}]")
        return
    monthly = f"cost {UNKNOWN}"
    if one.monthly_cost_usd is not None:
        monthly = f"cost {cents(one.monthly_cost_usd)} USD a month of 730 hours"
    yield said(f"{INDENT}{monthly} · SLO {promise(one)}", HEADING)
    yield from ("", table(("REQUESTS", f"{one.requests:,}"), _counts(one)))
    yield from ("", table(("LATENCY", *QUANTILES.values()), _latencies(one)))
    yield from ("", _charges(one))
    if one.activities:
        changes = [
            (f"{each.at_s:,.0f} s", f"{each.from_} to {each.to}", each.cause) for each in one.activities[:LISTED]
        ]
        yield from ("", table(("CAPACITY", "", ""), changes, left={2}))
        if len(one.activities) > LISTED:
            yield said(f"{INDENT}and {len(one.activities) - LISTED:,} more: see --format json")
    for note in one.notes:
        yield from ("", said(f"note  {note}"))
    assumed = " · ".join(f"{key} {value}" for key, value in flat(one.assumptions))
    if assumed:
        yield from ("", said("ASSUMPTIONS", HEADING), said(assumed))
    if one.timings_s:
        timings = [(step, f"{seconds:.3f} s") for step, seconds in one.timings_s.items()]
        yield from ("", table(("TIMINGS", ""), timings))


def _counts(one: Outcome) -> Iterator[tuple[str, str]]:
    for end in ENDS:
        yield f"{INDENT}{end.replace('_', ' ')}", f"{getattr(one, end):,}"
    yield "cold starts", f"{one.cold_starts:,}"
    if one.cache_hits or one.cache_loads:
        yield "cache hits", f"{one.cache_hits:,}"
        yield "cache loads", f"{one.cache_loads:,}"
    if one.instances is not None:
        yield "instances, mean", f"{one.instances.mean:,.2f}"
        yield "instances, peak", f"{one.instances.peak:,}"
    if one.utilization is not None:
        yield "utilisation", percent(one.utilization * 100)
    if one.sampling_error is not None:
        if one.sampling_error.usage_pct is not None:
            yield "usage within", percent(one.sampling_error.usage_pct)
        yield one.sampling_error.note, ""


def _latencies(one: Outcome) -> Iterator[tuple[str, ...]]:
    known: tuple[tuple[str, Quantiles | None], ...] = (
        ("arrival to response", one.latency_ms),
        ("wait for work", one.wait_ms),
        ("arrival to first token", one.ttft_ms),
        ("each token after it", one.tpot_ms),
    )
    for name, quantiles in known:
        if quantiles is not None:
            yield name, *(milliseconds(getattr(quantiles, each)) for each in QUANTILES)
    if one.latency_ms is None:
        yield "arrival to response", *(UNKNOWN for _ in QUANTILES)


def _charges(one: Outcome) -> Table:
    rows = [
        (
            charge.usage_type,
            grouped(charge.quantity),
            charge.unit,
            UNKNOWN if charge.unit_price is None else grouped(charge.unit_price),
            UNKNOWN if charge.cost is None else cents(charge.cost),
            charge.price_source,
        )
        for charge in one.charges
    ]
    rows.append(("in all", "", "", "", UNKNOWN if one.cost_usd is None else cents(one.cost_usd), ""))
    return table(("CHARGES", "QUANTITY", "UNIT", "USD PER UNIT", "USD", "PRICE FROM"), rows, left={0, 2, 5})


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], left: frozenset[int] | set[int] = frozenset({0})
) -> Table:
    """Rows below headings; `left` are the columns of text."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    for place in range(len(headings)):
        grid.add_column(justify="left" if place in left else "right", overflow="fold")
    grid.add_row(*(said(heading, HEADING) for heading in headings))
    for row in rows:
        grid.add_row(*(said(text) for text in row))
    return grid
