"""Which deliveries are read: of each month the newest complete one, exactly the files that its manifest names."""

import dataclasses
import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence

from infercost.billing.delivery.copied import Copied
from infercost.billing.delivery.listing import Entry
from infercost.billing.delivery.manifest import Manifest
from infercost.billing.delivery.newest import Delivery, SetAside, find_newest
from infercost.schema.errors import InputError


@dataclasses.dataclass(frozen=True)
class Choice:
    """The files to be read.

    Attributes:
        exports: the files, each with the export that it is of; "" where nothing tells.
        listed: those of them that a manifest names.
        set_aside: what else lies there.
        warnings: what the user should know, in words.
    """

    exports: dict[Entry, str]
    listed: frozenset[Entry]
    set_aside: tuple[SetAside, ...]
    warnings: tuple[str, ...]


def choose(entries: Sequence[Entry], manifests: Sequence[Manifest], month: str | None = None) -> Choice:
    """Returns the files to be read.

    Args:
        entries: all that may be data.
        manifests: all that were found.
        month: only this one ("2026-10"), as far as manifests tell months; all, if none of them is of this one.

    Raises:
        InputError: several deliveries of a month lie there, and nothing tells which one counts.
        IncompleteError: of a month no delivery is complete.
    """
    copied = Copied(entries)
    deliveries = [_find(manifest, copied) for manifest in manifests]
    wanted = month if month in {manifest.month for manifest in manifests} else None
    exports: dict[Entry, str] = {}
    aside: list[SetAside] = []
    warnings: list[str] = []
    for (export, of_month), group in _by_month(deliveries):
        if wanted not in {None, of_month}:
            aside.append(SetAside(export, of_month, f"another month than {wanted}"))
            continue
        newest = find_newest(group)
        exports |= dict.fromkeys(newest.delivery.entries, export)
        aside += newest.set_aside
        warnings += newest.warnings
    listed = frozenset(exports)
    named = {entry for delivery in deliveries for entry in delivery.entries}
    loose, unnamed = _divide([entry for entry in entries if entry not in named], named, manifests)
    aside += [SetAside(entry.file.name, entry.month, "in no manifest") for entry in unnamed]
    _refuse_several_deliveries(loose)
    exports |= {entry: "/".join(entry.layout.export) if entry.layout else "" for entry in loose}
    return Choice(exports, listed, tuple(aside), tuple(warnings))


def _find(manifest: Manifest, copied: Copied) -> Delivery:
    found = {key: copied.find(key, manifest) for key in manifest.keys}
    missing = next((key for key, entry in found.items() if entry is None), None)
    there = tuple(entry for entry in found.values() if entry is not None)
    return Delivery(manifest, there, missing)


def _by_month(deliveries: Iterable[Delivery]) -> Iterator[tuple[tuple[str, str], list[Delivery]]]:
    def month(delivery: Delivery) -> tuple[str, str]:
        return delivery.manifest.export, delivery.manifest.month

    for key, group in itertools.groupby(sorted(deliveries, key=month), month):
        yield key, list(group)


def _divide(
    entries: Iterable[Entry], named: Collection[Entry], manifests: Iterable[Manifest]
) -> tuple[list[Entry], list[Entry]]:
    """Divides files that no manifest names: those that no manifest could name, and those that one leaves out.

    A manifest leaves out what lies in the months that it stands for, and what lies around it without a month.
    """
    months = {(entry.layout.export, entry.layout.month) for entry in named if entry.layout}
    folders = {manifest.entry.folder for manifest in manifests}
    loose: list[Entry] = []
    left_out: list[Entry] = []
    for entry in entries:
        layout = entry.layout
        if layout is not None:
            out = (layout.export, layout.month) in months
        else:
            out = any(entry.folder[: len(folder)] == folder for folder in folders)
        (left_out if out else loose).append(entry)
    return loose, left_out


def _refuse_several_deliveries(entries: Iterable[Entry]) -> None:
    """Where each delivery is kept, it is a folder under the month's, and restates the whole month."""
    months: dict[tuple[tuple[str, ...], str], dict[tuple[str, ...], Entry]] = {}
    for entry in entries:
        if layout := entry.layout:
            months.setdefault((layout.export, layout.month), {})[layout.delivery] = entry
    for (_, month), folders in sorted(months.items()):
        if len(folders) > 1:
            names = ", ".join("/".join(folder[1:]) or folder[0] for folder in sorted(folders))
            first = min(entry.file for entry in folders.values())
            raise InputError(
                f"{first}: several deliveries of {month} ({names}). Each is a full copy, so adding them up would count"
                " every charge more than once: name only the newest, or copy the manifests too"
            )
