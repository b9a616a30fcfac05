//! What does not change while a multi-model endpoint serves.

use crate::patterns::real_time::{Limits, PAYLOAD_LIMIT, check_scaling};
use crate::patterns::{Infeasible, MEGABYTE, too_large};
use crate::scaling::{Metric, is_accelerated};
use crate::scenario::{Assumptions, Deployment};
use crate::time::{Ns, nearest, seconds};

/// Types with an accelerator that can host many models: those with a single GPU that AWS lists [MME-6].
const GPU_TYPES: [&str; 12] = [
    "ml.p2.xlarge",
    "ml.p3.2xlarge",
    "ml.g4dn.xlarge",
    "ml.g4dn.2xlarge",
    "ml.g4dn.4xlarge",
    "ml.g4dn.8xlarge",
    "ml.g4dn.16xlarge",
    "ml.g5.xlarge",
    "ml.g5.2xlarge",
    "ml.g5.4xlarge",
    "ml.g5.8xlarge",
    "ml.g5.16xlarge",
];

/// What does not change while a multi-model endpoint serves.
#[derive(Debug)]
pub(super) struct Terms {
    /// Workers per instance.
    pub concurrency: u32,
    pub speed: f64,
    pub limits: Limits,
    /// A request with a longer latency may be cut by the removal of its instance, and is settled later.
    pub drain: Ns,
    /// Bytes per instance.
    pub memory: i64,
    /// Bytes per instance.
    pub disk: i64,
    /// False: a model goes as soon as nobody needs it.
    pub keeps_models: bool,
    /// Requests on an instance from which on a further one loads the model, too [MME-2].
    pub crowded: u32,
    pub not_ready_after: Ns,
    /// Whether answers come token by token.
    pub streams: bool,
    models: Vec<Model>,
}

/// How large a model is, and how long it takes to be ready.
#[derive(Clone, Copy, Debug)]
pub(super) struct Model {
    pub bytes: i64,
    /// By way of the disk [MME-1].
    pub from_store: Ns,
    pub from_disk: Ns,
}

/// The rule of AWS that forbids a deployment, if any; `payload` is of every request, where it is one and the same.
pub(super) fn check(deployment: &Deployment, payload: Option<i64>) -> Option<Infeasible> {
    let Deployment::MultiModel { instance_type, scaling, model_mb, memory_mb, .. } = deployment else {
        unreachable!("the caller has matched the pattern")
    };
    if is_accelerated(instance_type) && !GPU_TYPES.contains(&instance_type.as_str()) {
        let reason = format!("{instance_type} is neither a CPU type nor one of those with a single GPU that can");
        return Some(Infeasible::new("MME-6", reason));
    }
    if let Some(size) = model_mb.iter().find(|&size| size > memory_mb) {
        let reason = format!("a model of {size} MB does not fit in memory_mb, {memory_mb}");
        return Some(Infeasible::new("MME-3", reason));
    }
    if let Some(scaling) = scaling {
        // AWS sums invocations over the models [MME-4]; of the metrics of 10 s it says nothing here
        if scaling.policies.iter().filter_map(Metric::of).any(|metric| metric == Metric::ConcurrentRequests) {
            let reason = "a multi-model endpoint is scaled by its invocations".to_owned();
            return Some(Infeasible::new("MME-4", reason));
        }
        if let Some(forbidden) = check_scaling(instance_type, scaling) {
            return Some(forbidden);
        }
    }
    too_large(payload, PAYLOAD_LIMIT, "RT-1")
}

impl Terms {
    pub fn of(deployment: &Deployment, assumed: &Assumptions, drain: Ns, streams: bool) -> Self {
        let Deployment::MultiModel { concurrency, speed, model_mb, memory_mb, disk_mb, model_cache, .. } = deployment
        else {
            unreachable!("the caller has matched the pattern")
        };
        let bytes = |mb: f64| nearest(mb * MEGABYTE as f64);
        let loading = &assumed.multi_model;
        let model = |&mb: &f64| {
            let (download_s, load_s) = (mb / loading.download_mb_per_s, mb / loading.load_mb_per_s);
            Model { bytes: bytes(mb), from_store: seconds(download_s + load_s), from_disk: seconds(load_s) }
        };
        Self {
            concurrency: *concurrency,
            speed: *speed,
            limits: Limits::new(&assumed.real_time, streams),
            drain,
            memory: bytes(*memory_mb),
            disk: bytes(*disk_mb),
            keeps_models: *model_cache,
            crowded: concurrency + loading.spread_waiting,
            not_ready_after: seconds(loading.not_ready_after_s),
            streams,
            models: model_mb.iter().map(model).collect(),
        }
    }

    /// A model by its number; None beyond those that there are. Of one size are as many as are asked for.
    pub fn model(&self, number: u32) -> Option<Model> {
        match self.models[..] {
            [all] => Some(all),
            _ => self.models.get(number as usize).copied(),
        }
    }
}
