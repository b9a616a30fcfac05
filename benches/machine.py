"""Where it was measured, and with what."""

import importlib.metadata
import os
import platform
import re
from pathlib import Path

from infercost import __version__, engine

_PACKAGES = ("polars", "duckdb", "numpy", "numba", "ciw", "simpy")


def describe() -> str:
    """The processor, how much of it we get, and the versions."""
    versions = " · ".join(f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES)
    ours = f"infercost {__version__} ({engine.build_profile()} build) · Python {platform.python_version()}"
    return f"{_processor()} · {os.cpu_count()} cores · {platform.platform()}\n{ours} · {versions}"


def refuse_debug() -> None:
    """A debug build is ten times slower and says nothing.

    Raises:
        SystemExit: the engine is one.
    """
    if engine.build_profile() != "release":
        raise SystemExit(f"the engine is a {engine.build_profile()} build and is not measured: run `make build`")


def _processor() -> str:
    """Linux knows it best; elsewhere what the platform says."""
    facts = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", facts.read_text(), re.MULTILINE) if facts.exists() else None
    return found.group(1) if found else platform.processor() or platform.machine()
