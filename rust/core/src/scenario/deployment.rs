//! A pattern with all its parameters.

use super::{Component, CopyRouting, Host, InstanceScaleIn, Placement, Scaling};
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
        /// Requests in a container from which a prefix goes elsewhere.
        prefix_concurrency_threshold: Option<u32>,
        /// Share of the traffic, against the weights of the other variants [RT-9].
        weight: f64,
        /// Of the container's image; with `model_gb`, for the launch [LT].
        image_gb: Option<f64>,
        /// Of the model; with `image_gb`, for the launch [LT].
        model_gb: Option<f64>,
        /// Whether instances come with the image [LT-1].
        container_caching: bool,
        /// Carried for the price [RT-7].
        volume_gb: Option<u32>,
        /// Most instances of this type that there are to be had, where there are pools [RT-6].
        available: Option<u32>,
        /// Further instance types, in order of priority [RT-6].
        pools: Vec<Pool>,
        /// Fixed where absent.
        scaling: Option<Scaling>,
        /// Further variants: production by weight, or shadow.
        variants: Vec<Variant>,
    },
    /// SageMaker inference components on instances that follow their copies [IC].
    InferenceComponents {
        /// Names it in the outcome.
        id: String,
        /// Carried for the price.
        region: String,
        /// `ml.*`.
        instance_type: String,
        /// In service at the start.
        instances: u32,
        /// That are not released [IC-4].
        min_instances: u32,
        /// That are not exceeded [IC-4].
        max_instances: u32,
        /// Where copies go [IC-3].
        placement: Placement,
        /// When an instance goes [IC-4].
        instance_scale_in: InstanceScaleIn,
        /// Most instances that are emptied at once [IC-4].
        instance_scale_in_step: u32,
        /// From one consolidation to the next [IC-4].
        instance_scale_in_cooldown_s: u32,
        /// How a copy is chosen.
        routing: CopyRouting,
        /// What an instance has to offer.
        host: Host,
        /// Carried for the price [RT-7].
        volume_gb: Option<u32>,
        /// By number, as requests ask for them.
        components: Vec<Component>,
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
        /// Containers that are always there, at the start [SL-11].
        provisioned_concurrency: u32,
        /// Against the reference.
        speed: f64,
        /// Of the provisioned concurrency; fixed where absent [SL-12].
        scaling: Option<Scaling>,
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
        /// Of the container's image; with `model_gb`, for the launch [LT].
        image_gb: Option<f64>,
        /// Of the model; with `image_gb`, for the launch [LT].
        model_gb: Option<f64>,
        /// Whether instances come with the image [LT-1].
        container_caching: bool,
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
    /// SageMaker multi-model endpoint.
    MultiModel {
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
        /// The size of every model, or of each.
        model_mb: Vec<f64>,
        /// What an instance has for models.
        memory_mb: f64,
        /// What an instance has for models, those in memory included.
        disk_mb: f64,
        /// Whether models stay when nobody needs them [MME-3].
        model_cache: bool,
        /// Of the container's image; with `model_gb`, for the launch [LT].
        image_gb: Option<f64>,
        /// Of what every instance loads before it serves; with `image_gb`, for the launch [LT].
        model_gb: Option<f64>,
        /// Whether instances come with the image [LT-1].
        container_caching: bool,
        /// Carried for the price [RT-7].
        volume_gb: Option<u32>,
        /// Fixed where absent.
        scaling: Option<Scaling>,
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

/// A further variant of a real-time endpoint; the keys of the deployment itself are the first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Names it in the endpoint.
    pub name: String,
    /// It gets copies of this share of the requests, and its answers go nowhere [RT-10].
    pub shadow_share: Option<f64>,
    /// As in the deployment.
    pub instance_type: String,
    /// As in the deployment.
    pub instances: u32,
    /// As in the deployment.
    pub concurrency: u32,
    /// As in the deployment.
    pub speed: f64,
    /// As in the deployment.
    pub routing: Routing,
    /// As in the deployment.
    pub prefix_concurrency_threshold: Option<u32>,
    /// As in the deployment; of no meaning for a shadow.
    pub weight: f64,
    /// As in the deployment.
    pub image_gb: Option<f64>,
    /// As in the deployment.
    pub model_gb: Option<f64>,
    /// As in the deployment.
    pub container_caching: bool,
    /// As in the deployment.
    pub volume_gb: Option<u32>,
    /// As in the deployment.
    pub available: Option<u32>,
    /// As in the deployment.
    pub pools: Vec<Pool>,
    /// As in the deployment.
    pub scaling: Option<Scaling>,
}

/// A further instance type of a variant [RT-6].
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// `ml.*`.
    pub instance_type: String,
    /// Against the reference.
    pub speed: f64,
    /// Workers per instance.
    pub concurrency: u32,
    /// Most instances of this type that there are to be had.
    pub available: Option<u32>,
}

/// How an instance is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Routing {
    /// Uniform over the instances in service.
    Random,
    /// `LEAST_OUTSTANDING_REQUESTS`.
    LeastOutstanding,
    /// `PREFIX_AWARE`.
    PrefixAware,
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
            | Self::InferenceComponents { id, .. }
            | Self::Serverless { id, .. }
            | Self::Async { id, .. }
            | Self::BatchTransform { id, .. }
            | Self::MultiModel { id, .. }
            | Self::BedrockOnDemand { id, .. }
            | Self::BedrockBatch { id, .. }
            | Self::BedrockProvisioned { id, .. } => id,
        }
    }

    /// The variants of a real-time endpoint, the first made of the keys of the deployment itself; none elsewhere.
    #[must_use]
    pub fn variants(&self) -> Vec<Variant> {
        let Self::RealTime {
            id,
            instance_type,
            instances,
            concurrency,
            speed,
            routing,
            prefix_concurrency_threshold,
            weight,
            image_gb,
            model_gb,
            container_caching,
            volume_gb,
            available,
            pools,
            scaling,
            variants,
            ..
        } = self
        else {
            return Vec::new();
        };
        let first = Variant {
            name: id.clone(),
            shadow_share: None,
            instance_type: instance_type.clone(),
            instances: *instances,
            concurrency: *concurrency,
            speed: *speed,
            routing: *routing,
            prefix_concurrency_threshold: *prefix_concurrency_threshold,
            weight: *weight,
            image_gb: *image_gb,
            model_gb: *model_gb,
            container_caching: *container_caching,
            volume_gb: *volume_gb,
            available: *available,
            pools: pools.clone(),
            scaling: scaling.clone(),
        };
        std::iter::once(first).chain(variants.iter().cloned()).collect()
    }

    /// Whether serving takes work of our own machines, and so the scenario needs a service law.
    #[must_use]
    pub fn needs_service(&self) -> bool {
        matches!(
            self,
            Self::RealTime { .. }
                | Self::Serverless { .. }
                | Self::Async { .. }
                | Self::BatchTransform { .. }
                | Self::MultiModel { .. }
                | Self::InferenceComponents { .. }
        )
    }
}
