"""Two files that hold the same rows: a delivery beside its unpacked copy, or beside its conversion to Parquet."""

import hashlib
import itertools
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from infercost.billing.audit import Tally
from infercost.billing.reading.head import open_text, read_head
from infercost.schema.errors import InputError

_NOISE = Decimal("0.000001")  # what a sum of doubles may differ by from the sum of the decimals that they were


def find_copies(tallies: Sequence[Tally]) -> dict[str, str]:
    """Returns each file that has the very same content as one before it, and that one: it must not count twice.

    Raises:
        InputError: a CSV and a Parquet file have the same sums, and nothing tells which of them is to be read.
    """
    by_file: dict[str, list[Tally]] = {}
    for tally in sorted(tallies, key=str):
        by_file.setdefault(tally.file, []).append(tally)
    by_rows: dict[object, list[str]] = {}
    for file, sums in by_file.items():
        by_rows.setdefault(tuple((tally.month, tally.category, tally.rows) for tally in sums), []).append(file)
    copies: dict[str, str] = {}
    for files in by_rows.values():
        for one, other in itertools.combinations(files, 2):
            if one not in copies and _same_sums(by_file[one], by_file[other]) and _same_content(one, other):
                copies[other] = one
    return copies


def _same_sums(one: Sequence[Tally], other: Sequence[Tally]) -> bool:
    return all(abs(left.cost - right.cost) <= _NOISE for left, right in zip(one, other, strict=True))


def _same_content(one: str, other: str) -> bool:
    kinds = {read_head(Path(file)).container for file in (one, other)}
    if len(kinds) > 1:
        raise InputError(
            f"{one} and {other} hold the same sums, so every charge would count twice: name only one of them"
        )
    return _digest(Path(one), *kinds) == _digest(Path(other), *kinds)


def _digest(file: Path, kind: str) -> bytes:
    digest = hashlib.blake2b()
    if kind == "parquet":
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    else:
        with open_text(file) as text:
            while part := text.read(1 << 20):
                digest.update(part.encode())
    return digest.digest()
