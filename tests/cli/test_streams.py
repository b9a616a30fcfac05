"""What goes where when the reader leaves, the disk is full, or somebody presses Ctrl-C."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from cli.runner import EXECUTABLE, Run
from unit.billing.make_exports import cur, write_csv

ENDLESS = """
traffic = { kind = "poisson", rate_per_s = 10000, duration_s = 10000000 }
service = { kind = "exponential", mean_ms = 0.05 }
run = { max_requests = 1000000000000 }
[[deployment]]
id = "it"
region = "us-east-1"
pattern = "real-time"
instance_type = "ml.m5.xlarge"
"""
LONG = ("prices", "list")  # more than a pipe holds


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("read", [0, 1])
def test_a_reader_that_leaves_ends_it_quietly(unbuffered: str, read: int) -> None:
    process = subprocess.Popen(
        [EXECUTABLE, *LONG],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        process.stdout.read(read)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 128 + signal.SIGPIPE


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_slow_reader_gets_everything(unbuffered: str) -> None:
    with subprocess.Popen(
        [EXECUTABLE, *LONG], stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": unbuffered}
    ) as process:
        assert process.stdout is not None
        time.sleep(0.5)
        text = process.stdout.read()
    assert process.returncode == 0
    assert len(text) > 100_000
    assert text.endswith(b"\n")


def test_stdout_is_utf_8_whatever_the_locale(run: Run) -> None:
    shown = run(*LONG, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (shown.returncode, shown.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said_and_is_no_success() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([EXECUTABLE, *LONG], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"infercost: stdout: cannot be written (No space left")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell's background job ignores Ctrl-C, and so would its children."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, previous)


def _is_said(word: bytes, stderr: bytes) -> bool:
    """Whether one line says it, and nothing else but polars, one of whose threads may be late and say so itself."""
    before, line, after = stderr.partition(b"infercost: " + word + b"\n")
    rest = before + after
    return bool(line) and (not rest or (b"__POLARS_ABORT_KEYBOARD_INTERRUPT" in rest and b"Traceback" not in rest))


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_exits_130(tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.toml"
    scenario.write_text(ENDLESS)
    with subprocess.Popen(
        [EXECUTABLE, "simulate", scenario], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        time.sleep(3.0)
        process.send_signal(signal.SIGINT)
        try:
            stdout, stderr = process.communicate(timeout=20)
        finally:
            process.kill()
    assert (process.returncode, stdout, stderr) == (130, "", "infercost: interrupted\n")


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_leaves_nothing_of_a_trace_behind(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    rows = 3_000_000
    pl.select(arrival=pl.int_range(rows) * 1_000_000).write_parquet(tmp_path / "trace.parquet")
    scenario = tmp_path / "scenario.toml"
    scenario.write_text('traffic = { kind = "trace", path = "trace.parquet" }\n' + ENDLESS.split("\n", 2)[2])
    with subprocess.Popen(
        [EXECUTABLE, "simulate", scenario], stderr=subprocess.PIPE, env={**os.environ, "TMPDIR": str(temporary)}
    ) as process:
        try:
            while not list(temporary.rglob("*.arrow")):
                assert process.poll() is None
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 130
    assert _is_said(b"interrupted", stderr)
    assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("number", "code", "said"), [(signal.SIGINT, 130, b"interrupted"), (signal.SIGTERM, 143, b"terminated")]
)
def test_a_bill_that_is_left_halfway_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals, code: int, said: bytes
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    bill = write_csv(tmp_path / "bill.csv", [cur()])
    header, row = bill.read_text().splitlines()
    bill.write_text("\n".join([header, *[row] * 1_500_000]))
    with subprocess.Popen(
        [EXECUTABLE, "bill", "convert", bill, "--output", tmp_path / "kept.parquet"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
    ) as process:
        try:
            while not list(temporary.rglob("0.parquet")):  # rows of the first chunk are put aside
                assert process.poll() is None
                time.sleep(0.01)
            process.send_signal(number)
            stdout, stderr = process.communicate(timeout=20)
        finally:
            process.kill()
    assert (process.returncode, stdout) == (code, b"")
    assert _is_said(said, stderr)
    assert list(temporary.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bill.csv", "temporary"]
