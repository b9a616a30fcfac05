"""How charges fall into workloads where nobody said so: by what is served, in one account and region."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from infercost.schema.config import WorkloadSpec
from infercost.workloads.match import OWNER
from infercost.workloads.names import Thing, place_of, thing_of, unique

# What names a thing; everything else of a row is quantity and money.
_NAMING = (
    "sub_account_id",
    "region_id",
    "resource_id",
    "tags",
    "service_code",
    "model",
    "tier",
    "pattern",
    "component",
    "instance_type",
    "memory_mb",
)
_GROUP = "group"


@dataclass(frozen=True)
class Group:
    """Charges of one workload. `spec` is null where the config doesn't know it."""

    name: str
    account_id: str
    region: str
    charges: pl.DataFrame
    spec: WorkloadSpec | None


def groups(charges: pl.DataFrame, specs: tuple[WorkloadSpec, ...]) -> list[Group]:
    """Splits owned charges (see `match.assign`) into one group per workload, account and region.

    A workload of the config that fits no charge is a group without charges: a typo must show. Names are unique:
    one that comes twice is followed by what tells the two apart.
    """
    columns = (*_NAMING, OWNER)
    distinct = charges.select(columns).unique(maintain_order=True)
    identities: list[_Identity] = []
    called: dict[_Identity, Thing] = {}
    for row in distinct.iter_rows(named=True):
        thing = _thing(row, specs)
        identity = _identity(row, thing)
        identities.append(identity)
        if identity not in called or called[identity].telling < thing.telling:
            called[identity] = thing
    order = {identity: place for place, identity in enumerate(called)}
    numbered = distinct.with_columns(pl.Series(_GROUP, [order[identity] for identity in identities], dtype=pl.Int64))
    keyed = charges.join(numbered, on=columns, how="left", nulls_equal=True, maintain_order="left")
    parts = keyed.drop(OWNER).partition_by(_GROUP, as_dict=True, include_key=False, maintain_order=True)
    absent = [spec for position, spec in enumerate(specs) if position not in set(charges[OWNER])]
    names = unique([*(_names(identity, thing) for identity, thing in called.items()), *((one.name,) for one in absent)])
    found = [
        Group(
            name=names[place],
            account_id=identity.account or "unknown account",
            region=identity.region or "unknown region",
            charges=parts[place,],
            spec=None if identity.owner is None else specs[identity.owner],
        )
        for identity, place in order.items()
    ]
    nothing = charges.drop(OWNER).clear()
    return found + [
        Group(name, "unknown account", "unknown region", nothing, spec)
        for name, spec in zip(names[len(found) :], absent, strict=True)
    ]


@dataclass(frozen=True)
class _Identity:
    key: str
    account: str | None
    region: str | None
    owner: int | None


def _identity(row: dict[str, Any], thing: Thing) -> _Identity:
    """An ARN says account and region where the row does not."""
    account, region = place_of(row["resource_id"])
    return _Identity(thing.key, row["sub_account_id"] or account, row["region_id"] or region, row[OWNER])


def _thing(row: dict[str, Any], specs: tuple[WorkloadSpec, ...]) -> Thing:
    if row[OWNER] is not None:
        return Thing("config", (specs[row[OWNER]].name,))
    return thing_of(row)


def _names(identity: _Identity, thing: Thing) -> tuple[str, ...]:
    """Those of the thing, then the last of them with its place."""
    place = f"({identity.account or 'unknown account'}, {identity.region or 'unknown region'})"
    return (*thing.names, f"{thing.names[-1]} {place}")
