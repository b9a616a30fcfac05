//! A pattern with all its parameters.

use super::Scaling;
use schemars::JsonSchema;
use serde::Deserialize;

/// A pattern with all its parameters.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "pattern", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Deployment {
    /// SageMaker real-time endpoint.
    RealTime {
        /// Names it in the outcome.
        id: String,
        /// Carried for the price.
        region: String,
        /// `ml.*`.
        instance_type: String,
        /// In service at the start.
        instances: u32,
        /// Workers per instance.
        concurrency: u32,
        /// Against the reference.
        speed: f64,
        /// How an instance is chosen.
        routing: Routing,
        /// Fixed where absent.
        scaling: Option<Scaling>,
    },
    /// SageMaker Serverless Inference.
    Serverless {
        /// Names it in the outcome.
        id: String,
        /// Carried for the price.
        region: String,
        /// One of the six sizes [SL-1].
        memory_mb: u32,
        /// Requests in flight [SL-3].
        max_concurrency: u32,
        /// Against the reference.
        speed: f64,
    },
    /// SageMaker Asynchronous Inference.
    Async {
        /// Names it in the outcome.
        id: String,
        /// Carried for the price.
        region: String,
        /// `ml.*`.
        instance_type: String,
        /// In service at the start.
        instances: u32,
        /// Requests per instance [AY-4].
        concurrency: Option<u32>,
        /// Against the reference.
        speed: f64,
        /// Whether what ends is told [AY-5].
        notifications: bool,
        /// Carried for the price.
        volume_gb: Option<u32>,
        /// Fixed where absent.
        scaling: Option<Scaling>,
    },
    /// SageMaker batch transform.
    BatchTransform {
        /// Names it in the outcome.
        id: String,
        /// Carried for the price.
        region: String,
        /// `ml.*`.
        instance_type: String,
        /// Of each job.
        instances: u32,
        /// Objects that the records of a job are laid in.
        files: u32,
        /// What separates the records of a file [BT-6].
        split_type: SplitType,
        /// Whether records share calls [BT-6].
        batch_strategy: BatchStrategy,
        /// Workers per instance [BT-5].
        max_concurrent_transforms: u32,
        /// Largest call; 0 is no limit [BT-4].
        max_payload_mb: u32,
        /// Longest try of a call [BT-8].
        invocation_timeout_s: u32,
        /// Tries after the first [BT-8].
        retries: u32,
        /// Carried for the price.
        volume_gb: Option<u32>,
        /// Against the reference.
        speed: f64,
        /// Between jobs; one job at the end where absent.
        every_s: Option<f64>,
    },
    /// Bedrock on demand.
    BedrockOnDemand {
        /// Names it in the outcome.
        id: String,
        /// Carried for the price.
        region: String,
        /// Carried for the price.
        model_id: String,
    },
    /// Bedrock batch inference.
    BedrockBatch {
        /// Names it in the outcome.
        id: String,
        /// Carried for the price.
        region: String,
        /// Carried for the price.
        model_id: String,
        /// Between jobs; one job at the end where absent.
        every_s: Option<f64>,
    },
    /// Bedrock provisioned throughput.
    BedrockProvisioned {
        /// Names it in the outcome.
        id: String,
        /// Carried for the price.
        region: String,
        /// Carried for the price.
        model_id: String,
        /// Model units held.
        model_units: u32,
        /// Carried for the price.
        commitment: Commitment,
        /// Carried for the price.
        custom_model: bool,
    },
}

/// How an instance is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Routing {
    /// Uniform over the instances in service.
    Random,
}

/// What separates the records of a file [BT-6].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SplitType {
    /// Lines.
    Line,
    /// Nothing: a file goes into one call as it is.
    None,
    /// The `RecordIO` of Apache `MXNet`.
    #[serde(rename = "recordio")]
    RecordIo,
    /// The `TFRecord` of `TensorFlow`.
    #[serde(rename = "tfrecord")]
    TfRecord,
}

/// Whether records share calls [BT-6].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BatchStrategy {
    /// A call for each.
    SingleRecord,
    /// As many as the largest payload holds.
    MultiRecord,
}

/// Term of provisioned throughput [PT-1].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Commitment {
    /// By the hour.
    #[serde(rename = "none")]
    None,
    /// One month.
    #[serde(rename = "1-month")]
    OneMonth,
    /// Six months.
    #[serde(rename = "6-month")]
    SixMonths,
}

impl Deployment {
    /// Names it in the outcome.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::RealTime { id, .. }
            | Self::Serverless { id, .. }
            | Self::Async { id, .. }
            | Self::BatchTransform { id, .. }
            | Self::BedrockOnDemand { id, .. }
            | Self::BedrockBatch { id, .. }
            | Self::BedrockProvisioned { id, .. } => id,
        }
    }

    /// Whether serving takes work of our own machines, and so the scenario needs a service law.
    #[must_use]
    pub fn needs_service(&self) -> bool {
        matches!(
            self,
            Self::RealTime { .. } | Self::Serverless { .. } | Self::Async { .. } | Self::BatchTransform { .. }
        )
    }
}
