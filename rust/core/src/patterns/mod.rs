//! One file per way to serve. A pattern says whether a deployment can exist and what becomes of each request.

mod asynchronous;
mod batch_transform;
mod bedrock_batch;
mod bedrock_on_demand;
mod bedrock_provisioned;
mod inference_components;
mod jobs;
mod multi_model;
mod open;
pub(crate) mod real_time;
mod serverless;

pub use asynchronous::Asynchronous;
pub use batch_transform::{BatchTransform, Calls, Instances, Packer, Shape};
pub use bedrock_batch::{BedrockBatch, RECORDS_MINIMUM, job_length};
pub use bedrock_on_demand::{BedrockOnDemand, TOKENS};
pub use bedrock_provisioned::BedrockProvisioned;
pub use inference_components::InferenceComponents;
pub use multi_model::MultiModel;
pub(crate) use open::{check, latency_known, open};
pub use real_time::RealTime;
pub use serverless::Serverless;

use crate::ledger::Ledger;
use crate::scaling::Activity;
use crate::stream::{Block, Needs};
use crate::time::{Ns, nearest};

/// 10^6 bytes; AWS does not say which megabyte it means.
pub const MEGABYTE: i64 = 1_000_000;

/// A rule of AWS that forbids a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Infeasible {
    /// Id of the rule.
    pub rule: &'static str,
    /// What the deployment asked for, and what the rule allows.
    pub reason: String,
}

impl Infeasible {
    fn new(rule: &'static str, reason: String) -> Self {
        Self { rule, reason }
    }
}

/// What capacity there was.
#[derive(Clone, Debug, Default)]
pub struct Capacity {
    /// Mean and peak count in service; None where a pattern has no instances.
    pub instances: Option<(f64, u32)>,
    /// Nanoseconds of workers in service, for the utilisation.
    pub worker_ns: f64,
    /// Changes, as decided.
    pub activities: Vec<Activity>,
}

/// Serves a stream of requests, block by block.
pub trait Server: Send {
    /// Which columns it reads.
    fn needs(&self) -> Needs;
    /// Serves the requests of a block, which arrive after all those before.
    fn block(&mut self, requests: &Block, ledger: &mut Ledger);
    /// No more arrivals: ends what is in flight and puts the rest on the bill.
    fn finish(&mut self, ledger: &mut Ledger) -> Capacity;
}

/// Work on a deployment of this speed.
#[must_use]
#[inline]
#[expect(clippy::float_cmp, reason = "a speed of exactly 1 is the reference itself, and needs no arithmetic")]
pub fn work(service: Ns, speed: f64) -> Ns {
    if speed == 1.0 { service.max(1) } else { nearest(service as f64 / speed).max(1) }
}

/// Endpoints on families with disks of their own, g5 and those with a d, have no volume [RT-7].
fn no_volume(instance_type: &str, volume_gb: Option<u32>) -> Option<Infeasible> {
    volume_gb?;
    let family = instance_type.split('.').nth(1)?;
    let with_disks = family == "g5" || family.trim_start_matches(|c: char| !c.is_ascii_digit()).contains('d');
    with_disks.then(|| {
        let reason = format!("{instance_type} has disks of its own: an endpoint attaches no volume (volume_gb)");
        Infeasible::new("RT-7", reason)
    })
}

fn too_large(payload: Option<i64>, limit: i64, rule: &'static str) -> Option<Infeasible> {
    let payload = payload?;
    (payload > limit).then(|| {
        Infeasible::new(rule, format!("a payload of {payload} bytes is above the limit of {} MB", limit / MEGABYTE))
    })
}

#[cfg(test)]
mod tests {
    use super::no_volume;

    #[test]
    fn families_with_disks_of_their_own_take_no_volume() {
        for (instance_type, refused) in [
            ("ml.g5.xlarge", true),
            ("ml.g4dn.xlarge", true),
            ("ml.m5d.large", true),
            ("ml.c6gd.xlarge", true),
            ("ml.m5.large", false),
            ("ml.p3.2xlarge", false),
            ("ml.g5g.xlarge", false),
        ] {
            assert_eq!(no_volume(instance_type, Some(30)).is_some(), refused, "{instance_type}");
            assert!(no_volume(instance_type, None).is_none());
        }
    }
}
