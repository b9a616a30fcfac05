"""Two files that hold the same rows: a delivery beside its unpacked copy, its conversion, or a narrower export."""

import functools
import hashlib
import itertools
from collections.abc import Sequence
from decimal import Decimal

from infercost.billing.audit import Tally
from infercost.billing.delivery.file import File
from infercost.billing.reading.content import open_bytes
from infercost.billing.reading.head import Container, Head, open_text, read_head
from infercost.schema.errors import InputError

_MANY = 100  # rows; a few may well sum to the same by chance
_NOISE = Decimal("0.000001")  # what a sum of doubles may differ by from the sum of the decimals that they were


def find_copies(tallies: Sequence[Tally], files: Sequence[File]) -> dict[str, str]:
    """Returns each file that has the very same content as one before it, and that one: it must not count twice.

    Args:
        tallies: the audit's, which name the files.
        files: where they are.

    Raises:
        InputError: two files have the same sums in another form, and nothing tells which of them is to be read.
    """
    places = {file.name: file for file in files}
    by_file: dict[str, list[Tally]] = {}
    for tally in sorted(tallies, key=str):
        by_file.setdefault(tally.file, []).append(tally)
    by_rows: dict[object, list[str]] = {}
    for file, sums in by_file.items():
        by_rows.setdefault(tuple((tally.month, tally.category, tally.rows) for tally in sums), []).append(file)
    copies: dict[str, str] = {}
    head, digest = functools.cache(read_head), functools.cache(_digest)  # a file may be one of many pairs
    for alike in by_rows.values():
        for one, other in itertools.combinations(alike, 2):
            if one not in copies and other not in copies and _same_sums(by_file[one], by_file[other]):
                rows = sum(tally.rows for tally in by_file[one])
                kind = _common_kind(head(places[one]), head(places[other]), rows)
                if kind and digest(places[one], kind) == digest(places[other], kind):
                    copies[other] = one
    return copies


def _same_sums(one: Sequence[Tally], other: Sequence[Tally]) -> bool:
    return all(abs(left.cost - right.cost) <= _NOISE for left, right in zip(one, other, strict=True))


def _common_kind(first: Head, second: Head, rows: int) -> Container | None:
    """The kind of files whose sums are the same, or None if they differ in their columns and may yet be no copies."""
    if first.container != second.container or (first.columns != second.columns and rows >= _MANY):
        raise InputError(
            f"{first.file} and {second.file} hold the same sums, so every charge would count twice: name only one of"
            " them"
        )
    return first.container if first.columns == second.columns else None


def _digest(file: File, kind: Container) -> bytes:
    digest = hashlib.blake2b()
    if kind == "parquet":
        with open_bytes(file) as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    else:
        with open_text(file) as text:
            while part := text.read(1 << 20):
                digest.update(part.encode())
    return digest.digest()
