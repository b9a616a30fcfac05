"""SageMaker Serverless Inference."""

from typing import Annotated, Literal

from pydantic import Field

from infercost.schema.scenario.bounds import Bound, Speed
from infercost.schema.scenario.deployment.base import Place
from infercost.schema.scenario.scaling import Scaling


class Serverless(Place):
    """SageMaker Serverless Inference [SL-1, SL-3].

    `provisioned_concurrency`: containers that are always there, at most `max_concurrency` [SL-11]; `scaling` is theirs
    [SL-12].
    """

    pattern: Literal["serverless"]
    memory_mb: Annotated[int, Field(ge=1, le=10**6)]
    max_concurrency: Annotated[int, Field(ge=1, le=10**6)]
    provisioned_concurrency: Bound = 0
    speed: Speed = 1.0
    scaling: Scaling | None = None
