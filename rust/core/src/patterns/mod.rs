//! One file per way to serve. A pattern says whether a deployment can exist and what becomes of each request.

mod asynchronous;
mod batch_transform;
mod bedrock_batch;
mod bedrock_on_demand;
mod bedrock_provisioned;
mod jobs;
mod multi_model;
mod open;
pub(crate) mod real_time;
mod serverless;

pub use asynchronous::Asynchronous;
pub use batch_transform::{BatchTransform, Shape};
pub use bedrock_batch::{BedrockBatch, RECORDS_MINIMUM, job_length};
pub use bedrock_on_demand::{BedrockOnDemand, TOKENS};
pub use bedrock_provisioned::BedrockProvisioned;
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

fn too_large(payload: Option<i64>, limit: i64, rule: &'static str) -> Option<Infeasible> {
    let payload = payload?;
    (payload > limit).then(|| {
        Infeasible::new(rule, format!("a payload of {payload} bytes is above the limit of {} MB", limit / MEGABYTE))
    })
}
