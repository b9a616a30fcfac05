//! Periodic jobs from counts per second.

use super::Large;
use crate::error::{Error, Result};
use crate::ledger::{Ledger, Status, Window};
use crate::patterns::{Capacity, RECORDS_MINIMUM, TOKENS, job_length};
use crate::stream::Needs;
use crate::time::{Ns, SECOND, seconds};

/// A job: its start, and (second, count) of its requests.
pub(super) type Job = (Ns, Vec<(Ns, u32)>);

pub(super) fn jobs(large: &Large, every_s: Option<f64>) -> Result<Vec<Job>> {
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
