"""A folder for what cannot be read where it lies, such as a file in an archive."""

import contextlib
import errno
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from infercost.billing.delivery.file import File
from infercost.schema.errors import UsageError

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
        try:
            with place.open("xb") as target:
                yield File(name, str(place)), target
        except OSError as error:
            if error.errno not in _FULL:
                raise
            raise UsageError(
                f"{self._folder.parent}: {name} needs room for a copy there ({error.strerror}); make room, or set"
                " TMPDIR to another folder"
            ) from error


@contextlib.contextmanager
def open_spool() -> Iterator[Spool]:
    """Makes the folder. It is gone when the block is left, however it is left."""
    with tempfile.TemporaryDirectory(prefix="infercost-") as folder:
        yield Spool(Path(folder))
