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
from pathlib import Path
from typing import IO, Literal

import polars as pl

from infercost.schema.errors import InputError

Container = Literal["csv", "parquet", "json", "zip"]


@dataclasses.dataclass(frozen=True)
class Head:
    """What a file says of itself before its first row: the names and types of its columns, in order."""

    path: Path
    container: Container
    columns: tuple[tuple[str, pl.DataType], ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of the columns, in lower case: Athena lower-cases every name."""
        return frozenset(name.lower() for name, _ in self.columns)


def read_head(path: Path) -> Head:
    """Reads the header of a file, and none of its rows.

    Raises:
        InputError: the file is empty, damaged, or not text in UTF-8.
    """
    with reading(path):
        with path.open("rb") as stream:
            start = stream.read(64).lstrip()
        if not start:
            raise InputError(f"{path}: the file is empty")
        if start.startswith(b"PAR1"):
            return Head(path, "parquet", tuple(pl.read_parquet_schema(path).items()))
        if start.startswith(b"PK\x03\x04"):
            return Head(path, "zip", _header(path, _open_zip(path)))
        if start.startswith((b"{", b"[")):
            return Head(path, "json", _keys(path))
        return Head(path, "csv", _header(path, open_text(path)))


def open_text(path: Path) -> IO[str]:
    """Opens a CSV file, compressed with gzip or not, as text in UTF-8."""
    with path.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    if zipped:
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turns whatever reading a file may raise into one message that names the file and the place."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: not text in UTF-8: {_bad_line(path)}{error.reason}. Take it as AWS wrote it"
        ) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: a truncated or damaged gzip file: {error}") from error
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise InputError(f"{path}: a damaged ZIP archive: {error}") from error
    except csv.Error as error:
        raise InputError(f"{path}: not a CSV file: {error}") from error
    except pl.exceptions.PolarsError as error:
        raise InputError(f"{path}: damaged: {_first_line(error)}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _bad_line(path: Path) -> str:
    """Where text stops being UTF-8. A reader of text counts bytes from wherever its buffer starts."""
    with path.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    with gzip.open(path) if zipped else path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return f"line {number}: "
    return ""


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _header(path: Path, stream: IO[str]) -> tuple[tuple[str, pl.DataType], ...]:
    with stream:
        names = next(csv.reader(stream), [])
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"{path}: the column {name!r} stands twice in the header")
        seen.add(name)
    return tuple((name, pl.String()) for name in names)


def _open_zip(path: Path) -> IO[str]:
    archive = zipfile.ZipFile(path)
    if not archive.namelist():
        raise InputError(f"{path}: an empty ZIP archive")
    return io.TextIOWrapper(archive.open(archive.namelist()[0]), encoding="utf-8-sig", newline="")


def _keys(path: Path) -> tuple[tuple[str, pl.DataType], ...]:
    """The keys of the outermost object: all that is needed to name the format."""
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not a JSON document: {error}") from error
    return tuple((str(key), pl.String()) for key in content) if isinstance(content, dict) else ()
