"""The tables in the Markdown files beside this test, worked by hand, against the engine and the reference."""

import math
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from infercost.engine import simulate, stream
from infercost.schema.scenario import Scenario
from twin.reference.result import Result
from twin.reference.simulator import simulate as reference

SECOND = 1_000_000_000
EXAMPLES = sorted(Path(__file__).parent.glob("*.md"))
EVERY_TEN_SECONDS = "concurrent-requests"  # the other metrics are of a minute


class Example:
    """A scenario and its trace from the TOML block, and the rows of the table.

    Beside the keys of a scenario the block has `arrivals_s` or `arrivals_per_minute` with one `service_s` for all, or
    `bursts` with their own; and `instance_seconds`, where the text adds them up.
    """

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        given = tomllib.loads(text.split("```toml\n")[1].split("```")[0])
        self.trace = _trace(given)
        self.instance_seconds: int | None = given.get("instance_seconds")
        document: dict[str, Any] = {
            "traffic": {
                "kind": "trace",
                "path": "trace.parquet",
                "start": "2026-10-01T00:00:00Z",
                "duration_s": given["duration_s"],
            },
            "service": {"kind": "trace"},
            "deployment": [{"id": "it", "region": "us-east-1", **given["deployment"]}],
            "assumptions": given["assumptions"],
        }
        self.scenario = Scenario.parse(document, path.name)
        lines = [line for line in text.splitlines() if line.startswith("|")]
        heads, _, *body = ([cell.strip() for cell in line.removesuffix("|")[1:].split("|")] for line in lines)
        self.table = [dict(zip(heads, row, strict=True)) for row in body]
        self.metrics = [head for head in heads if "-" in head]

    def decisions(self) -> list[tuple[int, int, int]]:
        """(at_s, from, to) of the rows that decide something."""
        steps = [(int(row["seen at"]), row["decision"].split(" → ")) for row in self.table if row["decision"]]
        return [(at, int(before), int(after)) for at, (before, after) in steps]

    def seen(self, metric: str) -> list[tuple[int, float | None]]:
        """(at_s, value) of the datapoints in the table, None where it is missing."""
        cells = [(int(row["seen at"]), row[metric]) for row in self.table if row[metric]]
        return [(at, None if cell == "missing" else float(cell)) for at, cell in cells]


def _trace(given: dict[str, Any]) -> pl.DataFrame:
    arrivals = [(one, given["service_s"]) for one in given.get("arrivals_s", [])]
    for minute, count in enumerate(given.get("arrivals_per_minute", [])):
        arrivals += [(60 * (minute + Fraction(index, count)), given["service_s"]) for index in range(count)]
    for burst in given.get("bursts", []):
        every_s = burst.get("every_s", 0)
        arrivals += [(burst["at_s"] + index * every_s, burst["service_s"]) for index in range(burst["count"])]
    return pl.DataFrame(
        {
            "arrival_ns": [math.floor(arrival * SECOND) for arrival, _ in arrivals],
            "service_ns": [round(service * SECOND) for _, service in arrivals],
        }
    )


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem)
def example(request: pytest.FixtureRequest) -> Example:
    return Example(request.param)


def referred(example: Example) -> Result:
    rows = stream(example.scenario, example.trace).to_dicts()
    (result,) = reference(example.scenario.model_dump(mode="json", by_alias=True), rows)
    return result


def test_engine_decides_as_worked_by_hand(example: Example) -> None:
    (run,) = simulate(example.scenario, example.trace)
    assert [(one.at_s, one.from_, one.to) for one in run.summary.activities] == example.decisions()
    if example.instance_seconds is not None:
        assert run.totals()["instance_ns"] == example.instance_seconds * SECOND


def test_reference_decides_as_worked_by_hand(example: Example) -> None:
    result = referred(example)
    assert [(at // SECOND, before, after) for at, before, after in result.activities] == example.decisions()


def test_reference_measures_as_worked_by_hand(example: Example) -> None:
    assumed = example.scenario.assumptions.autoscaling
    result = referred(example)
    assert {name for _, name, _, _ in result.metrics} == set(example.metrics)
    for metric in example.metrics:
        period_s, delay_s = 60, assumed.metric_delay_s
        if metric == EVERY_TEN_SECONDS:
            period_s, delay_s = 10, assumed.metric_delay_hires_s
        measured = [value for _, name, _, value in result.metrics if name == metric]
        worked = example.seen(metric)
        assert [at for at, _ in worked] == [(k + 1) * period_s + delay_s for k in range(len(measured))]
        for (at, wanted), found in zip(worked, measured, strict=True):
            assert found == (wanted if wanted is None else pytest.approx(wanted, abs=5e-5)), f"{metric} seen at {at}"


def test_the_counts_in_the_table_follow_from_its_decisions(example: Example) -> None:
    count = None
    for row in example.table:
        before, after = row["decision"].split(" → ") if row["decision"] else (count, count)
        assert count in {None, before}
        count = after or row.get("count")
        assert row.get("count", count) == count, f"seen at {row['seen at']}"


def test_there_are_examples() -> None:
    assert {path.stem for path in EXAMPLES} >= {"real_time_target_tracking", "async_from_zero"}
