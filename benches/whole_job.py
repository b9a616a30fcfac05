"""The main job as users run it: from the demo account's bill to ranked savings, a process from start to end."""

import sys
import tempfile
from pathlib import Path

from benches import process
from benches.table import Line, Section

_RUNS = 3


def measure() -> Section:
    """`infercost demo` and `infercost analyze`."""
    infercost = str(Path(sys.executable).with_name("infercost"))
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            "infercost demo": ("demo", folder, "--force"),
            "infercost analyze": ("analyze", f"{folder}/bill", "--config", f"{folder}/infercost.toml"),
        }
        lines = []
        for what, arguments in commands.items():
            runs = [process.run(infercost, *arguments) for _ in range(_RUNS)]
            lines.append(Line(what, tuple(run.seconds for run in runs), peak_mb=max(run.peak_mb for run in runs)))
    return Section("Whole job: the demo account", tuple(lines))
