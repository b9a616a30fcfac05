"""How to run."""

from typing import Annotated, Literal

from pydantic import Field

from infercost.schema.strict import AtLeastOne, NonNegative, Strict


class Run(Strict):
    """How to run. Above `max_requests` a month is counted in one-second cells and replayed in windows."""

    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    warmup_s: NonNegative = 0.0
    end: Literal["drain", "cut"] = "drain"
    max_requests: AtLeastOne = 20_000_000
