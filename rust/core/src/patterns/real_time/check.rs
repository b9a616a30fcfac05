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
    let published = [Metric::InvocationsPerInstance, Metric::ConcurrentRequests];
    scaling.policies.iter().filter_map(Metric::of).find(|metric| !published.contains(metric)).map(foreign)
}

/// The rule by which another pattern publishes a metric, and this one does not.
pub(crate) fn foreign(metric: Metric) -> Infeasible {
    let (rule, publisher) = match metric {
        Metric::InvocationsPerInstance | Metric::ConcurrentRequests => ("AS-1", "endpoints without components"),
        Metric::InvocationsPerCopy => ("AS-1", "inference components"),
        Metric::NoCapacityFailures => ("IC-6", "inference components"),
        Metric::Backlog | Metric::BacklogWithoutCapacity => ("AY-7", "asynchronous endpoints"),
        Metric::ProvisionedUtilization => ("SL-12", "serverless endpoints with provisioned concurrency"),
    };
    Infeasible::new(rule, format!("{} is published for {publisher} only", metric.name()))
}
