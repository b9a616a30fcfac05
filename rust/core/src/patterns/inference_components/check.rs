//! Whether AWS offers inference components like these.

use super::component::{at_start, serving};
use super::placement::{Reservations, Resources, place_at_start};
use crate::ledger::Window;
use crate::patterns::real_time::{PAYLOAD_LIMIT, foreign};
use crate::patterns::{Infeasible, no_volume, too_large};
use crate::scaling::Metric;
use crate::scenario::{Component, Deployment, Scaling, Scenario};

/// Least memory of a copy [IC-1].
const MEMORY_MINIMUM_MB: u32 = 128;
/// Least processors of a copy that asks for any [IC-1].
const VCPUS_MINIMUM: f64 = 0.25;

/// The rule that forbids a deployment, if any.
pub(crate) fn check(scenario: &Scenario, deployment: &Deployment, payload: Option<i64>) -> Option<Infeasible> {
    let Deployment::InferenceComponents { instance_type, instances, host, placement, components, volume_gb, .. } =
        deployment
    else {
        unreachable!("the caller has matched the pattern")
    };
    let offered = Resources::offered(host, scenario.assumptions.components.schedulable_fraction);
    let reservations = || Reservations::new(offered, *placement, components);
    let bases = components.iter().find_map(|component| check_base(component, components));
    let own = || components.iter().filter(|component| component.base.is_none());
    bases
        .or_else(|| own().find_map(|component| check_size(component, offered)))
        .or_else(|| own().filter_map(|component| component.scaling.as_ref()).find_map(check_scaling))
        .or_else(|| check_start(scenario, components, reservations(), *instances))
        .or_else(|| too_large(payload, PAYLOAD_LIMIT, "RT-1"))
        .or_else(|| no_volume(instance_type, *volume_gb))
}

fn check_base(component: &Component, components: &[Component]) -> Option<Infeasible> {
    if serving(component, components).is_some() {
        return None;
    }
    let base = component.base.as_deref().unwrap_or_default();
    let reason = format!("adapter {}: its base {base:?} is no component with copies of its own", component.name);
    Some(Infeasible::new("IC-8", reason))
}

fn check_size(component: &Component, offered: Resources) -> Option<Infeasible> {
    let Component { name, accelerators, vcpus, memory_mb, .. } = component;
    let forbidden = |reason: String| Some(Infeasible::new("IC-1", format!("component {name}: {reason}")));
    if *memory_mb < MEMORY_MINIMUM_MB {
        return forbidden(format!("memory_mb = {memory_mb} is below {MEMORY_MINIMUM_MB}"));
    }
    if *vcpus > 0.0 && *vcpus < VCPUS_MINIMUM {
        return forbidden(format!("vcpus = {vcpus} is below {VCPUS_MINIMUM}"));
    }
    if Resources::reserved(component).fit(offered) {
        return None;
    }
    forbidden(format!(
        "a copy with {accelerators} accelerators, {vcpus} vCPUs and {memory_mb} MB is above what an empty instance \
         offers: {offered} [IC-2]"
    ))
}

/// The rule that forbids scaling copies so, if any; they may go down to none [IC-6].
fn check_scaling(scaling: &Scaling) -> Option<Infeasible> {
    let published = [Metric::InvocationsPerCopy, Metric::ConcurrentRequests, Metric::NoCapacityFailures];
    scaling.policies.iter().filter_map(Metric::of).find(|metric| !published.contains(metric)).map(foreign)
}

fn check_start(
    scenario: &Scenario,
    components: &[Component],
    mut reservations: Reservations,
    instances: u32,
) -> Option<Infeasible> {
    let copies = at_start(scenario, components, &Window::of(scenario));
    let placed = place_at_start(&copies, &mut reservations, instances, instances);
    let short = (0..components.len()).find(|&component| (placed[component].len() as u32) < copies[component])?;
    let reason = format!(
        "component {}: {} of its {} copies fit on the instances of the start, instances = {instances}",
        components[short].name,
        placed[short].len(),
        copies[short]
    );
    Some(Infeasible::new("IC-1", reason))
}
