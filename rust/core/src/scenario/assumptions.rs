//! Where AWS is silent (docs/rules.md).

use super::Service;
use crate::law::Law;
use crate::time::SECOND;
use schemars::JsonSchema;
use serde::Deserialize;

/// Every assumption by pattern.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assumptions {
    /// Alarms of target tracking.
    pub autoscaling: Autoscaling,
    /// Launch, drain and meter.
    pub instances: Instances,
    /// Containers of real-time endpoints.
    pub real_time: RealTime,
    /// Copies of inference components, and their instances.
    pub components: Components,
    /// Containers of serverless inference.
    pub serverless: Serverless,
    /// The queue of asynchronous inference.
    pub r#async: Async,
    /// Start-up of jobs.
    pub batch_transform: BatchTransform,
    /// Loading and routing of multi-model endpoints.
    pub multi_model: MultiModel,
    /// The batch window of Bedrock.
    pub bedrock: Bedrock,
}

/// Alarms of target tracking.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Autoscaling {
    /// Datapoints above the target before scale-out [AS-5].
    pub high_periods: u32,
    /// Datapoints below before scale-in [AS-7].
    pub low_periods: u32,
    /// Of the target, below which a datapoint is low [AS-9].
    pub low_fraction: f64,
    /// The same for metrics of 10 s [AS-6].
    pub high_periods_hires: u32,
    /// The same for metrics of 10 s [AS-8].
    pub low_periods_hires: u32,
    /// Until a datapoint is seen.
    pub metric_delay_s: u32,
    /// Until a datapoint of 10 s is seen [AS-6].
    pub metric_delay_hires_s: u32,
    /// No decision while instances launch.
    pub in_flight_lock: bool,
}

/// Launch, drain and meter.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instances {
    /// Of types without an accelerator [LT].
    pub launch_cpu_s: u32,
    /// Of types with one [LT].
    pub launch_gpu_s: u32,
    /// Of types with one, where the image is cached on the instance [LT-1].
    pub launch_cached_s: u32,
    /// The law of every launch, in place of these.
    pub launch: Option<Setup>,
    /// Until an instance is there, where image and model have sizes [LT-1].
    pub provision_s: f64,
    /// Speed at which an image is pulled [LT-1].
    pub image_gb_per_s: f64,
    /// Speed at which a model is downloaded [LT-1].
    pub model_gb_per_s: f64,
    /// The same with container caching [LT-1].
    pub cached_model_gb_per_s: f64,
    /// Until a container passes its health check [LT-1].
    pub container_start_s: f64,
    /// How long a removed instance may finish its work.
    pub drain_s: u32,
    /// When the meter starts [RT-B3].
    pub bill_start: BillStart,
    /// The shortest bill [RT-B2].
    pub min_bill_s: u32,
}

/// When the meter starts [RT-B3].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BillStart {
    /// When the instance is in service.
    InService,
    /// When it is launched.
    Launch,
}

/// Containers of real-time endpoints.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RealTime {
    /// After which the caller has gone [RT-2].
    pub timeout_s: f64,
    /// After which a streamed response breaks off [RT-3].
    pub stream_timeout_s: f64,
    /// Waiting requests that a container holds; absent is unlimited.
    pub container_queue_limit: Option<u32>,
    /// Whether a request whose caller has gone leaves the queue [RT-2].
    pub timeout_cancels_queued: bool,
    /// Whether work on a request whose caller has gone is broken off [RT-2].
    pub timeout_cancels_running: bool,
}

/// Copies of inference components, and their instances.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Components {
    /// Of an instance's memory, that copies may reserve [IC-2].
    pub schedulable_fraction: f64,
    /// Until a placed copy is in service, where image and model have no sizes [LT-1].
    pub copy_launch_s: f64,
    /// Until an instance without a copy is released [IC-7].
    pub idle_release_s: f64,
}

/// Containers of serverless inference.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Serverless {
    /// How long an idle container stays [SL-15].
    pub keep_warm_s: f64,
    /// Set-up of a new one [SL-14].
    pub cold_start: Setup,
    /// Set-up and work of a cold request together, in place of both.
    pub cold_service: Option<Service>,
    /// Whether set-up is billed [SL-10].
    pub bill_cold_start: bool,
    /// Whether set-up counts against the timeout [SL-14].
    pub setup_counts_to_timeout: bool,
    /// Over all endpoints of an account [SL-4].
    pub account_concurrency: u32,
    /// The longest work [SL-5].
    pub timeout_s: f64,
    /// Until provisioned concurrency is in service [SL-11].
    pub provision_s: f64,
}

/// The length of a set-up: of a container, or of an instance.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The law.
    pub kind: SetupKind,
    /// Its median.
    pub median_s: f64,
    /// Its 95th percentile; of the lognormal only.
    pub p95_s: Option<f64>,
}

/// The law of a set-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SetupKind {
    /// By median and 95th percentile.
    Lognormal,
    /// By median.
    Exponential,
    /// Always the median.
    Constant,
}

impl Setup {
    /// The law in nanoseconds.
    #[must_use]
    pub fn law(&self) -> Law {
        let median = self.median_s * SECOND as f64;
        match (self.kind, self.p95_s) {
            (SetupKind::Lognormal, Some(p95_s)) => Law::lognormal_median(median, p95_s * SECOND as f64),
            (SetupKind::Exponential, _) => Law::Exponential { mean: median / std::f64::consts::LN_2 },
            (SetupKind::Constant | SetupKind::Lognormal, _) => Law::Constant { mean: median },
        }
    }
}

/// The queue of asynchronous inference.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Async {
    /// Where the deployment does not say [AY-4].
    pub concurrency_default: u32,
    /// Longest wait [AY-3].
    pub request_ttl_s: f64,
    /// Longest work [AY-2].
    pub invocation_timeout_s: f64,
}

/// Start-up of jobs.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchTransform {
    /// Until work starts [BT-10].
    pub startup_s: u32,
    /// Whether it is billed [BT-10].
    pub bill_startup: bool,
}

/// Loading and routing of multi-model endpoints.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MultiModel {
    /// From the store to the disk of an instance [MME-1].
    pub download_mb_per_s: f64,
    /// From the disk to its memory [MME-1].
    pub load_mb_per_s: f64,
    /// Requests that wait on an instance before a further one loads the model, too [MME-2].
    pub spread_waiting: u32,
    /// How long a request waits for a load at most [MME-1].
    pub not_ready_after_s: f64,
}

/// The batch window of Bedrock.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bedrock {
    /// How long a job takes [BB-6].
    pub batch_hours: BatchHours,
}

/// How long a Bedrock batch job takes [BB-6].
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum BatchHours {
    /// Uniform.
    Uniform {
        /// Shortest.
        low: f64,
        /// Longest.
        high: f64,
    },
}
