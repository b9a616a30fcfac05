"""What AWS does not publish: the value used, how far it may be off, and which deployments rest on it."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from infercost.advice.places import places
from infercost.schema.scenario import Assumptions, Deployment

Value = bool | int | float | str | None


@dataclass(frozen=True)
class Assumption:
    """A row of the shipped table. `where` says which deployments rest on it; see advice.places."""

    key: str  # dotted, as in a scenario
    value: Value
    low: Value
    high: Value
    rule: str
    where: str
    affects_cost: bool
    affects_latency: bool
    slowest: Value  # the end at which answers come latest; the value itself where neither end is known to be


@cache
def table() -> tuple[Assumption, ...]:
    """The shipped table, `advice/data/assumptions.csv`."""
    text = resources.files("infercost.advice").joinpath("data/assumptions.csv").read_text(encoding="utf-8")
    return tuple(
        Assumption(
            key=row["key"],
            value=_value(row["value"]),
            low=_value(row["low"]),
            high=_value(row["high"]),
            rule=row["rule"],
            where=row["where"],
            affects_cost="cost" in row["affects"],
            affects_latency="latency" in row["affects"],
            slowest=_value(row[row["slower"] or "value"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


def relevant(assumptions: Assumptions, *deployments: Deployment, streamed: bool = False) -> tuple[Assumption, ...]:
    """The assumptions that at least one of the deployments rests on, in the order of the table."""
    there = {place for one in deployments for place in places(one, assumptions, streamed=streamed)}
    return tuple(one for one in table() if one.where in there)


def read(assumptions: Assumptions, key: str) -> Value:
    """The value of a dotted key.

    >>> read(Assumptions(), "async.request_ttl_s")
    21600.0
    """
    found = _at(assumptions, key)
    return found if found is None or isinstance(found, bool | int | float | str) else str(found)


def with_values(assumptions: Assumptions, values: Mapping[str, Value]) -> Assumptions:
    """The same assumptions with other values under some dotted keys.

    >>> with_values(Assumptions(), {"serverless.keep_warm_s": 60}).serverless.keep_warm_s
    60.0
    """
    document = assumptions.model_dump(by_alias=True)
    for key, value in values.items():
        *parents, name = key.split(".")
        inside = document
        for parent in parents:
            inside = inside[parent]
        inside[name] = value
    return Assumptions.model_validate(document)


def used(assumptions: Assumptions, *deployments: Deployment, streamed: bool = False) -> dict[str, object]:
    """What the deployments rest on, by dotted key: named in every output."""
    return {one.key: _at(assumptions, one.key) for one in relevant(assumptions, *deployments, streamed=streamed)}


def uncertain(assumptions: Assumptions, *deployments: Deployment) -> tuple[Assumption, ...]:
    """Those that nobody has replaced by a value of their own, and that have a range."""
    return tuple(
        one
        for one in relevant(assumptions, *deployments)
        if one.low != one.high and read(assumptions, one.key) == read(Assumptions(), one.key)
    )


def _at(assumptions: Assumptions, key: str) -> object:
    """What stands at a dotted key: a value, or of a law the table of its parameters."""
    found: Any = assumptions.model_dump(by_alias=True)
    for part in key.split("."):
        found = found[part]
    return found


def _value(text: str) -> Value:
    """As TOML would have it: true, 3, 0.9, a word; empty is none."""
    if not text:
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, bool | int | float) else text
