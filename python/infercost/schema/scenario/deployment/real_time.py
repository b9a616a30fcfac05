"""SageMaker real-time endpoints."""

from typing import Literal

from infercost.schema.scenario.bounds import Fleet, Speed, Workers
from infercost.schema.scenario.deployment.base import InstanceType, Place
from infercost.schema.scenario.scaling import Scaling


class RealTime(Place):
    """SageMaker real-time endpoint. `concurrency`: workers per instance; `speed`: against the reference service."""

    pattern: Literal["real-time"]
    instance_type: InstanceType
    instances: Fleet = 1
    concurrency: Workers = 1
    speed: Speed = 1.0
    routing: Literal["random"] = "random"
    scaling: Scaling | None = None
