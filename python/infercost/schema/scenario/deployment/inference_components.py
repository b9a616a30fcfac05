"""SageMaker inference components: copies of several containers on the instances of one endpoint."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from infercost.schema.scenario.bounds import Bound, Fleet, Speed, Workers
from infercost.schema.scenario.deployment.base import InstanceType, Launch, Place, VolumeGb
from infercost.schema.scenario.scaling import Scaling
from infercost.schema.strict import Count, Strict

Processors = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
Accelerators = Annotated[int, Field(ge=0, le=10_000)]
Memory = Annotated[int, Field(ge=1, le=10**9)]  # MB


class Host(Strict):
    """What an instance has; of its memory `assumptions.components.schedulable_fraction` can be reserved [IC-2]."""

    accelerators: Accelerators = 0
    vcpus: Processors
    memory_mb: Memory


def _copies(given: dict[str, Any]) -> int:
    return 0 if given.get("base") is not None else 1


class Component(Launch):
    """What a copy reserves of its instance [IC-1], and how it serves. Requests ask for one by its number, from 0.

    `concurrency`: workers per copy. `speed`: against the reference service. `scaling`: of the copies, down to none
    [IC-6]. With `image_gb` and `model_gb` a placed copy loads for as long as these take, else for
    `components.copy_launch_s`. With a `base`, it is an adapter: served by the copies of that component, with none of
    its own [IC-8].
    """

    name: str = Field(min_length=1)
    base: str | None = None
    copies: Bound = Field(default_factory=_copies)
    accelerators: Accelerators = 0
    vcpus: Processors = 0.0
    memory_mb: Count = 0
    concurrency: Workers = 1
    speed: Speed = 1.0
    scaling: Scaling | None = None

    @model_validator(mode="after")
    def _sound(self) -> "Component":
        if self.base is None and not self.memory_mb:
            raise ValueError("`memory_mb` is missing: a copy reserves memory [IC-1]")
        if self.base is not None and self != Component.model_construct(name=self.name, base=self.base, copies=0):
            raise ValueError("an adapter has `name` and `base` alone: the copies are those of its base [IC-8]")
        return self


class InferenceComponents(Place):
    """SageMaker endpoint of inference components. Instances come for copies and go once idle [IC-4].

    A copy goes where there is room: with `placement` binpack on the first instance, with spread where there are the
    fewest copies; else on a new instance, up to `max_instances` [IC-3]. An instance without a copy goes after
    `components.idle_release_s`, down to `min_instances`. With `instance_scale_in` consolidation, every
    `instance_scale_in_cooldown_s` seconds up to `instance_scale_in_step` instances are emptied, if there is room for
    their copies on others. Which component a request asks for is in the trace (`model`), or drawn by
    `[request] models`.
    """

    pattern: Literal["inference-components"]
    instance_type: InstanceType
    instances: Bound = 1
    min_instances: Bound = 0
    max_instances: Fleet
    placement: Literal["spread", "binpack"] = "spread"
    instance_scale_in: Literal["idle-release", "consolidation"] = "idle-release"
    instance_scale_in_step: Annotated[int, Field(ge=1, le=100)] = 1
    instance_scale_in_cooldown_s: Annotated[int, Field(ge=300, le=86_400)] = 1_200
    routing: Literal["random", "least-outstanding"] = "random"
    host: Host
    volume_gb: VolumeGb | None = None
    components: tuple[Component, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> "InferenceComponents":
        names = [one.name for one in self.components]
        if len(set(names)) < len(names):
            raise ValueError("every component needs a `name` of its own")
        if not self.min_instances <= self.instances <= self.max_instances:
            raise ValueError(
                f"`instances` = {self.instances} is not within `min_instances` = {self.min_instances} "
                f"and `max_instances` = {self.max_instances}"
            )
        if self.instance_scale_in == "idle-release":
            for key in ("instance_scale_in_step", "instance_scale_in_cooldown_s"):
                given, default = getattr(self, key), type(self).model_fields[key].default
                if given != default:
                    raise ValueError(
                        f"`{key}` = {given} needs `instance_scale_in` = consolidation: without, it is {default}"
                    )
        unknown = next((one for one in self.components if one.base is not None and one.base not in names), None)
        if unknown is not None:
            raise ValueError(f"`base` of {unknown.name} is no component: {unknown.base}")
        return self
