"""Random assumptions: short windows, launches of no time, limits that bite."""

from random import Random
from typing import Any


def assumptions(draw: Random) -> dict[str, Any]:
    return {
        "autoscaling": {
            "high_periods": draw.choice([1, 1, 2, 3]),
            "low_periods": draw.choice([1, 2, 3, 15]),
            "high_periods_hires": draw.choice([1, 2, 3]),
            "low_periods_hires": draw.choice([1, 3, 12]),
            "low_fraction": draw.choice([0.9, 0.5, 1.0]),
            "metric_delay_s": draw.choice([0, 30, 60, 90, 150]),
            "metric_delay_hires_s": draw.choice([0, 5, 10, 15, 30]),
            "in_flight_lock": draw.random() < 0.7,
        },
        "instances": {
            "launch": _law(draw) if draw.random() < 0.2 else None,
            "launch_cpu_s": draw.choice([0, 30, 60, 240]),
            "launch_gpu_s": draw.choice([0, 90, 120, 350]),
            "launch_cached_s": draw.choice([0, 20, 200]),
            "provision_s": draw.choice([0, 20, 110]),
            "container_start_s": draw.choice([0, 5, 75]),
            "drain_s": draw.choice([0, 1, 30, 60, 600]),
            "bill_start": draw.choice(["in-service", "launch"]),
            "min_bill_s": draw.choice([0, 0, 60, 1000]),
        },
        "real_time": {
            "timeout_s": draw.choice([60.0, 10.0, 5.0, 0.25]),
            "stream_timeout_s": draw.choice([480.0, 30.0, 5.0]),
            "timeout_cancels_queued": draw.random() < 0.3,
            "timeout_cancels_running": draw.random() < 0.3,
            "container_queue_limit": draw.choice([None, None, 0, 1, 3]),
        },
        "serverless": {
            "keep_warm_s": draw.choice([0, 10, 60, 300]),
            "cold_start": _law(draw),
            "cold_service": draw.choice([None, None, {"kind": "exponential", "mean_ms": 5_000}]),
            "bill_cold_start": draw.random() < 0.5,
            "setup_counts_to_timeout": draw.random() < 0.5,
            "account_concurrency": draw.choice([1000, 2]),
            "timeout_s": draw.choice([60.0, 10.0, 1.5]),
            "provision_s": draw.choice([0, 30, 60, 120]),
        },
        "async": {
            "concurrency_default": draw.choice([1, 2, 4]),
            "request_ttl_s": draw.choice([60, 90, 300, 21600]),
            "invocation_timeout_s": draw.choice([1, 30, 60, 900]),
        },
        "batch_transform": {"startup_s": draw.choice([0, 60, 240]), "bill_startup": draw.random() < 0.5},
        "bedrock": {"batch_hours": draw.choice([{"low": 1, "high": 24}, {"low": 0, "high": 1}, {"low": 2, "high": 2}])},
    }


def _law(draw: Random) -> dict[str, Any]:
    """Of a set-up or a launch."""
    laws: list[dict[str, Any]] = [
        {"kind": "constant", "median_s": draw.choice([0, 1, 30])},
        {"kind": "exponential", "median_s": draw.choice([2, 60])},
        {"kind": "lognormal", "median_s": 4, "p95_s": 12},
    ]
    return draw.choice(laws)
