"""A scenario: traffic, the work of a request, and one or many deployments to compare on the same requests.

Key names, units and defaults are the contract that `infercost schema scenario` prints. Rules in brackets.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from infercost.schema.strict import AtLeastOne, Count, NonNegative, Positive, Strict

# Bounds far above anything real, so that a slip of the finger is an error and not a machine out of memory.
Rate = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
Duration = Annotated[float, Field(gt=0, le=2 * 366 * 86_400, allow_inf_nan=False)]
Work = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]  # milliseconds
Spread = Annotated[float, Field(gt=0, le=1_000, allow_inf_nan=False)]
Speed = Annotated[float, Field(ge=1e-6, le=1e6, allow_inf_nan=False)]
Fleet = Annotated[int, Field(ge=1, le=10_000)]
Workers = Annotated[int, Field(ge=1, le=4_096)]


# --- traffic: when requests come -------------------------------------------------------------------------------------
class PoissonTraffic(Strict):
    """Independent arrivals at a constant rate."""

    kind: Literal["poisson"]
    rate_per_s: Rate
    duration_s: Duration
    start: AwareDatetime | None = None


class RenewalTraffic(Strict):
    """Independent gaps: constant for `interarrival_cv` 0, gamma distributed otherwise (1 is Poisson)."""

    kind: Literal["renewal"]
    rate_per_s: Annotated[Rate, Field(gt=0)]
    interarrival_cv: Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False)]
    duration_s: Duration
    start: AwareDatetime | None = None


class RatesTraffic(Strict):
    """Counts per step, each spread uniformly at random over its step. `path`: CSV or Parquet (start, requests)."""

    kind: Literal["rates"]
    path: str
    start: AwareDatetime | None = None
    duration_s: Duration | None = None


class TraceTraffic(Strict):
    """Recorded arrivals. `path`: CSV or Parquet; `start` and `duration_s` default to what the trace covers."""

    kind: Literal["trace"]
    path: str
    start: AwareDatetime | None = None
    duration_s: Duration | None = None


TrafficSpec = Annotated[
    PoissonTraffic | RenewalTraffic | RatesTraffic | TraceTraffic,
    Field(discriminator="kind"),
]


class Request(Strict):
    """What a request carries where the traffic has no such column."""

    payload_bytes: Count | None = None
    response_bytes: Count | None = None
    input_tokens: Count | None = None
    output_tokens: Count | None = None


# --- service: how long one request keeps one worker of the reference busy --------------------------------------------
class ConstantService(Strict):
    """Every request takes the same time."""

    kind: Literal["constant"]
    mean_ms: Work


class ExponentialService(Strict):
    """Exponentially distributed."""

    kind: Literal["exponential"]
    mean_ms: Work


class GammaService(Strict):
    """Gamma distributed; `cv` is standard deviation / mean."""

    kind: Literal["gamma"]
    mean_ms: Work
    cv: Spread


class HyperexponentialService(Strict):
    """Two exponential phases with balanced means; `cv` is above 1."""

    kind: Literal["hyperexponential"]
    mean_ms: Work
    cv: Annotated[float, Field(gt=1, le=1_000, allow_inf_nan=False)]


class LognormalService(Strict):
    """Lognormally distributed; exactly one of `cv` and `p99_ms`."""

    kind: Literal["lognormal"]
    mean_ms: Work
    cv: Spread | None = None
    p99_ms: Work | None = None

    @model_validator(mode="after")
    def _one_spread(self) -> "LognormalService":
        if (self.cv is None) == (self.p99_ms is None):
            raise ValueError("give exactly one of `cv` and `p99_ms`")
        # a lognormal's p99 is at most exp(z^2 / 2) = 14.97 times its mean, and above it for any spread worth the name
        if self.p99_ms is not None and not self.mean_ms < self.p99_ms < 14.9 * self.mean_ms:
            raise ValueError("`p99_ms` must lie between `mean_ms` and 14.9 x `mean_ms` for a lognormal")
        return self


class TraceService(Strict):
    """From the column `service_ms` of the trace."""

    kind: Literal["trace"]


Service = Annotated[
    ConstantService | ExponentialService | GammaService | HyperexponentialService | LognormalService | TraceService,
    Field(discriminator="kind"),
]


# --- scaling ---------------------------------------------------------------------------------------------------------
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


# --- deployments: a pattern with all its parameters ------------------------------------------------------------------
class _Deployment(Strict):
    id: str = Field(min_length=1)
    region: str = Field(min_length=1)


class RealTime(_Deployment):
    """SageMaker real-time endpoint. `concurrency`: workers per instance; `speed`: against the reference service."""

    pattern: Literal["real-time"]
    instance_type: str = Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$")
    instances: Fleet = 1
    concurrency: Workers = 1
    speed: Speed = 1.0
    routing: Literal["random"] = "random"
    scaling: Scaling | None = None


class Serverless(_Deployment):
    """SageMaker Serverless Inference [SL-1, SL-3]."""

    pattern: Literal["serverless"]
    memory_mb: Annotated[int, Field(ge=1, le=10**6)]
    max_concurrency: Annotated[int, Field(ge=1, le=10**6)]
    speed: Speed = 1.0


class Asynchronous(_Deployment):
    """SageMaker Asynchronous Inference. `concurrency` defaults to the assumption `async.concurrency_default`."""

    pattern: Literal["async"]
    instance_type: str = Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$")
    instances: Annotated[int, Field(ge=0, le=10_000)] = 1
    concurrency: Workers | None = None
    speed: Speed = 1.0
    scaling: Scaling | None = None


class BatchTransform(_Deployment):
    """SageMaker batch transform: a job every `every_s` on what has arrived since the last, or one job at the end."""

    pattern: Literal["batch-transform"]
    instance_type: str = Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$")
    instances: Fleet = 1
    files: Annotated[int, Field(ge=1, le=10**9)] = 1
    max_concurrent_transforms: Workers = 1
    max_payload_mb: Annotated[int, Field(ge=1, le=10**6)] = 6
    speed: Speed = 1.0
    every_s: Positive | None = None


class BedrockOnDemand(_Deployment):
    """Bedrock on demand, standard tier."""

    pattern: Literal["bedrock-on-demand"]
    model_id: str = Field(min_length=1)


class BedrockBatch(_Deployment):
    """Bedrock batch inference: a job every `every_s` on what has arrived since the last, or one job at the end."""

    pattern: Literal["bedrock-batch"]
    model_id: str = Field(min_length=1)
    every_s: Positive | None = None


class BedrockProvisioned(_Deployment):
    """Bedrock provisioned throughput: model units by the hour, whatever the traffic [PT-1]."""

    pattern: Literal["bedrock-provisioned"]
    model_id: str = Field(min_length=1)
    model_units: Fleet = 1
    commitment: Literal["none", "1-month", "6-month"] = "none"
    custom_model: bool = False


Deployment = Annotated[
    RealTime | Serverless | Asynchronous | BatchTransform | BedrockOnDemand | BedrockBatch | BedrockProvisioned,
    Field(discriminator="pattern"),
]
PATTERNS = (
    "real-time",
    "serverless",
    "async",
    "batch-transform",
    "bedrock-on-demand",
    "bedrock-batch",
    "bedrock-provisioned",
)


# --- the promise -----------------------------------------------------------------------------------------------------
class SLO(Strict):
    """What serving must keep: the 99th percentile of latency, the share of failures, the longest answer."""

    p99_ms: Positive | None = None
    error_rate: Annotated[float, Field(ge=0, le=1)] = 0.001
    deadline_s: Positive | None = None


# --- assumptions: where AWS is silent (docs/rules.md). Defaults are named in every output -----------------------------
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


class Run(Strict):
    """How to run. Above `max_requests` a month is counted in one-second cells and replayed in windows."""

    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    warmup_s: NonNegative = 0.0
    end: Literal["drain", "cut"] = "drain"
    max_requests: AtLeastOne = 20_000_000


class Scenario(Strict):
    """Everything that one simulation needs."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    name: str = "scenario"
    traffic: TrafficSpec
    request: Request = Request()
    service: Service | None = None
    deployment: tuple[Deployment, ...] = Field(min_length=1)
    slo: SLO | None = None
    prices: dict[str, str] = {}
    assumptions: Assumptions = Assumptions()
    run: Run = Run()

    @model_validator(mode="after")
    def _sound(self) -> "Scenario":
        ids = [one.id for one in self.deployment]
        if len(set(ids)) < len(ids):
            raise ValueError("every deployment needs an `id` of its own")
        if self.service is None and any(not one.pattern.startswith("bedrock-") for one in self.deployment):
            raise ValueError("`service` is missing: SageMaker patterns need the work of one request")
        if isinstance(self.service, TraceService) and not isinstance(self.traffic, TraceTraffic):
            raise ValueError("service kind `trace` needs traffic kind `trace` with a column `service_ms`")
        return self
