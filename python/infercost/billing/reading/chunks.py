"""A CSV file in chunks of whole rows.

polars fills up a row that is cut short with nulls, passes over what a row has too much, and joins rows by quotes in odd
places. Where rows are money, all of that is refused: our own reader is strict.
"""

import contextlib
import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from infercost._core import CsvReader, CsvRows
from infercost.billing.delivery.file import File
from infercost.billing.reading.ahead import ahead
from infercost.billing.reading.content import is_gzip, open_bytes, size_of, unpacked
from infercost.billing.reading.head import Head, reading
from infercost.schema.errors import InputError

_CHUNK_BYTES = 160_000_000  # in memory, if all columns are asked of all rows: some 50,000 rows of a hundred columns
_PIECE_BYTES = 1_000_000  # of text
_LARGEST_ROW_BYTES = 100_000_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclasses.dataclass(frozen=True)
class Chunk:
    """Whole rows of one file.

    Attributes:
        rows: the columns that all rows are asked for, as text as it stands there; empty is null.
        share: how much of the file is read with this chunk, 0 to 1.
        text: that the rows stand in.
        places: of the columns in the header.
    """

    rows: pl.DataFrame
    share: float
    text: CsvRows
    places: Mapping[str, int]

    def pick(self, numbers: Sequence[int], columns: Iterable[str]) -> pl.DataFrame:
        """Returns any columns of some of the rows, counted from 0: to read them of all would take far longer."""
        return pl.DataFrame(self.text.pick(numbers, [self.places[name] for name in columns]))


def read_chunks(head: Head, file: File, columns: Iterable[str]) -> Iterator[Chunk]:
    """Returns a CSV file, compressed with gzip or not.

    Args:
        head: of the file.
        file: the file.
        columns: that all rows are asked for.

    Raises:
        InputError: the file is damaged, not UTF-8, or a row has more or fewer fields than the header.
    """
    with reading(file):
        yield from ahead(_chunks(head, file, columns))


def _chunks(head: Head, file: File, columns: Iterable[str]) -> Iterator[Chunk]:
    places = {name: place for place, (name, _) in enumerate(head.columns)}
    reader = CsvReader(list(places), [places[name] for name in columns], largest_row_bytes=_LARGEST_ROW_BYTES)
    for piece, share in ahead(_pieces(file)):
        with _placed(file):
            is_enough = reader.read(piece) >= _CHUNK_BYTES
        if is_enough:
            yield _chunk(reader.take(), places, share)
    with _placed(file):
        reader.end()
    last = _chunk(reader.take(), places, 1.0)
    if last.rows.height:
        yield last


def _chunk(rows: CsvRows, places: Mapping[str, int], share: float) -> Chunk:
    return Chunk(pl.DataFrame(rows.columns), share, rows, places)


@contextlib.contextmanager
def _placed(file: File) -> Iterator[None]:
    """Names the file where rows of it are refused."""
    try:
        yield
    except InputError as fault:
        raise InputError(f"{file}: {fault}. Take it as AWS wrote it") from fault


def _pieces(file: File) -> Iterator[tuple[bytes, float]]:
    """The text, and how much of the file is read with it, 0 to 1."""
    size = max(size_of(file), 1)
    zipped = is_gzip(file)
    with open_bytes(file) as packed, unpacked(packed) if zipped else contextlib.nullcontext(packed) as stream:
        is_first = True
        while piece := stream.read(_PIECE_BYTES):
            yield piece.removeprefix(_BYTE_ORDER_MARK) if is_first else piece, packed.tell() / size
            is_first = False
