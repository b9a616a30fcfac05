"""SageMaker Asynchronous Inference."""

from typing import Annotated, Literal

from pydantic import Field

from infercost.schema.scenario.bounds import Speed, Volume, Workers
from infercost.schema.scenario.deployment.base import InstanceType, Place
from infercost.schema.scenario.scaling import Scaling


class Asynchronous(Place):
    """SageMaker Asynchronous Inference. `concurrency` defaults to the assumption `async.concurrency_default`.

    `notifications`: a message to a topic of SNS for whatever ends [AY-5]. `volume_gb`: storage of each instance.
    """

    pattern: Literal["async"]
    instance_type: InstanceType
    instances: Annotated[int, Field(ge=0, le=10_000)] = 1
    concurrency: Workers | None = None
    speed: Speed = 1.0
    notifications: bool = False
    volume_gb: Volume | None = None
    scaling: Scaling | None = None
