"""Every scenario in examples/ runs, and loses no request."""

import json
from pathlib import Path

import pytest

from infercost.cli.app import run
from infercost.cli.stop import Stop
from infercost.schema.outcome import Outcome
from infercost.schema.scenario import PATTERNS, Scenario

EXAMPLES = Path(__file__).parents[2] / "examples"
SCENARIOS = sorted(EXAMPLES.rglob("*.toml"))
ENDS = ("completed", "throttled", "refused", "timed_out", "expired", "unfinished")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_an_example_is_simulated_whole(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["simulate", str(path), "--format", "json"], Stop())
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    outcomes = [Outcome.model_validate(one) for one in document.get("outcomes", [document])]
    unknown = [(one.deployment_id, each.usage_type) for one in outcomes for each in one.charges if each.cost is None]
    assert code == (4 if unknown else 0)
    for deployment, usage_type in unknown:
        assert f"{deployment}: {usage_type}" in printed.err
    for one in outcomes:
        assert one.infeasible is None
        assert one.requests == sum(getattr(one, end) for end in ENDS) > 0
        assert one.completed > 0


def test_there_is_an_example_of_every_pattern_of_sagemaker_and_a_line_for_each() -> None:
    patterns = {one.pattern for path in SCENARIOS for one in Scenario.load(path).deployment}
    assert patterns >= {pattern for pattern in PATTERNS if not pattern.startswith("bedrock-")}
    lines = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for path in EXAMPLES.glob("*.toml"):
        assert f"| [{path.name}]({path.name}) |" in lines
