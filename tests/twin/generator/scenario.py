"""A random scenario whole."""

from random import Random
from typing import Any

import polars as pl

from infercost.schema.scenario import Scenario
from twin.generator.assumptions import assumptions
from twin.generator.deployments import DEPLOYMENTS
from twin.generator.models import asked_for, component_assumptions, model_assumptions
from twin.generator.traffic import SECOND, traffic

__all__ = ["SECOND", "random_document", "random_scenario"]

SCALED = {"real-time", "async", "serverless", "multi-model", "inference-components"}


# what its requests ask for, and its own room of the assumptions
ASKED_FOR = {
    "multi-model": ("model_mb", "multi_model", model_assumptions),
    "inference-components": ("components", "components", component_assumptions),
}


def random_scenario(pattern: str, seed: int) -> tuple[Scenario, pl.DataFrame | None]:
    """A scenario and the columns of its traffic, None where the engine draws the arrivals."""
    document, columns = random_document(pattern, seed)
    return Scenario.parse(document, document["name"]), columns


def random_document(pattern: str, seed: int) -> tuple[dict[str, Any], pl.DataFrame | None]:
    """The same as it would be authored."""
    draw = Random(f"{pattern} {seed}")  # noqa: S311 -- reproducible, not secret
    duration = draw.choice([600, 1800, 5400] if pattern in SCALED else [60, 600, 1800, 5400])
    arrivals, columns = traffic(draw, pattern, duration)
    traced = arrivals["kind"] == "trace"
    document: dict[str, Any] = {
        "name": f"{pattern} {seed}",
        "traffic": arrivals,
        "deployment": [{"id": "it", "region": "us-east-1", "pattern": pattern, **DEPLOYMENTS[pattern](draw, duration)}],
        "assumptions": assumptions(draw),
        "run": {
            "seed": seed,
            "warmup_s": draw.choice([0, 0, 0, 1, duration // 3]),
            "end": draw.choice(["drain", "cut"]),
        },
    }
    if traced:
        document["service"] = {"kind": "trace"}
    else:
        document["service"] = {"kind": "exponential", "mean_ms": draw.choice([10, 1_000, 20_000])}
        document["request"] = {"payload_bytes": 10, "response_bytes": 3, "input_tokens": 7, "output_tokens": 2}
    if draw.random() < 0.25:
        law = {"kind": "trace"} if traced else {"kind": "exponential", "mean_ms": draw.choice([10, 1_000])}
        document["streaming"] = {"first_token": law}
    if pattern in ASKED_FOR:
        listed, room, assumed = ASKED_FOR[pattern]
        document["assumptions"][room] = assumed(draw)
        count = len(document["deployment"][0][listed])
        if columns is None or not traced or draw.random() < 0.1:
            document.setdefault("request", {})["models"] = {"kind": "uniform", "count": count}
        else:
            columns = columns.with_columns(pl.Series("model", asked_for(draw, count, len(columns)), pl.Int64))
    if columns is None or "prefix" not in columns.columns:
        document.setdefault("request", {})["prefixes"] = {"kind": "uniform", "count": 7}
    return document, columns
