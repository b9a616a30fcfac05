"""Whatever deliveries lie there, in whatever layout and order: the newest complete one of each month, and no other."""

import dataclasses
import os
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infercost.billing.delivery.deliver import deliver
from infercost.schema.errors import IncompleteError
from unit.billing.delivery.make_deliveries import (
    export_keys,
    export_manifest,
    export_manifest_keys,
    legacy_keys,
    legacy_manifest,
    legacy_manifest_keys,
    put,
)

MONTHS = ("2026-02", "2026-09", "2026-10", "2026-12")


@dataclasses.dataclass(frozen=True)
class Made:
    """One delivery of one month, kept in a folder of its own."""

    month: str
    minute: int  # when; the time is in its id
    files: int
    missing: int | None
    own_manifest: bool  # beside the month's own, which only the newest one has

    @property
    def id(self) -> str:
        return f"2026{self.month[5:]}03T01{self.minute:02}03Z"


DELIVERIES = st.lists(
    st.builds(
        Made,
        st.sampled_from(MONTHS),
        st.integers(0, 59),
        st.integers(1, 3),
        st.one_of(st.none(), st.integers(0, 2)),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda made: (made.month, made.minute),
)


@given(
    DELIVERIES,
    st.sampled_from(["legacy", "export"]),
    st.randoms(use_true_random=False),
    st.sampled_from(["", "copy/of/the"]),
)
@settings(max_examples=60)
def test_the_newest_complete_delivery_of_each_month(
    deliveries: list[Made], kind: str, order: random.Random, below: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, below)
        expected = _lay_out(root, deliveries, kind, order)
        if expected is None:
            with pytest.raises(IncompleteError, match="which is not there"), deliver([folder]):
                pass
        else:
            with deliver([folder]) as found:
                assert {file.place for file in found.files} == {str(root / key) for key in expected}


def _lay_out(root: Path, deliveries: list[Made], kind: str, order: random.Random) -> set[str] | None:
    """Writes them in any order; returns the keys to be read, or None where a month has no complete delivery."""
    writes: list[tuple[str, str]] = []
    expected: set[str] = set()
    refused = False
    for month in {made.month for made in deliveries}:
        newest_first = sorted((made for made in deliveries if made.month == month), key=lambda made: -made.minute)
        best: set[str] | None = None
        for made in newest_first:
            keys, manifest, places = _describe(made, kind)
            listed = made is newest_first[0] or made.own_manifest
            gone = made.missing if listed else None  # without a manifest nobody knows that a file is missing
            there = [key for place, key in enumerate(keys) if place != gone]
            writes += [(key, made.id) for key in there]
            if made is newest_first[0]:
                writes.append((places[0], manifest))
            if made.own_manifest:
                writes.append((places[1], manifest))
            if listed and best is None and len(there) == len(keys):
                best = set(keys)
        refused |= best is None
        expected |= best or set()
    order.shuffle(writes)
    for when, (key, content) in enumerate(writes):
        os.utime(put(root, key, content), (when, when))
    return None if refused else expected


def _describe(made: Made, kind: str) -> tuple[list[str], str, tuple[str, str]]:
    if kind == "legacy":
        keys = legacy_keys(made.month, made.id, made.files)
        return keys, legacy_manifest(made.month, made.id, keys), legacy_manifest_keys(made.month, made.id)
    keys = export_keys(made.month, made.id, made.files)
    return keys, export_manifest(made.id, keys), export_manifest_keys(made.month, made.id)
