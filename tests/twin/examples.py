"""Small scenarios as plain dicts, with every default that the reference reads filled in."""

from collections.abc import Iterable, Mapping
from typing import Any

SECOND = 1_000_000_000

# keys of every pattern on instances
INSTANCES: dict[str, Any] = {"image_gb": None, "model_gb": None, "container_caching": False, "volume_gb": None}
# keys of a variant
VARIANT: dict[str, Any] = {
    "instance_type": "ml.m5.xlarge",
    "instances": 1,
    "concurrency": 1,
    "speed": 1.0,
    "routing": "random",
    "prefix_concurrency_threshold": None,
    "weight": 1.0,
    "available": None,
    "pools": [],
    "scaling": None,
    **INSTANCES,
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "real-time": {**VARIANT, "variants": []},
    "serverless": {
        "memory_mb": 2048,
        "max_concurrency": 5,
        "speed": 1.0,
        "provisioned_concurrency": 0,
        "scaling": None,
    },
    "async": {
        "instance_type": "ml.g5.xlarge",
        "instances": 1,
        "concurrency": None,
        "speed": 1.0,
        "notifications": False,
        "scaling": None,
        **INSTANCES,
    },
    "batch-transform": {
        "instance_type": "ml.c5.xlarge",
        "instances": 1,
        "files": 1,
        "max_concurrent_transforms": 1,
        "max_payload_mb": 6,
        "split_type": "line",
        "batch_strategy": "single-record",
        "invocation_timeout_s": 600.0,
        "retries": 3,
        "speed": 1.0,
        "every_s": None,
        "volume_gb": None,
    },
    "multi-model": {
        "instance_type": "ml.m5.xlarge",
        "instances": 1,
        "concurrency": 1,
        "speed": 1.0,
        "model_mb": [1000.0],
        "memory_mb": 2000,
        "disk_mb": 4000,
        "model_cache": True,
        "scaling": None,
        **INSTANCES,
    },
    "inference-components": {
        "instance_type": "ml.g5.12xlarge",
        "instances": 1,
        "min_instances": 0,
        "max_instances": 4,
        "placement": "spread",
        "instance_scale_in": "idle-release",
        "instance_scale_in_step": 1,
        "instance_scale_in_cooldown_s": 1200,
        "routing": "random",
        "host": {"accelerators": 4, "vcpus": 48.0, "memory_mb": 200_000},
        "volume_gb": None,
        "components": [],
    },
    "bedrock-on-demand": {"model_id": "a-model"},
    "bedrock-batch": {"model_id": "a-model", "every_s": None},
    "bedrock-provisioned": {"model_id": "a-model", "model_units": 1, "commitment": "none", "custom_model": False},
}
ASSUMPTIONS: dict[str, dict[str, Any]] = {
    "autoscaling": {
        "high_periods": 3,
        "low_periods": 15,
        "high_periods_hires": 3,
        "low_periods_hires": 90,
        "low_fraction": 0.9,
        "metric_delay_s": 90,
        "metric_delay_hires_s": 15,
        "in_flight_lock": True,
    },
    "instances": {
        "launch": None,
        "launch_cpu_s": 240,
        "launch_gpu_s": 350,
        "launch_cached_s": 200,
        "provision_s": 110,
        "image_gb_per_s": 0.053,
        "model_gb_per_s": 0.10,
        "cached_model_gb_per_s": 0.21,
        "container_start_s": 75,
        "drain_s": 30,
        "bill_start": "in-service",
        "min_bill_s": 0,
    },
    "real_time": {
        "timeout_s": 60.0,
        "stream_timeout_s": 480.0,
        "timeout_cancels_queued": False,
        "timeout_cancels_running": False,
        "container_queue_limit": None,
    },
    "serverless": {
        "keep_warm_s": 300.0,
        "cold_start": {"kind": "constant", "median_s": 4.0, "p95_s": None},
        "cold_service": None,
        "bill_cold_start": False,
        "setup_counts_to_timeout": False,
        "account_concurrency": 1000,
        "timeout_s": 60.0,
        "provision_s": 120,
    },
    "async": {"concurrency_default": 4, "request_ttl_s": 21600.0, "invocation_timeout_s": 900.0},
    "batch_transform": {"startup_s": 240, "bill_startup": False},
    "multi_model": {
        "download_mb_per_s": 100.0,
        "load_mb_per_s": 500.0,
        "spread_waiting": 4,
        "not_ready_after_s": 60.0,
    },
    "components": {"schedulable_fraction": 0.8, "copy_launch_s": 150, "idle_release_s": 720},
    "bedrock": {"batch_hours": {"kind": "uniform", "low": 1.0, "high": 24.0}},
}


