"""Where the files that a manifest names lie, in a bucket or in a copy of some part of it."""

from collections.abc import Sequence

from infercost.billing.delivery.layout import read_layout
from infercost.billing.delivery.listing import Entry
from infercost.billing.delivery.manifest import Manifest
from infercost.schema.errors import InputError


class Copied:
    """Files, to be found by the keys that they had in their bucket."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_end: dict[tuple[str, ...], list[Entry]] = {}  # by name and the folder around it
        self._by_place: dict[tuple[str, ...], Entry] = {}
        for entry in entries:
            self._by_end.setdefault(entry.parts[-2:], []).append(entry)
            self._by_place[entry.parts] = entry

    def find(self, key: str, manifest: Manifest) -> Entry | None:
        """Returns the file of a key: the one with most folders in common with it, then the nearest to the manifest.

        The folder around it must be the same, or it lies beside its manifest: parts of several deliveries and months
        have the same names, and the neighbour of a missing file must not stand in for it.

        Raises:
            InputError: nothing tells which of several files it is.
        """
        parts = key.split("/")
        layout, beside = read_layout(parts[:-1]), self._by_place.get((*manifest.entry.folder, parts[-1]))
        found: list[Entry] = [*self._by_end.get(tuple(parts[-2:]), []), *([beside] if beside else [])]
        ranked = [
            (_common(entry.parts[::-1], parts[::-1]), _common(entry.folder, manifest.entry.folder), entry)
            for entry in dict.fromkeys(found)
            if entry.layout is None or layout is None or entry.layout.month == layout.month
        ]
        if not ranked:
            return None
        best = max((alike, near) for alike, near, _ in ranked)
        likely = [entry for alike, near, entry in ranked if (alike, near) == best]
        if len(likely) > 1:
            raise InputError(
                f"{manifest.entry.file}: the manifest names {key}, which may be {likely[0].file} or {likely[1].file}."
                " Name one copy of the export only"
            )
        return likely[0]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts are the same from the start on."""
    alike = [left == right for left, right in zip(one, other, strict=False)]
    return alike.index(False) if False in alike else len(alike)
