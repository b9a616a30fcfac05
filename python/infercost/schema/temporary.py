"""A temporary folder."""

import contextlib
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Makes a folder that this user alone can read. It is gone when the block is left, however it is left.

    `tempfile.TemporaryDirectory` learns the name when the folder is there: Ctrl-C between the two leaves it behind.

    Example:
        >>> with temporary_folder() as folder:
        ...     folder.is_dir()
        True
    """
    folder = Path(tempfile.gettempdir(), f"infercost-{uuid.uuid4().hex}")
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
