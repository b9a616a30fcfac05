"""Which workload of the config a charge belongs to."""

import json
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Any

import polars as pl

from infercost.schema.config import Match, WorkloadSpec
from infercost.schema.errors import UsageError

# What a match looks at; charges have few distinct combinations of these.
LOOKED_AT = ("resource_id", "tags", "model", "usage_type")
OWNER = "owner"


def assign(charges: pl.DataFrame, specs: Sequence[WorkloadSpec]) -> pl.DataFrame:
    """Adds `owner`: the position in `specs` of the workload that a charge belongs to, null for none.

    Raises:
        UsageError: a charge is matched by two workloads; both are named.
    """
    distinct = charges.select(LOOKED_AT).unique(maintain_order=True)
    owners = [_owner(row, specs) for row in distinct.iter_rows(named=True)]
    known = distinct.with_columns(pl.Series(OWNER, owners, dtype=pl.Int64))
    return charges.join(known, on=LOOKED_AT, how="left", nulls_equal=True, maintain_order="left")


def _owner(row: dict[str, Any], specs: Sequence[WorkloadSpec]) -> int | None:
    found = [position for position, spec in enumerate(specs) if belongs(row, spec.match)]
    if len(found) > 1:
        first, second = (specs[position].name for position in found[:2])
        what = row["resource_id"] or row["usage_type"]
        raise UsageError(
            f"config: the charge {what!r} is matched by two workloads, {first!r} and {second!r}; "
            "make one of the two `match` tables narrower"
        )
    return found[0] if found else None


def belongs(row: dict[str, Any], match: Match) -> bool:
    """Whether every non-empty list of the match has a glob that fits."""
    asked = (
        (match.resource, _resource_names(row["resource_id"])),
        (match.tag, _tags(row["tags"])),
        (match.model, _texts(row["model"])),
        (match.usage_type, _usage_types(row["usage_type"])),
    )
    return all(_any_fits(globs, names) for globs, names in asked if globs)


def _any_fits(globs: Iterable[str], names: Sequence[str]) -> bool:
    folded = [name.casefold() for name in names]
    return any(fnmatchcase(name, glob.casefold()) for glob in globs for name in folded)


def _texts(text: str | None) -> list[str]:
    return [text] if text else []


def _resource_names(resource_id: str | None) -> list[str]:
    """The whole id, what follows its last colon-separated prefix (`endpoint/fraud`), and the bare name."""
    if not resource_id:
        return []
    tail = resource_id.split(":", 5)[-1] if resource_id.startswith("arn:") else resource_id
    return [resource_id, tail, tail.rsplit("/", 1)[-1]]


def tags_of(text: str | None) -> dict[str, str]:
    """The tags of a charge, by the key that its owner gave: exports prefix it with `user:` or `user_`."""
    found = json.loads(text) if text else {}
    return {key.removeprefix("user:").removeprefix("user_"): str(value) for key, value in found.items()}


def _tags(text: str | None) -> list[str]:
    raw = json.loads(text) if text else {}
    return [f"{key}={value}" for key, value in (*raw.items(), *tags_of(text).items())]


def _usage_types(usage_type: str | None) -> list[str]:
    """The usage type as billed, and without its region prefix (USE1-)."""
    if not usage_type:
        return []
    head, dash, body = usage_type.partition("-")
    return [usage_type, body] if dash and head.isupper() else [usage_type]
