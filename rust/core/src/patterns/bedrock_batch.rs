//! Bedrock batch inference [BB]: a job takes some hours; half price, no cache.

use super::bedrock_on_demand::TOKENS;
use super::jobs::{Jobs, Records};
use super::{Capacity, Server};
use crate::ledger::{Ledger, Status, Ticket};
use crate::random::unit_of;
use crate::scenario::BatchHours;
use crate::stream::{Block, Needs};
use crate::time::{HOUR, Ns, nearest};
use crate::usage::Usage;

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
    /// Tokens of the collected records: billed if their job is done.
    tokens: Usage,
    /// The random bits of the first of them.
    route: u64,
}

impl BedrockBatch {
    /// Jobs every `every_s`, or one at the end.
    #[must_use]
    pub fn new(every_s: Option<f64>, hours: BatchHours) -> Self {
        Self { jobs: Jobs::new(every_s), hours, tokens: Usage::default(), route: 0 }
    }

    fn run(&mut self, start: Ns, records: &Records, ledger: &mut Ledger) {
        let tokens = std::mem::take(&mut self.tokens);
        let end = start + job_length(&self.hours, self.route);
        let status = if (records.len() as u64) < RECORDS_MINIMUM {
            Some(Status::Refused)
        } else if end > ledger.window.last_finish() {
            Some(Status::Unfinished)
        } else {
            None
        };
        for ticket in records.tickets(0..records.len()) {
            match status {
                Some(status) => ledger.fail(ticket, status, false),
                None => ledger.complete(ticket, start, end, false),
            }
        }
        // what fails is not billed [BR-8]
        if status.is_none() {
            ledger.usage.add_all(&tokens);
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
            if self.jobs.collect(ticket, ledger).len() == 1 {
                self.route = requests.route[row];
            }
            if ticket.arrival >= ledger.window.warmup {
                for (carried, meter) in TOKENS {
                    self.tokens.add(ticket.arrival, meter, requests.carried(carried, row));
                }
            }
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        let (start, records) = self.jobs.rest();
        self.run(start, &records, ledger);
        Capacity::default()
    }
}
