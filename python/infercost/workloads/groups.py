"""How charges fall into workloads where nobody said so: by what is served, in one account and region."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from infercost.schema.config import WorkloadSpec
from infercost.workloads.match import OWNER, tags_of

# What names a thing; everything else of a row is quantity and money.
_NAMING = (
    "sub_account_id",
    "region_id",
    "resource_id",
    "tags",
    "service_code",
    "model",
    "tier",
    "instance_type",
    "memory_mb",
)
# Bedrock resources that are one thing each; a foundation model's ARN says no more than the model does.
_BEDROCK_OWN = ("inference-profile/", "application-", "provisioned-model/", "custom-model", "imported-model/")
# Tags by which owners call things, the most telling first: ids of Bedrock's resources say nothing.
_NAME_TAGS = ("name", "app", "application", "service", "project")
# Names of jobs end in a date or a counter: nightly-2026-10-03-01-00
_SERIAL = re.compile(r"(?:[-_.]\d[\dTZz]*)+$")


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
    things = [_thing(row, specs) for row in distinct.iter_rows(named=True)]
    named = distinct.with_columns(
        pl.Series("thing", [thing for thing, _ in things], dtype=pl.String),
        pl.Series("name", [name for _, name in things], dtype=pl.String),
    )
    keyed = charges.join(named, on=columns, how="left", nulls_equal=True, maintain_order="left")
    parts = keyed.partition_by("thing", "sub_account_id", "region_id", OWNER, as_dict=True, maintain_order=True)
    found = [
        Group(
            name=part.item(0, "name"),
            account_id=account or "unknown account",
            region=region or "unknown region",
            charges=part.drop("thing", "name", OWNER),
            spec=None if owner is None else specs[owner],
        )
        for (_, account, region, owner), part in parts.items()
    ]
    missing = [spec for position, spec in enumerate(specs) if position not in set(charges[OWNER])]
    found += [
        Group(spec.name, "unknown account", "unknown region", charges.drop(OWNER).clear(), spec) for spec in missing
    ]
    return _told_apart(found)


def _told_apart(found: list[Group]) -> list[Group]:
    """The same groups with unique names."""
    by_place = [replace(one, name=f"{one.name} ({one.account_id}, {one.region})") for one in found]
    names = Counter(one.name for one in found)
    apart = [placed if names[one.name] > 1 else one for one, placed in zip(found, by_place, strict=True)]
    seen: Counter[str] = Counter()
    unique = []
    for one in apart:
        seen[one.name] += 1
        unique.append(one if seen[one.name] == 1 else replace(one, name=f"{one.name} #{seen[one.name]}"))
    return unique


def _thing(row: dict[str, Any], specs: tuple[WorkloadSpec, ...]) -> tuple[str, str]:
    """What tells the thing that a row is a part of from every other, and what its owner would call it."""
    if row[OWNER] is not None:
        return "config", specs[row[OWNER]].name
    tail = (row["resource_id"] or "").split(":", 5)[-1]
    if row["model"] or "bedrock" in (row["service_code"] or "").casefold():
        return _bedrock(row, tail)
    kind, slash, name = tail.partition("/")
    if kind == "transform-job":
        name = _without_serial(name)
        return f"{kind}/{name}", name
    if tail:
        return tail, name if slash else tail
    what = row["instance_type"] or (f"serverless {row['memory_mb']} MB" if row["memory_mb"] else "endpoint data")
    return what, f"{what} without a resource id"


def _bedrock(row: dict[str, Any], tail: str) -> tuple[str, str]:
    last = tail.rsplit("/", 1)[-1]
    if tail.startswith(_BEDROCK_OWN):
        tags = {key.casefold(): value for key, value in tags_of(row["tags"]).items()}
        thing, name = tail, next((tags[key] for key in _NAME_TAGS if tags.get(key)), last)
    else:
        thing = name = row["model"] or last or "Bedrock"
    tier = row["tier"]
    return (thing, name) if tier in (None, "standard") else (f"{thing} {tier}", f"{name} ({tier})")


def _without_serial(name: str) -> str:
    """A job's name without its date or counter, so that the runs of one job are one workload.

    >>> _without_serial("nightly-scores-2026-10-03-01-00"), _without_serial("scores-v2")
    ('nightly-scores', 'scores-v2')
    """
    return _SERIAL.sub("", name) or name
