"""Scaling: bounds and policies of a scalable target."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from infercost.schema.scenario.bounds import Fleet
from infercost.schema.strict import NonNegative, Positive, Strict


class TargetTracking(Strict):
    """Target tracking [AS-4 to AS-14]. Cooldowns default to 300 s [AS-12]."""

    kind: Literal["target-tracking"]
    metric: Literal["invocations-per-instance", "backlog-per-instance"]
    target: Positive
    scale_out_cooldown_s: NonNegative = 300.0
    scale_in_cooldown_s: NonNegative = 300.0


class StepScaling(Strict):
    """Adds `adjustment` instances when the alarm on `metric` rings [AS-16, AY-10]."""

    kind: Literal["step"]
    metric: Literal["has-backlog-without-capacity"]
    adjustment: Fleet = 1
    cooldown_s: NonNegative = 300.0


Policy = Annotated[TargetTracking | StepScaling, Field(discriminator="kind")]


class Scaling(Strict):
    """Bounds and policies of Application Auto Scaling."""

    min: Annotated[int, Field(ge=0, le=10_000)]
    max: Fleet
    policies: tuple[Policy, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> "Scaling":
        if self.min > self.max:
            raise ValueError("`min` is above `max`")
        return self
