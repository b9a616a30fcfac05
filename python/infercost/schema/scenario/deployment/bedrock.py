"""Bedrock, on demand, in batches and provisioned."""

from typing import Literal

from pydantic import Field

from infercost.schema.scenario.bounds import Fleet
from infercost.schema.scenario.deployment.base import Place
from infercost.schema.strict import Positive


class BedrockOnDemand(Place):
    """Bedrock on demand, standard tier."""

    pattern: Literal["bedrock-on-demand"]
    model_id: str = Field(min_length=1)


class BedrockBatch(Place):
    """Bedrock batch inference: a job every `every_s` on what has arrived since the last, or one job at the end."""

    pattern: Literal["bedrock-batch"]
    model_id: str = Field(min_length=1)
    every_s: Positive | None = None


class BedrockProvisioned(Place):
    """Bedrock provisioned throughput: model units by the hour, whatever the traffic [PT-1]."""

    pattern: Literal["bedrock-provisioned"]
    model_id: str = Field(min_length=1)
    model_units: Fleet = 1
    commitment: Literal["none", "1-month", "6-month"] = "none"
    custom_model: bool = False
