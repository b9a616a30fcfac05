"""Deployments: a pattern with all its parameters, a file each."""

from typing import Annotated

from pydantic import Field

from infercost.schema.scenario.deployment.asynchronous import Asynchronous
from infercost.schema.scenario.deployment.batch_transform import BatchTransform
from infercost.schema.scenario.deployment.bedrock import BedrockBatch, BedrockOnDemand, BedrockProvisioned
from infercost.schema.scenario.deployment.real_time import RealTime
from infercost.schema.scenario.deployment.serverless import Serverless

Deployment = Annotated[
    RealTime | Serverless | Asynchronous | BatchTransform | BedrockOnDemand | BedrockBatch | BedrockProvisioned,
    Field(discriminator="pattern"),
]
PATTERNS = (
    "real-time",
    "serverless",
    "async",
    "batch-transform",
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
    "Deployment",
    "RealTime",
    "Serverless",
]
