"""Bills that are damaged, odd or changing under the reader, as users meet them: one message, the right exit code."""

import json
import os
import resource
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.runner import EXECUTABLE, Run
from unit.billing.make_exports import cur, focus, write_csv

LARGEST_FILE = 100_000  # bytes: so a full disk looks to whoever writes


def start(*arguments: str | Path, temporary: Path, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [EXECUTABLE, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
        preexec_fn=before,  # noqa: PLW1509 -- no threads here
    )


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def large(file: Path, rows: int) -> Path:
    """Rows of inference that pack badly."""
    start = write_csv(file, [focus()]).read_text().splitlines()
    lines = (start[1].replace("endpoint/fraud", f"endpoint/{n * 7919 % 1_000_003}-{n}") for n in range(rows))
    file.write_text("\n".join([start[0], *lines]) + "\n")
    return file


def test_odd_rows_are_charges_all_the_same(run: Run) -> None:
    bedrock = {"line_item_product_code": "AmazonBedrock", "pricing_unit": "1K tokens"}
    tokens = {"line_item_usage_type": "USE1-NovaLite-input-tokens", **bedrock}
    odd: list[dict[str, str]] = [
        {"line_item_usage_amount": "20000"},  # instances at once
        {"line_item_usage_amount": "-5"},
        {"line_item_usage_end_date": "2026-10-31T00:00:00Z"},
        {"line_item_usage_start_date": "1999-10-31T00:00:00Z"},
        {"line_item_line_item_type": ""},
        {"line_item_usage_type": "USE1-ServerlessInf:Mem-0GB", "pricing_unit": "Second"},
        {"line_item_usage_type": "USE1-Host:ml." + "x" * 1_000_000},
        {"pricing_unit": "parsecs\x1b[31m"},
        {**tokens, "line_item_usage_amount": "-1e5"},
        {**tokens, "line_item_usage_amount": "1e12"},
        {"resource_tags": json.dumps({"team": "x" * 1_000_000})},
    ]
    rows = [cur(line_item_resource_id=f"arn:aws:x:::endpoint/{n}\x07\n", **row) for n, row in enumerate(odd)]
    write_csv(run.folder / "bill.csv.gz", rows)
    for command in (("analyze",), ("workloads", "--by", "tag:team")):
        done = run(*command, "bill.csv.gz")
        assert (done.returncode, done.stderr) == (0, "")
        assert "16.50" in done.stdout
        assert not {"\x1b", "\x07"} & set(done.stdout)
        assert max(map(len, done.stdout.splitlines())) < 5_000
    found = json.loads(run("bill", "inspect", "bill.csv.gz", "--format", "json").stdout)
    assert (found["rows"], found["charges"], found["set_aside"]) == (11, 11, [])


def test_a_file_name_that_is_no_text(run: Run) -> None:
    write_csv(run.folder / "bill" / "a.csv", [focus()])
    (run.folder / "bill" / "a.csv").rename(os.fsdecode(os.fsencode(run.folder / "bill") + b"/b\xff.csv"))
    done = run("analyze", "bill")
    assert (done.returncode, done.stdout) == (3, "")
    assert r"b\xff.csv: its name is not text in UTF-8: rename it" in done.stderr


@pytest.mark.parametrize("packed", [False, True])
def test_no_room_in_the_temporary_folder(tmp_path: Path, temporary: Path, *, packed: bool) -> None:
    bill = large(tmp_path / "a.csv", 20_000)
    if packed:
        with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(bill, "a.csv")
        bill = tmp_path / "a.zip"

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))

    with start("bill", "inspect", bill, temporary=temporary, before=no_room) as process:
        stdout, stderr = process.communicate(timeout=60)
    name = f"{bill}!a.csv" if packed else str(bill)
    assert (process.returncode, stdout) == (2, "")
    assert f"{name} needs room there (File too large); make room, or set TMPDIR" in stderr
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("what", ["cut", "gone"])
def test_a_file_that_changes_while_it_is_read(tmp_path: Path, temporary: Path, what: str) -> None:
    bill = large(tmp_path / "a.csv", 200_000)
    with start("bill", "inspect", bill, temporary=temporary) as process:
        wait_for_spool(process, temporary)
        if what == "cut":
            os.truncate(bill, 10_000)
        else:
            bill.unlink()
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (3, "")
    assert stderr.startswith(f"infercost: {bill}: ")


def test_ctrl_c_leaves_nothing_of_a_bill_behind(tmp_path: Path, temporary: Path) -> None:
    bill = large(tmp_path / "a.csv", 200_000)

    def interruptible() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)

    with start("analyze", bill, temporary=temporary, before=interruptible) as process:
        wait_for_spool(process, temporary)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout) == (130, "")
    assert stderr.endswith("infercost: interrupted\n")
    assert list(temporary.iterdir()) == []


def wait_for_spool(process: subprocess.Popen[str], temporary: Path) -> None:
    """Until rows are being put aside."""
    while not list(temporary.glob("infercost-*")):
        assert process.poll() is None
        time.sleep(0.005)
