"""What crosses to the engine."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from infercost.schema.evidence import Evidence
from infercost.schema.traffic import Traffic
from infercost.traffic.columns import engine_columns
from infercost.traffic.read import read_traffic

OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)


def _traffic(folder: Path, text: str, **period: float) -> Traffic:
    path = folder / "traffic.csv"
    path.write_text(text, encoding="utf-8")
    return read_traffic(path, start=OCTOBER, **period)


def test_a_trace_counts_nanoseconds_from_the_start(tmp_path: Path) -> None:
    text = (
        "arrival,model,service_ms,input_tokens,payload_bytes\n"
        "2026-10-01T00:00:00.000000001Z,m,0.0000014,5,7\n2026-10-01T00:00:01Z,m,2.5,6,8\n"
    )
    columns = engine_columns(_traffic(tmp_path, text))
    assert columns.columns == ["arrival_ns", "service_ns", "input_tokens", "payload_bytes", "model"]
    assert columns.rows() == [(1, 1, 5, 7, 0), (1_000_000_000, 2_500_000, 6, 8, 0)]


def test_models_and_prefixes_are_numbered_as_they_appear(tmp_path: Path) -> None:
    text = "arrival,model,prefix\n1,b,7\n2,a,7\n3,b,12\n4,c,7\n"
    columns = engine_columns(_traffic(tmp_path, text))
    assert columns.schema == {"arrival_ns": pl.Int64, "model": pl.Int64, "prefix": pl.Int64}
    assert columns["model"].to_list() == [0, 1, 0, 2]
    assert columns["prefix"].to_list() == [0, 0, 1, 0]


def test_work_is_rounded_to_the_nearest_nanosecond(tmp_path: Path) -> None:
    assert engine_columns(_traffic(tmp_path, "arrival,service_ms\n5,0.0000016\n"))["service_ns"].to_list() == [2]


def test_the_last_arrival_is_before_the_end_to_the_nanosecond(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("arrival\n2026-10-01 00:00:00.000000001\n2026-10-01 00:00:01.000000000\n")
    trace = read_traffic(path)
    assert engine_columns(trace)["arrival_ns"].to_list() == [1, 10**9]
    assert trace.duration_s == 2.0


def test_no_work_is_one_nanosecond(tmp_path: Path) -> None:
    assert engine_columns(_traffic(tmp_path, "arrival,service_ms\n5,0\n"))["service_ns"].to_list() == [1]


def test_rates_are_contiguous_and_end_with_the_period(tmp_path: Path) -> None:
    text = (
        "start,requests,output_tokens\n2026-10-01 00:00:00,3,30\n2026-10-01 00:10:00,4,40\n2026-10-01 00:15:00,5,50\n"
    )
    columns = engine_columns(_traffic(tmp_path, text))
    assert columns.columns == ["start_ns", "end_ns", "requests", "output_tokens"]
    minute = 60 * 10**9
    assert columns.rows() == [
        (0, 10 * minute, 3, 30),
        (10 * minute, 15 * minute, 4, 40),
        (15 * minute, 20 * minute, 5, 50),
    ]


def test_one_step_lasts_the_period(tmp_path: Path) -> None:
    columns = engine_columns(_traffic(tmp_path, "start,requests\n2026-10-01,3\n", duration_s=90))
    assert columns.rows() == [(0, 90 * 10**9, 3)]


def test_the_engine_gets_one_chunk_of_integers_without_nulls() -> None:
    half = pl.DataFrame({"arrival": pl.Series([OCTOBER], dtype=pl.Datetime("ns", "UTC")), "input_tokens": [1]})
    frame = pl.concat([half, half.with_columns(pl.col("arrival").dt.offset_by("1s"))], rechunk=False)
    columns = engine_columns(Traffic("trace", frame, OCTOBER, 2.0, Evidence.MEASURED, "two chunks"))
    assert columns.n_chunks() == 1
    assert set(columns.dtypes) == {pl.Int64}
    assert columns.null_count().row(0) == (0, 0)


def test_first_tokens_are_rounded_as_work_is(tmp_path: Path) -> None:
    text = "arrival,service_ms,first_token_ms\n5,2,0.0000016\n6,2,0\n"
    columns = engine_columns(_traffic(tmp_path, text))
    assert columns["first_token_ns"].to_list() == [2, 1]
    assert columns["first_token_ns"].dtype == pl.Int64
