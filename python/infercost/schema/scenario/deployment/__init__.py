"""Deployments: a pattern with all its parameters, a file each."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from infercost.schema.scenario.deployment.asynchronous import Asynchronous
from infercost.schema.scenario.deployment.batch_transform import BatchTransform
from infercost.schema.scenario.deployment.bedrock import BedrockBatch, BedrockOnDemand, BedrockProvisioned
from infercost.schema.scenario.deployment.inference_components import Component, Host, InferenceComponents
from infercost.schema.scenario.deployment.multi_model import MultiModel
from infercost.schema.scenario.deployment.real_time import Pool, RealTime, Variant
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
    "MultiModel",
    "Pool",
    "RealTime",
    "Serverless",
    "Variant",
    "scalings",
]


def scalings(deployment: Deployment) -> Iterator[Scaling]:
    """Every scalable target of a deployment: its own, and those of what it has inside."""
    for one in (deployment, *getattr(deployment, "variants", ()), *getattr(deployment, "components", ())):
        scaling = getattr(one, "scaling", None)
        if scaling is not None:
            yield scaling
