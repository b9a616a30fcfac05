"""The main job: from the demo account to ranked savings, as users run it."""

import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from cli.runner import Run
from cli.terminal import on_terminal
from infercost.schema.analysis import Analysis

Quick = tuple[str | Path, ...]


def test_demo_to_savings(whole: subprocess.CompletedProcess[str]) -> None:
    assert (whole.returncode, whole.stderr) == (0, "")
    analysis = Analysis.model_validate_json(whole.stdout)
    assert len(analysis.recommendations) >= 5
    assert analysis.reconciliation.difference == 0
    assert analysis.totals.estimated_monthly_savings == sum(
        one.estimated_monthly_savings for one in analysis.recommendations
    )
    for one in analysis.recommendations:
        assert 0 <= one.savings_low <= one.estimated_monthly_savings <= one.savings_high
        assert one.estimated_monthly_savings <= one.current_monthly_cost


@pytest.mark.parametrize("form", ["table", "html"])
def test_a_file_gets_what_stdout_gets(run: Run, quick: Quick, form: str) -> None:
    printed = run(*quick, "--format", form)
    written = run(*quick, "--format", form, "--output", "report")
    assert (printed.returncode, written.returncode) == (0, 0)
    assert (printed.stderr, written.stderr, written.stdout) == ("", "", "")
    assert (run.folder / "report").read_text(encoding="utf-8") == printed.stdout
    assert [path.name for path in run.folder.iterdir()] == ["report"]


def test_select_narrows_workloads_and_totals(run: Run, quick: Quick) -> None:
    one = Analysis.model_validate_json(run(*quick, "--format", "json").stdout)
    assert [workload.name for workload in one.workloads] == ["media-analysis"]
    assert one.totals.estimated_monthly_savings == one.recommendations[0].estimated_monthly_savings


def test_a_selection_of_nothing_exits_2_and_names_the_workloads(run: Run, quick: Quick) -> None:
    done = run(*quick, "--select", "account:999999999999")
    assert (done.returncode, done.stdout) == (2, "")
    assert "media-analysis" in done.stderr


@pytest.mark.parametrize(
    ("bound", "code"), [("savings>=1", 1), ("savings>=1000000", 0), ("monthly_cost>1", 1), ("monthly_cost > 1e9", 2)]
)
def test_fail_on(run: Run, quick: Quick, bound: str, code: int) -> None:
    done = run(*quick, "--fail-on", bound, "--format", "json")
    assert done.returncode == code
    assert bool(done.stdout) == (code != 2)
    assert ("is crossed" in done.stderr) == (code == 1)


def test_a_month_that_is_not_there_exits_4(run: Run, quick: Quick) -> None:
    done = run(*quick, "--month", "2019-01")
    assert (done.returncode, done.stdout) == (4, "")
    assert "2019-01" in done.stderr


# --- the output file -------------------------------------------------------------------------------------------------
def test_a_failing_run_leaves_the_old_file_whole(run: Run) -> None:
    (run.folder / "report.csv").write_text("old")
    (run.folder / "bill.csv").write_text("not,a,bill\n1,2,3\n")
    done = run("analyze", "bill.csv", "--format", "csv", "--output", "report.csv")
    assert done.returncode == 3
    assert (run.folder / "report.csv").read_text() == "old"
    assert sorted(path.name for path in run.folder.iterdir()) == ["bill.csv", "report.csv"]


def test_a_replaced_file_keeps_its_mode_and_a_link_stays_a_link(run: Run, quick: Quick) -> None:
    target = run.folder / "real.csv"
    target.write_text("old")
    target.chmod(0o640)
    (run.folder / "link.csv").symlink_to("real.csv")
    assert run(*quick, "--format", "csv", "--output", "link.csv").returncode == 0
    assert (run.folder / "link.csv").is_symlink()
    assert target.read_text(encoding="utf-8").startswith("record,")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_device_is_written_to(run: Run, quick: Quick) -> None:
    assert run(*quick, "--output", os.devnull).returncode == 0


# --- terminals -------------------------------------------------------------------------------------------------------
def test_colour_on_a_terminal_only_and_never_with_no_color(run: Run, quick: Quick) -> None:
    piped = run(*quick)
    code, coloured = on_terminal(*quick)
    _, plain = on_terminal(*quick, NO_COLOR="1")
    _, dumb = on_terminal(*quick, TERM="dumb")
    assert code == 0
    assert "\x1b[1;32mYou can save" in coloured
    assert "\x1b" not in piped.stdout
    assert "\x1b[1" not in _report(plain)
    assert "\x1b" not in _report(dumb)
    assert _report(plain) == piped.stdout


@pytest.mark.parametrize("columns", [80, 140])
def test_the_report_is_as_wide_as_the_terminal(quick: Quick, columns: int) -> None:
    _, shown = on_terminal(*quick, columns=columns, NO_COLOR="1")
    lines = [line for line in _report(shown).splitlines() if not line.startswith("  run  ")]
    assert columns - 20 < max(map(len, lines)) <= columns


def test_a_long_run_shows_its_progress_on_a_terminal_and_cleans_up(run: Run, quick: Quick) -> None:
    _, shown = on_terminal(*quick, NO_COLOR="1")
    assert "0:00:0" in shown.removesuffix(_report(shown)), "no clock before the report"
    assert not re.search(r"0:00:\d\d", _report(shown))
    assert run(*quick).stderr == ""


def _report(shown: str) -> str:
    """What stays on the screen: everything from the line that names the month."""
    return shown[re.search(r"(\x1b\[[0-9;]*m)?October 2026 ", shown).start() :]  # type: ignore[union-attr]
