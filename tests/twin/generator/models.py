"""Random deployments whose requests ask for one of several models or components, and which one they ask for."""

from math import ceil
from random import Random
from typing import Any

from twin.generator.scaling import scaling

MODEL_MB = [100.0, 500.0, 1000.0, 1000.0, 3000.0, 333.3]
COPIES = ["invocations-per-copy", "concurrent-requests", "no-capacity-invocation-failures"]


def multi_model(draw: Random, duration: int) -> dict[str, Any]:
    """Memory for the largest model, or a few; a disk that is full of them, or never."""
    sizes = [draw.choice(MODEL_MB) for _ in range(draw.choice([1, 2, 3, 4, 6]))]
    memory_mb = max(sizes) * draw.choice([1, 1, 1.5, 2, 3, 10])
    return {
        "instance_type": draw.choice(["ml.m5.xlarge", "ml.g5.xlarge"]),
        "instances": draw.randint(1, 4),
        "concurrency": draw.choice([1, 1, 2, 3]),
        "speed": draw.choice([1.0, 1.0, 2.0, 0.5, 1.7]),
        "model_mb": sizes,
        "memory_mb": memory_mb,
        "disk_mb": memory_mb * draw.choice([1, 1, 1.5, 2, 10]),
        "model_cache": draw.random() < 0.75,
        "scaling": scaling(draw, ["invocations-per-instance"], duration, lowest=1),
    }


def inference_components(draw: Random, duration: int) -> dict[str, Any]:
    """Instances that the copies at 0 fill up, nearly; now and then they are too few. A third consolidates."""
    consolidates = draw.random() < 0.35
    host = {
        "accelerators": draw.choice([1, 2, 4]),
        "vcpus": draw.choice([1.0, 4.0]),
        "memory_mb": draw.choice([2_000, 8_001]),
    }
    if consolidates:
        host["accelerators"] = 4
    components = [
        _component(draw, f"component {number}", duration, host) for number in range(draw.choice([1, 2, 3, 3]))
    ]
    if consolidates:
        for one in components:
            one.update(_at_rest(draw))
    needed = max(
        sum(one["copies"] * one[what] for one in components) / (host[what] * share)
        for what, share in (("accelerators", 1), ("vcpus", 1), ("memory_mb", 0.8))
    )
    if draw.random() < 0.3:
        adapter = {"name": "adapter", "base": components[-1]["name"], "copies": 0}
        components.insert(draw.randint(0, len(components)), adapter)
    instances = max(0, ceil(needed) + draw.choice([-1, 0, 0, 0, 1, 1, 2]))
    if consolidates:
        instances += draw.choice([1, 1, 2])
    return {
        "instance_type": draw.choice(["ml.m5.xlarge", "ml.g5.xlarge", "ml.inf2.xlarge"]),
        "instances": instances,
        "min_instances": draw.choice([0, 0, min(1, instances), 0 if consolidates else instances]),
        "max_instances": max(1, instances + draw.choice([0, 0, 0, 1, 3])),
        "placement": draw.choice(["spread", "binpack"]),
        "routing": draw.choice(["random", "least-outstanding"]),
        "host": host,
        "components": components,
        **(_consolidation(draw, duration) if consolidates else {}),
    }


def _consolidation(draw: Random, duration: int) -> dict[str, Any]:
    return {
        "placement": draw.choice(["spread", "spread", "spread", "binpack"]),
        "instance_scale_in": "consolidation",
        "instance_scale_in_step": draw.choice([1, 1, 2]),
        "instance_scale_in_cooldown_s": draw.choice([300, 300, 600 if duration > 600 else 300]),
    }


def _at_rest(draw: Random) -> dict[str, Any]:
    """A component with few copies that hardly ever change, so that they can be moved; now and then while they are."""
    resting: dict[str, Any] = {"copies": draw.choice([1, 2, 2, 3]), "accelerators": draw.choice([0, 0, 1, 1])}
    if draw.random() < 0.7:
        policies = []
        for _ in range(draw.choice([0, 1, 1, 2])):
            at_s = draw.choice([300, 300, 600, 900]) + draw.choice([-200, 1, 10, 20, 30, 60, 200])
            copies = draw.choice([0, 1, 1, 1, 2, 3])
            policies.append({"kind": "scheduled", "at_s": [at_s], "min": copies, "max": copies})
        resting["scaling"] = {"min": 0, "max": 9, "policies": policies}
    return resting


def _component(draw: Random, name: str, duration: int, host: dict[str, Any]) -> dict[str, Any]:
    sizes = {"image_gb": draw.choice([0.1, 5.3]), "model_gb": draw.choice([0.1, 8.4])}
    return {
        "name": name,
        "copies": draw.choice([0, 1, 1, 2, 3]),
        "accelerators": draw.choice([0, 1, 1, host["accelerators"]]),
        "vcpus": draw.choice([0.0, 0.25, 0.3, 1.0]),
        "memory_mb": draw.choice([128, 400, 800]),
        "concurrency": draw.choice([1, 1, 2, 3]),
        "speed": draw.choice([1.0, 1.0, 2.0, 0.5, 1.7]),
        **(sizes if draw.random() < 0.3 else {}),
        "container_caching": draw.random() < 0.3,
        "scaling": _swings(draw, duration) if draw.random() < 0.4 else scaling(draw, COPIES, duration, lowest=0),
    }


def _swings(draw: Random, duration: int) -> dict[str, Any]:
    """Copies come and go all the time, those of several components at one instant: room is short, and free again."""
    grain = duration // draw.choice([10, 20, 20])
    policies = []
    for _ in range(draw.choice([3, 6, 9])):
        at_s, copies = draw.randrange(0, duration, grain), draw.choice([0, 0, 1, 2, 3, 5])
        policies.append({"kind": "scheduled", "at_s": [at_s], "min": copies, "max": copies})
    return {"min": 0, "max": 9, "policies": policies}


def model_assumptions(draw: Random) -> dict[str, Any]:
    """Loads that are waited for, and loads that take no time."""
    return {
        "download_mb_per_s": draw.choice([10.0, 100.0, 100.0, 70.0, 3_000.0]),
        "load_mb_per_s": draw.choice([100.0, 500.0, 300.0, 10_000.0]),
        "spread_waiting": draw.choice([0, 0, 1, 2, 4]),
        "not_ready_after_s": draw.choice([60.0, 60.0, 60.0, 0.0, 5.0, 12.0]),
    }


def component_assumptions(draw: Random) -> dict[str, Any]:
    return {
        "schedulable_fraction": draw.choice([0.8, 0.8, 1.0, 0.41]),
        "copy_launch_s": draw.choice([0, 30, 60, 150]),
        "idle_release_s": draw.choice([1, 30, 60, 300, 720]),
    }


def asked_for(draw: Random, listed: int, requests: int) -> list[int]:
    """Which of those listed each request asks for: some often, some rarely, now and then one beyond the list."""
    numbers = range(listed + (draw.random() < 0.2))
    return draw.choices(numbers, [draw.choice([0.2, 1, 1, 5]) for _ in numbers], k=requests)
