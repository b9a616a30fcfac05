"""The page of published measurements shows what the commands on it print."""

import re
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from infercost.cli.app import run
from infercost.cli.stop import Stop

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "measurements.md"
BLOCK = re.compile(r"^## (?P<title>[^\n]*)$|```(?P<kind>toml|console)\n(?P<body>.*?)```", re.DOTALL | re.MULTILINE)


class Shown(NamedTuple):
    """A command of the page, what it is said to print, and what its scenario is said to assume."""

    command: str
    lines: tuple[str, ...]
    assumed: str


def shown() -> list[Shown]:
    found, assumed = [], ""
    for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        if block["title"]:
            assumed = ""
        elif block["kind"] == "toml":
            assumed = block["body"]
        else:
            command, *lines = block["body"].splitlines()
            found.append(Shown(command.removeprefix("$ "), tuple(lines), assumed))
    return found


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("one", shown(), ids=lambda one: Path(one.command).stem + " closer" * bool(one.assumed))
def test_a_command_prints_what_the_page_shows(one: Shown, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program, command, scenario = shlex.split(one.command)
    folder = shutil.copytree((ROOT / scenario).parent, tmp_path / "published")
    path = folder / Path(scenario).name
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{one.assumed}", encoding="utf-8")
    assert program == "infercost"
    assert run([command, str(path)], Stop()) in {0, 4}
    printed = [words(line) for line in capsys.readouterr().out.splitlines()]
    for line in one.lines:
        assert any(words(line) in each for each in printed), f"not printed: {line}"


def test_every_published_scenario_is_on_the_page() -> None:
    scenarios = {f"examples/published/{path.name}" for path in (ROOT / "examples" / "published").glob("*.toml")}
    assert {shlex.split(one.command)[-1] for one in shown()} == scenarios
