//! SageMaker batch transform [BT]: instances exist for a job; files are shared out over them.

use super::jobs::{Jobs, Record};
use super::{Capacity, Infeasible, MEGABYTE, Server, work};
use crate::ledger::{Ledger, Status, Ticket};
use crate::queue::Workers;
use crate::scenario;
use crate::scenario::End;
use crate::stream::{Block, Carried, Needs};
use crate::time::{Ns, seconds};
use crate::usage::Meter;

/// Families that batch transform offers [BT-9].
const FAMILIES: [&str; 18] = [
    "c4", "c5", "c6i", "c7i", "m4", "m5", "m6i", "m7i", "r6i", "r7i", "p2", "p3", "g4dn", "g5", "g6", "g6e", "inf2",
    "trn1",
];
/// Most instances of a job [BT-2].
const INSTANCE_LIMIT: u32 = 100;
/// Largest `MaxPayloadInMB`, and its product with `MaxConcurrentTransforms` [BT-4].
const PAYLOAD_LIMIT_MB: u32 = 100;

/// Periodic batch transform jobs.
#[derive(Debug)]
pub struct BatchTransform {
    jobs: Jobs,
    shape: Shape,
    busy_until: Ns,
    worker_ns: f64,
    jobs_run: u32,
}

/// What a job is made of.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Of each job.
    pub instances: u32,
    /// Objects that the records are laid in, one record per invocation [BT-6].
    pub files: u32,
    /// Workers per instance.
    pub workers: u32,
    /// Largest record in bytes.
    pub max_payload: i64,
    /// Against the reference.
    pub speed: f64,
    /// Until work starts.
    pub startup: Ns,
    /// Whether that is billed.
    pub bill_startup: bool,
}

impl Shape {
    /// The shape of a batch transform deployment.
    ///
    /// # Panics
    /// With a deployment of another pattern.
    #[must_use]
    pub fn of(deployment: &scenario::Deployment, assumed: &scenario::BatchTransform) -> Self {
        let scenario::Deployment::BatchTransform {
            instances,
            files,
            max_concurrent_transforms,
            max_payload_mb,
            speed,
            ..
        } = *deployment
        else {
            unreachable!("the caller has matched the pattern")
        };
        Self {
            instances,
            files,
            workers: max_concurrent_transforms,
            max_payload: i64::from(max_payload_mb) * MEGABYTE,
            speed,
            startup: seconds(f64::from(assumed.startup_s)),
            bill_startup: assumed.bill_startup,
        }
    }

    /// Puts a job on the bill: every instance, idle ones too [BT-1, BT-3, BT-10]. Returns the billed length.
    pub fn bill(&self, start: Ns, end: Ns, ledger: &mut Ledger) -> Ns {
        let from = if self.bill_startup { start } else { start + self.startup };
        let to = match ledger.window.end {
            End::Drain => end,
            End::Cut => end.min(ledger.window.horizon),
        };
        ledger.usage.add_time(from.max(ledger.window.warmup), to, Meter::InstanceNs, 0, i64::from(self.instances));
        (to - from).max(0)
    }
}

impl BatchTransform {
    /// Whether AWS offers this.
    #[must_use]
    pub fn check(deployment: &scenario::Deployment) -> Option<Infeasible> {
        let scenario::Deployment::BatchTransform {
            instance_type,
            instances,
            max_concurrent_transforms,
            max_payload_mb,
            ..
        } = deployment
        else {
            return None;
        };
        let family = instance_type.split('.').nth(1).unwrap_or_default();
        if !FAMILIES.contains(&family) {
            return Some(Infeasible::new("BT-9", format!("batch transform does not offer {instance_type}")));
        }
        if *instances > INSTANCE_LIMIT {
            let reason = format!("{instances} instances are above the limit of {INSTANCE_LIMIT} for a job");
            return Some(Infeasible::new("BT-2", reason));
        }
        if max_payload_mb.saturating_mul(*max_concurrent_transforms) > PAYLOAD_LIMIT_MB {
            let reason = format!(
                "max_payload_mb {max_payload_mb} x max_concurrent_transforms {max_concurrent_transforms} is above \
                 {PAYLOAD_LIMIT_MB}"
            );
            return Some(Infeasible::new("BT-4", reason));
        }
        None
    }

    /// Jobs every `every_s`, or one at the end.
    #[must_use]
    pub fn new(shape: Shape, every_s: Option<f64>) -> Self {
        Self { jobs: Jobs::new(every_s), shape, busy_until: 0, worker_ns: 0.0, jobs_run: 0 }
    }

    fn run(&mut self, start: Ns, records: &[Record], ledger: &mut Ledger) {
        if records.is_empty() {
            return;
        }
        let Shape { instances, files, workers, speed, startup, .. } = self.shape;
        let open = start + startup;
        let mut pools = vec![Workers::new(workers as usize, open); instances as usize];
        let mut end = open;
        for (index, record) in records.iter().enumerate() {
            let file = index as u64 * u64::from(files) / records.len() as u64;
            let pool = &mut pools[(file % u64::from(instances)) as usize];
            let length = work(record.service, speed);
            let begin = pool.serve(open, length);
            let finish = begin.saturating_add(length);
            end = end.max(finish);
            ledger.work(begin, finish);
            if finish > ledger.window.last_finish() {
                ledger.fail(record.ticket, Status::Unfinished, false);
            } else {
                ledger.complete(record.ticket, begin, finish, false);
            }
        }
        let billed = self.shape.bill(start, end, ledger);
        self.worker_ns += billed as f64 * f64::from(instances) * f64::from(workers);
        self.busy_until = self.busy_until.max(end);
        self.jobs_run += 1;
    }
}

impl Server for BatchTransform {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn block(&mut self, requests: &Block, ledger: &mut Ledger) {
        for row in 0..requests.len() {
            let ticket = Ticket { ordinal: requests.ordinal[row], arrival: requests.arrival[row] };
            if let Some((start, records)) = self.jobs.due(ticket.arrival) {
                self.run(start, &records, ledger);
            }
            if requests.carried(Carried::PayloadBytes, row) > self.shape.max_payload {
                ledger.fail(ticket, Status::Refused, false);
            } else {
                self.jobs.collect(Record { ticket, service: requests.service[row], route: 0 });
            }
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        let (start, records) = self.jobs.rest();
        self.run(start, &records, ledger);
        let peak = if self.jobs_run > 0 { self.shape.instances } else { 0 };
        let mean = ledger.usage.total(Meter::InstanceNs) as f64 / ledger.window.length() as f64;
        Capacity { instances: Some((mean, peak)), worker_ns: self.worker_ns, activities: Vec::new() }
    }
}
