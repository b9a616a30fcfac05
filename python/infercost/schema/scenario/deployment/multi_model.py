"""SageMaker multi-model endpoints."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from infercost.schema.scenario.bounds import Fleet, Megabytes, Speed, Workers
from infercost.schema.scenario.deployment.base import InstanceType, Launch, Place, VolumeGb
from infercost.schema.scenario.scaling import Scaling


class MultiModel(Launch, Place):
    """SageMaker multi-model endpoint: instances load the models that are asked for, and unload others for them.

    Which model a request asks for is in the trace, or drawn by `models` of `[request]`. `model_mb`: the size of all
    models, or of each by its number. `memory_mb`, `disk_mb`: what an instance has for models; what is in memory is on
    the disk, too. `model_cache`: false unloads and deletes a model as soon as no request needs it [MME-3]. `image_gb`
    and `model_gb` are what an instance fetches before it serves anything.
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
    volume_gb: VolumeGb | None = None
    scaling: Scaling | None = None

    @model_validator(mode="after")
    def _disk_holds_memory(self) -> "MultiModel":
        if self.disk_mb < self.memory_mb:
            raise ValueError("`disk_mb` is below `memory_mb`: what is in memory is on the disk, too")
        return self
