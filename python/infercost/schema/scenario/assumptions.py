"""Assumptions: where AWS is silent (docs/rules.md). Defaults are named in every output."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from infercost.schema.scenario.service import Service, TraceService
from infercost.schema.strict import AtLeastOne, Count, NonNegative, Positive, Strict


class AutoscalingAssumptions(Strict):
    """Alarms, on metrics of a minute and on those of 10 s (`hires`)."""

    high_periods: AtLeastOne = 3
    low_periods: AtLeastOne = 15
    low_fraction: Annotated[float, Field(gt=0, le=1)] = 0.9
    high_periods_hires: AtLeastOne = 3
    low_periods_hires: AtLeastOne = 90
    metric_delay_s: Count = 90
    metric_delay_hires_s: Count = 15
    in_flight_lock: bool = True


class Setup(Strict):
    """The length of a set-up: a law by median and, of the lognormal, 95th percentile."""

    kind: Literal["lognormal", "exponential", "constant"]
    median_s: NonNegative
    p95_s: Positive | None = None

    @model_validator(mode="after")
    def _spread(self) -> "Setup":
        if self.kind == "lognormal" and (self.p95_s is None or self.p95_s < self.median_s or self.median_s == 0):
            raise ValueError("a lognormal set-up needs 0 < `median_s` <= `p95_s`")
        return self


class ColdStart(Setup):
    """Set-up of a serverless container [SL-14]."""

    kind: Literal["lognormal", "exponential", "constant"] = "lognormal"
    median_s: NonNegative = 4.0
    p95_s: Positive | None = 12.0


class InstanceAssumptions(Strict):
    """Launch, drain and the start of the meter.

    A launch takes the first of these that is known: a draw of `launch`; the sum of its parts, where the deployment has
    sizes of image and model; `launch_cached_s`, with container caching and an accelerator; `launch_gpu_s` with an
    accelerator, else `launch_cpu_s`.
    """

    launch_cpu_s: Count = 240
    launch_gpu_s: Count = 350
    launch_cached_s: Count = 200
    launch: Setup | None = None
    provision_s: NonNegative = 110.0
    image_gb_per_s: Positive = 0.053
    model_gb_per_s: Positive = 0.10
    cached_model_gb_per_s: Positive = 0.21
    container_start_s: NonNegative = 75.0
    drain_s: Count = 30
    bill_start: Literal["in-service", "launch"] = "in-service"
    min_bill_s: Count = 0


class RealTimeAssumptions(Strict):
    """The container's queue, None being unlimited, and what becomes of a request whose caller has gone."""

    timeout_s: Positive = 60.0
    stream_timeout_s: Positive = 480.0
    container_queue_limit: Count | None = None
    timeout_cancels_queued: bool = False
    timeout_cancels_running: bool = False


class ServerlessAssumptions(Strict):
    """Containers of serverless inference. `cold_service`: set-up and work of a cold request together, as one law."""

    keep_warm_s: NonNegative = 300.0
    cold_start: ColdStart = ColdStart()
    cold_service: Service | None = None
    bill_cold_start: bool = False
    setup_counts_to_timeout: bool = False
    account_concurrency: AtLeastOne = 1000
    timeout_s: Positive = 60.0
    provision_s: NonNegative = 120.0

    @model_validator(mode="after")
    def _cold_service(self) -> "ServerlessAssumptions":
        if isinstance(self.cold_service, TraceService):
            raise ValueError("`cold_service` kind `trace`: no traffic has a column of cold requests")
        return self


class AsyncAssumptions(Strict):
    """The queue of an asynchronous endpoint."""

    concurrency_default: AtLeastOne = 4
    request_ttl_s: Annotated[float, Field(ge=60, le=21600)] = 21600.0
    invocation_timeout_s: Annotated[float, Field(ge=1, le=3600)] = 900.0


class BatchTransformAssumptions(Strict):
    """Start-up of a job's instances."""

    startup_s: Count = 240
    bill_startup: bool = False


class MultiModelAssumptions(Strict):
    """Loading of models, and when a further instance loads one, too."""

    download_mb_per_s: Positive = 100.0
    load_mb_per_s: Positive = 500.0
    spread_waiting: Count = 4
    not_ready_after_s: NonNegative = 60.0


class ComponentsAssumptions(Strict):
    """Copies of inference components, and the instances that they leave."""

    schedulable_fraction: Annotated[float, Field(gt=0, le=1)] = 0.8
    copy_launch_s: NonNegative = 150.0
    idle_release_s: NonNegative = 720.0


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
    multi_model: MultiModelAssumptions = MultiModelAssumptions()
    components: ComponentsAssumptions = ComponentsAssumptions()
    bedrock: BedrockAssumptions = BedrockAssumptions()