def component(name: str, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of the component
    """One accelerator and 1000 MB, one copy, unless `keys` says otherwise."""
    return {
        "name": name,
        "base": None,
        "copies": 1,
        "accelerators": 1,
        "vcpus": 0.0,
        "memory_mb": 1000,
        "concurrency": 1,
        "speed": 1.0,
        "image_gb": None,
        "model_gb": None,
        "container_caching": False,
        "scaling": None,
        **keys,
    }


def tracking(metric: str, target: float, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of the policy
    cooldowns = {"scale_out_cooldown_s": 300.0, "scale_in_cooldown_s": 300.0}
    return {
        "kind": "target-tracking",
        "metric": metric,
        "target": target,
        **cooldowns,
        "disable_scale_in": False,
    } | keys


def step(metric: str, *adjustments: int | tuple[float | None, float | None, int], **keys: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of the policy
    """`adjustments`: (lower, upper, adjustment), or the adjustment alone where there are no bounds."""
    steps = [(None, None, one) if isinstance(one, int) else one for one in adjustments]
    return {
        "kind": "step",
        "metric": metric,
        "threshold": 1.0,
        "comparison": "above",
        "evaluation_periods": 1,
        "adjustment_type": "change-in-capacity",
        "steps": [dict(zip(("lower", "upper", "adjustment"), one, strict=True)) for one in steps],
        "min_adjustment_magnitude": 1,
        "cooldown_s": 300.0,
        **keys,
    }


def scheduled(*at_s: float, least: int | None = None, most: int | None = None) -> dict[str, Any]:
    return {"kind": "scheduled", "schedule": None, "timezone": "UTC", "at_s": list(at_s), "min": least, "max": most}


def scenario(
    pattern: str,
    duration_s: float,
    deployment: Mapping[str, Any] | None = None,
    assumptions: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    streaming: bool = False,
    **run: Any,  # noqa: ANN401 -- keys of [run]
) -> dict[str, Any]:
    """One deployment; what is given replaces the defaults."""
    assumed = {room: {**keys, **(assumptions or {}).get(room, {})} for room, keys in ASSUMPTIONS.items()}
    return {
        "schema": 1,
        "name": "example",
        "traffic": {"kind": "trace", "path": "example.parquet", "start": None, "duration_s": duration_s},
        "request": {"payload_bytes": None, "response_bytes": None, "input_tokens": None, "output_tokens": None},
        "service": {"kind": "trace"},
        "streaming": {"first_token": {"kind": "trace"}} if streaming else None,
        "deployment": [
            {"id": "it", "region": "us-east-1", "pattern": pattern, **DEFAULTS[pattern], **(deployment or {})}
        ],
        "slo": None,
        "prices": {},
        "assumptions": assumed,
        "run": {"seed": 1, "warmup_s": 0.0, "end": "drain", "max_requests": 20_000_000, **run},
    }


def rows(requests: Iterable[tuple[float, float]], **same: int) -> list[dict[str, int]]:
    """Rows of the stream from (arrival, service) in seconds; `same` gives columns that are equal in all."""
    return [
        {
            "arrival_ns": round(arrival * SECOND),
            "service_ns": round(service * SECOND),
            "cold_start_ns": 4 * SECOND,
            "route": 0,
            "payload_bytes": 0,
            "response_bytes": 0,
            "input_tokens": 0,
            "output_tokens": 0,
            "cache_read_tokens": 0,
            "cache_write_tokens": 0,
            "first_token_ns": 0,
            "cold_service_ns": 0,
            "model": 0,
            "prefix": 0,
            "variant": 0,
            "shadow": 0,
            **same,
        }
        for arrival, service in requests
    ]
