"""ZIP archives, as legacy CUR delivers them: polars cannot read them, but it can read what is in them as gzip."""

import shutil
import struct
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import IO

from infercost.billing.delivery.file import File
from infercost.billing.delivery.listing import is_hidden, may_be_data
from infercost.billing.delivery.ratio import refuse_bomb
from infercost.billing.delivery.spool import Spool
from infercost.billing.reading.content import GZIP
from infercost.billing.reading.head import reading
from infercost.schema.errors import InputError

MAGIC = b"PK\x03\x04"
_LOCAL_HEADER = struct.Struct("<4s22xHH")  # signature, what the directory says too, lengths of the name and of extras
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # deflate, no time, no name
_ENCRYPTED = 1
_NO_TEXT = (b"PAR1", MAGIC, GZIP)  # what has to lie there unpacked to be seen for what it is
_MANIFEST = "manifest.json"  # what AWS's names of manifests end in: daily-Manifest.json, daily-RedshiftManifest.json
_BLOCK = 1 << 20


def unpack(file: File, spool: Spool) -> Iterator[File]:
    """Yields the data files of an archive, laid down in the spool.

    A packed text stays packed: deflate is what gzip holds, too, so it only gets gzip's first and last bytes. That costs
    no more than copying it.

    Args:
        file: the archive, here.
        spool: where to lay them down.

    Raises:
        InputError: the archive is damaged, encrypted, packed in a way that is not read, or a bomb; or a whole folder
            that somebody packed, with manifests that tell which of its files count.
        UsageError: there is no room for them.
    """
    with reading(file), zipfile.ZipFile(file.place) as archive, file.path.open("rb") as raw:
        _refuse_folder(file, archive.namelist())
        members = [member for member in archive.infolist() if _may_be_data(member)]
        _check(file, members)
        for member in members:
            name = f"{file}!{member.filename}"
            with reading(File.at(name)), spool.lay_down(name) as (laid, target):
                _copy(archive, raw, member, target)
            yield laid


def _refuse_folder(file: File, names: Sequence[str]) -> None:
    """AWS packs one file at a time. What holds manifests may hold several deliveries, each a full copy of its month."""
    manifest = next((name for name in names if name.lower().endswith(_MANIFEST)), None)
    if manifest is not None:
        raise InputError(
            f"{file}!{manifest}: a manifest, so this archive is a folder of deliveries that somebody packed, and"
            " reading all of it could count a month twice: unpack it and name the folder"
        )


def _may_be_data(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename).parts
    # a damaged one may have no name; zipfile would look at its last letter
    return bool(parts) and not member.is_dir() and not any(map(is_hidden, parts)) and may_be_data(parts[-1])


def _check(file: File, members: list[zipfile.ZipInfo]) -> None:
    if not members:
        raise InputError(f"{file}: the archive holds no data files")
    names = {member.filename for member in members}
    packed = sum(member.compress_size for member in members)
    if len(names) < len(members) or packed > file.path.stat().st_size:
        raise InputError(f"{file}: a damaged ZIP archive: files in it overlap, or have the same name")
    for member in members:
        name = f"{file}!{member.filename}"
        if member.flag_bits & _ENCRYPTED:
            raise InputError(f"{name}: encrypted: unpack it first")
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise InputError(
                f"{name}: packed by ZIP's method {member.compress_type}, which is not read: unpack it first"
            )
        refuse_bomb(File.at(name), member.compress_size, member.file_size)


def _copy(archive: zipfile.ZipFile, raw: IO[bytes], member: zipfile.ZipInfo, target: IO[bytes]) -> None:
    with archive.open(member) as content:
        start = content.read(4)
        if member.compress_type == zipfile.ZIP_STORED or start.startswith(_NO_TEXT):
            target.write(start)
            shutil.copyfileobj(content, target, _BLOCK)
            return
    raw.seek(member.header_offset)
    _, name_length, extra_length = _LOCAL_HEADER.unpack(raw.read(_LOCAL_HEADER.size))
    raw.seek(name_length + extra_length, 1)
    target.write(_GZIP_HEADER)
    left = member.compress_size
    while block := raw.read(min(left, _BLOCK)):
        left -= target.write(block)
    if left:
        raise zipfile.BadZipFile("it ends too early")
    target.write(struct.pack("<II", member.CRC, member.file_size & 0xFFFFFFFF))
