"""The tables in the Markdown files beside this test, worked by hand, against the engine and the reference."""

import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from infercost.engine import simulate, stream
from infercost.schema.scenario import Scenario
from twin.reference.simulator import simulate as reference

SECOND = 1_000_000_000
EXAMPLES = sorted(Path(__file__).parent.glob("*.md"))


def read(path: Path) -> tuple[Scenario, pl.DataFrame, list[dict[str, str]]]:
    """The scenario and its trace from the TOML block, and the rows of the table."""
    text = path.read_text(encoding="utf-8")
    given = tomllib.loads(text.split("```toml\n")[1].split("```")[0])
    arrivals = [round(one * SECOND) for one in given.get("arrivals_s", [])]
    for minute, count in enumerate(given.get("arrivals_per_minute", [])):
        arrivals += [minute * 60 * SECOND + index * 60 * SECOND // count for index in range(count)]
    document: dict[str, Any] = {
        "traffic": {
            "kind": "trace",
            "path": "trace.parquet",
            "start": "2026-10-01T00:00:00Z",
            "duration_s": given["duration_s"],
        },
        "service": {"kind": "constant", "mean_ms": given["service_s"] * 1000},
        "deployment": [{"id": "it", "region": "us-east-1", **given["deployment"]}],
        "assumptions": given["assumptions"],
    }
    lines = [line.strip("| ") for line in text.splitlines() if line.startswith("|")]
    heads, _, *body = ([cell.strip() for cell in line.split("|")] for line in lines)
    table = [dict(zip(heads, [*row, *[""] * (len(heads) - len(row))], strict=True)) for row in body]
    return Scenario.parse(document, path.name), pl.DataFrame({"arrival_ns": arrivals}), table


def decisions(table: list[dict[str, str]]) -> list[tuple[int, int, int]]:
    """(at_s, from, to) of the rows that decide something."""
    steps = [(int(row["seen at"]), row["decision"].split(" → ")) for row in table if row["decision"]]
    return [(at, int(before), int(after)) for at, (before, after) in steps]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_engine_decides_as_worked_by_hand(path: Path) -> None:
    scenario, columns, table = read(path)
    (run,) = simulate(scenario, columns)
    assert [(one.at_s, one.from_, one.to) for one in run.summary.activities] == decisions(table)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_reference_measures_and_decides_as_worked_by_hand(path: Path) -> None:
    scenario, columns, table = read(path)
    rows = stream(scenario, columns).to_dicts()
    (result,) = reference(scenario.model_dump(mode="json", by_alias=True), rows)
    assert [(at // SECOND, before, after) for at, before, after in result.activities] == decisions(table)
    delay = scenario.assumptions.autoscaling.metric_delay_s
    for period, row in enumerate(table):
        assert (int(row["period"]), int(row["seen at"])) == (period, 60 * (period + 1) + delay)
    for metric in {name for _, name, _, _ in result.metrics}:
        measured = [value for _, name, _, value in result.metrics if name == metric]
        worked = [None if row[metric] == "missing" else float(row[metric]) for row in table]
        assert len(measured) == len(worked)
        for period, (found, wanted) in enumerate(zip(measured, worked, strict=True)):
            assert found == (wanted if wanted is None else pytest.approx(wanted, abs=5e-5)), (
                f"period {period}: {metric}"
            )


def test_there_are_examples() -> None:
    assert {path.stem for path in EXAMPLES} >= {"real_time_target_tracking", "async_from_zero"}
