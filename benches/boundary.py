"""What it costs to cross between Python and the engine, and to start at all."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from benches import process
from benches.queue_model import Queue
from benches.table import Line, Section
from infercost import engine
from infercost.schema.errors import UsageError
from infercost.schema.scenario import Scenario

_RUNS = 15
_PROCESSES = 7
_REQUESTS = 2_000_000
_CALLS = 100


def crossing() -> Section:
    """Columns down, columns up, and a call about nothing."""
    columns = pl.DataFrame(Queue(workers=8).draw(_REQUESTS, seed=1)._asdict())
    last_s = float(columns["arrival_ns"][-1]) / 1e9 + 1
    trace = {"kind": "trace", "path": "memory", "duration_s": last_s}
    given = _scenario(trace, {"kind": "trace"}, {"max_requests": 1})
    nothing = _scenario({"kind": "poisson", "rate_per_s": 0, "duration_s": 1}, {"kind": "constant", "mean_ms": 1}, {})

    def down() -> None:
        # a record of more than `max_requests` is refused, but only once the columns are across and checked
        try:
            engine.simulate(given, columns, threads=1, record=True)
        except UsageError:
            return
        raise RuntimeError("the engine was expected to refuse this")

    def empty() -> None:
        for _ in range(_CALLS):
            engine.simulate(nothing, threads=1)

    def up() -> None:
        engine.stream(given, columns)

    lines = (
        Line("columns down", _times(down), _REQUESTS, "requests", remark="two, copied and checked"),
        Line("stream up", _times(up), _REQUESTS, "requests", remark="two down, then ten up"),
        Line("empty scenario", _times(empty), _CALLS, "calls", remark="no request at all"),
    )
    return Section("Boundary: Python and the engine", lines)


def starting() -> Section:
    """Whole processes, from the command to its end."""
    python = sys.executable
    commands = {
        "python, nothing": (python, "-c", "pass"),
        "import infercost.cli": (python, "-c", "import infercost.cli"),
        "infercost --help": (str(Path(python).with_name("infercost")), "--help"),
    }
    lines = []
    for what, command in commands.items():
        runs = [process.run(*command) for _ in range(_PROCESSES)]
        lines.append(Line(what, tuple(run.seconds for run in runs), peak_mb=max(run.peak_mb for run in runs)))
    return Section("Boundary: starting a process", tuple(lines), reference=lines[0])


def _times(call: Callable[[], object]) -> tuple[float, ...]:
    seconds = []
    for _ in range(_RUNS):
        begin = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begin)
    return tuple(seconds)


def _scenario(traffic: dict[str, object], service: dict[str, object], run: dict[str, object]) -> Scenario:
    deployment = {"id": "it", "pattern": "real-time", "region": "us-east-1", "instance_type": "ml.m5.xlarge"}
    sections = {"traffic": traffic, "service": service, "deployment": [deployment], "run": run}
    return Scenario.parse(sections, "benchmark")
