"""Assumptions: where AWS is silent (docs/rules.md). Defaults are named in every output."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from infercost.schema.strict import AtLeastOne, Count, NonNegative, Positive, Strict


class AutoscalingAssumptions(Strict):
    """Alarms of target tracking."""

    high_periods: AtLeastOne = 3
    low_periods: AtLeastOne = 15
    low_fraction: Annotated[float, Field(gt=0, le=1)] = 0.9
    metric_delay_s: Count = 90
    in_flight_lock: bool = True


class InstanceAssumptions(Strict):
    """Launch, drain and the start of the meter."""

    launch_cpu_s: Count = 240
    launch_gpu_s: Count = 350
    drain_s: Count = 30
    bill_start: Literal["in-service", "launch"] = "in-service"
    min_bill_s: Count = 0


class RealTimeAssumptions(Strict):
    """The container's queue; None is unlimited."""

    timeout_s: Positive = 60.0
    container_queue_limit: Count | None = None


class ColdStart(Strict):
    """Set-up time of a serverless container. `exponential` reads `median_s` alone; `constant` too."""

    kind: Literal["lognormal", "exponential", "constant"] = "lognormal"
    median_s: NonNegative = 4.0
    p95_s: Positive | None = 12.0

    @model_validator(mode="after")
    def _spread(self) -> "ColdStart":
        if self.kind == "lognormal" and (self.p95_s is None or self.p95_s < self.median_s or self.median_s == 0):
            raise ValueError("a lognormal cold start needs 0 < `median_s` <= `p95_s`")
        return self


class ServerlessAssumptions(Strict):
    """Containers of serverless inference."""

    keep_warm_s: NonNegative = 300.0
    cold_start: ColdStart = ColdStart()
    bill_cold_start: bool = False
    setup_counts_to_timeout: bool = False
    account_concurrency: AtLeastOne = 1000
    timeout_s: Positive = 60.0


class AsyncAssumptions(Strict):
    """The queue of an asynchronous endpoint."""

    concurrency_default: AtLeastOne = 4
    request_ttl_s: Annotated[float, Field(ge=60, le=21600)] = 21600.0
    invocation_timeout_s: Annotated[float, Field(ge=1, le=3600)] = 900.0


class BatchTransformAssumptions(Strict):
    """Start-up of a job's instances."""

    startup_s: Count = 240
    bill_startup: bool = False


class BatchHours(Strict):
    """How long Bedrock takes over a batch job."""

    kind: Literal["uniform"] = "uniform"
    low: NonNegative = 1.0
    high: Positive = 24.0

    @model_validator(mode="after")
    def _ordered(self) -> "BatchHours":
        if self.low > self.high:
            raise ValueError("`low` is above `high`")
        return self


class BedrockAssumptions(Strict):
    """Bedrock's batch window and, where known, a quota."""

    batch_hours: BatchHours = BatchHours()


class Assumptions(Strict):
    """Everything that AWS does not publish; a value given here replaces the default."""

    autoscaling: AutoscalingAssumptions = AutoscalingAssumptions()
    instances: InstanceAssumptions = InstanceAssumptions()
    real_time: RealTimeAssumptions = RealTimeAssumptions()
    serverless: ServerlessAssumptions = ServerlessAssumptions()
    asynchronous: AsyncAssumptions = Field(default=AsyncAssumptions(), alias="async")
    batch_transform: BatchTransformAssumptions = BatchTransformAssumptions()
    bedrock: BedrockAssumptions = BedrockAssumptions()
