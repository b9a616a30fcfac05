"""Which deliveries are read: of each month the newest complete one, exactly the files that its manifest names."""

import dataclasses
import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence

from infercost.billing.delivery.copied import Copied
from infercost.billing.delivery.listing import Entry
from infercost.billing.delivery.manifest import Manifest
from infercost.schema.errors import IncompleteError, InputError


@dataclasses.dataclass(frozen=True)
class SetAside:
    """What lies there and is not read: a delivery or a file, its month ("2026-10") if that is known, and why."""

    name: str
    month: str | None
    reason: str


@dataclasses.dataclass(frozen=True)
class Choice:
    """The files to be read.

    Attributes:
        exports: the files, each with the export that it is of; "" where nothing tells.
        set_aside: what else lies there.
        warnings: what the user should know, in words.
    """

    exports: dict[Entry, str]
    set_aside: tuple[SetAside, ...]
    warnings: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class _Delivery:
    """What a manifest says, and what of it is there."""

    manifest: Manifest
    entries: tuple[Entry, ...]  # those of its files that are there
    missing: str | None  # the first one that is not

    @property
    def is_complete(self) -> bool:
        return self.missing is None and bool(self.entries)

    @property
    def name(self) -> str:
        return self.manifest.delivery or self.manifest.entry.file.name

    @property
    def lack(self) -> str:
        """What is missing, in words."""
        return f"names {self.missing}, which is not there" if self.missing else "names no file"


def choose(entries: Sequence[Entry], manifests: Sequence[Manifest], month: str | None = None) -> Choice:
    """Returns the files to be read.

    Args:
        entries: all that may be data.
        manifests: all that were found.
        month: only this one ("2026-10"), as far as manifests tell months; all, if none of them is of this one.

    Raises:
        InputError: several deliveries of a month lie there, and no manifest tells which one counts.
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
        ranked = _newest_first(group)
        best = next((delivery for delivery in ranked if delivery.is_complete), None)
        if best is None:
            raise IncompleteError(
                f"{ranked[0].manifest.entry.file}: the manifest {ranked[0].lack}, and no other delivery of {of_month}"
                " is complete. Copy what is missing too, or take the manifest away to read the files that are there"
            )
        exports |= dict.fromkeys(best.entries, export)
        aside += dict.fromkeys(_others(ranked, best))
        warnings += _warn(ranked, best)
    named = {entry for delivery in deliveries for entry in delivery.entries}
    loose, unnamed = _divide([entry for entry in entries if entry not in named], named, manifests)
    aside += [SetAside(entry.file.name, entry.month, "in no manifest") for entry in unnamed]
    _refuse_several_deliveries(loose)
    exports |= {entry: "/".join(entry.layout.export) if entry.layout else "" for entry in loose}
    return Choice(exports, tuple(aside), tuple(warnings))


def _find(manifest: Manifest, copied: Copied) -> _Delivery:
    found = {key: copied.find(key, manifest) for key in manifest.keys}
    missing = next((key for key, entry in found.items() if entry is None), None)
    there = tuple(entry for entry in found.values() if entry is not None)
    return _Delivery(manifest, there, missing)


def _by_month(deliveries: Iterable[_Delivery]) -> Iterator[tuple[tuple[str, str], list[_Delivery]]]:
    def month(delivery: _Delivery) -> tuple[str, str]:
        return delivery.manifest.export, delivery.manifest.month

    for key, group in itertools.groupby(sorted(deliveries, key=month), month):
        yield key, list(group)


def _newest_first(deliveries: Sequence[_Delivery]) -> list[_Delivery]:
    """By the time in their ids. Old ids have none: then what the month's own manifest points to, then the file's time.

    Raises:
        InputError: nothing tells which of two deliveries is newer.
    """
    timed = all(delivery.manifest.stamp for delivery in deliveries)

    def age(delivery: _Delivery) -> tuple[str, bool, float]:
        manifest = delivery.manifest
        return (manifest.stamp or "" if timed else "", manifest.is_current, manifest.entry.modified)

    ranked = sorted(deliveries, key=lambda delivery: delivery.manifest.entry.file)
    ranked = sorted(ranked, key=age, reverse=True)
    first, *others = [delivery for delivery in ranked if delivery.is_complete] or ranked
    for other in others:
        if age(other) == age(first) and other.manifest.delivery != first.manifest.delivery:
            raise InputError(
                f"{first.manifest.entry.file} and {other.manifest.entry.file} are two deliveries of"
                f" {first.manifest.month}, and nothing tells which one is newer: name one of them"
            )
    return ranked


def _others(ranked: Sequence[_Delivery], best: _Delivery) -> Iterator[SetAside]:
    """The other deliveries of a month, each once, however many manifests tell of it."""
    told = {best.entries}
    for delivery in ranked:
        if not delivery.is_complete:
            yield SetAside(delivery.name, delivery.manifest.month, f"incomplete: its manifest {delivery.lack}")
        elif delivery.entries not in told:
            told.add(delivery.entries)
            again = delivery.manifest.delivery == best.manifest.delivery
            reason = "the same delivery once more" if again else f"older than {best.name}, which restates the month"
            yield SetAside(delivery.name, delivery.manifest.month, reason)


def _warn(ranked: Sequence[_Delivery], best: _Delivery) -> Iterator[str]:
    newer = ranked[0]
    if not newer.is_complete and newer.manifest.delivery != best.manifest.delivery:
        yield (
            f"{newer.manifest.entry.file}: the manifest {newer.lack}: {best.manifest.month} is read from the older"
            f" delivery {best.name} instead"
        )
    untimed = {delivery.manifest.delivery for delivery in ranked if not delivery.manifest.stamp}
    if untimed and len({delivery.manifest.delivery for delivery in ranked}) > 1 and not best.manifest.is_current:
        yield (
            f"{best.manifest.month}: that {best.name} is the newest delivery is told only by the time at which its"
            " manifest was last written"
        )


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
