"""The command line in an empty folder, and the demo account that it writes."""

import subprocess
from pathlib import Path

import pytest

from cli.runner import Run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo account, written by the real command once; its files are only read."""
    folder = tmp_path_factory.mktemp("demo")
    done = Run(folder)("demo", "account")
    assert done.returncode == 0, done.stderr
    return folder / "account"


@pytest.fixture(scope="session")
def whole(demo: Path) -> subprocess.CompletedProcess[str]:
    """The main job on the whole account, once."""
    return Run(demo)("analyze", "bill", "--config", "infercost.toml", "--format", "json")


@pytest.fixture
def quick(demo: Path) -> tuple[str | Path, ...]:
    """An analysis of one workload only."""
    selection = ("--select", "service:bedrock", "--select", "workload:MEDIA-*")
    return ("analyze", demo / "bill", "--config", demo / "infercost.toml", *selection)
