"""What terminal and Markdown say of spending, in words: picked and formatted, never computed."""

from dataclasses import dataclass
from typing import Final

from infercost.report.aside import set_aside
from infercost.report.text import UNKNOWN, cents, counted, month, percent, rate
from infercost.schema.spending import Spending, SpendingGroup

TOKENS_ARE: Final = "Cost per million tokens by class; from cache: the share of what went in"
_CLASSES: Final = {
    "input": "input",
    "output": "output",
    "cache-read": "cache read",
    "cache-write-5m": "write 5m",
    "cache-write-1h": "write 1h",
}
_NONE: Final = "-"


@dataclass(frozen=True)
class Grid:
    """Names, figures, and with `words` a last column of words. `total`: the row that sums up, headings counted."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: bool = False
    total: int | None = None


def headline(spending: Spending) -> tuple[str, ...]:
    """Which bill this is."""
    period = spending.period
    return (
        month(period.start, period.end) + ("" if period.closed else " (not known to be closed)"),
        f"by {spending.by}",
        f"the whole bill is {cents(spending.bill_effective_cost)} {spending.currency}",
    )


def verdict(spending: Spending) -> str:
    """The answer in one sentence."""
    if not spending.groups:
        return "No inference was found in this bill"
    selected = " selected" if spending.selected else ""
    parts = [f"{cents(spending.effective_cost)} {spending.currency} of inference{selected}"]
    if spending.idle_cost is not None:
        atleast = "at least " if spending.idle_unknown_cost else ""
        parts.append(f"{atleast}{cents(spending.idle_cost)} idle")
    tag = "any tag" if spending.owner_tag is None else f"the tag {spending.owner_tag}"
    if spending.unattributed_cost:
        parts.append(f"{cents(spending.unattributed_cost)} ({percent(spending.unattributed_pct)}) without {tag}")
    else:
        parts.append("all of it tagged" if spending.owner_tag is None else f"all of it with {tag}")
    return ", ".join(parts)


def costs(spending: Spending) -> Grid:
    """Money, from the largest down. A column stands only where one row has something in it."""
    per_request = any(one.per_1000_requests is not None for one in spending.groups)
    idle = any(one.idle_cost is not None for one in spending.groups)
    headings = [spending.by.partition(" ")[2] or spending.by, spending.currency, "share"]
    headings += ["per 1,000 req."] * per_request + ["idle"] * idle + ["served by"]
    rows = []
    for one in spending.groups:
        cells = [one.name, cents(one.effective_cost), percent(one.share_pct)]
        cells += [_per_1000(one)] * per_request + [_idle(one)] * idle + [one.served]
        rows.append(tuple(cells))
    blank = ("",) * (per_request + idle + 1)
    if spending.rest is not None:
        rows.append((f"{spending.rest.groups:,} more", cents(spending.rest.effective_cost), "", *blank))
    rows.append(("in all", cents(spending.effective_cost), "", *blank))
    return Grid(tuple(headings), tuple(rows), words=True, total=len(rows))


def legend(spending: Spending) -> tuple[str, ...]:
    """What the marks in the table of money mean, where there are any."""
    part = any(one.per_1000_requests is not None and one.requests_cost != one.effective_cost for one in spending.groups)
    least = any(one.idle_cost is not None and one.idle_unknown_cost for one in spending.groups)
    lines = []
    if part:
        lines.append("* of the workloads whose requests are known; they are a part of this cost")
    if least:
        lines.append("> at least: of other hours it is not known")
    return tuple(lines)


def tokens(spending: Spending) -> Grid:
    """Cost per million tokens of each class that the bill has."""
    groups = [one for one in spending.groups if one.tokens]
    there = {token.token_class for one in groups for token in one.tokens}
    classes = [name for name in _CLASSES if name in there]
    rows = []
    for one in groups:
        by_class = {token.token_class: token for token in one.tokens}
        cells = [_NONE if name not in by_class else rate(by_class[name].per_million) for name in classes]
        rows.append((one.name, *cells, percent(one.cache_read_pct)))
    return Grid(
        (f"{spending.currency} per 1M tokens", *(_CLASSES[name] for name in classes), "from cache"), tuple(rows)
    )


def footing(spending: Spending) -> tuple[tuple[str, str], ...]:
    """What the figures rest on, by label."""
    period = spending.period
    lines = [
        ("Bill", f"{spending.format}, {counted(spending.files, 'file')}, {counted(spending.rows, 'row')}"),
        ("Set aside", set_aside(spending.set_aside, spending.unread)),
        ("Period", f"{period.start:%Y-%m-%d} to {period.end:%Y-%m-%d} UTC, {counted(period.covered_hours, 'hour')}"),
        ("Basis", f"effective cost of the period; billed: {cents(spending.billed_cost)} {spending.currency}"),
    ]
    lines += [("Not in it", f"{cents(one.cost)} {one.name}") for one in spending.not_included]
    if spending.fx is not None and spending.effective_cost_usd is not None:
        total = f"{cents(spending.effective_cost_usd)} USD in all"
        lines.append(("Exchange", f"{spending.fx.sentence(spending.currency)} (--fx): {total}"))
    return tuple(lines)


def _per_1000(one: SpendingGroup) -> str:
    """With a mark where it is of a part of the cost only."""
    if one.per_1000_requests is None:
        return UNKNOWN if one.requests is None else _NONE
    return rate(one.per_1000_requests) + ("*" if one.requests_cost != one.effective_cost else "")


def _idle(one: SpendingGroup) -> str:
    if one.idle_unknown_cost is None:
        return _NONE
    if one.idle_cost is None:
        return UNKNOWN
    return (">" if one.idle_unknown_cost else "") + cents(one.idle_cost)
