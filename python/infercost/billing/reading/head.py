"""What a file is, from its first bytes and its header. The name of a file says nothing: users rename and convert."""

import contextlib
import csv
import dataclasses
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final, Literal, cast

import polars as pl
import polars.selectors as cs
from isal import isal_zlib

from infercost.aws.refusal import refused_by_scan
from infercost.billing.delivery.file import File
from infercost.billing.reading.content import is_gzip, open_bytes, read_part, scan_options, unpacked
from infercost.billing.reading.cost_explorer import columns_of, keys_of
from infercost.schema.errors import InputError

_PARQUET = b"PAR1"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_AGAIN = "Copy it again from where it came"

Container = Literal["csv", "parquet", "json"]
# What damage to compressed data raises: ZIP is read with zlib, gzip with isal, whose own error has no type.
_DAMAGE: Final[tuple[type[Exception], ...]] = (
    *(EOFError, gzip.BadGzipFile, zlib.error),
    cast("type[Exception]", isal_zlib.error),
)


@dataclasses.dataclass(frozen=True)
class Head:
    """What a file says of itself before its first row: the names and types of its columns, in order."""

    file: File
    container: Container
    columns: tuple[tuple[str, pl.DataType], ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of the columns, in lower case: Athena lower-cases every name."""
        return frozenset(name.lower() for name, _ in self.columns)


def read_head(file: File) -> Head:
    """Reads the header of a file, and none of its rows.

    Raises:
        InputError: the file is empty, damaged, not text in UTF-8, or packed twice.
    """
    with reading(file):
        start = read_part(file, 0, 64).lstrip()
        if not start:
            raise InputError(f"{file}: the file is empty")
        if start.startswith(_PARQUET):
            table = pl.scan_parquet(file.place, glob=False, hive_partitioning=False, **scan_options(file))
            return Head(file, "parquet", tuple(with_texts(table).collect_schema().items()))
        if start.startswith(b"PK\x03\x04"):
            raise InputError(f"{file}: a ZIP archive in another one: unpack the outer one")
        if start.startswith(_UTF_16):
            raise InputError(f"{file}: text in UTF-16, not in UTF-8. Take it as AWS wrote it")
        if start.startswith((b"{", b"[")):
            return Head(file, "json", _json_columns(file))
        with open_text(file) as text:
            return Head(file, "csv", _header(file, text))


def with_texts(table: pl.LazyFrame) -> pl.LazyFrame:
    """Returns the rows of Parquet with text as text: older writers (Hive, Impala) call it bytes, pandas categories."""
    return table.with_columns((cs.binary() | cs.categorical() | cs.enum()).cast(pl.String))


@contextlib.contextmanager
def open_text(file: File) -> Iterator[IO[str]]:
    """Opens a CSV file, packed with gzip or not, as text in UTF-8."""
    with _open_unpacked(file) as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        yield text


@contextlib.contextmanager
def _open_unpacked(file: File) -> Iterator[IO[bytes]]:
    zipped = is_gzip(file)
    with open_bytes(file) as stream:
        if zipped:
            with unpacked(stream) as content:
                if content.peek(len(_PARQUET)).startswith(_PARQUET):
                    raise InputError(f"{file}: a Parquet file packed with gzip: unpack it")
                yield cast("IO[bytes]", content)
        else:
            yield stream


@contextlib.contextmanager
def reading(file: File) -> Iterator[None]:
    """Turns whatever reading a file may raise into one message that names the file and the place."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file}: not text in UTF-8: {_bad_line(file)}{error.reason}. Take it as AWS wrote it"
        ) from error
    except _DAMAGE as error:
        raise InputError(f"{file}: a truncated or damaged gzip file: {error}. {_AGAIN}") from error
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise InputError(f"{file}: a damaged ZIP archive: {error}. {_AGAIN}") from error
    except csv.Error as error:
        raise InputError(f"{file}: not a CSV file: {error}") from error
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:  # it panics on some damaged Parquet
        raise InputError(f"{file}: damaged: {_first_line(error)}. {_AGAIN}") from error
    except OSError as error:
        if file.in_s3:
            raise refused_by_scan(file.name, error) from error
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error


def _bad_line(file: File) -> str:
    """Where text stops being UTF-8. A reader of text counts bytes from wherever its buffer starts."""
    with contextlib.suppress(*_DAMAGE, OSError), _open_unpacked(file) as lines:  # it may be damaged, too
        buffered = io.BufferedReader(cast("io.RawIOBase", lines))  # S3's own lines are of 1,024 bytes
        for number, line in enumerate(buffered, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return f"line {number}: "
    return ""


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _header(file: File, text: IO[str]) -> tuple[tuple[str, pl.DataType], ...]:
    ends: list[str] = []
    names = next(csv.reader(_watched(text, ends)), [])
    if ends and ends[-1] == "\r":  # what reads the rows would take the first of them for a part of the header
        raise InputError(f"{file}: its header ends with a carriage return alone. Save it with line feeds between lines")
    if not any(names):
        raise InputError(f"{file}: its first line is blank, where the names of its columns should be. {_AGAIN}")
    seen: set[str] = set()
    for name in names:
        if "\0" in name:
            raise InputError(f"{file}: not text: its header holds NUL bytes. Take it as AWS wrote it")
        if name in seen:
            raise InputError(f"{file}: the column {name[:80]!r} stands twice in the header")
        seen.add(name)
    return tuple((name, pl.String()) for name in names)


def _watched(text: IO[str], ends: list[str]) -> Iterator[str]:
    for line in text:
        ends.append(line[-1])
        yield line


def _json_columns(file: File) -> tuple[tuple[str, pl.DataType], ...]:
    """The columns of an answer of Cost Explorer; of any other document the outermost keys, to name it by."""
    names = columns_of(file)
    return tuple((name, pl.String()) for name in (keys_of(file) if names is None else names))
