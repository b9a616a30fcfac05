"""Opens a table on disk: CSV, gzipped CSV or Parquet, told apart by content.

Reads only the columns asked for, batch by batch.
"""

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import polars as pl

from infercost.schema.errors import InputError

# A batch of all columns of a trace is some ten megabytes.
BATCH_ROWS = 131_072

Container = Literal["csv", "gzip", "parquet"]


def container(path: Path) -> Container:
    """How the file is packed.

    Raises:
        InputError: the file is missing, a folder, unreadable or empty.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    if not head:
        raise InputError(f"{path}: is empty; a traffic file has a header and at least one row")
    if head == b"PAR1":
        return "parquet"
    return "gzip" if head[:2] == b"\x1f\x8b" else "csv"


def header(path: Path) -> list[str]:
    """Names of the columns.

    Raises:
        InputError: the file can't be read as a table, or two columns have one name.
    """
    packed = container(path)
    names = _parquet_header(path) if packed == "parquet" else _csv_header(path, packed)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"{path}: column `{twice[0]}` is there twice; keep one")
    return names


def batches(path: Path, columns: Mapping[str, str], rows: int = BATCH_ROWS) -> Iterator[pl.DataFrame]:
    """The named columns, so many rows at a time, all text if the file is CSV.

    Of a Parquet file two or three row groups are in memory, of a CSV about as much, however long the file is.

    Args:
        path: the file.
        columns: name in the result: name in the file.
        rows: how many rows a batch has; the last one has what is left.

    Raises:
        InputError: the file is damaged or has no rows.
    """
    wanted = [pl.col(name).alias(canonical) for canonical, name in columns.items()]
    none = True
    try:
        scan = (
            pl.scan_parquet(path, glob=False)
            if container(path) == "parquet"
            else pl.scan_csv(path, glob=False, infer_schema=False)
        )
        for batch in scan.select(wanted).collect_batches(chunk_size=rows, lazy=True):
            none = none and batch.is_empty()
            yield batch
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise _damaged(path, error) from None
    if none:
        raise InputError(f"{path}: has a header but no rows; export it again")


def _parquet_header(path: Path) -> list[str]:
    try:
        return list(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise _damaged(path, error) from None


def _csv_header(path: Path, packed: Container) -> list[str]:
    try:
        with (gzip.open if packed == "gzip" else open)(path, "rt", encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file), [])
    except UnicodeDecodeError:
        raise InputError(f"{path}: is neither Parquet nor CSV in UTF-8; convert it to one of them") from None
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> InputError:
    reason = " ".join(str(error).split("\n", 1)[0].split()) or type(error).__name__
    return InputError(f"{path}: is damaged or cut short ({reason}); copy or export it again")
