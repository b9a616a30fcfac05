"""Random small scenarios, one per (pattern, seed), made to hit limits and ties."""

from datetime import UTC, datetime
from random import Random
from typing import Any

import polars as pl

from infercost.schema.scenario import Scenario

SECOND = 1_000_000_000
START = datetime(2026, 10, 1, tzinfo=UTC).isoformat()


def random_scenario(pattern: str, seed: int) -> tuple[Scenario, pl.DataFrame | None]:
    """A scenario and the columns of its traffic, None where the engine draws the arrivals."""
    draw = Random(f"{pattern} {seed}")  # noqa: S311 -- reproducible, not secret
    duration = draw.choice([600, 1800, 5400] if pattern in {"real-time", "async"} else [60, 600, 1800, 5400])
    traffic, columns = _traffic(draw, pattern, duration)
    document: dict[str, Any] = {
        "name": f"{pattern} {seed}",
        "traffic": traffic,
        "deployment": [{"id": "it", "region": "us-east-1", "pattern": pattern, **DEPLOYMENTS[pattern](draw)}],
        "assumptions": _assumptions(draw),
        "run": {
            "seed": seed,
            "warmup_s": draw.choice([0, 0, 0, 1, duration // 3]),
            "end": draw.choice(["drain", "drain", "cut"]),
        },
    }
    if traffic["kind"] == "trace":
        document["service"] = {"kind": "trace"}
    else:
        document["service"] = {"kind": "exponential", "mean_ms": draw.choice([10, 1_000, 20_000])}
        document["request"] = {"payload_bytes": 10, "response_bytes": 3, "input_tokens": 7, "output_tokens": 2}
    return Scenario.parse(document, document["name"]), columns


def _traffic(draw: Random, pattern: str, duration: int) -> tuple[dict[str, Any], pl.DataFrame | None]:
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
    grain = draw.choice([1, SECOND, SECOND, 30 * SECOND])  # whole seconds and half minutes make events coincide
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
    sizes = [0, 10, 999, 1_000_000, *EDGES[pattern]] if draw.random() < 0.3 else [0, 10, 999, 1_000_000]
    return pl.DataFrame(
        {
            "arrival_ns": arrivals,
            "service_ns": services,
            "payload_bytes": [draw.choice(sizes) for _ in range(count)],
            "response_bytes": [draw.randrange(1000) for _ in range(count)],
            "input_tokens": [draw.randrange(1000) for _ in range(count)],
            "output_tokens": [draw.randrange(1000) for _ in range(count)],
            "cache_read_tokens": [draw.randrange(3) for _ in range(count)],
            "cache_write_tokens": [draw.randrange(3) for _ in range(count)],
        },
        schema_overrides={"arrival_ns": pl.Int64, "service_ns": pl.Int64},
    ).cast(pl.Int64)


# the largest payload that a pattern takes, and one byte more
EDGES: dict[str, list[int]] = {
    "real-time": [25_000_000, 25_000_001],
    "async": [1_000_000_000, 1_000_000_001],
    "serverless": [4_000_000, 4_000_001],
    "batch-transform": [2_000_000, 2_000_001, 6_000_001],
    "bedrock-on-demand": [],
    "bedrock-batch": [],
    "bedrock-provisioned": [],
}


def _real_time(draw: Random) -> dict[str, Any]:
    return {
        "instance_type": draw.choice(["ml.m5.xlarge", "ml.g5.xlarge", "ml.p4de.24xlarge", "ml.inf2.xlarge"]),
        "instances": draw.randint(1, 4),
        "concurrency": draw.choice([1, 1, 2, 3]),
        "speed": _speed(draw),
        "scaling": _scaling(draw, "invocations-per-instance", lowest=1),
    }


def _async(draw: Random) -> dict[str, Any]:
    return {
        "instance_type": draw.choice(["ml.c5.xlarge", "ml.g5.xlarge", "ml.trn1.2xlarge"]),
        "instances": draw.randint(0, 3),
        "concurrency": draw.choice([None, 1, 1, 2]),
        "speed": _speed(draw),
        "scaling": _scaling(draw, "backlog-per-instance", lowest=0),
    }


def _scaling(draw: Random, metric: str, lowest: int) -> dict[str, Any] | None:
    if draw.random() < 0.15:
        return None
    policies: list[dict[str, Any]] = [
        {
            "kind": "target-tracking",
            "metric": metric,
            "target": draw.choice([0.5, 1, 1, 2, 3, 7.5, 20]),
            "scale_out_cooldown_s": draw.choice([0, 60, 300, 1200]),
            "scale_in_cooldown_s": draw.choice([0, 60, 300, 1200]),
        }
        for _ in range(draw.choice([0, 1, 1, 1, 2]))
    ]
    if metric == "backlog-per-instance":
        policies += [
            {
                "kind": "step",
                "metric": "has-backlog-without-capacity",
                "adjustment": draw.choice([1, 1, 2, 9]),
                "cooldown_s": draw.choice([0, 60, 300]),
            }
            for _ in range(draw.choice([0, 1, 1, 2]))
        ]
    draw.shuffle(policies)
    least = lowest + draw.choice([0, 0, 1])
    return {"min": least, "max": max(1, least + draw.choice([0, 2, 6])), "policies": policies}


def _serverless(draw: Random) -> dict[str, Any]:
    return {"memory_mb": 2048, "max_concurrency": draw.choice([1, 2, 3, 20]), "speed": _speed(draw)}


def _batch_transform(draw: Random) -> dict[str, Any]:
    return {
        "instance_type": "ml.c5.xlarge",
        "instances": draw.randint(1, 4),
        "files": draw.choice([1, 2, 3, 7, 300]),
        "max_concurrent_transforms": draw.choice([1, 1, 2, 5]),
        "max_payload_mb": draw.choice([2, 6]),
        "speed": _speed(draw),
        "every_s": draw.choice([None, 30, 600, 1000]),
    }


def _bedrock_batch(draw: Random) -> dict[str, Any]:
    return {"model_id": "amazon.nova-lite-v1:0", "every_s": draw.choice([None, None, 600, 5400])}


def _model(draw: Random) -> dict[str, Any]:
    del draw
    return {"model_id": "amazon.nova-lite-v1:0"}


def _units(draw: Random) -> dict[str, Any]:
    return {"model_id": "amazon.nova-lite-v1:0", "model_units": draw.randint(1, 3)}


def _speed(draw: Random) -> float:
    return draw.choice([1.0, 1.0, 2.0, 0.5, 1.7, 3.0])


DEPLOYMENTS = {
    "real-time": _real_time,
    "async": _async,
    "serverless": _serverless,
    "batch-transform": _batch_transform,
    "bedrock-on-demand": _model,
    "bedrock-batch": _bedrock_batch,
    "bedrock-provisioned": _units,
}


def _assumptions(draw: Random) -> dict[str, Any]:
    return {
        "autoscaling": {
            "high_periods": draw.choice([1, 1, 2, 3]),
            "low_periods": draw.choice([1, 2, 3, 15]),
            "low_fraction": draw.choice([0.9, 0.5, 1.0]),
            "metric_delay_s": draw.choice([0, 30, 60, 90, 150]),
            "in_flight_lock": draw.random() < 0.7,
        },
        "instances": {
            "launch_cpu_s": draw.choice([0, 30, 60, 240]),
            "launch_gpu_s": draw.choice([0, 90, 120, 350]),
            "drain_s": draw.choice([0, 1, 30, 60, 600]),
            "bill_start": draw.choice(["in-service", "launch"]),
            "min_bill_s": draw.choice([0, 0, 60, 1000]),
        },
        "real_time": {
            "timeout_s": draw.choice([60.0, 5.0, 0.25]),
            "container_queue_limit": draw.choice([None, None, 0, 1, 3]),
        },
        "serverless": {
            "keep_warm_s": draw.choice([0, 10, 60, 300]),
            "cold_start": draw.choice(
                [
                    {"kind": "constant", "median_s": draw.choice([0, 1, 30])},
                    {"kind": "exponential", "median_s": 2},
                    {"kind": "lognormal", "median_s": 4, "p95_s": 12},
                ]
            ),
            "bill_cold_start": draw.random() < 0.5,
            "setup_counts_to_timeout": draw.random() < 0.5,
            "account_concurrency": draw.choice([1000, 2]),
            "timeout_s": draw.choice([60.0, 10.0, 1.5]),
        },
        "async": {
            "concurrency_default": draw.choice([1, 2, 4]),
            "request_ttl_s": draw.choice([60, 90, 300, 21600]),
            "invocation_timeout_s": draw.choice([1, 30, 60, 900]),
        },
        "batch_transform": {"startup_s": draw.choice([0, 60, 240]), "bill_startup": draw.random() < 0.5},
        "bedrock": {"batch_hours": draw.choice([{"low": 1, "high": 24}, {"low": 0, "high": 1}, {"low": 2, "high": 2}])},
    }
