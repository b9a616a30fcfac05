//! What a simulation found: the outcome without money.

use crate::ledger::{Ledger, Row, Status};
use crate::patterns::{Capacity, Infeasible};
use crate::scenario::Scenario;
use crate::sketch::Sketch;
use crate::time::{MILLISECOND, SECOND};
use crate::usage::Usage;
use serde::Serialize;

/// How the figures were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Method {
    /// Each request was simulated.
    #[serde(rename = "every request")]
    EveryRequest,
    /// Usage from every second of the run; latency from windows.
    #[serde(rename = "cells")]
    Cells,
    /// Whole days, scaled to the run.
    #[serde(rename = "sampled days")]
    SampledDays,
}

/// One deployment of a scenario.
#[derive(Debug)]
pub struct Outcome {
    /// Counts and lengths.
    pub summary: Summary,
    /// What AWS would meter.
    pub usage: Usage,
    /// Every request by ordinal, where asked for.
    pub rows: Option<Vec<Row>>,
}

/// The keys of `simulate --format json` that need no price.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    deployment_id: String,
    seed: u64,
    method: Method,
    simulated_s: f64,
    requests: u64,
    completed: u64,
    throttled: u64,
    refused: u64,
    timed_out: u64,
    expired: u64,
    unfinished: u64,
    cold_starts: u64,
    cache_hits: u64,
    cache_loads: u64,
    latency_ms: Option<Quantiles>,
    wait_ms: Option<Quantiles>,
    ttft_ms: Option<Quantiles>,
    tpot_ms: Option<Quantiles>,
    sampling_error: Option<SamplingError>,
    instances: Option<Instances>,
    utilization: Option<f64>,
    slo_met: Option<bool>,
    slo_misses: Option<u64>,
    infeasible: Option<Forbidden>,
    activities: Vec<ActivityRow>,
}

#[derive(Clone, Debug, Serialize)]
struct Quantiles {
    mean: f64,
    p50: f64,
    p90: f64,
    p95: f64,
    p99: f64,
    p999: f64,
    max: f64,
}

#[derive(Clone, Debug, Serialize)]
struct Instances {
    mean: f64,
    peak: u32,
}

#[derive(Clone, Debug, Serialize)]
struct Forbidden {
    rule: String,
    reason: String,
}

#[derive(Clone, Debug, Serialize)]
struct ActivityRow {
    at_s: f64,
    from: u32,
    to: u32,
    cause: String,
}

/// How far a sampled figure may be off.
#[derive(Clone, Debug, Serialize)]
pub struct SamplingError {
    /// Half the width of a 95 % interval of the usage, in per cent of it; absent where one day cannot tell.
    pub usage_pct: Option<f64>,
    /// What was sampled.
    pub note: String,
}

impl Outcome {
    /// What a ledger and a capacity say.
    #[must_use]
    pub fn new(
        scenario: &Scenario,
        id: &str,
        method: Method,
        mut ledger: Ledger,
        capacity: Capacity,
        latency_known: bool,
    ) -> Self {
        let count = |status: Status| ledger.counts[status as usize];
        let ms = |ns: f64| ns / MILLISECOND as f64;
        let slo_met = ledger.keeps(scenario.slo.as_ref(), latency_known);
        let summary = Summary {
            deployment_id: id.to_owned(),
            seed: scenario.run.seed,
            method,
            simulated_s: ledger.window.length() as f64 / SECOND as f64,
            requests: ledger.requests(),
            completed: count(Status::Completed),
            throttled: count(Status::Throttled),
            refused: count(Status::Refused),
            timed_out: count(Status::TimedOut),
            expired: count(Status::Expired),
            unfinished: count(Status::Unfinished),
            cold_starts: ledger.cold_starts,
            cache_hits: ledger.cache_hits,
            cache_loads: ledger.cache_loads,
            latency_ms: quantiles(&ledger.latency, ms),
            wait_ms: quantiles(&ledger.wait, ms),
            ttft_ms: quantiles(&ledger.ttft, ms),
            tpot_ms: quantiles(&ledger.tpot, ms),
            sampling_error: None,
            instances: capacity.instances.map(|(mean, peak)| Instances { mean, peak }),
            utilization: (capacity.worker_ns > 0.0).then(|| ledger.busy as f64 / capacity.worker_ns),
            slo_met,
            slo_misses: ledger.misses(scenario.slo.as_ref(), latency_known),
            infeasible: None,
            activities: capacity
                .activities
                .into_iter()
                .map(|activity| ActivityRow {
                    at_s: activity.at as f64 / SECOND as f64,
                    from: activity.from,
                    to: activity.to,
                    cause: activity.cause,
                })
                .collect(),
        };
        let mut rows = ledger.rows.take();
        if let Some(rows) = &mut rows {
            rows.sort_unstable_by_key(|row| row.ordinal);
        }
        Self { summary, usage: ledger.usage, rows }
    }

    /// A deployment that cannot exist: it serves nothing and costs nothing.
    #[must_use]
    pub fn infeasible(scenario: &Scenario, id: &str, forbidden: &Infeasible, record: bool) -> Self {
        let window = crate::ledger::Window::of(scenario);
        let ledger = Ledger::new(window, None, record);
        let mut outcome = Self::new(scenario, id, Method::EveryRequest, ledger, Capacity::default(), false);
        outcome.summary.infeasible =
            Some(Forbidden { rule: forbidden.rule.to_owned(), reason: forbidden.reason.clone() });
        outcome.summary.slo_met = Some(false);
        outcome.summary.slo_misses = None;
        outcome
    }

    /// Says how far the figures may be off.
    #[must_use]
    pub fn with_sampling_error(mut self, error: SamplingError) -> Self {
        self.summary.sampling_error = Some(error);
        self
    }
}

fn quantiles(sketch: &Sketch, ms: impl Fn(f64) -> f64) -> Option<Quantiles> {
    let at = |q: f64| sketch.quantile(q).map(|ns| ms(ns as f64));
    Some(Quantiles {
        mean: ms(sketch.mean()?),
        p50: at(0.5)?,
        p90: at(0.9)?,
        p95: at(0.95)?,
        p99: at(0.99)?,
        p999: at(0.999)?,
        max: ms(sketch.max() as f64),
    })
}
