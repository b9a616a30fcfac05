"""The README shows what infercost really prints and reads. `INFERCOST_UPDATE_GOLDEN=1` renews the demo in it."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

from infercost.report.paper import Paper
from infercost.report.render import render_analysis
from infercost.schema.analysis import Analysis
from infercost.schema.config import Config
from infercost.schema.scenario import Scenario

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DEMO = re.compile(r"(<!-- demo -->\n```text\n)(.*?)(```\n<!-- /demo -->)", re.DOTALL)


def test_the_demo_in_the_readme_is_what_make_demo_prints(whole: subprocess.CompletedProcess[str]) -> None:
    printed = render_analysis(Analysis.model_validate_json(whole.stdout), "table", Paper())
    text = README.read_text(encoding="utf-8")
    if os.environ.get("INFERCOST_UPDATE_GOLDEN"):
        text = DEMO.sub(lambda found: found[1] + printed + found[3], text)
        README.write_text(text, encoding="utf-8")
    found = DEMO.search(text)
    assert found is not None
    assert found[2] == printed, "the README shows an old demo; INFERCOST_UPDATE_GOLDEN=1 renews it"


def test_configs_and_scenarios_in_the_readme_are_valid() -> None:
    examples = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    documents = [tomllib.loads(example) for example in examples]
    assert [("deployment" in document) for document in documents] == [False, True]
    assert Config.parse(documents[0], "README").workload
    assert Scenario.parse(documents[1], "README").deployment


def test_the_readme_opens_with_the_two_commands() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines[:14] if line.startswith("make ")] == [
        "make demo    # builds all in .venv and runs the main job on an example account",
        "make test    # runs every test",
    ]


def test_every_page_that_a_document_links_to_is_there() -> None:
    for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/README.md", "docs/measurements.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text(encoding="utf-8")):
            assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"
