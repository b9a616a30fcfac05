"""Nothing from outside acts in any format, nothing is cut, and no figure gets lost."""

import csv
import json
import re
import string
from decimal import Decimal
from html.parser import HTMLParser
from io import StringIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from golden import samples
from infercost.report.paper import Paper
from infercost.report.render import render_analysis, render_spending
from infercost.report.text import plain
from infercost.schema.analysis import Analysis
from infercost.schema.spending import Spending

HOSTILE = (
    '=cmd|"/C calc"!A0',
    "\t=1+1",
    "-2+3",
    "@SUM(A1)",
    "\uff1d1+1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a|b\\|c\n| d | e |",
    "`[x](javascript:alert(1))` **b** <!-- c -->",
    "[bold red]x[/] :smile: [link=http://evil.example]y[/link]",
    "\x1b[2J\x1b]0;title\x07\x9b31m\x7f",
    "\u202egnp.exe\u2066\ufeff\u2028",
    "{{ 7 * 7 }}{% include 'x' %}",
    "漢字のとても長い名前" * 12,
    "x" * 500,
    "\ud800",
)
# every key whose text comes from the bill, the config or a file name
OUTSIDE = {
    "name",
    "detail",
    "deployment",
    "reason",
    "title",
    "finding",
    "missingEvidence",
    "command",
    "currentResourceSummary",
    "recommendedResourceSummary",
    "resourceId",
    "latency",
    "unit_cost",
    "accountId",
    "region",
    "format",
    "currency",
}
IN_LISTS = {"conditions", "notes", "warnings", "resource_ids", "payers"}


