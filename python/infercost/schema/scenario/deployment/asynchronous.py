"""SageMaker Asynchronous Inference."""

from typing import Annotated, Literal

from pydantic import Field

from infercost.schema.scenario.bounds import Speed, Workers
from infercost.schema.scenario.deployment.base import InstanceType, Place
from infercost.schema.scenario.scaling import Scaling


class Asynchronous(Place):
    """SageMaker Asynchronous Inference. `concurrency` defaults to the assumption `async.concurrency_default`."""

    pattern: Literal["async"]
    instance_type: InstanceType
    instances: Annotated[int, Field(ge=0, le=10_000)] = 1
    concurrency: Workers | None = None
    speed: Speed = 1.0
    scaling: Scaling | None = None
