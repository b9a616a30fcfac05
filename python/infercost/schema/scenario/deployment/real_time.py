"""SageMaker real-time endpoints."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from infercost.schema.scenario.bounds import Fleet, Speed, Weight, Workers
from infercost.schema.scenario.deployment.base import InstanceType, Launch, Place, VolumeGb
from infercost.schema.scenario.scaling import Scaling
from infercost.schema.strict import AtLeastOne, Strict


class Pool(Strict):
    """A further instance type of a variant, for when the types before it cannot be had [RT-6]."""

    instance_type: InstanceType
    speed: Speed = 1.0
    concurrency: Workers = 1
    available: AtLeastOne | None = None


class Serving(Launch):
    """How a variant serves.

    `concurrency`: workers per instance. `speed`: against the reference service. `available`: instances that there are
    to be had of its type, where it has `pools`. `volume_gb` holds for the instances of its pools too [RT-7].
    """

    instance_type: InstanceType
    instances: Fleet = 1
    concurrency: Workers = 1
    speed: Speed = 1.0
    routing: Literal["random", "least-outstanding", "prefix-aware"] = "random"
    prefix_concurrency_threshold: Annotated[int, Field(ge=1, le=1_024)] | None = None
    weight: Weight = 1.0
    volume_gb: VolumeGb | None = None
    available: AtLeastOne | None = None
    pools: Annotated[tuple[Pool, ...], Field(max_length=4)] = ()
    scaling: Scaling | None = None

    @model_validator(mode="after")
    def _sound(self) -> "Serving":
        if (self.routing == "prefix-aware") != (self.prefix_concurrency_threshold is not None):
            raise ValueError("routing prefix-aware needs `prefix_concurrency_threshold` (1 to 1024), no other takes it")
        if self.available is not None and not self.pools:
            raise ValueError("`available` needs `pools`: what this type lacks comes from them")
        if len(set(self.instance_types)) < len(self.instance_types):
            raise ValueError("`pools` name each instance type once, and not the variant's own")
        return self

    @property
    def instance_types(self) -> tuple[str, ...]:
        """Its own, then those of its pools."""
        return (self.instance_type, *(pool.instance_type for pool in self.pools))


class Variant(Serving):
    """A further variant: production by `weight` [RT-9], or a shadow that gets copies of a share of requests [RT-10]."""

    name: str = Field(min_length=1)
    shadow_share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _no_weight(self) -> "Variant":
        if self.shadow_share is not None and self.weight != 1:
            raise ValueError("a variant has `shadow_share` or `weight`, not both: a shadow answers nobody")
        return self


class RealTime(Serving, Place):
    """SageMaker real-time endpoint. Its own keys are its first variant; `variants` are further ones."""

    pattern: Literal["real-time"]
    variants: tuple[Variant, ...] = ()

    @model_validator(mode="after")
    def _variants(self) -> "RealTime":
        names = [self.id, *(variant.name for variant in self.variants)]
        if len(set(names)) < len(names):
            raise ValueError("every variant needs a `name` of its own, other than the `id`")
        if sum(variant.shadow_share is not None for variant in self.variants) > 1:
            raise ValueError("an endpoint has one shadow variant at most [RT-10]")
        return self
