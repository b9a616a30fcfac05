"""What a file is, from its first bytes and its header. The name of a file says nothing: users rename and convert."""

import contextlib
import csv
import dataclasses
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Literal

import polars as pl

from infercost.billing.delivery.file import File
from infercost.schema.errors import InputError

Container = Literal["csv", "parquet", "json", "zip"]


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
        InputError: the file is empty, damaged, or not text in UTF-8.
    """
    with reading(file):
        with file.path.open("rb") as stream:
            start = stream.read(64).lstrip()
        if not start:
            raise InputError(f"{file}: the file is empty")
        if start.startswith(b"PAR1"):
            return Head(file, "parquet", tuple(pl.read_parquet_schema(file.place).items()))
        if start.startswith(b"PK\x03\x04"):
            return Head(file, "zip", _header(file, _open_zip(file)))
        if start.startswith((b"{", b"[")):
            return Head(file, "json", _keys(file))
        return Head(file, "csv", _header(file, open_text(file)))


def open_text(file: File) -> IO[str]:
    """Opens a CSV file, compressed with gzip or not, as text in UTF-8."""
    with file.path.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    if zipped:
        return gzip.open(file.place, "rt", encoding="utf-8-sig", newline="")
    return file.path.open(encoding="utf-8-sig", newline="")


@contextlib.contextmanager
def reading(file: File) -> Iterator[None]:
    """Turns whatever reading a file may raise into one message that names the file and the place."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file}: not text in UTF-8: {_bad_line(file)}{error.reason}. Take it as AWS wrote it"
        ) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{file}: a truncated or damaged gzip file: {error}") from error
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise InputError(f"{file}: a damaged ZIP archive: {error}") from error
    except csv.Error as error:
        raise InputError(f"{file}: not a CSV file: {error}") from error
    except pl.exceptions.PolarsError as error:
        raise InputError(f"{file}: damaged: {_first_line(error)}") from error
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error


def _bad_line(file: File) -> str:
    """Where text stops being UTF-8. A reader of text counts bytes from wherever its buffer starts."""
    with file.path.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    with gzip.open(file.place) if zipped else file.path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return f"line {number}: "
    return ""


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _header(file: File, stream: IO[str]) -> tuple[tuple[str, pl.DataType], ...]:
    with stream:
        names = next(csv.reader(stream), [])
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"{file}: the column {name!r} stands twice in the header")
        seen.add(name)
    return tuple((name, pl.String()) for name in names)


def _open_zip(file: File) -> IO[str]:
    archive = zipfile.ZipFile(file.place)
    if not archive.namelist():
        raise InputError(f"{file}: an empty ZIP archive")
    return io.TextIOWrapper(archive.open(archive.namelist()[0]), encoding="utf-8-sig", newline="")


def _keys(file: File) -> tuple[tuple[str, pl.DataType], ...]:
    """The keys of the outermost object: all that is needed to name the format."""
    try:
        content = json.loads(file.path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file}: not a JSON document: {error}") from error
    return tuple((str(key), pl.String()) for key in content) if isinstance(content, dict) else ()
