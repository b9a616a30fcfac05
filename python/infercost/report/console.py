"""Text on paper: a console that writes to memory, in colour only where the paper takes it."""

from collections.abc import Iterable
from io import StringIO

from rich.console import Console, RenderableType
from rich.text import Text

from infercost.report.paper import Paper
from infercost.report.text import plain

NARROWEST = 60


def printed(blocks: Iterable[RenderableType], paper: Paper) -> str:
    """The blocks one below the other, without the blanks that tables leave at the end of a line."""
    memory = StringIO()
    console = Console(
        file=memory,
        width=max(paper.columns, NARROWEST),
        force_terminal=paper.colour,
        color_system="standard" if paper.colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for block in blocks:
        console.print(block, soft_wrap=isinstance(block, Text) and block.no_wrap is True)
    return "".join(f"{line.rstrip()}\n" for line in memory.getvalue().splitlines())


def said(text: str, style: str = "") -> Text:
    """Text from outside, safe on a terminal; long words are folded, never cut."""
    return Text(plain(text), style=style, overflow="fold")


def unfolded(text: str) -> Text:
    """A command from outside in one line, however long, so that it can be copied."""
    return Text(plain(text), no_wrap=True)
