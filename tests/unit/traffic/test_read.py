"""Reading traffic: what each format gives, and what is refused, by file, row and value."""

import gzip
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import polars as pl
import pytest

from infercost.schema.errors import InputError
from infercost.schema.evidence import Evidence
from infercost.schema.traffic import Traffic
from infercost.traffic.read import read_traffic

OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)


def _file(folder: Path, text: str, name: str = "traffic.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def _read(folder: Path, text: str) -> Traffic:
    return read_traffic(_file(folder, text))


def test_the_azure_trace_as_it_stands(shared: Path) -> None:
    trace = read_traffic(shared / "data" / "traces" / "AzureLLMInferenceTrace_conv.csv")
    assert (trace.kind, trace.requests, trace.evidence) == ("trace", 19_366, Evidence.MEASURED)
    assert trace.frame["input_tokens"].sum() == 22_361_870
    assert trace.frame["output_tokens"].sum() == 4_088_665
    assert trace.start == datetime(2023, 11, 16, 18, 15, 46, 680_590, tzinfo=UTC)
    assert trace.duration_s == 3_502
    assert trace.frame["arrival"].dtype == pl.Datetime("ns", "UTC")
    assert trace.notes == ()


def test_a_trace_in_csv_in_gzip_and_in_parquet_is_the_same(tmp_path: Path) -> None:
    text = "arrival,service_ms,input_tokens,model\n2026-10-01T00:00:00Z,1.5,10,a\n2026-10-01T00:00:01.25Z,2,20,a\n"
    plain = _file(tmp_path, text)
    packed = tmp_path / "packed.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    table = tmp_path / "table.parquet"
    pl.DataFrame(
        {
            "arrival": [OCTOBER, OCTOBER + timedelta(seconds=1.25)],
            "service_ms": [1.5, 2.0],
            "input_tokens": [10, 20],
            "model": ["a", "a"],
        }
    ).write_parquet(table)
    traces = [read_traffic(path) for path in (plain, packed, table)]
    assert all(trace.frame.equals(traces[0].frame) for trace in traces)
    assert {(trace.start, trace.duration_s) for trace in traces} == {(OCTOBER, 2.0)}
    assert traces[0].frame.columns == ["arrival", "service_ms", "input_tokens", "model"]


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-10-01T00:00:00Z",
        "2026-10-01 00:00:00",
        "2026-10-01T02:00:00+02:00",
        "2026-09-30T20:00:00.000-0400",
        "2026-10-01T00:00:00.000000000Z",
        "2026-10-01",
        str(int(OCTOBER.timestamp()) * 10**9),
    ],
)
def test_timestamps_mean_one_instant_however_they_are_written(tmp_path: Path, stamp: str) -> None:
    trace = _read(tmp_path, f"arrival\n{stamp}\n")
    assert trace.frame["arrival"].to_list() == [OCTOBER]


