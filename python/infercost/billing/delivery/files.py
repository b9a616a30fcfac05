"""Which files a user means by files, globs and folders."""

import glob
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from infercost.billing.delivery.file import File
from infercost.billing.reading.head import reading
from infercost.schema.errors import InputError

# What lies beside the data of an export, and what tools leave behind.
_NOT_DATA = {".crc", ".html", ".json", ".md", ".sql", ".toml", ".txt", ".yaml", ".yml"}
_HIDDEN = (".", "_")
_MONTH_FOLDER = re.compile(r"billing_period=\d{4}-\d{2}", re.IGNORECASE)


def find_files(paths: Sequence[str]) -> tuple[File, ...]:
    """Returns the data files behind files, globs and folders (searched to any depth), sorted, each once.

    Raises:
        InputError: a path does not exist or may not be read, a folder holds no data, or one month lies there in several
            deliveries, each of which is a full copy.
    """
    if not paths or not all(paths):  # an empty one is a variable of a shell that is not set, not the folder here
        raise InputError("no bill given: name a file, a glob or a folder of a FOCUS 1.2 or CUR 2.0 export")
    found: dict[Path, Path] = {}
    for path in paths:
        with reading(File.at(path)):
            found |= {file.resolve(): file for file in _expand(path)}
    files = tuple(sorted(found.values()))
    _refuse_several_deliveries(files)
    return tuple(File.at(file) for file in files)


def _expand(path: str) -> list[Path]:
    place = Path(path)
    if place.is_file():
        return [place]
    if place.is_dir():
        files = [file for file in sorted(_walk(place)) if file.is_file() and _may_be_data(file)]
        if not files:
            raise InputError(f"{path}: the folder holds no data files (manifests and hidden files are not read)")
        return files
    matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 -- Path.glob refuses absolute patterns
    if not matches:
        raise InputError(f"{path}: no such file or folder")
    return [file for match in matches for file in _expand(match)]


def _walk(root: Path) -> Iterator[Path]:
    """Every file below a folder that is not hidden. What may not be looked into could hold half of the bill."""

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename}: cannot be read: {error.strerror}") from error

    for place, folders, names in os.walk(root, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(_HIDDEN)]
        yield from (Path(place, name) for name in names if not name.startswith(_HIDDEN))


def _may_be_data(file: Path) -> bool:
    return file.suffix.lower() not in _NOT_DATA or _is_cost_explorer(file)


def _is_cost_explorer(file: Path) -> bool:
    """A manifest is passed over; an answer of Cost Explorer is not, for it holds costs."""
    if file.suffix.lower() != ".json":
        return False
    with reading(File.at(file)), file.open("rb") as stream:
        return b'"ResultsByTime"' in stream.read(1 << 20)


def _refuse_several_deliveries(files: Sequence[Path]) -> None:
    """With CREATE_NEW_REPORT each delivery is a folder under the month's partition, and restates the whole month."""
    deliveries: dict[Path, set[Path]] = {}
    for file in files:
        for folder in file.parents:
            if _MONTH_FOLDER.fullmatch(folder.name):
                deliveries.setdefault(folder, set()).add(file.parent)
    for month, folders in sorted(deliveries.items()):
        if len(folders) > 1:
            names = ", ".join(sorted(str(folder.relative_to(month)) for folder in folders))
            raise InputError(
                f"{month}: several deliveries of one month ({names}). Each is a full copy, so adding them up would"
                " count every charge more than once: name only the newest"
            )
