"""SageMaker Asynchronous Inference."""

from typing import Literal

from infercost.schema.scenario.bounds import Bound, Speed, Workers
from infercost.schema.scenario.deployment.base import InstanceType, Launch, Place, VolumeGb
from infercost.schema.scenario.scaling import Scaling


class Asynchronous(Launch, Place):
    """SageMaker Asynchronous Inference. `concurrency` defaults to the assumption `async.concurrency_default`.

    `notifications`: a message to a topic of SNS for whatever ends [AY-5]. `volume_gb`: storage of each instance.
    """

    pattern: Literal["async"]
    instance_type: InstanceType
    instances: Bound = 1
    concurrency: Workers | None = None
    speed: Speed = 1.0
    notifications: bool = False
    volume_gb: VolumeGb | None = None
    scaling: Scaling | None = None
