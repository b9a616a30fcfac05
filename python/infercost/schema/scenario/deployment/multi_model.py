"""SageMaker multi-model endpoints."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from infercost.schema.scenario.bounds import Fleet, Speed, Workers
from infercost.schema.scenario.deployment.base import InstanceType, Place
from infercost.schema.scenario.scaling import Scaling
from infercost.schema.strict import Positive

Megabytes = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]


class MultiModel(Place):
    """SageMaker multi-model endpoint: instances load the models that are asked for, and unload others for them.

    Which model a request asks for is in the trace, or drawn by `[request] models`. `model_mb`: the size of every
    model, or of each by its number; `memory_mb` and `disk_mb`: what an instance has for models, and those in memory
    are on the disk, too. `model_cache` false unloads a model as soon as no request needs it [MME-3]. `image_gb` and
    `model_gb` are of the container and of what every instance loads before it serves, for the length of a launch.
    """

    pattern: Literal["multi-model"]
    instance_type: InstanceType
    instances: Fleet = 1
    concurrency: Workers = 1
    speed: Speed = 1.0
    model_mb: Annotated[tuple[Megabytes, ...], Field(min_length=1, max_length=1_000_000)]
    memory_mb: Megabytes
    disk_mb: Megabytes
    model_cache: bool = True
    image_gb: Positive | None = None
    model_gb: Positive | None = None
    container_caching: bool = False
    volume_gb: Annotated[int, Field(ge=1, le=512)] | None = None
    scaling: Scaling | None = None

    @model_validator(mode="after")
    def _sound(self) -> "MultiModel":
        if self.disk_mb < self.memory_mb:
            raise ValueError(
                f"`disk_mb`, {self.disk_mb:g}, is below `memory_mb`, {self.memory_mb:g}: what is in memory is on the disk"
            )
        if (self.image_gb is None) != (self.model_gb is None):
            raise ValueError("give both `image_gb` and `model_gb`, or neither")
        return self
