"""The bar on stderr: only on a terminal, and only once a job has taken a second."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from infercost.schema.progress import Progress, silent

PATIENCE_S = 1.0


@contextmanager
def bar() -> Iterator[Progress]:
    """What a long job reports to while it runs."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    shown = Bar(*columns, console=Console(stderr=True), transient=True)
    task = shown.add_task("starting", total=1.0)
    patience = Timer(PATIENCE_S, shown.start)
    patience.daemon = True
    patience.start()
    try:
        yield lambda step, share: shown.update(task, description=step, completed=share)
    finally:
        patience.cancel()
        patience.join()
        shown.stop()
