"""A CSV file in chunks of whole rows, each of which tells how many fields it has.

polars fills up a row that is cut short with nulls, and passes over what a row has too much. So a field of our own is
put before each line end: a row is whole where that mark stands in the column after the last of the header.
"""

import contextlib
import csv
import io
import re
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl

from infercost.billing.delivery.file import File
from infercost.billing.reading.ahead import ahead
from infercost.billing.reading.content import is_gzip, open_bytes, size_of, unpacked
from infercost.billing.reading.head import Head, reading
from infercost.schema.errors import InputError

# Record and unit separator: no field of an export is these two.
_MARK = "\x1e\x1f"
_MARKED_END = f",{_MARK}\n".encode()
_CHUNK_CELLS = 10_000_000  # 100,000 rows of a hundred columns: some 150 MB of text
_TEXT_BYTES = 8_000_000
_LARGEST_ROWS_BYTES = 1_000_000_000  # without an end of a row between quotes that are closed
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_AS_WRITTEN = "Take it as AWS wrote it"
# Quotes around a field, doubled in it; or pairs of them in the midst of a field without commas.
_FIELD = rb'(?:"[^"]*+(?:""[^"]*+)*+"|(?:[^",\n]++(?:"[^",\n]*+"[^",\n]*+)*+)?)'
_ROW = re.compile(_FIELD + rb"(?:," + _FIELD + rb")*+\n")


class Chunk(NamedTuple):
    """Whole rows of one file.

    Attributes:
        rows: text as it stands there; empty is null.
        is_broken: a text in it holds a line break, and the mark with it: see `mended`.
        share: how much of the file is read with this chunk, 0 to 1.
    """

    rows: pl.DataFrame
    is_broken: bool
    share: float


class _Text(NamedTuple):
    """Whole rows, marked; how many line ends are in them, and how much of the file is read with them."""

    content: bytes
    line_ends: int
    share: float


def read_chunks(head: Head, file: File, columns: Sequence[str]) -> Iterator[Chunk]:
    """Returns some columns of a CSV file, compressed with gzip or not.

    Raises:
        InputError: the file is damaged, not UTF-8, or a row has more or fewer fields than the header.
    """
    names = [*(name for name, _ in head.columns), _MARK]
    ends = [names[0], names[1], _MARK]
    number = 1
    with reading(file):
        held: list[pl.DataFrame] = []
        is_broken = False
        for text in ahead(_texts(file)):
            try:
                table = _parse(text.content, names, {*columns, *ends})
            except pl.exceptions.PolarsError as error:
                text.content.decode()  # says where text stops being UTF-8, if that is what is wrong
                raise _ragged(file, text.content, number, len(names) - 1) from error
            blank = table[ends[0]].is_null() & (table[ends[1]] == _MARK).fill_null(value=False)
            if ends[1] != _MARK:
                blank &= table[_MARK].is_null()  # else it is a whole row with our mark in it
            whole = table.filter(~blank) if blank.any() else table
            if (whole[_MARK] != _MARK).fill_null(value=True).any():
                raise _ragged(file, text.content, number, len(names) - 1)
            held.append(whole.select(columns))
            if text.line_ends > table.height:
                is_broken = True
                _refuse_odd_quotes(file, text.content, number, table.height)
            number += table.height
            if sum(frame.height * frame.width for frame in held) >= _CHUNK_CELLS:
                yield Chunk(pl.concat(held), is_broken, text.share)
                held, is_broken = [], False
        if held:
            yield Chunk(pl.concat(held), is_broken, 1.0)


def mended(text: pl.Expr) -> pl.Expr:
    r"""Returns texts as they stood in the file: line breaks in them carry no mark.

    Example:
        >>> pl.DataFrame({"a": ["two,\x1e\x1f\nlines"]}).select(mended(pl.col("a"))).item()
        'two\nlines'
    """
    for end in ("\r\n", "\n"):
        text = text.str.replace_all(f",{_MARK}{end}", end, literal=True)
    return text


