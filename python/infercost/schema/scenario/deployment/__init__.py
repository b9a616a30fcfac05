"""Deployments: a pattern with all its parameters, a file each."""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from pydantic import Field

from infercost.schema.scenario.deployment.asynchronous import Asynchronous
from infercost.schema.scenario.deployment.base import Launch
from infercost.schema.scenario.deployment.batch_transform import BatchTransform
from infercost.schema.scenario.deployment.bedrock import BedrockBatch, BedrockOnDemand, BedrockProvisioned
from infercost.schema.scenario.deployment.inference_components import Component, Host, InferenceComponents
from infercost.schema.scenario.deployment.multi_model import MultiModel
from infercost.schema.scenario.deployment.real_time import Pool, RealTime, Serving, Variant
from infercost.schema.scenario.deployment.serverless import Serverless
from infercost.schema.scenario.scaling import Scaling

Deployment = Annotated[
    RealTime
    | Serverless
    | Asynchronous
    | BatchTransform
    | MultiModel
    | InferenceComponents
    | BedrockOnDemand
    | BedrockBatch
    | BedrockProvisioned,
    Field(discriminator="pattern"),
]
PATTERNS = (
    "real-time",
    "serverless",
    "async",
    "batch-transform",
    "multi-model",
    "inference-components",
    "bedrock-on-demand",
    "bedrock-batch",
    "bedrock-provisioned",
)

__all__ = [
    "PATTERNS",
    "Asynchronous",
    "BatchTransform",
    "BedrockBatch",
    "BedrockOnDemand",
    "BedrockProvisioned",
    "Component",
    "Deployment",
    "Host",
    "InferenceComponents",
    "Launch",
    "MultiModel",
    "Part",
    "Pool",
    "RealTime",
    "Serverless",
    "Variant",
    "parts",
    "scalings",
]


class Part(NamedTuple):
    """Instances of one type in a deployment, and the storage that each of them has."""

    instance_type: str
    volume_gb: int | None


def parts(deployment: Deployment) -> tuple[Part, ...]:
    """The instance types of a deployment, variants in order, each followed by its pools; none where there are none.

    >>> parts(RealTime(
    ...     id="a", region="us-east-1", pattern="real-time", instance_type="ml.g5.xlarge",
    ...     pools=(Pool(instance_type="ml.g6.xlarge"),),
    ... ))
    (Part(instance_type='ml.g5.xlarge', volume_gb=None), Part(instance_type='ml.g6.xlarge', volume_gb=None))
    """
    match deployment:
        case RealTime():
            variants: tuple[Serving, ...] = (deployment, *deployment.variants)
            return tuple(
                Part(instance_type, variant.volume_gb)
                for variant in variants
                for instance_type in variant.instance_types
            )
        case MultiModel() | InferenceComponents() | Asynchronous() | BatchTransform():
            return (Part(deployment.instance_type, deployment.volume_gb),)
        case _:
            return ()


def scalings(deployment: Deployment) -> Iterator[Scaling]:
    """Every scalable target of a deployment: its own, and those of what it has inside."""
    for one in (deployment, *getattr(deployment, "variants", ()), *getattr(deployment, "components", ())):
        scaling = getattr(one, "scaling", None)
        if scaling is not None:
            yield scaling
