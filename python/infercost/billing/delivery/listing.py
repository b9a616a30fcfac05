"""What lies behind the paths that a user names: files, globs and folders, here and in S3."""

import dataclasses
import functools
import glob
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from infercost.aws import objects
from infercost.billing.delivery.file import File
from infercost.billing.delivery.layout import Layout, read_layout
from infercost.billing.reading.head import reading
from infercost.schema.errors import InputError

# What lies beside the data of an export, and what tools leave behind.
_NOT_DATA = {".crc", ".html", ".json", ".md", ".metadata", ".sql", ".toml", ".txt", ".yaml", ".yml"}
_TEST_OBJECT = "aws-programmatic-access-test-object"  # AWS writes it once to see whether it may write
_HIDDEN = (".", "_")
_STATUS = "cost_and_usage_data_status"  # the folder beside a CUR for Athena that says whether it is being refreshed
_WILD = re.compile(r"[*?[]")
_WILDCARDS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_OR_BELOW = r"(?:/|\Z)"


@dataclasses.dataclass(frozen=True)
class Entry:
    """A file as it was found.

    Attributes:
        file: its name and place.
        parts: its folders and its name, outermost first, for telling layouts and comparing with a manifest.
        size: in bytes.
        modified: when it was last written, in seconds since 1970.
        chosen: whether the user named it, by itself or by a glob, and not a folder around it.
    """

    file: File
    parts: tuple[str, ...]
    size: int
    modified: float
    chosen: bool

    @property
    def folder(self) -> tuple[str, ...]:
        """The folders that it lies in, outermost first."""
        return self.parts[:-1]

    @functools.cached_property
    def layout(self) -> Layout | None:
        """What its folders say."""
        return read_layout(self.folder)

    @property
    def month(self) -> str | None:
        """The month that its folders name: "2026-10"."""
        return self.layout.month if self.layout else None

    @property
    def is_json(self) -> bool:
        """Whether it may be a manifest, or an answer of Cost Explorer."""
        return self.parts[-1].lower().endswith(".json")

    @property
    def is_status(self) -> bool:
        """Whether it says if an export is being refreshed."""
        return _STATUS in (folder.lower() for folder in self.folder)

    @property
    def may_be_data(self) -> bool:
        """Whether it may hold charges, as far as its name says and the user doesn't say otherwise."""
        return not self.is_json and (self.chosen or (not self.is_status and may_be_data(self.parts[-1])))


def list_entries(paths: Sequence[str]) -> list[Entry]:
    """Returns every file behind files, globs and folders (searched to any depth), sorted by name, each once.

    Raises:
        InputError: a path does not exist or may not be read.
    """
    if not paths or not all(paths):  # an empty one is a variable of a shell that is not set, not the folder here
        raise InputError("no bill given: name a file, a glob or a folder of a billing export, here or as s3://...")
    found: dict[object, Entry] = {}
    for path in paths:
        with reading(File.at(path)):
            for entry in _list_s3(path) if path.startswith(objects.SCHEME) else _list_here(path):
                identity = entry.file if entry.file.in_s3 else entry.file.path.resolve()
                if identity not in found or entry.chosen:
                    found[identity] = entry
    return sorted(found.values(), key=lambda entry: entry.file)


def may_be_data(name: str) -> bool:
    """Returns whether a file of this name may hold charges; one without an extension may: Athena writes such."""
    return name != _TEST_OBJECT and PurePosixPath(name).suffix.lower() not in _NOT_DATA


def is_hidden(name: str) -> bool:
    """Returns whether a file or folder is none of the export's own: `_SUCCESS`, `.DS_Store`, `__MACOSX`."""
    return name.startswith(_HIDDEN)


def _list_here(path: str) -> Iterator[Entry]:
    place = Path(path)
    if place.is_file():
        yield _entry(place, chosen=True)
    elif place.is_dir():
        yield from (_entry(file, chosen=False) for file in _walk(place))
    else:
        matches = glob.glob(path, recursive=True)  # noqa: PTH207 -- Path.glob refuses absolute patterns
        if not matches:
            raise InputError(f"{path}: no such file or folder")
        for match in map(Path, matches):
            yield from _list_here(str(match)) if match.is_dir() else [_entry(match, chosen=True)]


def _entry(path: Path, *, chosen: bool) -> Entry:
    if not path.is_file():
        raise InputError(f"{path}: a link to nothing, or no file that can be read twice, such as a pipe")
    try:
        path.name.encode()
    except UnicodeEncodeError as error:
        shown = os.fsencode(path).decode(errors="backslashreplace")
        raise InputError(f"{shown}: its name is not text in UTF-8: rename it") from error
    known = path.stat()
    return Entry(File.at(path), path.absolute().parts, known.st_size, known.st_mtime, chosen)


def _walk(root: Path) -> Iterator[Path]:
    """Every file below a folder that is not hidden. What may not be looked into could hold half of the bill.

    Links to folders are followed, each folder once: a link may lead back.
    """

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename}: cannot be read: {error.strerror}") from error

    seen: set[Path] = set()
    for place, folders, names in os.walk(root, onerror=refuse, followlinks=True):
        real = Path(place).resolve()
        folders[:] = [] if real in seen else [name for name in folders if not is_hidden(name)]
        if real not in seen:
            yield from (Path(place, name) for name in names if not is_hidden(name))
        seen.add(real)


def _list_s3(path: str) -> Iterator[Entry]:
    """An object by its own name, a prefix as if it were a folder, or a glob that either of them matches."""
    wild = _WILD.search(path)
    matcher = re.compile(_expression(path) if wild else re.escape(path.rstrip("/")) + _OR_BELOW)
    some = False
    for found in objects.list_objects(path[: wild.start()] if wild else path):
        matched = matcher.match(found.address)
        if matched is None or any(is_hidden(part) for part in found.address[matched.end() :].split("/")):
            continue
        some = True
        parts = tuple(part for part in found.address.removeprefix(objects.SCHEME).split("/") if part)
        chosen = matched.end() == len(found.address)
        yield Entry(File.at(found.address), parts, found.size, found.modified.timestamp(), chosen)
    if not some:
        raise InputError(f"{path}: no object in S3 is called so, and none lies below it; look with `aws s3 ls`")


def _expression(pattern: str) -> str:
    """A glob as a regular expression that an address matches, or a folder above it."""
    parts = []
    for part in re.split(r"(\*\*/|\*\*|\*|\?|\[[^]]+\])", pattern.rstrip("/")):
        if len(part) > 2 and part.startswith("[") and part.endswith("]"):
            parts.append(
                "["
                + ("^" if part[1] == "!" else "")
                + re.escape(part[1:-1].removeprefix("!")).replace("\\-", "-")
                + "]"
            )
        else:
            parts.append(_WILDCARDS.get(part) or re.escape(part))
    return "".join(parts) + _OR_BELOW
