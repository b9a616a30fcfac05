"""What every deployment has."""

from typing import Annotated

from pydantic import Field

from infercost.schema.strict import Strict


class Place(Strict):
    """Its name in the scenario, and where it runs."""

    id: str = Field(min_length=1)
    region: str = Field(min_length=1)


InstanceType = Annotated[str, Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$")]
