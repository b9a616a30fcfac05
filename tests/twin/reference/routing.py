"""Which unit in service takes a request [Q-2]."""

from collections.abc import Mapping, Sequence
from typing import Any

from twin.reference.fleet import C, Unit
from twin.reference.result import Request


def position(bits: int, count: int) -> int:
    return bits * count // 2**64


def least_outstanding(units: Sequence[Unit[C]]) -> Unit[C]:
    return min(units, key=lambda one: (len(one.container.requests), one.number))


def routed(deployment: Mapping[str, Any], units: Sequence[Unit[C]], request: Request) -> Unit[C]:
    """`units`: in service, in order of number."""
    if deployment["routing"] == "random":
        return units[position(request.row["route"], len(units))]
    if deployment["routing"] == "prefix-aware":
        preferred = units[position(request.row["prefix"], len(units))]
        if len(preferred.container.requests) < deployment["prefix_concurrency_threshold"]:
            return preferred
    return least_outstanding(units)
