"""The line on stderr: only on a terminal, and only once a job has taken a second."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Timer
from typing import TYPE_CHECKING

from infercost.schema.progress import Count, Progress, silent

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import ProgressColumn, Task

PATIENCE_S = 1.0


@contextmanager
def bar() -> Iterator[Progress]:
    """What a long job reports the share to that it has done."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

    with _shown(TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()) as shown:
        task = shown.add_task("starting", total=1.0)
        yield lambda step, share: shown.update(task, description=step, completed=share)


@contextmanager
def counter() -> Iterator[Count]:
    """What a simulation reports to: requests so far, how many a second, and the time left where it can be told."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.progress import BarColumn, TextColumn

    with _shown(
        TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[pace]}")
    ) as shown:
        task = shown.add_task("starting", total=None, pace="")

        def tell(step: str, done: int, total: int | None) -> None:
            (now,) = shown.tasks
            if now.description != step:
                shown.reset(task, description=step, pace="")
            shown.update(task, completed=done, total=total, pace=_pace(now))

        yield tell


def _pace(task: "Task") -> str:
    """Such as `1,200,000 requests, 800,000/s, 0:01:02 left`."""
    rate = "" if task.speed is None else f", {task.speed:,.0f}/s"
    left = "" if task.time_remaining is None else f", {timedelta(seconds=round(task.time_remaining))} left"
    return f"{task.completed:,.0f} requests{rate}{left}"


@contextmanager
def _shown(*columns: "ProgressColumn") -> Iterator["Bar"]:
    from rich.console import Console
    from rich.progress import Progress as Bar

    shown = Bar(*columns, console=Console(stderr=True), transient=True)
    patience = Timer(PATIENCE_S, shown.start)
    patience.daemon = True
    patience.start()
    try:
        yield shown
    finally:
        patience.cancel()
        patience.join()
        shown.stop()
