"""SageMaker Asynchronous Inference."""

from typing import Literal

from infercost.schema.scenario.bounds import Bound, Speed, Workers
from infercost.schema.scenario.deployment.base import InstanceType, Launch, Place
from infercost.schema.scenario.scaling import Scaling


class Asynchronous(Launch, Place):
    """SageMaker Asynchronous Inference. `concurrency` defaults to the assumption `async.concurrency_default`."""

    pattern: Literal["async"]
    instance_type: InstanceType
    instances: Bound = 1
    concurrency: Workers | None = None
    speed: Speed = 1.0
    scaling: Scaling | None = None
