"""What an export is, on a terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table

from infercost.report.console import NARROWEST, printed, said
from infercost.report.paper import Paper
from infercost.report.text import UNKNOWN, cents, counted, size
from infercost.schema.inspection import InspectedMonth, Inspection

HEADING = "bold"
GAP = 2
_STATE = 12  # columns at least for the state, which folds
_FILES_NAMED = 3  # of what lies there unread; JSON has all
_NO_MONTHS = "Nothing can be read without the columns marked needed."
# Heading, column, and the column that it mostly equals: then it is not shown.
_COSTS = (
    ("unblended", "unblended_cost", "billed_cost"),
    ("billed", "billed_cost", None),
    ("amortized", "amortized_cost", "effective_cost"),
    ("effective", "effective_cost", None),
)


def render(inspection: Inspection, paper: Paper) -> str:
    """What it is, what it holds by month, what it cannot say, and what lies there unread."""
    return printed(_blocks(inspection, max(paper.columns, NARROWEST)), paper)


def _blocks(found: Inspection, width: int) -> Iterator[RenderableType]:
    files = counted(len(found.files), "file")
    yield said(f"{found.format} · {files}, {size(found.size_bytes)} · {' and '.join(found.containers)}", HEADING)
    headers = f", in {found.headers} different headers" if found.headers > 1 else ""
    yield said(f"{counted(found.columns, 'column')}{headers}")
    for warning in found.warnings:
        yield _pair("note", warning, 4)
    yield ""
    yield from _of_months(found, width)
    yield from ("", said("WHAT IT CANNOT SAY", HEADING))
    if not found.missing:
        yield said("No column is missing.")
    for one in found.missing:
        some = "" if one.files == len(found.files) else f" ({counted(one.files, 'file')} of {len(found.files)})"
        yield _pair(f"{one.column}{some}", f"{'needed for ' if one.needed else ''}{one.loses}", min(40, width // 2))
    if found.unread:
        yield from ("", said("NOT READ", HEADING))
        for unread in found.unread[:_FILES_NAMED]:
            yield _pair(f"{unread.name}{f' ({unread.month})' if unread.month else ''}", unread.reason, width // 2)
        if len(found.unread) > _FILES_NAMED:
            yield said(f"{len(found.unread) - _FILES_NAMED} more; --format json has all")


def _of_months(found: Inspection, width: int) -> Iterator[RenderableType]:
    if not found.months:
        yield said(_NO_MONTHS)
        return
    yield _table(found.months, width)
    aside = ", ".join(f"{one.rows:,} {one.reason}" for one in found.set_aside)
    yield said(f"{counted(found.rows, 'row')} = {counted(found.charges, 'charge')} + set aside: {aside or 'none'}")
    yield said("Rows and costs agree with the audit's own sums of the files, to the cent.")


def _table(months: tuple[InspectedMonth, ...], width: int) -> RenderableType:
    """A line for each month, payer and currency; two where the figures are too wide for one."""
    costs = [(heading, name) for heading, name, same in _COSTS if any(_tells(one, name, same) for one in months)]
    rows = [_row(one, [name for _, name in costs]) for one in months]
    headings = _Row("MONTH", "PAYER", ("ROWS", *(heading.upper() for heading, _ in costs), "INFERENCE"), "", "STATE")
    cells = [one.cells for one in (headings, *rows)]
    needed = sum(max(map(len, column)) + GAP for column in list(zip(*cells, strict=True))[:-1])
    if needed + _STATE > width:
        names = [name.lower() for name in headings.figures]
        return Group(*(line for row in rows for line in _folded(row, names)))
    table = Table.grid(padding=(0, GAP, 0, 0))
    for place in range(len(cells[0])):
        last = place == len(cells[0]) - 1
        table.add_column(
            justify="right" if 1 < place < len(cells[0]) - 2 else "left", overflow="fold", no_wrap=not last
        )
    for place, row in enumerate(cells):
        table.add_row(*(said(cell, "" if place else HEADING) for cell in row))
    return table


@dataclass(frozen=True)
class _Row:
    month: str
    payer: str
    figures: tuple[str, ...]
    currency: str
    state: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.month, self.payer, *self.figures, self.currency, self.state)


def _row(one: InspectedMonth, costs: Sequence[str]) -> _Row:
    figures = (*(_cost(getattr(one, name)) for name in costs), _cost(one.inference_effective_cost))
    return _Row(one.month, one.payer or UNKNOWN, (f"{one.rows:,}", *figures), one.currency or UNKNOWN, _state(one))


def _folded(row: _Row, names: Sequence[str]) -> Iterator[RenderableType]:
    yield said(f"{row.month}  payer {row.payer}  {row.state}", HEADING)
    figures = (f"{name} {figure}" for name, figure in zip(names, row.figures, strict=True))
    yield said(f"  {' · '.join(figures)} {row.currency}")


def _tells(month: InspectedMonth, name: str, same: str | None) -> bool:
    cost = getattr(month, name)
    return cost is not None and (same is None or cost != getattr(month, same))


def _cost(amount: Decimal | None) -> str:
    return UNKNOWN if amount is None else cents(amount)


def _state(month: InspectedMonth) -> str:
    if month.closed:
        return "closed"
    return f"open, {month.covered_hours:,} hours of use" if not month.complete else "complete, not known to be closed"


def _pair(label: str, text: str, width: int) -> Table:
    table = Table.grid(padding=(0, GAP, 0, 0), expand=True)
    table.add_column(width=width, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    table.add_row(said(label), said(text))
    return table
