"""Scaling: bounds and policies of a scalable target of Application Auto Scaling."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from infercost.schema.scenario.bounds import Bound, Finite, Fleet
from infercost.schema.schedule import expression, time_zone
from infercost.schema.strict import NonNegative, Positive, Strict

TrackingMetric = Literal[
    "invocations-per-instance",
    "invocations-per-copy",
    "concurrent-requests",
    "backlog-per-instance",
    "provisioned-concurrency-utilization",
]
StepMetric = Literal[
    "invocations-per-instance",
    "invocations-per-copy",
    "concurrent-requests",
    "backlog-per-instance",
    "provisioned-concurrency-utilization",
    "has-backlog-without-capacity",
    "no-capacity-invocation-failures",
]
# Of these two there is one threshold that makes sense, and AWS's own examples have it [AY-10, IC-6].
_WITHOUT_CAPACITY = ("has-backlog-without-capacity", "no-capacity-invocation-failures")


class TargetTracking(Strict):
    """Target tracking [AS-4 to AS-14]. Cooldowns default to 300 s [AS-12]; by default it also scales in [AS-21]."""

    kind: Literal["target-tracking"]
    metric: TrackingMetric
    target: Positive
    scale_out_cooldown_s: NonNegative = 300.0
    scale_in_cooldown_s: NonNegative = 300.0
    disable_scale_in: bool = False


class Step(Strict):
    """One step, by how far the metric is beyond the threshold; a missing bound is infinite [AS-16]."""

    lower: Finite | None = None
    upper: Finite | None = None
    adjustment: Annotated[int, Field(ge=-10_000, le=10_000)]

    @model_validator(mode="after")
    def _ordered(self) -> "Step":
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            raise ValueError("`lower` must be below `upper`")
        return self


def _evaluation_periods(given: dict[str, Any]) -> int:
    """AWS's example waits for two of HasBacklogWithoutCapacity, and for one of the other [AY-10, IC-6]."""
    return 2 if given.get("metric") == "has-backlog-without-capacity" else 1


class StepScaling(Strict):
    """Changes the count by steps while the alarm on `metric` rings [AS-16, AY-10].

    `adjustment` stands for one step without bounds; with neither it nor `steps`, one more is added.
    """

    kind: Literal["step"]
    metric: StepMetric
    threshold: Finite = 1.0
    comparison: Literal["above", "below"] = "above"
    evaluation_periods: Annotated[int, Field(ge=1, le=1_440)] = Field(default_factory=_evaluation_periods)
    adjustment_type: Literal["change-in-capacity", "percent-change-in-capacity", "exact-capacity"] = (
        "change-in-capacity"
    )
    adjustment: int | None = Field(default=None, exclude=True)
    steps: tuple[Step, ...] = (Step(adjustment=1),)
    min_adjustment_magnitude: Annotated[int, Field(ge=1, le=10_000)] = 1
    cooldown_s: NonNegative = 300.0

    @model_validator(mode="before")
    @classmethod
    def _one_step(cls, given: Any) -> Any:  # noqa: ANN401 -- as pydantic hands it over, unread
        if not isinstance(given, dict) or given.get("adjustment") is None:
            return given
        if "steps" in given:
            raise ValueError("give `adjustment` or `steps`, not both")
        step = {"adjustment": given["adjustment"]}
        return {key: value for key, value in given.items() if key != "adjustment"} | {"steps": (step,)}

    @model_validator(mode="after")
    def _sound(self) -> "StepScaling":
        if "threshold" not in self.model_fields_set and self.metric not in _WITHOUT_CAPACITY:
            raise ValueError(f"`threshold` is missing: only {' and '.join(_WITHOUT_CAPACITY)} have one of their own")
        if not self.steps:
            raise ValueError("`steps` is empty; leave it out for one more at a time")
        if self.adjustment_type == "exact-capacity" and any(step.adjustment < 0 for step in self.steps):
            raise ValueError("`adjustment` is a count with exact-capacity, so at least 0")
        if self.adjustment_type != "percent-change-in-capacity" and self.min_adjustment_magnitude != 1:
            raise ValueError("`min_adjustment_magnitude` goes with percent-change-in-capacity only")
        return self


class Scheduled(Strict):
    """A scheduled action: new bounds at given times, whatever the cooldowns [AS-17].

    `schedule` is AWS's at(...), rate(...) or cron(...) in `timezone`; `at_s` are seconds from the start of the run.
    """

    kind: Literal["scheduled"]
    schedule: str | None = None
    timezone: str = "UTC"
    at_s: tuple[NonNegative, ...] | None = None
    min: Bound | None = None
    max: Bound | None = None

    @field_validator("schedule")
    @classmethod
    def _readable(cls, schedule: str | None) -> str | None:
        if schedule is not None:
            expression(schedule)
        return schedule

    @field_validator("timezone")
    @classmethod
    def _known(cls, timezone: str) -> str:
        time_zone(timezone)
        return timezone

    @model_validator(mode="after")
    def _sound(self) -> "Scheduled":
        if (self.schedule is None) == (self.at_s is None):
            raise ValueError("give exactly one of `schedule` and `at_s`")
        if self.min is None and self.max is None:
            raise ValueError("give `min`, `max` or both: without one nothing happens")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("`min` is above `max`")
        return self


class Ideal(Strict):
    """Exactly what is needed at every instant, of asynchronous endpoints: a bound that no policy of AWS reaches."""

    kind: Literal["ideal"]


Policy = Annotated[TargetTracking | StepScaling | Scheduled | Ideal, Field(discriminator="kind")]


class Scaling(Strict):
    """Bounds and policies of Application Auto Scaling."""

    min: Bound
    max: Fleet
    policies: tuple[Policy, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> "Scaling":
        if self.min > self.max:
            raise ValueError("`min` is above `max`")
        if self.ideal and len(self.policies) > 1:
            raise ValueError("policy `ideal` stands alone in `policies`")
        return self

    @property
    def ideal(self) -> bool:
        """Whether it is the bound and no policy of AWS."""
        return any(isinstance(policy, Ideal) for policy in self.policies)
