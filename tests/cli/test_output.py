"""Whole files or none, and colour only where it belongs."""

import os
import stat
import subprocess

import pytest

from cli.runner import EXECUTABLE, Run
from cli.scenarios import REAL_TIME, SERVERLESS, scenario
from cli.terminal import on_terminal


@pytest.fixture
def simulation(run: Run) -> tuple[str, ...]:
    path = scenario(run.folder, REAL_TIME.format(region="us-east-1"), SERVERLESS.format(memory_mb=2048))
    return ("simulate", str(path))


def test_a_disk_that_fills_up_leaves_the_old_file_whole(run: Run, simulation: tuple[str, ...]) -> None:
    target = run.folder / "outcome.json"
    target.write_text("old")
    limited = 'ulimit -f 1; exec "$0" "$@" --format json --output "outcome.json"'
    done = subprocess.run(
        ["/bin/bash", "-c", limited, EXECUTABLE, *simulation],
        cwd=run.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "infercost: --output outcome.json: cannot be written (File too large)\n"
    assert target.read_text() == "old"
    assert sorted(each.name for each in run.folder.iterdir()) == ["outcome.json", "scenario.toml"]


def test_a_replaced_file_keeps_its_mode_and_a_link_stays_a_link(run: Run, simulation: tuple[str, ...]) -> None:
    target = run.folder / "real.txt"
    target.write_text("old")
    target.chmod(0o640)
    (run.folder / "link.txt").symlink_to("real.txt")
    assert run(*simulation, "--output", "link.txt").returncode == 0
    assert (run.folder / "link.txt").is_symlink()
    assert target.read_text(encoding="utf-8").startswith("fraud / now\n")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_device_is_written_to(run: Run, simulation: tuple[str, ...]) -> None:
    assert run(*simulation, "--output", os.devnull).returncode == 0


def test_colour_on_a_terminal_only_and_never_with_no_color(run: Run, simulation: tuple[str, ...]) -> None:
    piped = run(*simulation).stdout
    code, coloured = on_terminal(*simulation)
    assert code == 0
    assert "\x1b[1mfraud / now\x1b[0m" in coloured
    assert "\x1b" not in piped
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        _, plain = on_terminal(*simulation, environment=environment)
        assert plain[plain.index("fraud / now") :] == piped