def _parse(content: bytes, names: Sequence[str], wanted: set[str]) -> pl.DataFrame:
    schema = dict.fromkeys(names, pl.String)
    table = pl.scan_csv(content, has_header=False, schema=schema, missing_columns="insert", glob=False)
    return table.select(name for name in names if name in wanted).collect()


def _ragged(file: File, content: bytes, number: int, width: int) -> InputError:
    """Finds the row by reading the chunk again, slowly."""
    text = content.decode().replace(f",{_MARK}", "")
    csv.field_size_limit(sys.maxsize)
    for row, fields in enumerate(csv.reader(io.StringIO(text, newline="")), start=number):
        if fields and len(fields) != width:
            return InputError(f"{file}: row {row} has {len(fields)} fields, the header has {width}")
    _refuse_odd_quotes(file, content, number)
    return InputError(f"{file}: rows from {number} on have quotes that make no fields. {_AS_WRITTEN}")


def _refuse_odd_quotes(file: File, content: bytes, number: int, height: int | None = None) -> None:
    """Refuses quotes within a field, where polars may join what others read as several rows.

    Args:
        file: for the message.
        content: whole rows.
        number: of the first of them.
        height: as how many rows polars reads them, if it does.

    Raises:
        InputError: names the first row that is not made of fields.
    """
    start = rows = 0
    while start < len(content):
        row = _ROW.match(content, start)
        if row is None:
            raise InputError(f"{file}: row {number + rows} has a quote within a field. {_AS_WRITTEN}")
        start, rows = row.end(), rows + 1
    if height not in {None, rows}:
        raise InputError(f"{file}: rows from {number} on have quotes that make no fields. {_AS_WRITTEN}")


def _texts(file: File) -> Iterator[_Text]:
    """The rows of a file without its header, in chunks that end where a row ends."""
    held: list[bytes] = []
    length, limit = 0, _TEXT_BYTES
    has_header = True
    for content, share in _decompressed(file):
        held.append(content)
        length += len(content)
        if length < limit:
            continue
        text = b"".join(held)
        start = _header_end(text) if has_header else 0
        end = _last_row_end(text)
        if end > start:
            yield _marked(text[start:end], share)
            has_header, limit = False, _TEXT_BYTES
            text = text[end:]
        elif length > _LARGEST_ROWS_BYTES:
            raise InputError(f"{file}: a quote is opened and not closed for {length:,} bytes. Take it as AWS wrote it")
        else:
            limit = 2 * length  # rows so long, or quotes opened: look further
        held, length = [text], len(text)
    text = b"".join(held)
    text = text[_header_end(text) if has_header else 0 :]
    if text:
        yield _marked(text if text.endswith(b"\n") else text + b"\n", 1.0)


def _decompressed(file: File) -> Iterator[tuple[bytes, float]]:
    """The content, and how much of the file is read with it, 0 to 1."""
    size = max(size_of(file), 1)
    zipped = is_gzip(file)
    with open_bytes(file) as packed, unpacked(packed) if zipped else contextlib.nullcontext(packed) as stream:
        is_first = True
        while content := stream.read(_TEXT_BYTES):
            yield content.removeprefix(_BYTE_ORDER_MARK) if is_first else content, packed.tell() / size
            is_first = False


def _header_end(text: bytes) -> int:
    end = text.find(b"\n") + 1
    while end and text.count(b'"', 0, end) % 2:
        end = text.find(b"\n", end) + 1
    return end or len(text)


def _last_row_end(text: bytes) -> int:
    """Where the last row ends: after a line end that no quotes are open at."""
    end = text.rfind(b"\n") + 1
    quotes = text.count(b'"', 0, end)
    while end and quotes % 2:
        before = text.rfind(b"\n", 0, end - 1) + 1
        quotes -= text.count(b'"', before, end)
        end = before
    return end


def _marked(text: bytes, share: float) -> _Text:
    marked = text.replace(b"\n", _MARKED_END)
    line_ends = (len(marked) - len(text)) // (len(_MARKED_END) - 1)
    if b"\r" in text:
        marked = marked.replace(b"\r" + _MARKED_END, _MARKED_END[:-1] + b"\r\n")
    return _Text(marked, line_ends, share)
