"""A folder for what cannot be read where it lies, such as a file in an archive."""

import contextlib
import errno
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import polars as pl

from infercost.billing.delivery.file import File
from infercost.schema.errors import UsageError
from infercost.schema.temporary import temporary_folder

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Spool:
    """The folder, and the files that have been laid down in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()

    @contextlib.contextmanager
    def lay_down(self, name: str) -> Iterator[tuple[File, IO[bytes]]]:
        """Opens a new file of this name for writing.

        Raises:
            UsageError: there is no room for it.
        """
        place = self._folder / str(next(self._numbers))
        with needs_room(self._folder, name), place.open("xb") as target:
            yield File(name, str(place)), target


@contextlib.contextmanager
def needs_room(folder: Path, name: str) -> Iterator[None]:
    """Says what to do where the disk is full of what is laid down in a temporary folder.

    Raises:
        UsageError: it is.
    """
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        number = next((one for one in _FULL if _is(one, error)), None)
        if number is None:
            raise
        raise UsageError(
            f"{folder.parent}: {name} needs room there ({os.strerror(number)}); make room, or set TMPDIR to"
            " another folder"
        ) from error


def _is(number: int, error: Exception) -> bool:
    """Whether an error of the system is at the bottom of it; polars has it in words only."""
    return error.errno == number if isinstance(error, OSError) else f"(os error {number})" in str(error)


@contextlib.contextmanager
def open_spool() -> Iterator[Spool]:
    """Makes the folder. It is gone when the block is left, however it is left."""
    with temporary_folder() as folder:
        yield Spool(folder)
