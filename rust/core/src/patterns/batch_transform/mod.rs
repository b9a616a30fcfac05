//! SageMaker batch transform [BT]: instances exist for a job; files are shared out over them.

mod calls;
mod shape;

use calls::Packing;
pub use calls::{Calls, Packer};
pub use shape::{Instances, Shape};

use super::jobs::{Jobs, Records};
use super::{Capacity, Infeasible, Server, work};
use crate::ledger::{Ledger, Status, Ticket};
use crate::queue::Workers;
use crate::scenario;
use crate::stream::{Block, Carried, Needs};
use crate::time::Ns;
use std::ops::Range;

/// Families that batch transform offers [BT-9].
const FAMILIES: [&str; 18] = [
    "c4", "c5", "c6i", "c7i", "m4", "m5", "m6i", "m7i", "r6i", "r7i", "p2", "p3", "g4dn", "g5", "g6", "g6e", "inf2",
    "trn1",
];
/// Most instances of a job [BT-2].
const INSTANCE_LIMIT: u32 = 100;
/// Largest `MaxPayloadInMB`, and its product with `MaxConcurrentTransforms` [BT-4].
const PAYLOAD_LIMIT_MB: u32 = 100;
/// Longest `InvocationsTimeoutInSeconds`, and most `InvocationsMaxRetries` [BT-8].
const TIMEOUT_LIMIT_S: u32 = 3_600;
const RETRIES_LIMIT: u32 = 3;

/// Periodic batch transform jobs.
#[derive(Debug)]
pub struct BatchTransform {
    jobs: Jobs,
    shape: Shape,
    instances: Instances,
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
            invocation_timeout_s,
            retries,
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
        if *invocation_timeout_s > TIMEOUT_LIMIT_S || *retries > RETRIES_LIMIT {
            let reason = format!(
                "invocation_timeout_s {invocation_timeout_s} and retries {retries}: at most {TIMEOUT_LIMIT_S} s and \
                 {RETRIES_LIMIT} are allowed"
            );
            return Some(Infeasible::new("BT-8", reason));
        }
        None
    }

    /// Jobs every `every_s`, or one at the end.
    #[must_use]
    pub fn new(shape: Shape, every_s: Option<f64>) -> Self {
        Self { jobs: Jobs::new(every_s), shape, instances: Instances::new(shape) }
    }

    fn run(&mut self, start: Ns, records: &Records, ledger: &mut Ledger) {
        let shape = self.shape;
        let open = start + shape.startup;
        let mut pools = vec![Workers::new(shape.workers as usize, open); shape.instances as usize];
        let mut packer = Packer::new(shape.packing, shape.max_payload);
        let mut end = None;
        let mut row = 0;
        for file in shape.files(records.len() as u64) {
            let mut called = row;
            let mut take = |calls: Calls| {
                for _ in 0..calls.times {
                    let call = called..called + calls.records as usize;
                    called = call.end;
                    if calls.refused {
                        for ticket in records.tickets(call) {
                            ledger.fail(ticket, Status::Refused, false);
                        }
                    } else {
                        let finish = shape.call(records, call, &mut pools[file.instance], open, ledger);
                        end = end.max(Some(finish));
                    }
                }
            };
            for _ in 0..file.records {
                packer.add(records.payload.get(row).copied().unwrap_or(0), 1, &mut take);
                row += 1;
            }
            packer.close(&mut take);
        }
        // where every file was refused there is no job
        if let Some(end) = end {
            self.instances.bill(start, end, ledger);
        }
    }
}

impl Shape {
    /// The first free worker works on a call; returns when it is done with it.
    fn call(&self, records: &Records, rows: Range<usize>, workers: &mut Workers, open: Ns, ledger: &mut Ledger) -> Ns {
        let service = records.service[rows.clone()].iter().fold(0, |sum: Ns, &service| sum.saturating_add(service));
        let (length, answered) = self.tries.of(work(service, self.speed));
        let begin = workers.serve(open, length);
        let finish = begin.saturating_add(length);
        ledger.work(begin, finish);
        for ticket in records.tickets(rows) {
            if finish > ledger.window.last_finish() {
                ledger.fail(ticket, Status::Unfinished, false);
            } else if answered {
                ledger.complete(ticket, begin, finish, false);
            } else {
                ledger.cut_off(ticket, Some(begin), finish, false);
            }
        }
        finish
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
            let payload = requests.carried(Carried::PayloadBytes, row);
            if payload > self.shape.max_payload {
                ledger.fail(ticket, Status::Refused, false);
            } else {
                let records = self.jobs.collect(ticket, ledger);
                records.service.push(requests.service[row]);
                if self.shape.packing != Packing::Record {
                    records.payload.push(payload);
                }
            }
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        let (start, records) = self.jobs.rest();
        self.run(start, &records, ledger);
        self.instances.capacity(ledger.window)
    }
}
