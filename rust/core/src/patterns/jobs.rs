//! Periodic jobs: what has arrived since the last one.

use crate::ledger::Ticket;
use crate::time::{Ns, seconds};

/// A request that waits for its job.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub ticket: Ticket,
    pub service: Ns,
    pub payload: i64,
    pub route: u64,
}

/// Collects requests and hands them over job by job.
#[derive(Debug)]
pub(super) struct Jobs {
    every: Option<Ns>,
    collected: Vec<Record>,
    due: Ns,
    last_arrival: Ns,
}

impl Jobs {
    /// Jobs every `every_s`, or one at the last arrival.
    pub(super) fn new(every_s: Option<f64>) -> Self {
        let every = every_s.map(seconds);
        Self { every, collected: Vec::new(), due: every.unwrap_or(Ns::MAX), last_arrival: 0 }
    }

    /// The job that a request arriving at `at` comes too late for: its start and its records.
    pub(super) fn due(&mut self, at: Ns) -> Option<(Ns, Vec<Record>)> {
        self.last_arrival = at;
        let start = self.due;
        if at < start {
            return None;
        }
        let every = self.every?;
        self.due = (at / every + 1) * every;
        Some((start, std::mem::take(&mut self.collected)))
    }

    pub(super) fn collect(&mut self, record: Record) {
        self.collected.push(record);
    }

    /// The last job.
    pub(super) fn rest(&mut self) -> (Ns, Vec<Record>) {
        let start = if self.every.is_some() { self.due } else { self.last_arrival };
        (start, std::mem::take(&mut self.collected))
    }
}
