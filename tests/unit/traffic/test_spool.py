"""A trace on disk in batches: what is refused where, what is numbered how, and that nothing of it stays."""

import gzip
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from infercost.schema.errors import InputError, UsageError
from infercost.traffic.columns import engine_columns
from infercost.traffic.file import TrafficFile
from infercost.traffic.read import read_traffic
from infercost.traffic.spool import Batches, spooled
from infercost.traffic.trace import Trace

OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)
ROWS = 2  # of a batch


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def _trace(folder: Path, text: str, **period: datetime | float) -> Trace:
    path = folder / "trace.csv"
    path.write_text(text)
    return Trace(TrafficFile.open(path), batch_rows=ROWS, **period)  # type: ignore[arg-type]


def _whole(batches: Batches) -> pl.DataFrame:
    return pl.concat(batches)


def test_batches_are_the_columns_of_the_engine_and_read_again_and_again(tmp_path: Path) -> None:
    text = "arrival,service_ms,model,status\n5,1,b,ok\n6,2,a,ok\n7,3,b,no\n8,4,c,ok\n9,5,a,ok\n"
    with spooled(_trace(tmp_path, text)) as batches:
        assert [batch.height for batch in batches] == [2, 2, 1]
        assert batches[1].equals(batches[1])
        assert [batch.height for batch in batches[1:]] == [2, 1]
        assert _whole(batches).equals(engine_columns(read_traffic(tmp_path / "trace.csv")))
        assert _whole(batches)["model"].to_list() == [0, 1, 0, 2, 1]
        with pytest.raises(IndexError):
            batches[3]


@pytest.mark.parametrize("period", [{}, {"start": OCTOBER}, {"start": OCTOBER, "duration_s": 3.0}, {"duration_s": 2.0}])
def test_bounds_and_notes_are_those_of_the_whole_trace(tmp_path: Path, period: dict[str, datetime | float]) -> None:
    stamps = [f"2026-{day} 00:00:0{second}.5" for day in ("09-30", "10-01") for second in range(6)]
    names = ["early"] * 6 + ["x", "y"] * 3
    rows = [f"{stamp},{name}" for stamp, name in zip(stamps, names, strict=True)]
    trace = _trace(tmp_path, "\n".join(["arrival,model", *rows]), **period)
    with spooled(trace) as batches:
        whole = read_traffic(tmp_path / "trace.csv", **period)  # type: ignore[arg-type]
        assert trace.notes == whole.notes != ()
        assert (trace.period.start, trace.period.duration_s) == (whole.start, whole.duration_s)
        assert trace.requests == whole.requests
        assert _whole(batches).equals(engine_columns(whole))


@pytest.mark.parametrize("write", [lambda text: text, gzip.compress], ids=["csv", "gzip"])
def test_rows_are_told_as_they_are_read(tmp_path: Path, write: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "trace.csv"
    path.write_bytes(write(b"arrival\n1\n2\n3\n"))
    told: list[int] = []
    with spooled(Trace(TrafficFile.open(path), batch_rows=ROWS), told.append) as batches:
        assert told == [2, 3]
        assert len(batches) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "arrival,input_tokens\n1,1\n2,1\n3,1\n4,1\n5,1\n6,-3\n",
            "row 6, column `input_tokens`: is negative (found '-3')",
        ),
        ("arrival,status\n1,a\n2,a\n3,a\n4,a\n5,\n", "row 5, column `status`: is missing"),
        ("arrival\n1\n2\n3\n4\nnoon\n", "row 5, column `arrival`: is neither"),
        ("arrival\n1\n2\n3\n4\n1790812800000000000\n", "row 5, column `arrival`: counts from another"),
        ("arrival\n2026-10-01\n2026-10-01\n2026-10-01\n2026-10-01\n7\n", "row 5, column `arrival`: is no timestamp"),
        ("arrival\n1\n2\n3\n4\n3\n", "row 5, column `arrival`: is before the row above (found '3')"),
        ("arrival\n1\n2\n3\n4\n5\n4\n", "row 6, column `arrival`: is before the row above (found '4')"),
        (
            "arrival,service_ms\n1,1\n2,1\n3,1\n4,1\n5,1\n6,1e10\n",
            "row 6, column `service_ms`: is more than 1,000,000,000",
        ),
    ],
)
def test_a_bad_cell_of_a_later_batch_is_named_by_its_row_in_the_file(tmp_path: Path, text: str, words: str) -> None:
    trace = _trace(tmp_path, text)
    with pytest.raises(InputError) as caught, spooled(trace):
        pass
    assert (
        str(caught.value)
        .replace("; sort the rows by time, without overlap", "")
        .startswith(f"{tmp_path / 'trace.csv'}: {words}")
    )


def test_the_sum_of_a_column_is_that_of_all_batches(tmp_path: Path) -> None:
    half = 2**62
    fits = f"arrival,input_tokens\n1,{half}\n2,1\n3,{half - 2}\n"
    with spooled(_trace(tmp_path, fits)) as batches:
        assert _whole(batches)["input_tokens"].sum() == 2**63 - 1
    trace = _trace(tmp_path, fits.replace(f"{half - 2}", f"{half - 1}"))
    with (
        pytest.raises(InputError, match="column `input_tokens`: the values add up to more than 64 bits"),
        spooled(trace),
    ):
        pass


def test_nothing_stays_of_a_trace_that_was_used(tmp_path: Path, temporary: Path) -> None:
    with spooled(_trace(tmp_path, "arrival\n1\n2\n3\n")):
        assert [path.name for folder in temporary.iterdir() for path in sorted(folder.iterdir())] == [
            "0.arrow",
            "1.arrow",
        ]
    assert list(temporary.iterdir()) == []


def test_nothing_stays_of_a_trace_that_is_refused(tmp_path: Path, temporary: Path) -> None:
    with pytest.raises(InputError), spooled(_trace(tmp_path, "arrival\n1\n2\n3\n4\n3\n")):
        pass
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, UsageError])
def test_nothing_stays_of_a_run_that_stops(tmp_path: Path, temporary: Path, stop: type[BaseException]) -> None:
    def interrupt(_rows: int) -> None:
        raise stop

    with pytest.raises(stop), spooled(_trace(tmp_path, "arrival\n1\n2\n3\n"), interrupt):
        pass
    with pytest.raises(stop), spooled(_trace(tmp_path, "arrival\n1\n2\n3\n")):
        raise stop
    assert list(temporary.iterdir()) == []


def test_want_of_room_is_said_with_the_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"a trace needs room for a copy there .* TMPDIR") as caught:
        Batches(tmp_path / "gone").append(pl.DataFrame({"arrival_ns": [1]}))
    assert str(caught.value).startswith(f"{tmp_path}: ")
