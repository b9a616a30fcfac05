"""A bound on how far a packed file may blow up: a bomb of a megabyte unpacks to a gigabyte, often of one line.

Bills pack 8:1 to 15:1. The samples that we could make at worst are 68:1 (10,000 empty tags), 136:1 (one resource
without an id) and 190:1 (one and the same row, over and over).
"""

import contextlib
import os
import zlib

from infercost.billing.delivery.file import File
from infercost.billing.reading.content import open_bytes, read_part
from infercost.schema.errors import InputError, UsageError

VARIABLE = "INFERCOST_MAX_COMPRESSION_RATIO"
_MOST = 200.0
_FLOOR = 64 << 20  # bytes; what is no more than this when unpacked does no harm
_DEFLATE = 1032  # no more bytes come out of one byte of deflate
_WINDOWS = 8  # places looked at, evenly spread
_WINDOW = 4096  # bytes at each
_GZIP = 31  # what zlib calls it


def refuse_bomb(file: File, packed: int, unpacked: int) -> None:
    """Refuses what blows up too far.

    Args:
        file: for the message.
        packed: its bytes as it is.
        unpacked: its bytes when unpacked, or a part of them.

    Raises:
        InputError: it does.
        UsageError: the environment sets a bound that is no number from 1.
    """
    if unpacked > _bound(packed):
        raise InputError(
            f"{file}: {packed:,} bytes that unpack to {unpacked:,} or more: no bill packs so well, so this may be meant"
            f" to fill memory. If it is a bill, set {VARIABLE} to a higher ratio than {most():g}"
        )


def _bound(packed: int) -> float:
    return max(_FLOOR, packed * most())


def most() -> float:
    """Returns the highest ratio that is let through.

    Raises:
        UsageError: the environment sets one that is no number from 1.
    """
    text = os.environ.get(VARIABLE, str(_MOST))
    try:
        ratio = float(text)
    except ValueError:
        ratio = 0
    if not ratio >= 1:
        raise UsageError(f"{VARIABLE}={text!r} is no ratio of unpacked to packed bytes; write a number such as 1000")
    return ratio


def check_gzip(file: File, size: int) -> None:
    """Refuses a gzip bomb, without unpacking files that are none.

    Most bombs say in their last four bytes what they unpack to (modulo 4 GiB); so does, by chance, a file that is cut
    short. Those that lie, or are of several parts, or larger, have to say the same thing over and over, so their packed
    bytes can be packed once more, where a bill's cannot: only then the bytes are counted, up to the bound. A part of
    ordinary bytes doesn't hide that: where the whole is over the bound, more than a sixth of it, one window at least,
    is of the other kind.

    Args:
        file: packed with gzip.
        size: its bytes.

    Raises:
        InputError: as `refuse_bomb`.
    """
    if size * _DEFLATE <= _FLOOR:
        return
    said = int.from_bytes(read_part(file, size - 4, 4), "little")
    step = (size - _WINDOW) // (_WINDOWS - 1)
    if said > _bound(size) or any(_packs_again(read_part(file, place * step, _WINDOW)) for place in range(_WINDOWS)):
        _count(file, size)


def _packs_again(packed: bytes) -> bool:
    return 2 * len(zlib.compress(packed, 1)) < len(packed)


def _count(file: File, size: int) -> None:
    unpacked = 0
    part = zlib.decompressobj(wbits=_GZIP)
    with open_bytes(file) as stream, contextlib.suppress(zlib.error):  # damage is told by whoever reads the file
        while block := part.unconsumed_tail or part.unused_data or stream.read(1 << 16):
            if part.eof:
                part = zlib.decompressobj(wbits=_GZIP)
            unpacked += len(part.decompress(block, 1 << 20))
            refuse_bomb(file, size, unpacked)
