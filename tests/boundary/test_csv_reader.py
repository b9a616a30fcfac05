"""The reader of CSV as Python sees it, against the standard library's; and what it refuses."""

import csv
import io
from collections.abc import Sequence
from typing import Literal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infercost._core import CsvReader, CsvRows
from infercost.schema.errors import InputError

PLENTY = 1 << 30


def read(pieces: Sequence[bytes], header: Sequence[str], columns: Sequence[int]) -> CsvRows:
    reader = CsvReader(header, columns, largest_row_bytes=PLENTY)
    for piece in pieces:
        reader.read(piece)
    reader.end()
    return reader.take()


def read_whole(text: bytes, header: Sequence[str] = ("a", "b")) -> CsvRows:
    return read([text], header, range(len(header)))


def cut(text: bytes, places: Sequence[int]) -> list[bytes]:
    ends = sorted(place % (len(text) + 1) for place in places)
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


@st.composite
def tables(draw: st.DrawFn, characters: st.SearchStrategy[str]) -> list[list[str]]:
    """A header with names that are all different, and rows of as many cells."""
    cells = st.text(characters) | st.text(characters, min_size=60, max_size=200)
    names = st.text(characters.filter(lambda one: one != "\0"))  # which Arrow has in no name
    header = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    return [header, *draw(st.lists(st.lists(cells, min_size=len(header), max_size=len(header))))]


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@given(data=st.data())
def test_tables_are_read_as_the_standard_library_reads_them(
    data: st.DataObject, line_end: str, quoting: Literal[0, 1]
) -> None:
    # before Python 3.13 csv.writer leaves a carriage return without quotes unless lines end in it
    nasty = ',"\r\n é🙂\u2028\0' if quoting == csv.QUOTE_ALL or "\r" in line_end else ',"\n é🙂\u2028\0'
    others = st.characters(exclude_categories=["Cs"], exclude_characters="\r")
    table = data.draw(tables(st.sampled_from(nasty) | others))
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end, quoting=quoting).writerows(table)
    pieces = cut(text.getvalue().encode(), data.draw(st.lists(st.integers(min_value=0), max_size=9)))
    header, *rows = csv.reader(io.StringIO(text.getvalue(), newline=""))
    assert [header, *rows] == table

    columns = data.draw(st.lists(st.sampled_from(range(len(header))), min_size=1, unique=True))
    found = read(pieces, header, columns)
    assert_holds(pl.DataFrame(found.columns), header, rows, columns)

    numbers = data.draw(st.lists(st.sampled_from(range(len(rows))))) if rows else []
    assert_holds(pl.DataFrame(found.pick(numbers, columns)), header, [rows[number] for number in numbers], columns)


def assert_holds(frame: pl.DataFrame, header: list[str], rows: list[list[str]], columns: list[int]) -> None:
    assert frame.schema == {header[column]: pl.String for column in columns}
    assert frame.rows() == [tuple(row[column] or None for column in columns) for row in rows]


@pytest.mark.parametrize("text", [b"a,b", b"a,b\n", b"a,b\r\n\n", b""])
def test_without_rows_there_are_columns_all_the_same(text: bytes) -> None:
    found = read_whole(text)
    for table in (found.columns, found.pick([], [0, 1])):
        assert table.num_rows == 0
        assert pl.DataFrame(table).schema == {"a": pl.String, "b": pl.String}


def test_rows_are_taken_once() -> None:
    reader = CsvReader(["a"], [0], largest_row_bytes=PLENTY)
    assert reader.read(b"a\n" + b"x" * 1_000 + b"\n") >= 1_000
    assert reader.take().columns.num_rows == 1
    assert reader.read(b"y\n") < 1_000
    found = reader.take()
    assert pl.DataFrame(found.columns)["a"].to_list() == pl.DataFrame(found.pick([0], [0]))["a"].to_list() == ["y"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a,b\n1,2\n\n3\n", "row 3 has 1 fields, the header has 2"),
        (b"a,b\n1,2,3\n", "row 1 has 3 fields, the header has 2"),
        (b"a\n1\n", "the first line has 1 fields, the header has 2"),
        (b'a,b\n1,2\n3,4"\n', "row 2 has a quote within a field, or one before it was never closed"),
        (b'a,b\n"1" ,2\n', "row 1 has a quote within a field, or one before it was never closed"),
        (b'a,b\n1,2\n3,"4\n', "row 2 has a quote that is opened and not closed"),
    ],
)
def test_a_fault_is_an_input_error_that_names_the_row(text: bytes, message: str) -> None:
    with pytest.raises(InputError) as refused:
        read_whole(text)
    assert str(refused.value) == message


def test_a_row_that_is_larger_than_allowed_is_an_input_error() -> None:
    reader = CsvReader(["a"], [0], largest_row_bytes=10)
    with pytest.raises(InputError, match=r"^row 1 has no end within 12 bytes$"):
        reader.read(b'a\n"12345678901')


@pytest.mark.parametrize("text", [b"a,b\n1,\xff\n", b"a,b\n1,\xc3\xa9\x80\n", b"a,b\n1,\xed\xa0\x80\n", b"a,b\n1,\xc3"])
def test_bytes_that_are_no_character_are_a_decode_error(text: bytes) -> None:
    with pytest.raises(UnicodeDecodeError, match="utf-8"):
        read_whole(text)


def test_what_is_not_there_is_an_index_error() -> None:
    with pytest.raises(IndexError, match="no such column"):
        CsvReader(["a", "b"], [0, 2], largest_row_bytes=PLENTY)
    found = read_whole(b"a,b\n1,2\n")
    for rows, columns in [([1], [0]), ([0], [2]), ([0, 0, 1], [0, 1])]:
        with pytest.raises(IndexError, match="no such row or column"):
            found.pick(rows, columns)
    with pytest.raises(IndexError, match="no such row or column"):
        read_whole(b"a,b\n").pick([0], [0])
