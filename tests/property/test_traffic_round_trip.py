"""Traffic written and read again is the same traffic, in every container."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infercost.schema.traffic import RATES, TRACE
from infercost.traffic.read import read_traffic

OCTOBER_NS = int(datetime(2026, 10, 1, tzinfo=UTC).timestamp()) * 10**9
MONTH_NS = 31 * 86_400 * 10**9
TOKENS = st.integers(0, 10**9)


def _csv(frame: pl.DataFrame, path: Path) -> None:
    frame.write_csv(path)


def _gzip(frame: pl.DataFrame, path: Path) -> None:
    path.write_bytes(gzip.compress(frame.write_csv().encode()))


def _crlf(frame: pl.DataFrame, path: Path) -> None:
    path.write_bytes(frame.write_csv().replace("\n", "\r\n").encode())


def _parquet(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path)


WRITERS: list[Callable[[pl.DataFrame, Path], None]] = [_csv, _gzip, _crlf, _parquet]


@st.composite
def traces(draw: st.DrawFn) -> pl.DataFrame:
    arrivals = sorted(draw(st.lists(st.integers(0, MONTH_NS), min_size=1, max_size=30)))
    size = len(arrivals)
    many = st.lists(TOKENS, min_size=size, max_size=size)
    works = st.lists(st.floats(0, 1e9), min_size=size, max_size=size)
    known = {"arrival": pl.Series([OCTOBER_NS + arrival for arrival in arrivals]).cast(TRACE["arrival"])}
    known |= {"service_ms": pl.Series(draw(works))} if draw(st.booleans()) else {}
    return pl.DataFrame(known | {"input_tokens": draw(many), "cache_read_tokens": draw(many)})


@st.composite
def rates(draw: st.DrawFn) -> pl.DataFrame:
    starts = sorted(draw(st.sets(st.integers(0, MONTH_NS // 10**9), min_size=2, max_size=30)))
    many = st.lists(TOKENS, min_size=len(starts), max_size=len(starts))
    # a step is a second or more, and more than ten million requests a second are refused
    counts = st.lists(st.integers(0, 10_000_000), min_size=len(starts), max_size=len(starts))
    stamps = pl.Series([OCTOBER_NS + start * 10**9 for start in starts]).cast(RATES["start"])
    return pl.DataFrame({"start": stamps, "requests": draw(counts), "payload_bytes": draw(many)})


@pytest.mark.parametrize("write", WRITERS)
@given(frame=st.one_of(traces(), rates()))
def test_what_is_written_is_read(
    write: Callable[[pl.DataFrame, Path], None], tmp_path_factory: pytest.TempPathFactory, frame: pl.DataFrame
) -> None:
    path = tmp_path_factory.getbasetemp() / f"round_trip_{write.__name__}"
    write(frame, path)
    assert read_traffic(path).frame.equals(frame)