def test_parquet_timestamps_of_any_unit_and_zone(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    for unit in ("ms", "us", "ns"):
        for zone in (None, "Asia/Tokyo"):
            stamps = pl.Series("arrival", [datetime(2026, 10, 1)]).dt.cast_time_unit(unit)  # noqa: DTZ001 -- naive
            if zone is not None:
                stamps = stamps.dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
            stamps.to_frame().write_parquet(path)
            assert read_traffic(path).frame["arrival"].to_list() == [OCTOBER]


def test_small_integers_are_nanoseconds_from_the_start_of_the_run(tmp_path: Path) -> None:
    path = _file(tmp_path, "arrival\n5000000000\n2600000000000000\n")  # 5 s and 30 days
    trace = read_traffic(path, start=OCTOBER)
    assert trace.frame["arrival"].to_list()[0] == OCTOBER + timedelta(seconds=5)
    assert (trace.start, trace.duration_s) == (OCTOBER, 2_600_001.0)
    assert read_traffic(path).start == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_start_without_a_zone_is_utc(tmp_path: Path) -> None:
    path = _file(tmp_path, "arrival\n2026-10-01 00:00:00\n")
    naive = read_traffic(path, start=datetime(2026, 10, 1))  # noqa: DTZ001 -- what is tested
    assert naive.start == OCTOBER
    east = read_traffic(path, start=datetime(2026, 10, 1, 2, tzinfo=timezone(timedelta(hours=2))))
    assert east.start == OCTOBER


def test_rates_cover_their_last_step(tmp_path: Path) -> None:
    text = "start,requests,input_tokens\n2026-10-01T00:00:00Z,3,30\n2026-10-01T01:00:00Z,0,0\n"
    rates = _read(tmp_path, text)
    assert (rates.kind, rates.requests, rates.duration_s, rates.notes) == ("rates", 3, 7_200.0, ())


def test_uneven_steps_are_said(tmp_path: Path) -> None:
    rates = _read(tmp_path, "start,requests\n2026-10-01 00:00:00,1\n2026-10-01 00:01:00,1\n2026-10-01 01:00:00,1\n")
    assert rates.duration_s == 3_600 + 59 * 60
    [note] = rates.notes
    assert "60 to 3540 s long" in note


def test_what_lies_outside_the_period_is_left_out_and_said(tmp_path: Path) -> None:
    path = _file(tmp_path, "arrival\n2026-09-30 23:59:59\n2026-10-01 00:00:00\n2026-10-01 23:59:59\n2026-10-02\n")
    trace = read_traffic(path, start=OCTOBER, duration_s=86_400)
    assert (trace.requests, trace.duration_s) == (2, 86_400)
    assert trace.notes == ("2 of 4 requests are outside the period and left out",)


def test_steps_outside_or_across_the_edge_are_left_out_and_said(tmp_path: Path) -> None:
    rows = [f"{OCTOBER + timedelta(minutes=40 * step):%Y-%m-%d %H:%M:%S},{10 + step}" for step in range(4)]
    path = _file(tmp_path, "\n".join(["start,requests", *rows]))
    rates = read_traffic(path, start=OCTOBER, duration_s=7_000)
    assert (rates.requests, rates.notes) == (21, ("2 of 4 steps with 25 requests are outside the period and left out",))


def test_a_step_keeps_its_end_when_those_after_it_are_cut_off(tmp_path: Path) -> None:
    text = (
        "start,requests\n2026-10-01 00:00:00,1\n2026-10-01 01:00:00,2\n2026-10-01 01:10:00,3\n2026-10-01 02:30:00,4\n"
    )
    rates = read_traffic(_file(tmp_path, text), start=OCTOBER, duration_s=7_200)
    assert rates.frame.rows() == [
        (OCTOBER, 1),
        (OCTOBER + timedelta(hours=1), 2),
        (OCTOBER + timedelta(hours=1, minutes=10), 0),
    ]


def test_only_columns_of_the_format_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"arrival": [OCTOBER], "prompt": ["secret"], "request_id": ["r"]}).write_parquet(path)
    assert read_traffic(path).frame.columns == ["arrival"]


