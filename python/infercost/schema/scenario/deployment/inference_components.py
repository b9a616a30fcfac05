"""SageMaker inference components: copies of models that share instances."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from infercost.schema.scenario.bounds import Bound, Fleet, Speed, Workers
from infercost.schema.scenario.deployment.base import InstanceType, Launch, Place, VolumeGb
from infercost.schema.scenario.scaling import Scaling
from infercost.schema.strict import Strict

Accelerators = Annotated[int, Field(ge=0, le=1_024)]
Vcpus = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
Megabytes = Annotated[int, Field(ge=0, le=1_000_000_000)]


class Host(Strict):
    """What an instance has; of its memory, copies may reserve `components.schedulable_fraction` [IC-2]."""

    accelerators: Accelerators = 0
    vcpus: Vcpus
    memory_mb: Megabytes


class Component(Launch):
    """A model with copies of its own, or an adapter, which is answered by the copies of its `base` [IC-8].

    A copy reserves `accelerators`, `vcpus` and `memory_mb` on its instance [IC-1], and works with `concurrency` workers
    at `speed` against the reference service. It loads for `components.copy_launch_s`, or as long as `image_gb` and
    `model_gb` take. With `scaling`, down to no copy at all [IC-6]. An adapter has `name` and `base` and nothing else.
    """

    name: str = Field(min_length=1)
    base: str | None = None
    copies: Bound = Field(default_factory=lambda given: 0 if given.get("base") else 1)
    accelerators: Accelerators = 0
    vcpus: Vcpus = 0.0
    memory_mb: Megabytes = 0
    concurrency: Workers = 1
    speed: Speed = 1.0
    scaling: Scaling | None = None

    @model_validator(mode="after")
    def _sound(self) -> "Component":
        if self.base is None:
            if self.memory_mb == 0:
                raise ValueError("`memory_mb` is missing: a copy reserves 128 or more [IC-1]")
            return self
        plain = {name: field.default for name, field in type(self).model_fields.items()}
        plain |= {"name": self.name, "base": self.base, "copies": 0}
        own = [f"`{name}`" for name, default in plain.items() if getattr(self, name) != default]
        if own:
            raise ValueError(f"an adapter has `name` and `base` only, its base has {', '.join(own)}")
        return self


class InferenceComponents(Place):
    """SageMaker inference components on instances that follow their copies.

    A copy goes on an instance with room, with `placement` binpack the first one, with spread the one with the fewest;
    else on a new one, up to `max_instances` [IC-3]. An instance without a copy is released after
    `components.idle_release_s`, down to `min_instances` [IC-4]. Which component a request asks for is in the trace
    (`model`), or drawn by `[request] models`: by its number in `components`, from 0.
    """

    pattern: Literal["inference-components"]
    instance_type: InstanceType
    instances: Bound = 1
    min_instances: Bound = 0
    max_instances: Fleet
    placement: Literal["spread", "binpack"] = "spread"
    instance_scale_in: Literal["idle-release"] = "idle-release"
    routing: Literal["random", "least-outstanding"] = "random"
    host: Host
    volume_gb: VolumeGb | None = None
    components: Annotated[tuple[Component, ...], Field(min_length=1, max_length=10_000)]

    @model_validator(mode="after")
    def _sound(self) -> "InferenceComponents":
        if not self.min_instances <= self.instances <= self.max_instances:
            raise ValueError(
                f"`instances`, {self.instances}, is not within `min_instances`, {self.min_instances}, "
                f"to `max_instances`, {self.max_instances}"
            )
        names = [component.name for component in self.components]
        if len(set(names)) < len(names):
            raise ValueError("every component needs a `name` of its own")
        for component in self.components:
            if component.base is not None and component.base not in names:
                raise ValueError(f"`base` of {component.name}: there is no component {component.base}")
        return self
