"""docs/rules.md and the code say the same of AWS's rules, both ways."""

import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from infercost.advice.assumptions import table

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "rules.md"
PYTHON = ROOT / "python" / "infercost"
RUST = ROOT / "rust" / "core" / "src"
# The families of rules: what else looks like an id (UTF-8, SHA-256, REC-1) is none.
ID = re.compile(r"\b(?:AS|AY|BB|BQ|BR|BT|CI|CM|DI|HW|IC|LT|MME|PC|PT|Q|RT|SL|SP|TI|TR)-B?\d+\b")


class Rule(NamedTuple):
    """A row of the page."""

    id: str
    rule: str
    source: str
    confidence: str
    as_of: str
    files: tuple[str, ...]


def rows(columns: int) -> list[list[str]]:
    """The cells of every row with so many columns, in tables of the page."""
    lines = (line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| "))
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if len(row) == columns]


def rules() -> list[Rule]:
    found = [row for row in rows(6) if row[0] != "id"]
    return [
        Rule(one, rule, source, confidence, as_of, tuple(re.findall(r"`([^`]+)`", files)))
        for one, rule, source, confidence, as_of, files in found
    ]


RULES = {rule.id: rule for rule in rules()}


def ids_in(path: Path) -> set[str]:
    return set(ID.findall(path.read_text(encoding="utf-8")))


def cited() -> dict[str, list[str]]:
    """Where code and its data name each id."""
    files = [*PYTHON.rglob("*.py"), *PYTHON.glob("*/data/*.csv"), *(ROOT / "rust").rglob("*.rs")]
    found = defaultdict(list)
    for path in sorted(files):
        for one in ids_in(path):
            found[one].append(str(path.relative_to(ROOT)))
    return dict(found)


def test_ids_are_told_from_what_looks_like_them() -> None:
    assert ID.findall("UTF-8, ISO-8601, SHA-256, REC-1, INV-2, FAQ-1, RTS-1, ml.g5-1, [RT]") == []
    assert ID.findall('[AS-4 to AS-14], "RT-B3", PC-1: Q-2;MME-7.') == [
        "AS-4",
        "AS-14",
        "RT-B3",
        "PC-1",
        "Q-2",
        "MME-7",
    ]


def test_every_rule_that_code_cites_is_on_the_page() -> None:
    assert {one: files for one, files in cited().items() if one not in RULES} == {}


def test_every_rule_on_the_page_is_cited_by_code() -> None:
    assert sorted(set(RULES) - set(cited())) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_lives_in_the_files_that_its_row_names(rule: Rule) -> None:
    assert rule.files
    for name in rule.files:
        assert rule.id in ids_in((RUST if name.endswith(".rs") else PYTHON) / name), name


def test_a_rule_stands_once_and_says_how_sure_it_is() -> None:
    ids = [rule.id for rule in rules()]
    assert len(ids) > 50
    assert sorted(ids) == sorted(set(ids))
    words = {row[0].strip("`") for row in rows(2)} - {"word", "---"}
    for rule in RULES.values():
        assert ID.fullmatch(rule.id)
        assert all(rule)
        assert rule.confidence in words
        assert re.fullmatch(r"20\d\d(-\d\d(-\d\d)?)?|-", rule.as_of), rule


def test_other_pages_name_known_rules_only() -> None:
    pages = [*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md")]
    assert {(page.name, one) for page in pages for one in ids_in(page) if one not in RULES} == set()


def test_the_assumptions_on_the_page_are_those_in_use() -> None:
    def shown(value: object) -> str:
        return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    on_page = [tuple(row) for row in rows(5) if row[0].startswith("`")]
    in_use = [(f"`{one.key}`", *map(shown, (one.value, one.low, one.high)), one.rule) for one in table()]
    assert on_page == in_use
