"""What was printed once, looked at, and kept. `INFERCOST_UPDATE_GOLDEN=1` writes the files anew."""

import os

import pytest

from golden import samples
from golden.samples import HERE
from infercost.report.paper import Paper
from infercost.report.render import render_analysis, render_comparison, render_outcomes, render_spending
from infercost.schema.spending import Spending


def check(name: str, printed: str) -> None:
    path = HERE / name
    if os.environ.get("INFERCOST_UPDATE_GOLDEN"):
        path.write_text(printed, encoding="utf-8", newline="")
    kept = path.read_bytes().decode() if path.exists() else ""
    assert printed == kept, f"{name} differs; if the new one is better: INFERCOST_UPDATE_GOLDEN=1"


@pytest.mark.parametrize("columns", [80, 100, 140])
def test_terminal(columns: int) -> None:
    check(f"report_{columns}.txt", render_analysis(samples.rich(), "table", Paper(columns)))


def test_terminal_in_colour() -> None:
    check("report_colour.ansi", render_analysis(samples.rich(), "table", Paper(100, colour=True)))


@pytest.mark.parametrize(("form", "ending"), [("json", "json"), ("csv", "csv"), ("markdown", "md"), ("html", "html")])
def test_format(form: str, ending: str) -> None:
    check(f"report.{ending}", render_analysis(samples.rich(), form, Paper()))


@pytest.mark.parametrize(("form", "ending"), [("table", "txt"), ("csv", "csv"), ("markdown", "md"), ("html", "html")])
def test_a_bill_without_inference(form: str, ending: str) -> None:
    check(f"bare.{ending}", render_analysis(samples.bare(), form, Paper()))


@pytest.mark.parametrize("columns", [80, 100])
def test_outcomes(columns: int) -> None:
    check(f"outcomes_{columns}.txt", render_outcomes(samples.outcomes(), "table", Paper(columns)))


@pytest.mark.parametrize("columns", [80, 100])
def test_comparison(columns: int) -> None:
    printed = render_comparison(samples.outcomes(), samples.untried(), "table", Paper(columns))
    check(f"comparison_{columns}.txt", printed)


def test_comparison_in_json() -> None:
    printed = render_comparison(samples.outcomes()[1:2], samples.untried(), "json", Paper())
    check("comparison.json", printed)


@pytest.mark.parametrize("columns", [80, 100, 140])
def test_spending(columns: int) -> None:
    check(f"spending_{columns}.txt", render_spending(samples.spending(), "table", Paper(columns)))


@pytest.mark.parametrize(("form", "name"), [("csv", "spending.csv"), ("markdown", "spending.md")])
def test_spending_in_files(form: str, name: str) -> None:
    check(name, render_spending(samples.spending(), form, Paper()))


def test_spending_in_json_reads_back() -> None:
    printed = render_spending(samples.spending(), "json", Paper())
    assert Spending.model_validate_json(printed) == samples.spending()


def test_outcomes_in_json() -> None:
    check("outcomes.json", render_outcomes(samples.outcomes(), "json", Paper()))


def test_one_outcome_in_json() -> None:
    check("outcome.json", render_outcomes(samples.outcomes()[1:2], "json", Paper()))