def test_several_models_in_one_trace_are_said(tmp_path: Path) -> None:
    trace = _read(tmp_path, "arrival,model\n2026-10-01,a\n2026-10-01,b\n")
    assert trace.notes == (
        "requests of 2 models: only endpoints of many models tell them apart, all else replays them alike",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "is empty", id="an empty file"),
        pytest.param("arrival\n", "no rows", id="a header alone"),
        pytest.param("arrival,input_tokens\n2026-10-01,\n", "row 1, column `input_tokens`: is missing", id="empty"),
        pytest.param("arrival\n2026-10-01\n\n2026-10-02\n", "row 2, column `arrival`", id="an empty line"),
        pytest.param("arrival\n2026-10-02\n2026-10-01\n", "row 2, column `arrival`: is before", id="out of order"),
        pytest.param("arrival\n2026-02-30\n", "row 1, column `arrival`: is no timestamp", id="no such day"),
        pytest.param("arrival\n9999-12-31 00:00:00\n", "is no timestamp", id="beyond nanoseconds"),
        pytest.param("arrival\n-5\n", "row 1, column `arrival`: is negative", id="a negative time"),
        pytest.param("arrival\n5\nnoon\n", "row 2, column `arrival`: is neither", id="mixed times"),
        pytest.param(
            "arrival\n5\n1790812800000000000\n", "row 2, column `arrival`: counts from another", id="two zeros"
        ),
        pytest.param(
            "arrival,input_tokens\n5,1\n6,-3\n", "row 2, column `input_tokens`: is negative (found '-3')", id="-3"
        ),
        pytest.param("arrival,input_tokens\n5,1.5\n", "is no whole number (found '1.5')", id="half a token"),
        pytest.param("arrival,input_tokens\n5,many\n", "is no whole number (found 'many')", id="a word"),
        pytest.param("arrival,input_tokens\n5,NaN\n", "is no whole number (found 'NaN')", id="not a number"),
        pytest.param("arrival,input_tokens\n5,9000000000000000000\n6,9000000000000000000\n", "64 bits", id="overflow"),
        pytest.param("arrival,service_ms\n5,NaN\n", "is no finite number of milliseconds", id="NaN ms"),
        pytest.param("arrival,service_ms\n5,inf\n", "is no finite number of milliseconds", id="infinite ms"),
        pytest.param("arrival,service_ms\n5,-0.1\n", "row 1, column `service_ms`: is negative", id="negative ms"),
        pytest.param(
            "arrival,input_token\n5,1\n", "`input_token` is not known; if it is `input_tokens`", id="misspelled"
        ),
        pytest.param("Arrival\n5\n", "`Arrival` looks like `arrival`", id="a capital letter"),
        pytest.param("start,request\n5,1\n", "`request` looks like `requests`", id="misspelled rates"),
        pytest.param("start,requests,input_tokns\n5,1,1\n", "if it is `input_tokens`", id="misspelled sum"),
        pytest.param("a,b,c\n1,2,3\n", "columns `a`, `b`, `c`; a trace has `arrival`", id="no known format"),
        pytest.param("arrival,arrival\n1,2\n", "column `arrival` is there twice", id="a column twice"),
        pytest.param("arrival,input_tokens\n1,2,3\n", "is damaged", id="more cells than columns"),
        pytest.param("start,requests\n2026-10-01,1\n2026-10-01,1\n", "row 2, column `start`: is before", id="overlap"),
        pytest.param(
            "start,requests\n2026-10-01 00:00:00,1\n2026-10-01 01:00:00,9000000000000\n",
            "row 2, column `requests`: is more than 10,000,000 a second",
            id="more than anybody serves",
        ),
        pytest.param("start,requests\n2026-10-01,1\n", "one step alone has no length", id="one step"),
    ],
)
def test_bad_files_are_refused_with_file_row_and_value(tmp_path: Path, text: str, words: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_traffic(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert words in str(caught.value)


def test_a_binary_file_is_not_printed_whole(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        _read(tmp_path, "\0" * 100_000)
    assert len(str(caught.value)) < 600


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "damaged"
    whole = gzip.compress(b"arrival\n" + b"".join(b"%d\n" % row for row in range(200_000)))
    parquet = tmp_path / "whole.parquet"
    pl.DataFrame({"arrival": [1, 2]}).write_parquet(parquet)
    for damaged in (
        *(whole[:-cut] for cut in (4, 8, 20, len(whole) // 2, len(whole) - 12)),
        parquet.read_bytes()[:-6],
        b"PAR1",
        b"arrival\n\xff\xfe\n",
        b"\xff\xfea\x00r\x00",
        b"\x28\xb5\x2f\xfd\x04\x00",
    ):
        path.write_bytes(damaged)
        with pytest.raises(InputError) as caught:
            read_traffic(path)
        assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_traffic(tmp_path / name)


def test_a_period_without_traffic_says_what_the_file_covers(tmp_path: Path) -> None:
    path = _file(tmp_path, "arrival\n2026-08-01\n2026-08-02\n")
    with pytest.raises(
        InputError, match=r"nothing lies between 2026-10-01 .* covers 2026-08-01 00:00:00 to 2026-08-02"
    ):
        read_traffic(path, start=OCTOBER, duration_s=3_600)


def test_parquet_cells_are_checked_too(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    for column in (
        pl.Series("arrival", [1.0]),
        pl.Series("arrival", [None], dtype=pl.Datetime("us")),
        pl.Series("arrival", [[1]]),
        pl.Series("arrival", [2**63], dtype=pl.UInt64),
    ):
        column.to_frame().write_parquet(path)
        with pytest.raises(InputError, match="column `arrival`"):
            read_traffic(path)
    for tokens in (
        pl.Series("input_tokens", [None], dtype=pl.Int64),
        pl.Series("input_tokens", [float("nan")]),
        pl.Series("input_tokens", [True]),
    ):
        pl.DataFrame([pl.Series("arrival", [1]), tokens]).write_parquet(path)
        with pytest.raises(InputError, match="column `input_tokens`"):
            read_traffic(path)


def test_whole_floats_are_whole_numbers(tmp_path: Path) -> None:
    assert _read(tmp_path, "arrival,input_tokens\n1,12.0\n").frame["input_tokens"].to_list() == [12]
