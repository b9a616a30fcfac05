"""Random deployments, by pattern. `duration` is the run's, in seconds."""

from collections.abc import Callable
from random import Random
from typing import Any

from twin.generator.models import inference_components, multi_model
from twin.generator.scaling import scaling

INVOCATIONS = ["invocations-per-instance", "concurrent-requests", "concurrent-requests"]
BACKLOG = ["backlog-per-instance", "has-backlog-without-capacity"]
TYPES = ["ml.m5.xlarge", "ml.g5.xlarge", "ml.p4de.24xlarge", "ml.inf2.xlarge", "ml.c5.xlarge"]


def _real_time(draw: Random, duration: int) -> dict[str, Any]:
    variants = []
    if draw.random() < 0.3:
        variants = [{**_variant(draw, duration), "name": f"variant {place}"} for place in range(draw.choice([1, 1, 3]))]
        if draw.random() < 0.5:
            shadow = draw.choice(variants)
            del shadow["weight"]
            shadow["shadow_share"] = draw.choice([0.25, 1.0])
    return {**_variant(draw, duration), "variants": variants}


def _variant(draw: Random, duration: int) -> dict[str, Any]:
    own, *others = draw.sample(TYPES, len(TYPES))
    variant = {
        "instance_type": own,
        "instances": draw.randint(1, 4),
        "concurrency": draw.choice([1, 1, 2, 3]),
        "speed": _speed(draw),
        "weight": draw.choice([1.0, 1.0, 0.5, 3.0]),
        "routing": draw.choice(["random", "least-outstanding", "prefix-aware"]),
        "scaling": scaling(draw, INVOCATIONS, duration, lowest=1),
        **_launch(draw),
    }
    if variant["routing"] == "prefix-aware":
        variant["prefix_concurrency_threshold"] = draw.choice([1, 2, 4])
    if draw.random() < 0.25:
        variant["available"] = draw.choice([None, 1, 2])
        variant["pools"] = [_pool(draw, one) for one in others[: draw.choice([1, 1, 2])]]
    return variant


def _pool(draw: Random, instance_type: str) -> dict[str, Any]:
    return {
        "instance_type": instance_type,
        "speed": _speed(draw),
        "concurrency": draw.choice([1, 2]),
        "available": draw.choice([None, 1, 1, 2]),
    }


def _launch(draw: Random) -> dict[str, Any]:
    sizes = {"image_gb": draw.choice([0.1, 5.3]), "model_gb": draw.choice([0.1, 8.4])}
    return {**(sizes if draw.random() < 0.2 else {}), "container_caching": draw.random() < 0.3}


def _async(draw: Random, duration: int) -> dict[str, Any]:
    scaled = scaling(draw, BACKLOG, duration, lowest=0)
    if scaled is not None and draw.random() < 0.15:
        scaled["policies"] = [{"kind": "ideal"}]
    return {
        "instance_type": draw.choice(["ml.c5.xlarge", "ml.g5.xlarge", "ml.trn1.2xlarge"]),
        "instances": draw.randint(0, 3),
        "concurrency": draw.choice([None, 1, 1, 2]),
        "speed": _speed(draw),
        "notifications": draw.random() < 0.5,
        "scaling": scaled,
        **_launch(draw),
    }


def _serverless(draw: Random, duration: int) -> dict[str, Any]:
    most = draw.choice([1, 2, 3, 20])
    deployment: dict[str, Any] = {"memory_mb": 2048, "max_concurrency": most, "speed": _speed(draw)}
    if draw.random() < 0.6:
        deployment["provisioned_concurrency"] = draw.randint(0, min(most, 3))
        deployment["scaling"] = scaling(
            draw, ["provisioned-concurrency-utilization"], duration, lowest=0, most=min(most, 9)
        )
    return deployment


def _batch_transform(draw: Random, duration: int) -> dict[str, Any]:
    del duration
    return {
        "instance_type": "ml.c5.xlarge",
        "instances": draw.randint(1, 4),
        "files": draw.choice([1, 2, 3, 7, 300]),
        "max_concurrent_transforms": draw.choice([1, 1, 2, 5]),
        "max_payload_mb": draw.choice([0, 2, 6]),
        "split_type": draw.choice(["line", "line", "none", "recordio", "tfrecord"]),
        "batch_strategy": draw.choice(["single-record", "multi-record"]),
        "invocation_timeout_s": draw.choice([1, 30, 60, 600, 3600]),
        "retries": draw.choice([0, 1, 3]),
        "speed": _speed(draw),
        "every_s": draw.choice([None, 30, 600, 1000]),
    }


def _bedrock_batch(draw: Random, duration: int) -> dict[str, Any]:
    del duration
    return {"model_id": "amazon.nova-lite-v1:0", "every_s": draw.choice([None, None, 600, 5400])}


def _model(draw: Random, duration: int) -> dict[str, Any]:
    del draw, duration
    return {"model_id": "amazon.nova-lite-v1:0"}


def _units(draw: Random, duration: int) -> dict[str, Any]:
    del duration
    return {"model_id": "amazon.nova-lite-v1:0", "model_units": draw.randint(1, 3)}


def _speed(draw: Random) -> float:
    return draw.choice([1.0, 1.0, 2.0, 0.5, 1.7, 3.0])


DEPLOYMENTS: dict[str, Callable[[Random, int], dict[str, Any]]] = {
    "real-time": _real_time,
    "async": _async,
    "serverless": _serverless,
    "batch-transform": _batch_transform,
    "multi-model": multi_model,
    "inference-components": inference_components,
    "bedrock-on-demand": _model,
    "bedrock-batch": _bedrock_batch,
    "bedrock-provisioned": _units,
}
