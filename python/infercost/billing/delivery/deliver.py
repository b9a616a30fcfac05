"""From the paths that a user names to the files that are read: listed, chosen by their manifests, and unpacked."""

import concurrent.futures
import contextlib
import dataclasses
import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence

from infercost.aws.objects import can_be_scanned
from infercost.billing.delivery.archive import MAGIC, unpack
from infercost.billing.delivery.choose import choose
from infercost.billing.delivery.file import File
from infercost.billing.delivery.listing import Entry, list_entries
from infercost.billing.delivery.manifest import Manifest, read_manifests
from infercost.billing.delivery.newest import SetAside
from infercost.billing.delivery.ratio import check_gzip
from infercost.billing.delivery.spool import Spool, open_spool
from infercost.billing.delivery.status import warn_of_refresh
from infercost.billing.reading.content import GZIP, open_bytes, read_part
from infercost.billing.reading.head import reading
from infercost.schema.errors import InputError
from infercost.schema.progress import Progress, silent

_AT_ONCE = 16  # files looked at side by side: S3 answers in tens of milliseconds
_COST_EXPLORER = b'"ResultsByTime"'
_NUMBER = re.compile(r"(?<![^/!])([^./!]*-)\d{5}(?=\.[^/]*\Z)")  # AWS's, of the part: daily-00001.csv.gz


@dataclasses.dataclass(frozen=True)
class Delivered:
    """The files of an export.

    Attributes:
        files: what is to be read, sorted by name. Those in a spool are there only as long as the block that got them.
        exports: name of a file to the export that it is of, as far as manifests and folders tell; else "".
        listed: names of the files that a manifest lists.
        set_aside: deliveries and files that lie there and are not read.
        warnings: what the user should know of the deliveries, in words.
    """

    files: tuple[File, ...]
    exports: Mapping[str, str]
    listed: frozenset[str]
    set_aside: tuple[SetAside, ...]
    warnings: tuple[str, ...]

    def delivery_of(self, file: str) -> tuple[bool, str]:
        """Returns what tells the delivery of a month that a file is a part of: files that share it hold no row twice.

        It is the manifest's export, or else the folder and the name without AWS's number of the part.

        Args:
            file: its name.
        """
        return (True, self.exports[file]) if file in self.listed else (False, _NUMBER.sub(r"\1", file))


@contextlib.contextmanager
def deliver(paths: Sequence[str], *, month: str | None = None, progress: Progress = silent) -> Iterator[Delivered]:
    """Finds the files of an export, and unpacks those that cannot be read where they lie.

    Args:
        paths: files, globs and folders, here or in S3 (`s3://bucket/prefix`).
        month: "2026-10": deliveries of other months are left alone, as far as manifests tell months.
        progress: is told what is being done.

    Raises:
        InputError: a path does not exist or may not be read, a folder holds no data, one month lies there in several
            deliveries and nothing tells which one counts, or a file is damaged or a bomb.
        IncompleteError: a manifest names a file that is not there, and no older delivery is complete.
        UsageError: there is no room to unpack.
    """
    progress("looking for the files of the export", 0.0)
    entries = list_entries(paths)
    manifests, others = _read_documents([entry for entry in entries if entry.is_json])
    choice = choose([entry for entry in entries if entry.may_be_data] + others, manifests, month)
    if not choice.exports:
        raise InputError(f"{paths[0]}: the folder holds no data files (manifests and hidden files are not read)")
    warnings = [*choice.warnings, *warn_of_refresh(entry for entry in entries if entry.is_status)]
    with open_spool() as spool:
        found = dict(_unpacked(choice.exports, spool, progress))
        exports = {file.name: choice.exports[entry] for file, entry in found.items()}
        listed = frozenset(file.name for file, entry in found.items() if entry in choice.listed)
        yield Delivered(tuple(sorted(found)), exports, listed, choice.set_aside, tuple(warnings))


def _read_documents(documents: Sequence[Entry]) -> tuple[list[Manifest], list[Entry]]:
    """Divides JSON documents into manifests and what may hold costs; what is neither is passed over."""
    found = read_manifests(documents)
    others = [
        entry for entry, manifest in found.items() if manifest is None and (entry.chosen or _is_cost_explorer(entry))
    ]
    return [manifest for manifest in found.values() if manifest is not None], others


def _is_cost_explorer(entry: Entry) -> bool:
    with reading(entry.file):
        return _COST_EXPLORER in read_part(entry.file, 0, 1 << 20)


def _unpacked(entries: Collection[Entry], spool: Spool, progress: Progress) -> Iterator[tuple[File, Entry]]:
    """The files in a form that can be scanned, each with what it was found as."""
    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        starts = dict(zip(entries, pool.map(_look, entries), strict=True))
    for done, (entry, start) in enumerate(starts.items()):
        file = entry.file
        if file.in_s3 and (start == MAGIC or entry.is_json or not can_be_scanned(file.place)):
            progress(f"fetching {file}", done / len(starts))
            file = _fetch(file, spool)
        if start == MAGIC:
            progress(f"unpacking {file}", done / len(starts))
            for member in unpack(file, spool):
                _check(member, member.path.stat().st_size)
                yield member, entry
        else:
            yield file, entry


def _look(entry: Entry) -> bytes:
    """The first bytes of a file, which is no bomb."""
    return _check(entry.file, entry.size)


def _check(file: File, size: int) -> bytes:
    with reading(file):
        start = read_part(file, 0, len(MAGIC))
        if start.startswith(GZIP):
            check_gzip(file, size)
        return start


def _fetch(file: File, spool: Spool) -> File:
    with spool.lay_down(file.name) as (laid, target), open_bytes(file) as content:
        shutil.copyfileobj(content, target, 1 << 20)
    return laid
