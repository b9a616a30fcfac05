"""How long an instance takes from the decision to being in service."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from twin.reference.result import ns

ACCELERATED = {"p", "g", "gr", "inf", "trn"}


def launch_ns(
    assumed: Mapping[str, Any], deployment: Mapping[str, Any], instance_type: str, drawn: Sequence[int], number: int
) -> int:
    """`assumed`: `assumptions.instances`. `drawn`: lengths by number, used where the scenario gives a law."""
    if assumed["launch"] is not None:
        return drawn[number]
    pull = pull_s(assumed, deployment)
    if pull is not None:
        return ns(assumed["provision_s"] + pull + assumed["container_start_s"])
    accelerated = _family(instance_type) in ACCELERATED
    if accelerated and deployment["container_caching"]:
        return ns(assumed["launch_cached_s"])
    return ns(assumed["launch_gpu_s"] if accelerated else assumed["launch_cpu_s"])


def pull_s(assumed: Mapping[str, Any], sizes: Mapping[str, Any]) -> float | None:
    """Seconds until image and model are there; None where `sizes` does not give them."""
    image_gb, model_gb = sizes["image_gb"], sizes["model_gb"]
    if image_gb is None or model_gb is None:
        return None
    if sizes["container_caching"]:
        return float(max(0.0, model_gb / assumed["cached_model_gb_per_s"]))
    return float(max(image_gb / assumed["image_gb_per_s"], model_gb / assumed["model_gb_per_s"]))


def _family(instance_type: str) -> str:
    """The letters that an instance type begins with: g of ml.g5.xlarge."""
    letters = re.match("[a-z]+", instance_type.split(".")[1])
    assert letters is not None
    return letters.group()
