//! Periodic jobs from counts per second.

use super::Large;
use crate::error::{Error, Result};
use crate::ledger::{Ledger, Status, Window};
use crate::patterns::{Capacity, RECORDS_MINIMUM, Shape, TOKENS, job_length, work};
use crate::scenario::Deployment;
use crate::stream::Needs;
use crate::time::{Ns, SECOND, seconds};
use crate::usage::Meter;

/// A job: its start, and (second, count) of its requests.
type Job = (Ns, Vec<(Ns, u32)>);

fn jobs(large: &Large, every_s: Option<f64>) -> Result<Vec<Job>> {
    let every = every_s.map(seconds);
    if every.is_some_and(|every| every % SECOND != 0) {
        return Err(Error::Scenario(
            "deployment.every_s: a whole number of seconds is needed for large traffic".into(),
        ));
    }
    let mut jobs: Vec<Job> = Vec::new();
    for (at, _, count) in large.seconds() {
        let start = every.map_or(Ns::MAX, |every| (at / every + 1) * every);
        match jobs.last_mut().filter(|job| job.0 == start) {
            Some(job) => job.1.push((at, count)),
            None => jobs.push((start, vec![(at, count)])),
        }
    }
    if let (None, Some(only)) = (every, jobs.last_mut()) {
        only.0 = only.1.last().map_or(0, |&(at, _)| at + SECOND);
    }
    Ok(jobs)
}

/// Every request of a job is answered by its end: an upper bound of each latency.
fn complete_job(start: Ns, end: Ns, seconds: &[(Ns, u32)], ledger: &mut Ledger) {
    let Window { warmup, .. } = ledger.window;
    let unfinished = end > ledger.window.last_finish();
    for &(at, count) in seconds.iter().filter(|second| second.0 >= warmup) {
        ledger.end_many(at, start, end, u64::from(count), unfinished);
    }
}

pub(super) fn batch_transform(
    large: &Large,
    deployment: &Deployment,
    every_s: Option<f64>,
    ledger: &mut Ledger,
) -> Result<Capacity> {
    let shape = Shape::of(deployment, &large.scenario.assumptions.batch_transform);
    let mean = large.stream.mean_service().unwrap_or(0.0);
    let mut worker_ns = 0.0;
    let mut peak = 0;
    for (start, seconds) in jobs(large, every_s)? {
        let records: u64 = seconds.iter().map(|&(_, count)| u64::from(count)).sum();
        // BT-3: the instance with the most files takes longest
        let (files, instances) = (u64::from(shape.files), u64::from(shape.instances));
        let largest = (records.div_ceil(files) * files.div_ceil(instances)).min(records);
        let rounds = largest.div_ceil(u64::from(shape.workers));
        let end = start + shape.startup + (work(1_000_000_000, shape.speed) as f64 * mean / 1e9 * rounds as f64) as Ns;
        complete_job(start, end, &seconds, ledger);
        ledger.busy += (records as f64 * mean / shape.speed) as i128;
        let billed = shape.bill(start, end, ledger);
        worker_ns += billed as f64 * f64::from(shape.instances) * f64::from(shape.workers);
        peak = shape.instances;
    }
    let mean_instances = ledger.usage.total(Meter::InstanceNs) as f64 / ledger.window.length() as f64;
    Ok(Capacity { instances: Some((mean_instances, peak)), worker_ns, activities: Vec::new() })
}

pub(super) fn bedrock_batch(large: &Large, every_s: Option<f64>, ledger: &mut Ledger) -> Result<Capacity> {
    let hours = &large.scenario.assumptions.bedrock.batch_hours;
    for (start, seconds) in jobs(large, every_s)? {
        let records: u64 = seconds.iter().map(|&(_, count)| u64::from(count)).sum();
        let Some(&(first, _)) = seconds.first() else {
            continue;
        };
        if records < RECORDS_MINIMUM {
            ledger.counts[Status::Refused as usize] += records;
            continue;
        }
        for &(at, _) in &seconds {
            let carried = large.seconds.carried((at / SECOND) as usize);
            for (kind, meter) in TOKENS {
                ledger.meter(at, meter, carried[kind as usize]);
            }
        }
        let mut route = None;
        let needs = Needs { route: true, ..Needs::default() };
        let rows = large.options.block_rows;
        large.stream.each_block(first, first + SECOND, needs, rows, large.control, |block| {
            route.get_or_insert(block.route[0]);
            Ok(())
        })?;
        let route = route.unwrap_or_default();
        complete_job(start, start + job_length(hours, route), &seconds, ledger);
    }
    Ok(Capacity::default())
}
