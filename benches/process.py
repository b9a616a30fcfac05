"""A whole process: how long it takes and how much memory it holds at its peak.

Between the benchmark and the process stands this file as a small process of its own: a child counts the memory of the
process that started it as its own until it is replaced, and this one has next to none.
"""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass

_RSS_PER_MB = 1_000_000 if sys.platform == "darwin" else 1_000  # kilobytes, but bytes on macOS


@dataclass(frozen=True)
class Process:
    """One run: wall time, peak resident memory, and what was printed."""

    seconds: float
    peak_mb: float
    stdout: str


def run(*command: str) -> Process:
    """Runs a command to its end.

    Raises:
        RuntimeError: it failed; carries what it said.
    """
    # polars leaves its allocator's settings to all children of a process that imports it, as if a user had made them
    environment = {name: value for name, value in os.environ.items() if name != "_RJEM_MALLOC_CONF"}
    done = subprocess.run(
        [sys.executable, "-I", "-S", __file__, *command], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr}")
    return Process(**json.loads(done.stdout))


def _main(command: list[str]) -> int:
    begin = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    seconds = time.perf_counter() - begin
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / _RSS_PER_MB
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb, "stdout": done.stdout}))
    return done.returncode


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
