//! Whether AWS offers a real-time endpoint.

use super::PAYLOAD_LIMIT;
use crate::patterns::{Infeasible, too_large};
use crate::scaling::Metric;
use crate::scenario::{Scaling, Variant};

/// Most further instance types of a variant [RT-6].
const POOLS_LIMIT: usize = 4;

/// The rule that forbids an endpoint of these variants, if any.
pub(crate) fn check(variants: &[Variant], payload: Option<i64>) -> Option<Infeasible> {
    let shadows = variants.iter().filter(|variant| variant.shadow_share.is_some()).count();
    if shadows > 1 {
        return Some(Infeasible::new(
            "RT-10",
            format!("an endpoint has at most one shadow variant; here are {shadows}"),
        ));
    }
    variants.iter().find_map(check_variant).or_else(|| too_large(payload, PAYLOAD_LIMIT, "RT-1"))
}

fn check_variant(variant: &Variant) -> Option<Infeasible> {
    if variant.pools.len() > POOLS_LIMIT {
        let reason = format!("{} instance types in a variant are above the limit of 5", 1 + variant.pools.len());
        return Some(Infeasible::new("RT-6", reason));
    }
    variant.scaling.as_ref().and_then(|scaling| check_scaling(&variant.instance_type, scaling))
}

/// The rule that forbids scaling instances of a synchronous endpoint so, if any.
pub(crate) fn check_scaling(instance_type: &str, scaling: &Scaling) -> Option<Infeasible> {
    if scaling.lowest_min() == 0 {
        let reason = "a real-time endpoint keeps at least one instance; `min` is 0".to_owned();
        return Some(Infeasible::new("AS-3", reason));
    }
    if instance_type.starts_with("ml.t2.") {
        return Some(Infeasible::new("AS-19", format!("{instance_type} is burstable and cannot be scaled")));
    }
    scaling.policies.iter().filter_map(Metric::of).find_map(|metric| match metric {
        Metric::Invocations | Metric::ConcurrentRequests => None,
        Metric::Backlog | Metric::BacklogWithoutCapacity => {
            let reason = "backlog metrics are published for asynchronous endpoints only".to_owned();
            Some(Infeasible::new("AY-7", reason))
        }
        Metric::ProvisionedUtilization => {
            Some(Infeasible::new("SL-12", "only serverless endpoints have provisioned concurrency".to_owned()))
        }
        Metric::NoCapacityFailures => {
            Some(Infeasible::new("IC-6", "only inference components are refused for want of capacity".to_owned()))
        }
    })
}