def with_text(text: str) -> Analysis:
    """The rich analysis, with `text` wherever the outside has a say."""

    def swapped(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            mapping = {text: text} if key == "tags" else value
            return {name: swapped(inner, name) for name, inner in mapping.items()}
        if isinstance(value, list):
            return [text if key in IN_LISTS else swapped(inner, key) for inner in value]
        return text if key in OUTSIDE and value is not None else value

    return Analysis.model_validate(swapped(json.loads(samples.rich().model_dump_json(by_alias=True))))


def written(analysis: Analysis, form: str, columns: int = 100) -> str:
    return render_analysis(analysis, form, Paper(columns))


texts = st.text(max_size=80) | st.sampled_from(HOSTILE)


@pytest.fixture(params=[text for text in HOSTILE if "\ud800" not in text], ids=range(len(HOSTILE) - 1))
def hostile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


SPENDING_OUTSIDE = {"name", "key", "served", "by", "owner_tag", "format", "currency", "requests_evidence"}
SPENDING_LISTS = {"accounts", "regions", "untold", "warnings"}


def spent_with_text(text: str) -> Spending:
    """The spending of the samples, with `text` wherever the outside has a say."""

    def swapped(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: swapped(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [text if key in SPENDING_LISTS else swapped(inner, key) for inner in value]
        return text if key in SPENDING_OUTSIDE and value is not None else value

    return Spending.model_validate(swapped(json.loads(samples.spending().model_dump_json(by_alias=True))))


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_spending_fits_the_window_and_has_no_codes(hostile: str, columns: int) -> None:
    shown = render_spending(spent_with_text(hostile), "table", Paper(columns))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert max(map(cell_len, shown.splitlines())) <= columns


def test_spending_in_files_stays_text(hostile: str) -> None:
    spent = spent_with_text(hostile)
    text = render_spending(spent, "markdown", Paper())
    assert "<" not in text
    assert not re.search(r"(?<!\\)\]\(", text)
    rows = list(csv.reader(StringIO(render_spending(spent, "csv", Paper()))))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not any(re.match(r"\s*[=+@\uff1d\uff0b\uff0d\uff20]", cell) for row in rows for cell in row)


def test_spending_s_rows_of_csv_add_up() -> None:
    rows = list(csv.DictReader(StringIO(render_spending(samples.spending(), "csv", Paper()))))
    assert sum(Decimal(row["effectiveCost"]) for row in rows) == samples.spending().effective_cost


@given(texts)
def test_plain_text_has_no_terminal_code_and_loses_nothing_else(text: str) -> None:
    shown = plain(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert [one for one in text if one.isalnum()] == [one for one in shown if one.isalnum()]


@pytest.mark.parametrize("columns", [60, 80, 100, 140, 300])
def test_terminal_lines_fit_the_window_but_for_commands(hostile: str, columns: int) -> None:
    lines = written(with_text(hostile), "table", columns).splitlines()
    assert max(cell_len(line) for line in lines if not line.startswith("  run  ")) <= columns


def test_a_command_stays_in_one_line_to_be_copied() -> None:
    command = "aws cloudwatch get-metric-statistics " + "--dimensions Name=EndpointName,Value=x " * 9
    [found, *_] = samples.rich().investigations
    analysis = samples.rich().model_copy(update={"investigations": (found.model_copy(update={"command": command}),)})
    assert f"\n  run    {command.rstrip()}\n" in written(analysis, "table", 80)


@pytest.mark.parametrize("columns", [80, 100, 140])
def test_terminal_shows_every_cost_of_a_workload_in_its_line(columns: int) -> None:
    lines = written(samples.rich(), "table", columns).splitlines()
    [fraud] = [line for line in lines if line.startswith("card-fraud")]
    assert re.split(r"  +", fraud) == ["card-fraud", "21,491", "3,791", "17,700", "16,900 to 18,300", "High"]
    for workload in samples.rich().workloads:
        assert any(line.startswith(plain(workload.name)[:12]) for line in lines)


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_a_long_word_is_folded_not_cut(columns: int) -> None:
    word = "".join(string.ascii_lowercase[place % 26] for place in range(400))
    shown = written(with_text(word), "table", columns)
    assert word in "".join(shown.split())
    assert "…" not in shown


def test_terminal_has_no_codes_but_our_own(hostile: str) -> None:
    analysis = with_text(hostile)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", written(analysis, "table"))
    coloured = render_analysis(analysis, "table", Paper(100, colour=True))
    assert set(re.findall(r"\x1b[^m]*m", coloured)) <= {"\x1b[1m", "\x1b[1;32m", "\x1b[0m"}


def test_colour_adds_nothing_to_the_words() -> None:
    coloured = render_analysis(samples.rich(), "table", Paper(100, colour=True))
    bare = "".join(f"{line.rstrip()}\n" for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines())
    assert bare == written(samples.rich(), "table")


def test_markup_is_shown_as_it_is() -> None:
    assert "[bold red]x[/]" in written(samples.rich(), "table")


def test_csv_cells_never_start_a_formula(hostile: str) -> None:
    for row in csv.reader(StringIO(written(with_text(hostile), "csv"))):
        for cell in row:
            assert not re.match(r"\s*[=+@\uff1d\uff0b\uff0d\uff20]", cell)
            assert not re.match(r"\s*-(?!\d+(\.\d+)?$)", cell)


def test_csv_rows_are_as_long_as_the_header_and_lines(hostile: str) -> None:
    text = written(with_text(hostile), "csv")
    rows = list(csv.reader(StringIO(text)))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(text.splitlines()) == len(rows)


def test_csv_savings_add_up_to_the_total_and_investigations_do_not_count() -> None:
    rows = list(csv.DictReader(StringIO(written(samples.rich(), "csv"))))
    counted = sum(Decimal(row["estimatedMonthlySavings"] or 0) for row in rows)
    assert counted == samples.rich().totals.estimated_monthly_savings
    assert {row["record"] for row in rows if row["estimatedMonthlySavings"]} == {"recommendation"}


def test_markdown_tables_keep_their_columns(hostile: str) -> None:
    columns = 0
    for line in written(with_text(hostile), "markdown").splitlines():
        bars = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line))
        if set(line) <= set("|-:") and line:
            columns = bars
        elif line.startswith("|") and columns:
            assert bars == columns
        else:
            columns = 0


def test_markdown_has_no_html_and_no_links(hostile: str) -> None:
    text = written(with_text(hostile), "markdown")
    assert "<" not in text
    assert not re.search(r"(?<!\\)\]\(", text)


class Elements(HTMLParser):
    """What a browser would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_gets_no_element_and_no_attribute_from_outside(hostile: str) -> None:
    usual, attacked = Elements(), Elements()
    usual.feed(written(samples.rich(), "html"))
    attacked.feed(written(with_text(hostile), "html"))
    assert attacked.tags == usual.tags
    assert attacked.attributes == usual.attributes
    assert "script" not in usual.tags


def test_html_shows_the_text_as_it_is() -> None:
    page = Elements()
    page.feed(written(with_text("<b>&amp; \"q\" 'r' {{ 1 }}"), "html"))
    assert "<b>&amp; \"q\" 'r' {{ 1 }}" in page.text


def test_html_needs_no_other_file() -> None:
    text = written(with_text("name"), "html")
    assert not re.search(r"(src|href|action)\s*=|url\(|@import|https?://", text)


def test_json_reads_back_as_the_same_analysis() -> None:
    text = written(samples.rich(), "json")
    assert Analysis.model_validate_json(text) == samples.rich()
    assert text.isascii()


def test_json_money_is_text_without_exponent() -> None:
    totals = samples.rich().totals.model_copy(update={"savings_low": Decimal("1E+3"), "savings_high": Decimal("0E-18")})
    document = json.loads(written(samples.rich().model_copy(update={"totals": totals}), "json"))
    assert (document["totals"]["savings_low"], document["totals"]["savings_high"]) == ("1000", "0")


@settings(max_examples=20)
@given(texts.filter(lambda text: not re.search("[\ud800-\udfff]", text)))
@example("")
def test_no_text_breaks_a_format(text: str) -> None:
    analysis = with_text(text)
    for form in ("table", "json", "csv", "markdown", "html"):
        assert written(analysis, form).encode()
