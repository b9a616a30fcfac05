"""By whom or what inference is told apart: `--by workload|account|model|endpoint|profile|principal|tag:KEY`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from infercost.prices.models import model_id
from infercost.schema.errors import UsageError
from infercost.workloads.match import tags_of
from infercost.workloads.names import Thing, is_bedrock, place_of, profile_of, tail_of, thing_of, unique

WORKLOAD = "workload"  # column: the id of the workload that a charge belongs to
GROUP = "group"  # column: the position of the charge's group
_FORMS = "workload, account, model, endpoint, profile, principal or tag:KEY"


@dataclass(frozen=True)
class Place:
    """A group: AWS's id of it, null where its charges have none, and its name."""

    key: str | None
    name: str


@dataclass(frozen=True)
class Dimension:
    """`tag` is the key of a tag, of which the values are told apart."""

    kind: str
    tag: str | None = None

    @classmethod
    def read(cls, text: str) -> "Dimension":
        """Reads it as typed.

        >>> Dimension.read("tag:team")
        Dimension(kind='tag', tag='team')

        Raises:
            UsageError: it is of no known form.
        """
        kind, colon, tag = text.partition(":")
        if kind == "tag" and tag:
            return cls(kind, tag)
        if kind not in _READERS or colon:
            raise UsageError(f"--by {text!r} is not understood; give {_FORMS}")
        return cls(kind)

    def split(self, charges: pl.DataFrame) -> tuple[pl.DataFrame, list[Place]]:
        """Gives each charge the position of its group: none is lost, none is in two.

        Args:
            charges: CHARGES and CLASSIFICATION, and `workload`.
        """
        read = _by_tag(self.tag) if self.tag is not None else _READERS[self.kind]
        columns = ["tags"] if self.tag is not None else _COLUMNS[self.kind]
        distinct = charges.select(columns).unique(maintain_order=True)
        found: dict[_Key, Thing] = {}
        keys = []
        for row in distinct.iter_rows(named=True):
            key, thing = read(row)
            keys.append(key)
            if key not in found or found[key].telling < thing.telling:
                found[key] = thing
        order = {key: position for position, key in enumerate(found)}
        numbered = distinct.with_columns(pl.Series(GROUP, [order[key] for key in keys], dtype=pl.Int64))
        joined = charges.join(numbered, on=columns, how="left", nulls_equal=True, maintain_order="left")
        names = unique([thing.names for thing in found.values()])
        return joined, [Place(key[0], name) for key, name in zip(found, names, strict=True)]


# What a reader says: what tells the group apart (AWS's id first; null for charges without one), and its names.
_Key = tuple[str | None, ...]
_Read = tuple[_Key, Thing]
_COLUMNS: Mapping[str, list[str]] = {
    "workload": [WORKLOAD],
    "account": ["sub_account_id", "sub_account_name"],
    "model": ["model", "service_code", "pattern"],
    "endpoint": ["sub_account_id", "region_id", "resource_id", "service_code", "model", "pattern", "tags", "tier"],
    "profile": ["sub_account_id", "region_id", "resource_id", "tags"],
    "principal": ["iam_principal"],
}


def _without(what: str) -> _Read:
    return (None, what), Thing("", (f"(no {what})",))


def _workload(row: dict[str, Any]) -> _Read:
    return (row[WORKLOAD],), Thing("", (row[WORKLOAD],))


def _account(row: dict[str, Any]) -> _Read:
    identity, name = row["sub_account_id"], row["sub_account_name"]
    if identity is None:
        return _without("account id")
    return (identity,), Thing("", (identity if name is None else f"{identity} {name}",))


def _model(row: dict[str, Any]) -> _Read:
    """Under the model's id where a name leads to one: one model has several names in usage types."""
    if row["model"] is None:
        named_by = "its Marketplace products have no name" if is_bedrock(row) else "SageMaker's charges name none"
        return _without(f"model in the bill: {named_by}")
    name = model_id(row["model"]) or row["model"]
    return (name,), Thing("", (name,))


def _endpoint(row: dict[str, Any]) -> _Read:
    if is_bedrock(row):
        return _without("endpoint: Bedrock")
    if not tail_of(row["resource_id"]):
        return _without("resource id")
    thing = thing_of(row)
    account, region = place_of(row["resource_id"])
    account, region = row["sub_account_id"] or account or "", row["region_id"] or region or ""
    return (thing.key, account, region), Thing("", (*thing.names, f"{thing.names[-1]} ({account}, {region})"))


def _profile(row: dict[str, Any]) -> _Read:
    thing = profile_of(row)
    if thing is None:
        return _without("inference profile")
    account, region = place_of(row["resource_id"])
    account, region = row["sub_account_id"] or account or "", row["region_id"] or region or ""
    return (thing.key, account, region), Thing("", (*thing.names, f"{thing.names[-1]} ({account}, {region})"))


def _principal(row: dict[str, Any]) -> _Read:
    found = row["iam_principal"]
    return _without("IAM principal in the bill") if found is None else ((found,), Thing("", (found,)))


def _by_tag(tag: str) -> Callable[[dict[str, Any]], _Read]:
    def read(row: dict[str, Any]) -> _Read:
        value = tag_value(row["tags"], tag)
        return _without(f"tag {tag}") if value is None else ((value,), Thing("", (value,)))

    return read


def tag_value(tags: str | None, key: str) -> str | None:
    """The value of a tag; exports spell keys in other cases, so case decides only between two that are there.

    >>> tag_value('{"Team":"risk"}', "team"), tag_value('{"Team":"risk","team":"fraud"}', "team")
    ('risk', 'fraud')
    """
    found = tags_of(tags)
    if key in found:
        return found[key] or None
    return next((value for name, value in sorted(found.items()) if name.casefold() == key.casefold()), None) or None


_READERS: Mapping[str, Callable[[dict[str, Any]], _Read]] = {
    "workload": _workload,
    "account": _account,
    "model": _model,
    "endpoint": _endpoint,
    "profile": _profile,
    "principal": _principal,
}
