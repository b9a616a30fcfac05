"""Random traffic: mostly traces whose events coincide."""

from datetime import UTC, datetime
from random import Random
from typing import Any

import polars as pl

SECOND = 1_000_000_000
START = datetime(2026, 10, 1, tzinfo=UTC).isoformat()

# the largest payload that a pattern takes, and one byte more
EDGES: dict[str, list[int]] = {
    "real-time": [25_000_000, 25_000_001],
    "multi-model": [25_000_000, 25_000_001],
    "inference-components": [25_000_000, 25_000_001],
    "async": [1_000_000_000, 1_000_000_001],
    "serverless": [4_000_000, 4_000_001],
    "batch-transform": [2_000_000, 2_000_001, 6_000_001],
}


def traffic(draw: Random, pattern: str, duration: int) -> tuple[dict[str, Any], pl.DataFrame | None]:
    """The authored traffic and the columns that it reads."""
    kind = draw.choices(["trace", "poisson", "renewal", "rates"], [12, 1, 1, 1])[0]
    times = {"duration_s": duration, "start": START}
    if kind == "poisson":
        return {"kind": kind, "rate_per_s": draw.choice([0, 0.02, 100 / duration]), **times}, None
    if kind == "renewal":
        cv = draw.choice([0, 0.5, 2])
        return {"kind": kind, "rate_per_s": 100 / duration, "interarrival_cv": cv, **times}, None
    if kind == "rates":
        steps = 6
        step = duration * SECOND // steps
        starts = [index * step for index in range(steps)]
        columns = pl.DataFrame(
            {
                "start_ns": starts,
                "end_ns": [start + step for start in starts],
                "requests": [draw.choice([0, 1, 30]) for _ in starts],
            }
        )
        return {"kind": kind, "path": "rates.parquet", **times}, columns
    return {"kind": "trace", "path": "trace.parquet", **times}, _trace(draw, pattern, duration)


def _trace(draw: Random, pattern: str, duration: int) -> pl.DataFrame:
    count = draw.choice([0, 1, 2, 20, 60, 120, 200])
    # whole seconds, the periods of metrics and half minutes make events coincide
    grain = draw.choice([1, SECOND, SECOND, 10 * SECOND, 30 * SECOND])
    busy_from = draw.choice([0.0, 0.0, 0.3])
    busy_to = draw.choice([1.0, 1.0, 0.5])
    latest = duration * SECOND - 1
    arrivals = sorted(
        min(latest, int(draw.uniform(busy_from, busy_to) * duration * SECOND)) // grain * grain for _ in range(count)
    )
    load = draw.choice([0.3, 0.9, 1.0, 3.0])  # workers kept busy, if work were spread evenly
    mean = load * duration * SECOND / max(count, 1)
    service_grain = grain if draw.random() < 0.7 else 1
    services = [int(draw.choice([0.1, 0.5, 1, 1, 2]) * mean) // service_grain * service_grain for _ in range(count)]
    sizes = [0, 10, 999, 1_000_000, *EDGES.get(pattern, [])] if draw.random() < 0.3 else [0, 10, 999, 1_000_000]
    responses = [3, 999, 4_000_000, 4_000_001] if draw.random() < 0.2 else [0, 3, 999]
    columns = {
        "arrival_ns": arrivals,
        "service_ns": services,
        "payload_bytes": [draw.choice(sizes) for _ in range(count)],
        "response_bytes": [draw.choice(responses) for _ in range(count)],
        "input_tokens": [draw.randrange(1000) for _ in range(count)],
        "output_tokens": [draw.choice([0, 1, 2, 3, 500]) for _ in range(count)],
        "cache_read_tokens": [draw.randrange(3) for _ in range(count)],
        "cache_write_tokens": [draw.randrange(3) for _ in range(count)],
        # of no work, before the end of it, at its end, beyond it
        "first_token_ns": [int(service * draw.choice([0, 0.1, 0.5, 1, 1.5])) for service in services],
    }
    if draw.random() < 0.5:
        columns["prefix"] = [draw.randrange(4) for _ in range(count)]
    return pl.DataFrame(columns, schema_overrides=dict.fromkeys(columns, pl.Int64))
