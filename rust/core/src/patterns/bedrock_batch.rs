//! Bedrock batch inference [BB]: a job takes some hours; half price, no cache.

use super::bedrock_on_demand::TOKENS;
use super::jobs::{Jobs, Record};
use super::{Capacity, Server};
use crate::ledger::{Ledger, Status, Ticket};
use crate::random::unit_of;
use crate::scenario::BatchHours;
use crate::stream::{Block, Carried, Needs};
use crate::time::{HOUR, Ns, nearest};

/// Fewest records of a job [BB-3].
pub const RECORDS_MINIMUM: u64 = 100;

/// How long a job takes [BB-6], by the random bits of its first request.
#[must_use]
pub fn job_length(hours: &BatchHours, route: u64) -> Ns {
    let BatchHours::Uniform { low, high } = *hours;
    nearest((low + (high - low) * unit_of(route)) * HOUR as f64)
}

/// Periodic batch inference jobs.
#[derive(Debug)]
pub struct BedrockBatch {
    jobs: Jobs,
    hours: BatchHours,
    /// Tokens of the collected records, in their order.
    tokens: Vec<[i64; TOKENS.len()]>,
}

impl BedrockBatch {
    /// Jobs every `every_s`, or one at the end.
    #[must_use]
    pub fn new(every_s: Option<f64>, hours: BatchHours) -> Self {
        Self { jobs: Jobs::new(every_s), hours, tokens: Vec::new() }
    }

    fn run(&mut self, start: Ns, records: &[Record], ledger: &mut Ledger) {
        let tokens = std::mem::take(&mut self.tokens);
        let Some(first) = records.first() else { return };
        let end = start + job_length(&self.hours, first.route);
        let status = if (records.len() as u64) < RECORDS_MINIMUM {
            Some(Status::Refused)
        } else if end > ledger.window.last_finish() {
            Some(Status::Unfinished)
        } else {
            None
        };
        for (record, tokens) in records.iter().zip(tokens) {
            // what fails is not billed [BR-8]
            if let Some(status) = status {
                ledger.fail(record.ticket, status, false);
                continue;
            }
            for ((_, meter), count) in TOKENS.into_iter().zip(tokens) {
                ledger.meter(record.ticket.arrival, meter, count);
            }
            ledger.complete(record.ticket, start, end, false);
        }
    }
}

impl Server for BedrockBatch {
    fn needs(&self) -> Needs {
        Needs { route: true, ..Needs::default() }
    }

    fn block(&mut self, requests: &Block, ledger: &mut Ledger) {
        for row in 0..requests.len() {
            let ticket = Ticket { ordinal: requests.ordinal[row], arrival: requests.arrival[row] };
            if let Some((start, records)) = self.jobs.due(ticket.arrival) {
                self.run(start, &records, ledger);
            }
            self.jobs.collect(Record { ticket, service: 0, payload: 0, route: requests.route[row] });
            self.tokens.push(TOKENS.map(|(carried, _): (Carried, _)| requests.carried(carried, row)));
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        let (start, records) = self.jobs.rest();
        self.run(start, &records, ledger);
        Capacity::default()
    }
}
