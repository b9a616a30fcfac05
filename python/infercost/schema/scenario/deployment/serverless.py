"""SageMaker Serverless Inference."""

from typing import Annotated, Literal

from pydantic import Field

from infercost.schema.scenario.bounds import Speed
from infercost.schema.scenario.deployment.base import Place


class Serverless(Place):
    """SageMaker Serverless Inference [SL-1, SL-3]."""

    pattern: Literal["serverless"]
    memory_mb: Annotated[int, Field(ge=1, le=10**6)]
    max_concurrency: Annotated[int, Field(ge=1, le=10**6)]
    speed: Speed = 1.0
