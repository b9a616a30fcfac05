//! Whole days, request by request, scaled to the run.

use super::{Large, WARMUP};
use crate::error::Result;
use crate::ledger::{Ledger, Window};
use crate::outcome::{Method, Outcome, SamplingError};
use crate::patterns::{Capacity, open};
use crate::scenario::{Deployment, InstanceScaleIn};
use crate::time::{DAY, Ns};
use crate::usage::Meter;
use rayon::prelude::*;

/// Whole days, evenly spaced by rank of traffic from the busiest down, scaled to all requests.
pub(super) fn sample(large: &Large, deployment: &Deployment) -> Result<Outcome> {
    let whole = large.window;
    let mut days: Vec<(u64, Ns)> = (whole.warmup / DAY * DAY..whole.horizon)
        .step_by(DAY as usize)
        .map(|start| (large.requests(start.max(whole.warmup), (start + DAY).min(whole.horizon)), start))
        .filter(|&(requests, _)| requests > 0)
        .collect();
    days.sort_by(|a, b| b.cmp(a));
    let total: u64 = days.iter().map(|day| day.0).sum();
    let affordable = (large.scenario.run.max_requests as f64 / total as f64 * days.len() as f64).floor() as usize;
    let count = affordable.clamp(1, days.len());
    let chosen: Vec<(u64, Ns)> = (0..count).map(|i| days[i * days.len() / count]).collect();
    let parts: Result<Vec<(Ledger, Capacity)>> = chosen
        .par_iter()
        .map(|&(_, start)| {
            let warmup = start.max(whole.warmup);
            let horizon = (start + DAY).min(whole.horizon);
            let window = Window { from: (start - WARMUP).max(0), warmup, horizon, end: whole.end };
            let mut ledger = large.ledger(window);
            let mut server = open(large.scenario, deployment, large.stream, window);
            large.serve(window, server.as_mut(), &mut ledger)?;
            let capacity = server.finish(&mut ledger);
            Ok((ledger, capacity))
        })
        .collect();
    let parts = parts?;
    let sampled: u64 = parts.iter().map(|(ledger, _)| ledger.requests()).sum();
    let weight = total as f64 / sampled.max(1) as f64;
    let mut ledger = large.ledger(whole);
    let mut capacity = Capacity::default();
    let (mut mean, mut peak) = (0.0, 0);
    for (part, of_part) in &parts {
        ledger.add_weighted(part, weight);
        ledger.usage.add_weighted(&part.usage, weight);
        capacity.worker_ns += of_part.worker_ns * weight;
        if let Some(instances) = of_part.instances {
            mean += instances.0 / parts.len() as f64;
            peak = peak.max(instances.1);
        }
    }
    if is_fixed(deployment) {
        let mut untouched = large.ledger(whole);
        open(large.scenario, deployment, large.stream, whole).finish(&mut untouched);
        ledger.usage.replace_time(&untouched.usage);
    }
    capacity.instances = Some((mean, peak));
    ledger.balance(total);
    let error = SamplingError {
        usage_pct: half_width_pct(&parts),
        note: format!("{} of {} days with traffic were simulated", parts.len(), days.len()),
    };
    let outcome = Outcome::new(large.scenario, deployment.id(), Method::SampledDays, ledger, capacity, true);
    Ok(outcome.with_sampling_error(error))
}

/// Whether its units are the same all the time, whatever comes: what they cost is known without a sample.
fn is_fixed(deployment: &Deployment) -> bool {
    match deployment {
        Deployment::RealTime { .. } => deployment.variants().iter().all(|variant| variant.scaling.is_none()),
        Deployment::Async { scaling, .. }
        | Deployment::Serverless { scaling, .. }
        | Deployment::MultiModel { scaling, .. } => scaling.is_none(),
        Deployment::InferenceComponents { components, instance_scale_in, .. } => {
            // how long an emptied instance drains depends on its requests
            *instance_scale_in == InstanceScaleIn::IdleRelease
                && components.iter().all(|component| component.scaling.is_none())
        }
        _ => false,
    }
}

/// Half of a 95 % interval of the usage per request over the sampled days, in per cent.
fn half_width_pct(parts: &[(Ledger, Capacity)]) -> Option<f64> {
    let ratios: Vec<f64> = parts
        .iter()
        .map(|(ledger, _)| {
            let meters = [Meter::InstanceNs, Meter::ServerlessMs, Meter::ProvisionedMs];
            let usage: i64 = meters.into_iter().map(|meter| ledger.usage.total(meter)).sum();
            usage as f64 / ledger.requests().max(1) as f64
        })
        .collect();
    let n = ratios.len() as f64;
    let mean = ratios.iter().sum::<f64>() / n;
    if ratios.len() < 2 || mean == 0.0 {
        return None;
    }
    let variance = ratios.iter().map(|ratio| (ratio - mean) * (ratio - mean)).sum::<f64>() / (n - 1.0);
    Some(100.0 * 1.96 * (variance / n).sqrt() / mean)
}
