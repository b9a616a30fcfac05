"""The scenarios of the engine's own benchmark, made of the authored models: `python -m benches.scenarios FILE`.

The benchmark is in Rust and reads them as the engine does; a key that is added to the models reaches it by itself.
"""

import json
import sys
from pathlib import Path
from typing import Any

from infercost.schema.scenario import Scenario

_HOST = {"region": "us-east-1", "instance_type": "ml.m5.xlarge"}
# 560 requests a second of 10 ms: 70 % of eight workers
_DRAWN = {"kind": "poisson", "rate_per_s": 560, "duration_s": 1785.714}
_TRACE = {"kind": "trace", "path": "memory", "duration_s": 100_000}


def _tracking(metric: str, target: float) -> dict[str, Any]:
    policy = {"kind": "target-tracking", "metric": metric, "target": target}
    return {"min": 1, "max": 8, "policies": [policy]}


def _real_time(instances: int, concurrency: int, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of a deployment
    return {"pattern": "real-time", "instances": instances, "concurrency": concurrency, **_HOST, **keys}


_DEPLOYMENTS: dict[str, dict[str, Any]] = {
    "real-time, 1 instance x 1 worker": _real_time(1, 1),
    "real-time, 1 instance x 8 workers": _real_time(1, 8),
    "real-time, 1 instance x 64 workers": _real_time(1, 64),
    "real-time, 4 instances x 8 workers": _real_time(4, 8),
    "real-time, 4 x 8, least outstanding": _real_time(4, 8, routing="least-outstanding"),
    "real-time, target tracking x 8 workers": _real_time(2, 8, scaling=_tracking("invocations-per-instance", 9_000)),
    "real-time, concurrency tracked x 8": _real_time(2, 8, scaling=_tracking("concurrent-requests", 4)),
    "serverless": {"pattern": "serverless", "region": "us-east-1", "memory_mb": 2048, "max_concurrency": 200},
    "async, 4 instances x 4": {"pattern": "async", "instances": 4, "concurrency": 4, **_HOST},
    "multi-model, 4 x 8, 100 models": {
        "pattern": "multi-model",
        "instances": 4,
        "concurrency": 8,
        "model_mb": [100],
        "memory_mb": 20_000,
        "disk_mb": 100_000,
        **_HOST,
    },
    "bedrock on demand": {"pattern": "bedrock-on-demand", "region": "us-east-1", "model_id": "m"},
}


def _scenario(traffic: dict[str, Any], service: dict[str, Any], deployment: dict[str, Any]) -> dict[str, Any]:
    document = {
        "traffic": traffic,
        "service": service,
        "request": {
            "input_tokens": 100,
            "output_tokens": 10,
            "models": {"kind": "zipf", "count": 100, "exponent": 1.0},
        },
        "deployment": [{"id": "it", **deployment}],
        "run": {"max_requests": 1_000_000_000},
    }
    scenario = Scenario.parse(document, "benchmark")
    return scenario.model_dump(mode="json", by_alias=True, exclude={"prices", "model"})


def main(path: Path) -> None:
    """Writes name and scenario of every case, those on a trace in memory before the drawn one."""
    trace = {name: _scenario(_TRACE, {"kind": "trace"}, one) for name, one in _DEPLOYMENTS.items()}
    exponential = {"kind": "exponential", "mean_ms": 10}
    drawn = {"poisson and exponential, 1 instance x 8 workers": _scenario(_DRAWN, exponential, _real_time(1, 8))}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"trace in memory": trace, "drawn": drawn}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
