"""The reference run on one example, and what came of it in seconds; the engine has to agree on the same scenario."""

from typing import Any

import polars as pl

from infercost.schema.scenario import Scenario
from twin.agreement import agree
from twin.examples import SECOND
from twin.reference.result import Result
from twin.reference.simulator import simulate

# what a trace tells of a request
TRACED = [
    "arrival_ns",
    "service_ns",
    "first_token_ns",
    "payload_bytes",
    "response_bytes",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "model",
]


def run(example: dict[str, Any], stream: list[dict[str, int]], drawn: list[int] | None = None) -> Result:
    """`drawn`: launch lengths in seconds; the engine draws its own, as it draws the routes."""
    (result,) = simulate(example, stream, [one * SECOND for one in drawn or []])
    traced = pl.DataFrame([{key: row[key] for key in TRACED} for row in stream], schema=dict.fromkeys(TRACED, pl.Int64))
    agree(Scenario.parse(example, "example"), traced, "the example")
    return result


def seconds(result: Result) -> list[tuple[str, float | None, float | None]]:
    """(status, start, finish) per request."""
    return [
        (status, None if start is None else start / SECOND, None if finish is None else finish / SECOND)
        for _, status, start, finish, *_ in result.requests
    ]


def activities(result: Result) -> list[tuple[float, int, int]]:
    """(when, from, to)."""
    return [(at / SECOND, before, after) for at, before, after in result.activities]


def values(result: Result, metric: str, place: int = 0) -> list[float | None]:
    """Of a metric of one scalable target, by period."""
    return [value for where, name, _, value in result.metrics if (where, name) == (place, metric)]


def instance_s(result: Result, part: int | None = None) -> float:
    """Of the part, or of all."""
    usage = [
        quantity
        for (_, meter, place), quantity in result.usage.items()
        if meter == "instance_ns" and part in {None, place}
    ]
    return sum(usage) / SECOND
