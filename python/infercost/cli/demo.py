"""`infercost demo`: an example account to try everything on."""

from pathlib import Path
from typing import Annotated

import typer

EXAMPLE = """\b
Example:
  infercost demo example
  infercost analyze example/bill --config example/infercost.toml"""

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Gets bill/, traffic/ and infercost.toml.")]
Force = Annotated[bool, typer.Option("--force", help="Write even if DIR is not empty.")]


def demo(directory: Folder, force: Force = False) -> None:
    """Writes an example account to try everything on.

    DIR gets a bill, the traffic behind it, and infercost.toml with what the owners of the models know.
    """
    from infercost.cli.progress import bar
    from infercost.demo import write_demo

    with bar() as progress:
        progress(f"writing {directory}", 0)
        write_demo(directory, force=force)
    typer.echo(
        f"Wrote {directory}. Try: infercost analyze {directory}/bill --config {directory}/infercost.toml", err=True
    )
