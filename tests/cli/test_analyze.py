"""The main job: from the demo account to ranked savings, as users run it."""

import re
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


# --- terminals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("columns", [80, 140])
def test_on_a_terminal_progress_is_shown_then_a_report_as_wide_as_the_window(quick: Quick, columns: int) -> None:
    code, shown = on_terminal(*quick, columns=columns, environment={"NO_COLOR": "1"})
    report = shown[shown.index("October 2026 ") :]
    lines = [line for line in report.splitlines() if not line.startswith("  run  ")]
    assert code == 0
    assert re.search(r"0:00:\d\d", shown.removesuffix(report)), "no clock before the report"
    assert columns - 20 < max(map(len, lines)) <= columns
    assert "\x1b" not in report
