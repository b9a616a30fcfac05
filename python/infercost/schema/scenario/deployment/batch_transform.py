"""SageMaker batch transform."""

from typing import Annotated, Literal

from pydantic import Field

from infercost.schema.scenario.bounds import Fleet, Speed, Workers
from infercost.schema.scenario.deployment.base import InstanceType, Place
from infercost.schema.strict import Positive


class BatchTransform(Place):
    """SageMaker batch transform: a job every `every_s` on what has arrived since the last, or one job at the end."""

    pattern: Literal["batch-transform"]
    instance_type: InstanceType
    instances: Fleet = 1
    files: Annotated[int, Field(ge=1, le=10**9)] = 1
    max_concurrent_transforms: Workers = 1
    max_payload_mb: Annotated[int, Field(ge=1, le=10**6)] = 6
    speed: Speed = 1.0
    every_s: Positive | None = None
