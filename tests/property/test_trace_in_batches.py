"""A trace gives the same bytes however it comes to the engine: as a table, in batches, or from disk."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infercost import advice
from infercost.engine import simulate
from infercost.schema.scenario import Scenario
from infercost.schema.traffic import TRACE
from infercost.traffic.columns import engine_columns
from infercost.traffic.file import TrafficFile
from infercost.traffic.read import read_traffic
from infercost.traffic.spool import spooled
from infercost.traffic.trace import Trace

SECOND = 1_000_000_000
STREAMED = {"first_token": {"kind": "trace"}}
HERE: dict[str, Any] = {"region": "us-east-1", "instance_type": "ml.m5.xlarge"}
DEPLOYMENTS: list[dict[str, Any]] = [
    {"id": "random", "pattern": "real-time", "instances": 2, **HERE},
    {
        "id": "prefixes",
        "pattern": "real-time",
        "instances": 3,
        "routing": "prefix-aware",
        "prefix_concurrency_threshold": 2,
        **HERE,
    },
    {"id": "async", "pattern": "async", "concurrency": 2, **HERE},
    {"id": "serverless", "pattern": "serverless", "region": "us-east-1", "memory_mb": 2048, "max_concurrency": 3},
    {"id": "jobs", "pattern": "batch-transform", "every_s": 60, **HERE},
    {"id": "models", "pattern": "multi-model", "model_mb": [100], "memory_mb": 200, "disk_mb": 300, **HERE},
    {"id": "tokens", "pattern": "bedrock-on-demand", "region": "us-east-1", "model_id": "amazon.nova-pro-v1:0"},
]


def _scenario(path: str, duration_s: float, **keys: Any) -> Scenario:  # noqa: ANN401 -- tables of a scenario
    traffic = {"kind": "trace", "path": path, "start": "2026-10-01T00:00:00Z", "duration_s": duration_s}
    speeds = {"multi_model": {"download_mb_per_s": 100, "load_mb_per_s": 200}}
    document = {"traffic": traffic, "service": {"kind": "trace"}, "assumptions": speeds, **keys}
    return Scenario.parse({**document, "deployment": DEPLOYMENTS}, "batches")


@st.composite
def traces(draw: st.DrawFn) -> pl.DataFrame:
    """Every column, and many arrivals at one instant."""
    gaps = draw(st.lists(st.sampled_from([0, 0, 1, SECOND // 10, 7 * SECOND]), min_size=1, max_size=40))
    rows = len(gaps)

    def column(cells: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(cells, min_size=rows, max_size=rows))

    arrivals = pl.Series("arrival", gaps).cum_sum()
    found = {name: column(st.integers(0, 4_000)) for name, dtype in TRACE.items() if dtype == pl.Int64}
    found["first_token_ms"] = column(st.floats(0, 1_000))
    found["service_ms"] = [
        first + rest for first, rest in zip(found["first_token_ms"], column(st.floats(0, 2_000)), strict=True)
    ]
    found |= {name: column(st.sampled_from("abc")) for name in ("model", "prefix", "status")}
    return pl.DataFrame([arrivals]).with_columns(pl.Series(name, found[name]) for name in TRACE if name in found)


def _bytes(scenario: Scenario, columns: pl.DataFrame | Sequence[pl.DataFrame], *, record: bool = True) -> list[Any]:
    runs = simulate(scenario, columns, record=record, block_rows=5)
    tables = [[one.write_csv() for one in (run.usage, run.requests) if one is not None] for run in runs]
    return [(run.summary_json, *written) for run, written in zip(runs, tables, strict=True)]


@settings(max_examples=25)
@given(frame=traces(), rows=st.integers(1, 50))
def test_batches_change_no_byte(tmp_path_factory: pytest.TempPathFactory, frame: pl.DataFrame, rows: int) -> None:
    path = tmp_path_factory.getbasetemp() / "batches.parquet"
    frame.write_parquet(path)
    whole = read_traffic(path)
    table = engine_columns(whole)
    scenario = _scenario(str(path), whole.duration_s, streaming=STREAMED)
    expected = _bytes(scenario, table)
    sizes = (name for name, dtype in TRACE.items() if dtype == pl.Int64)
    assert set(table.columns) == {"arrival_ns", "service_ns", "first_token_ns", *sizes, "model", "prefix"}
    assert _bytes(scenario, [table]) == expected
    assert _bytes(scenario, list(table.iter_slices(rows))) == expected
    with spooled(Trace(TrafficFile.open(path), batch_rows=rows)) as batches:
        assert len(batches) == -(-frame.height // rows)
        assert _bytes(scenario, batches) == expected
        sampled = _scenario(str(path), whole.duration_s, run={"max_requests": 1}, streaming=STREAMED)
        if frame.height > 1:
            assert _bytes(sampled, batches, record=False) == _bytes(sampled, table, record=False)


def test_a_trace_longer_than_a_batch_is_simulated_as_if_it_were_whole(tmp_path: Path) -> None:
    rows = 300_000
    row = pl.int_range(rows, eager=True)
    frame = pl.DataFrame({"arrival": row * 1_000_000, "service_ms": row % 7 + 0.5, "model": "m" + (row % 3).cast(str)})
    path = tmp_path / "long.csv"
    frame.write_csv(path)
    told: list[tuple[str, int, int | None]] = []
    scenario = _scenario("long.csv", 300).model_copy(update={"deployment": _scenario("", 1).deployment[:3]})
    found = advice.simulate(scenario, tmp_path, progress=lambda *one: told.append(one))
    expected = simulate(scenario, engine_columns(read_traffic(path, start=scenario.traffic.start, duration_s=300)))
    assert [one.deployment_id for one in found] == ["random", "prefixes", "async"]
    for one, run in zip(found, expected, strict=True):
        assert one.model_dump().items() >= run.summary.model_dump().items()
    reading = [(done, total) for step, done, total in told if step == "reading the trace"]
    assert reading == [(131_072, None), (262_144, None), (300_000, None)]
    assert {total for step, _, total in told if step == "simulating"} <= {900_000}
