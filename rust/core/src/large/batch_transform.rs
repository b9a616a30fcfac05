//! Batch transform from counts per second: which records share a call is counted exactly, and a call is taken to last
//! as long as its records do in the mean.

use super::{Large, jobs};
use crate::error::Result;
use crate::ledger::{Ledger, Status};
use crate::patterns::{Calls, Capacity, Instances, Packer, Shape, work};
use crate::queue::Workers;
use crate::scenario::Deployment;
use crate::time::{Ns, nearest};

pub(super) fn jobs(
    large: &Large,
    deployment: &Deployment,
    every_s: Option<f64>,
    ledger: &mut Ledger,
) -> Result<Capacity> {
    let shape = Shape::of(deployment, &large.scenario.assumptions.batch_transform);
    let mean = large.stream.mean_service().unwrap_or(0.0);
    let mut instances = Instances::new(shape);
    for (start, seconds) in jobs::jobs(large, every_s)? {
        large.control.check()?;
        let job = Job { large, shape, seconds };
        let plan = job.plan(mean)?;
        // where every record was refused there is no job
        let end = plan.length.map(|length| start + shape.startup + length);
        if let Some(end) = end {
            let within = instances.bill(start, end, ledger);
            ledger.busy += (plan.busy * within) as i128;
        }
        job.end(&plan.fates, start, end.unwrap_or(start), ledger)?;
    }
    Ok(instances.capacity(ledger.window))
}

/// The requests of a job, as (second, count).
struct Job<'a> {
    large: &'a Large<'a>,
    shape: Shape,
    seconds: Vec<(Ns, u32)>,
}

/// What a job comes to.
struct Plan {
    /// From the start of work; None where nothing is worked on.
    length: Option<Ns>,
    /// Nanoseconds of work.
    busy: f64,
    /// How records end, in order of arrival: up to which of those that are small enough.
    fates: Vec<(u64, Status)>,
}

/// What an instance has to do, from the start of work.
#[derive(Clone)]
struct Load {
    workers: Workers,
    busy: f64,
}

impl Job<'_> {
    /// Calls `take` with the records that are small enough, in order: payload, and how many in a row have it [BT-4].
    fn small(&self, mut take: impl FnMut(i64, u64)) -> Result<()> {
        self.large.stream.each_payload(&self.seconds, |_, payload, times| {
            if payload <= self.shape.max_payload {
                take(payload, times);
            }
        })
    }

    fn plan(&self, mean: f64) -> Result<Plan> {
        let mut records = 0;
        self.small(|_, count| records += count)?;
        let idle = Load { workers: Workers::new(self.shape.workers as usize, 0), busy: 0.0 };
        let mut loads = vec![idle; self.shape.instances as usize];
        let mut fates: Vec<(u64, Status)> = Vec::new();
        let mut packer = Packer::new(self.shape.packing, self.shape.max_payload);
        let mut files = self.shape.files(records);
        let mut file = files.next();
        let mut add = |payload, mut count| {
            while let Some(open) = &mut file
                && count > 0
            {
                let mut take = |calls: Calls| {
                    let status = loads[open.instance].take(&self.shape, mean, calls);
                    let until = fates.last().map_or(0, |fate| fate.0) + calls.records * calls.times;
                    match fates.last_mut() {
                        Some(last) if last.1 == status => last.0 = until,
                        _ => fates.push((until, status)),
                    }
                };
                let inside = open.records.min(count);
                packer.add(payload, inside, &mut take);
                count -= inside;
                open.records -= inside;
                if open.records == 0 {
                    packer.close(&mut take);
                    file = files.next();
                }
            }
        };
        self.small(&mut add)?;
        // the instance with the most to do takes longest [BT-3]
        let length = loads.iter().map(|load| load.workers.last_free()).max().filter(|&length| length > 0);
        Ok(Plan { length, busy: loads.iter().map(|load| load.busy).sum(), fates })
    }

    /// Every request is answered by the end of the job: an upper bound of each latency.
    fn end(&self, fates: &[(u64, Status)], start: Ns, end: Ns, ledger: &mut Ledger) -> Result<()> {
        let unfinished = end > ledger.window.last_finish();
        let mut fates = fates.iter();
        let (mut until, mut fate, mut done) = (0, Status::Refused, 0);
        self.large.stream.each_payload(&self.seconds, |at, payload, mut times| {
            let counts = at >= ledger.window.warmup;
            let mut finish = |status, times| match status {
                _ if !counts => {}
                Status::Completed => ledger.end_many(at, start, end, times, unfinished),
                Status::TimedOut if unfinished => ledger.counts[Status::Unfinished as usize] += times,
                _ => ledger.counts[status as usize] += times,
            };
            if payload > self.shape.max_payload {
                finish(Status::Refused, times);
                return;
            }
            while times > 0 {
                if done == until {
                    let Some(&next) = fates.next() else { break };
                    (until, fate) = next;
                }
                let some = times.min(until - done);
                finish(fate, some);
                (times, done) = (times - some, done + some);
            }
        })
    }
}

impl Load {
    /// More calls; returns how their records end.
    fn take(&mut self, shape: &Shape, mean: f64, calls: Calls) -> Status {
        if calls.refused {
            return Status::Refused;
        }
        let (length, answered) = shape.tries.of(work(nearest(mean * calls.records as f64), shape.speed));
        self.workers.serve_many(0, length, calls.times);
        self.busy += length as f64 * calls.times as f64;
        if answered { Status::Completed } else { Status::TimedOut }
    }
}
