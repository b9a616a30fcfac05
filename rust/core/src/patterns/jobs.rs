//! Periodic jobs: what has arrived since the last one.

use crate::ledger::{Ledger, Ticket};
use crate::time::{Ns, seconds};
use std::ops::Range;

/// Requests that wait for their job, column by column, for they may be many; a column that nobody needs stays empty.
#[derive(Debug, Default)]
pub(super) struct Records {
    arrival: Vec<Ns>,
    /// Kept where every request is recorded.
    ordinal: Vec<u64>,
    pub service: Vec<Ns>,
    pub payload: Vec<i64>,
}

impl Records {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.arrival.len()
    }

    /// Who they are.
    pub(super) fn tickets(&self, rows: Range<usize>) -> impl Iterator<Item = Ticket> {
        rows.map(|row| Ticket { ordinal: self.ordinal.get(row).copied().unwrap_or(0), arrival: self.arrival[row] })
    }
}

/// Collects requests and hands them over job by job.
#[derive(Debug)]
pub(super) struct Jobs {
    every: Option<Ns>,
    collected: Records,
    due: Ns,
    last_arrival: Ns,
}

impl Jobs {
    /// Jobs every `every_s`, or one at the last arrival.
    pub(super) fn new(every_s: Option<f64>) -> Self {
        let every = every_s.map(seconds);
        Self { every, collected: Records::default(), due: every.unwrap_or(Ns::MAX), last_arrival: 0 }
    }

    /// The job that a request arriving at `at` comes too late for: its start and its records.
    pub(super) fn due(&mut self, at: Ns) -> Option<(Ns, Records)> {
        self.last_arrival = at;
        let start = self.due;
        if at < start {
            return None;
        }
        let every = self.every?;
        self.due = (at / every + 1) * every;
        Some((start, std::mem::take(&mut self.collected)))
    }

    /// A request waits for the next job; returns the columns for what else is needed of it.
    pub(super) fn collect(&mut self, ticket: Ticket, ledger: &Ledger) -> &mut Records {
        self.collected.arrival.push(ticket.arrival);
        if ledger.rows.is_some() {
            self.collected.ordinal.push(ticket.ordinal);
        }
        &mut self.collected
    }

    /// The last job.
    pub(super) fn rest(&mut self) -> (Ns, Records) {
        let start = if self.every.is_some() { self.due } else { self.last_arrival };
        (start, std::mem::take(&mut self.collected))
    }
}
