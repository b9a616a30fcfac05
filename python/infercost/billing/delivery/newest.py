"""Of several deliveries of one month, each a full copy: the newest that is complete, and what is said of the others."""

import dataclasses
from collections.abc import Iterator, Sequence

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
class Delivery:
    """What a manifest says, and what of it is there.

    Attributes:
        manifest: the list of its files.
        entries: those of them that are there.
        missing: the key of the first one that is not.
    """

    manifest: Manifest
    entries: tuple[Entry, ...]
    missing: str | None

    @property
    def id(self) -> str:
        """What it is called, and what tells it from others of its month."""
        return self.manifest.delivery or self.manifest.entry.file.name

    @property
    def is_complete(self) -> bool:
        """Whether it can be read."""
        return self.missing is None and bool(self.entries)

    @property
    def lack(self) -> str:
        """What its manifest does, where it is not complete."""
        return f"names {self.missing}, which is not there" if self.missing else "names no file"


@dataclasses.dataclass(frozen=True)
class Newest:
    """The delivery that is read, the others of its month, and what the user should know."""

    delivery: Delivery
    set_aside: tuple[SetAside, ...]
    warnings: tuple[str, ...]


def find_newest(deliveries: Sequence[Delivery]) -> Newest:
    """Returns the newest complete delivery of one month.

    They are told apart by the time in their ids. Old ids have none: then what the month's own manifest points to is the
    newest, and where that doesn't tell, what was written last.

    Args:
        deliveries: of one month of one export; several manifests may tell of the same one.

    Raises:
        InputError: nothing tells which of two deliveries is newer.
        IncompleteError: none is complete.
    """
    timed = all(delivery.manifest.stamp for delivery in deliveries)

    def order(delivery: Delivery) -> tuple[str, bool]:
        return (delivery.manifest.stamp or "" if timed else "", delivery.manifest.is_current)

    ranked = sorted(deliveries, key=lambda delivery: delivery.manifest.entry.file)
    ranked.sort(key=lambda delivery: (*order(delivery), delivery.manifest.entry.modified), reverse=True)
    best = next((delivery for delivery in ranked if delivery.is_complete), None)
    if best is None:
        raise IncompleteError(
            f"{ranked[0].manifest.entry.file}: the manifest {ranked[0].lack}, and no other delivery of"
            f" {ranked[0].manifest.month} is complete. Copy what is missing too, or take the manifest away to read the"
            " files that are there"
        )
    complete = [delivery for delivery in ranked if delivery.is_complete and delivery.id != best.id]
    rivals = [delivery for delivery in complete if order(delivery) == order(best)]
    return Newest(best, tuple(dict.fromkeys(_others(ranked, best))), tuple(_warn(ranked[0], best, rivals)))


def _others(ranked: Sequence[Delivery], best: Delivery) -> Iterator[SetAside]:
    for delivery in ranked:
        month = delivery.manifest.month
        if not delivery.is_complete:
            yield SetAside(delivery.id, month, f"incomplete: its manifest {delivery.lack}")
        elif delivery.id != best.id:
            yield SetAside(delivery.id, month, f"older than {best.id}, which restates the month")
        elif delivery.entries != best.entries:
            yield SetAside(delivery.id, month, "the same delivery once more")


def _warn(first: Delivery, best: Delivery, rivals: Sequence[Delivery]) -> Iterator[str]:
    month = best.manifest.month
    if not first.is_complete and first.id != best.id:
        yield (
            f"{first.manifest.entry.file}: the manifest {first.lack}: {month} is read from the older delivery {best.id}"
            " instead"
        )
    if not rivals:
        return
    if rivals[0].manifest.entry.modified == best.manifest.entry.modified:
        raise InputError(
            f"{best.manifest.entry.file} and {rivals[0].manifest.entry.file} are two deliveries of {month}, and nothing"
            " tells which one is newer: name one of them"
        )
    yield f"{month}: that {best.id} is its newest delivery is told by the time of the manifests alone"
