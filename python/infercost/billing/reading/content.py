"""The bytes of a file, wherever it lies: here, or in S3."""

import contextlib
import gzip
from collections.abc import Iterator
from typing import IO, Any, cast

from isal import igzip

from infercost.aws import objects
from infercost.billing.delivery.file import File

GZIP = b"\x1f\x8b"


@contextlib.contextmanager
def open_bytes(file: File) -> Iterator[IO[bytes]]:
    """Opens a file from its start.

    Raises:
        InputError: S3 does not give it.
        OSError: it cannot be opened here.
    """
    with objects.open_object(file.place) if file.in_s3 else file.path.open("rb") as stream:
        yield stream


def read_part(file: File, start: int, length: int) -> bytes:
    """Returns some bytes of a file: fewer where it ends. From S3 nothing else is fetched."""
    if file.in_s3:
        return objects.read_part(file.place, start, length)
    with file.path.open("rb") as stream:
        stream.seek(start)
        return stream.read(length)


def size_of(file: File) -> int:
    """Returns the bytes of a file."""
    return objects.size_of(file.place) if file.in_s3 else file.path.stat().st_size


def scan_options(file: File) -> dict[str, Any]:
    """Returns the further arguments of polars' scans for this file, and for all others of its bucket."""
    return objects.scan_options(file.place) if file.in_s3 else {}


def unpacked(stream: IO[bytes]) -> gzip.GzipFile:
    """Returns what a gzip stream holds, one file or several after each other; its sums are checked where each ends."""
    return cast("gzip.GzipFile", igzip.open(stream))  # type: ignore[no-untyped-call]  # of isal only the C parts have types


def is_gzip(file: File) -> bool:
    """Returns whether the content is packed with gzip; a name says nothing."""
    return read_part(file, 0, len(GZIP)) == GZIP
