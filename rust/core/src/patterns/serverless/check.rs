//! Whether AWS offers a serverless endpoint.

use super::{ANSWER_LIMIT, PAYLOAD_LIMIT};
use crate::patterns::real_time::foreign;
use crate::patterns::{Infeasible, MEGABYTE, too_large};
use crate::scaling::Metric;
use crate::scenario::{Deployment, Scaling};
use crate::stream::{Carried, Stream};

/// Memory sizes [SL-1].
const SIZES_MB: [u32; 6] = [1024, 2048, 3072, 4096, 5120, 6144];
/// Most concurrency of an endpoint [SL-3].
const CONCURRENCY_LIMIT: u32 = 200;

/// The rule that forbids a serverless endpoint, if any.
///
/// # Panics
/// With a deployment of another pattern.
pub(crate) fn check(deployment: &Deployment, stream: &Stream) -> Option<Infeasible> {
    let Deployment::Serverless { memory_mb, max_concurrency, provisioned_concurrency, scaling, .. } = deployment else {
        unreachable!("the caller has matched the pattern")
    };
    if !SIZES_MB.contains(memory_mb) {
        let reason = format!("{memory_mb} MB is none of the sizes {SIZES_MB:?}");
        return Some(Infeasible::new("SL-1", reason));
    }
    if *max_concurrency > CONCURRENCY_LIMIT {
        let reason = format!("max_concurrency {max_concurrency} is above {CONCURRENCY_LIMIT}");
        return Some(Infeasible::new("SL-3", reason));
    }
    check_provisioned(*provisioned_concurrency, *max_concurrency, scaling.as_ref())
        .or_else(|| too_large(stream.constant(Carried::PayloadBytes), PAYLOAD_LIMIT, "SL-5"))
        .or_else(|| {
            let response = stream.constant(Carried::ResponseBytes).filter(|&bytes| bytes > ANSWER_LIMIT)?;
            let reason = format!("a response of {response} bytes is above the limit of {} MB", ANSWER_LIMIT / MEGABYTE);
            Some(Infeasible::new("SL-5", reason))
        })
}

fn check_provisioned(units: u32, max_concurrency: u32, scaling: Option<&Scaling>) -> Option<Infeasible> {
    let most = scaling.map_or(units, |scaling| units.max(scaling.highest_max()));
    if most > max_concurrency {
        let reason = format!("provisioned concurrency of {most} is above max_concurrency {max_concurrency}");
        return Some(Infeasible::new("SL-11", reason));
    }
    let mut metrics = scaling?.policies.iter().filter_map(Metric::of);
    metrics.find(|metric| *metric != Metric::ProvisionedUtilization).map(foreign)
}
