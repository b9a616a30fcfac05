"""What was measured, as one table."""

import statistics
from dataclasses import dataclass

from rich import box
from rich.table import Table

_NS_PER_S = 1e9


@dataclass(frozen=True)
class Line:
    """One thing measured several times.

    Attributes:
        what: its name.
        seconds: one time per run.
        count: how many items each run dealt with; 1 is a run that is looked at as a whole.
        item: what is counted.
        peak_mb: peak memory of the whole process, the highest of all runs, where it has a process of its own.
        remark: what must be known to read the figures.
    """

    what: str
    seconds: tuple[float, ...]
    count: int = 1
    item: str = "process"
    peak_mb: float | None = None
    remark: str = ""

    @property
    def median_s(self) -> float:
        """The median run."""
        return statistics.median(self.seconds)

    @property
    def each_s(self) -> float:
        """The median run per item."""
        return self.median_s / self.count


@dataclass(frozen=True)
class Section:
    """Lines that are measured alike; `reference` is the one that the times per item of the others are divided by."""

    title: str
    lines: tuple[Line, ...]
    reference: Line | None = None
    remark: str = ""


def render(sections: list[Section]) -> Table:
    """Medians, the fastest runs and ratios. Judges nothing."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("", "each run", "runs", "median", "fastest", "per item", "a second", "ratio", "peak MB"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    table.add_column("remark", ratio=1)
    for section in sections:
        table.add_row(f"[bold]{section.title}[/bold]", *[""] * 8, section.remark)
        for line in section.lines:
            table.add_row(*_cells(section, line))
        table.add_section()
    return table


def _cells(section: Section, line: Line) -> tuple[str, ...]:
    many = line.count > 1
    return (
        f"  {line.what}",
        f"{line.count:,} {line.item}" if many else f"a {line.item}",
        str(len(line.seconds)),
        _duration(line.median_s),
        _duration(min(line.seconds)),
        _duration(line.each_s) if many else "",
        _rate(1 / line.each_s) if many else "",
        "" if section.reference is None else f"{line.each_s / section.reference.each_s:,.2f}",
        "" if line.peak_mb is None else f"{line.peak_mb:,.0f}",
        line.remark,
    )


def _duration(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * _NS_PER_S:.3g} ns"


def _rate(per_s: float) -> str:
    for unit, scale in (("M", 1e6), ("k", 1e3)):
        if per_s >= scale:
            return f"{per_s / scale:.3g} {unit}"
    return f"{per_s:.3g}"
