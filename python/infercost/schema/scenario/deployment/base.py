"""What many deployments have."""

from typing import Annotated

from pydantic import Field, model_validator

from infercost.schema.scenario.bounds import Gigabytes
from infercost.schema.strict import Strict

InstanceType = Annotated[str, Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$")]
VolumeGb = Annotated[int, Field(ge=1, le=512)]  # [RT-7]


class Place(Strict):
    """Its name in the scenario, and where it runs."""

    id: str = Field(min_length=1)
    region: str = Field(min_length=1)


class Launch(Strict):
    """What a new instance has to fetch before it serves [LT-1]. Without sizes, an assumed time holds."""

    image_gb: Gigabytes | None = None
    model_gb: Gigabytes | None = None
    container_caching: bool = False

    @model_validator(mode="after")
    def _both_sizes(self) -> "Launch":
        if (self.image_gb is None) != (self.model_gb is None):
            raise ValueError("give both `image_gb` and `model_gb`, or neither")
        return self
