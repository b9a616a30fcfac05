"""Where the files that a manifest names lie, in a bucket or in a copy of some part of it."""

from collections.abc import Sequence

from infercost.billing.delivery.layout import read_layout
from infercost.billing.delivery.listing import Entry
from infercost.billing.delivery.manifest import Manifest
from infercost.schema.errors import InputError


class Copied:
    """Files by their names, to be found by the keys that they had in their bucket."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_name: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_name.setdefault(entry.parts[-1], []).append(entry)

    def find(self, key: str, manifest: Manifest) -> Entry | None:
        """Returns the file of a key: the one with most folders in common with it, then the nearest to the manifest.

        The last folder must agree, or the file lies beside its manifest: parts of several deliveries and months have
        the same names, and the neighbour of a missing file must not stand in for it.

        Raises:
            InputError: nothing tells which of several files it is.
        """
        parts = key.split("/")
        month = read_layout(parts[:-1])
        ranked = [
            (_common(entry.parts[::-1], parts[::-1]), _common(entry.folder, manifest.entry.folder), entry)
            for entry in self._by_name.get(parts[-1], ())
            if entry.layout is None or month is None or entry.layout.month == month.month
        ]
        beside = manifest.entry.folder
        ranked = [found for found in ranked if found[0] > 1 or found[2].folder == beside]
        if not ranked:
            return None
        best = max(found[:2] for found in ranked)
        first, *others = [entry for *rank, entry in ranked if tuple(rank) == best]
        if others:
            raise InputError(
                f"{manifest.entry.file}: the manifest names {key}, which may be {first.file} or {others[0].file}."
                " Name one copy of the export only"
            )
        return first


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts are the same from the start on."""
    alike = [left == right for left, right in zip(one, other, strict=False)]
    return alike.index(False) if False in alike else len(alike)
