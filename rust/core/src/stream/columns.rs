//! Traffic that was given as columns.

use super::{Block, Carried};
use crate::error::{Error, Result};
use crate::time::{Ns, SECOND};

/// Models are numbered below this: far above anything real, so that a slip is an error and not a machine out of memory.
const MODELS: i64 = 1_000_000;

/// The columns that go with a kind of traffic.
#[derive(Debug)]
pub enum Columns {
    /// Poisson and renewal traffic are drawn.
    None,
    /// Arrivals.
    Trace(TraceColumns),
    /// Counts per step.
    Rates(RateColumns),
}

/// Arrivals from the start of the run, sorted; every other column is optional and as long.
#[derive(Debug, Default)]
pub struct TraceColumns {
    /// Arrival.
    pub arrival: Vec<Ns>,
    /// Work on the reference.
    pub service: Option<Vec<Ns>>,
    /// The part of the work up to the first token.
    pub first_token: Option<Vec<Ns>>,
    /// Bytes in.
    pub payload_bytes: Option<Vec<i64>>,
    /// Bytes out.
    pub response_bytes: Option<Vec<i64>>,
    /// Uncached input tokens.
    pub input_tokens: Option<Vec<i64>>,
    /// Output tokens.
    pub output_tokens: Option<Vec<i64>>,
    /// Input tokens read from the prompt cache.
    pub cache_read_tokens: Option<Vec<i64>>,
    /// Input tokens written to the prompt cache.
    pub cache_write_tokens: Option<Vec<i64>>,
    /// Which model is asked for, by number.
    pub model: Option<Vec<i64>>,
    /// What the prompt begins with, by number.
    pub prefix: Option<Vec<i64>>,
}

impl TraceColumns {
    fn carried(&self) -> [Option<&Vec<i64>>; Carried::COUNT] {
        [
            self.payload_bytes.as_ref(),
            self.response_bytes.as_ref(),
            self.input_tokens.as_ref(),
            self.output_tokens.as_ref(),
            self.cache_read_tokens.as_ref(),
            self.cache_write_tokens.as_ref(),
        ]
    }

    pub(super) fn check(&self, horizon: Ns) -> Result<()> {
        let rows = self.arrival.len();
        if let Some(row) = (1..rows).find(|&row| self.arrival[row] < self.arrival[row - 1]) {
            let message = "is before that of the row above it; sort the trace by arrival";
            return Err(Error::Traffic(format!("trace: arrival_ns of row {row} {message}")));
        }
        if self.arrival.first().is_some_and(|&at| at < 0) || self.arrival.last().is_some_and(|&at| at >= horizon) {
            return Err(Error::Traffic("trace: an arrival_ns lies outside the run (start, duration_s)".into()));
        }
        let carried = Carried::ALL.map(Carried::name).into_iter().zip(self.carried());
        let others = [
            ("service_ns", self.service.as_ref()),
            ("first_token_ns", self.first_token.as_ref()),
            ("model", self.model.as_ref()),
            ("prefix", self.prefix.as_ref()),
        ];
        for (name, column) in carried.chain(others) {
            let Some(column) = column else { continue };
            if column.len() != rows {
                return Err(Error::Traffic(format!("trace: {name} is shorter or longer than arrival_ns")));
            }
            if let Some(row) = column.iter().position(|&value| value < 0) {
                return Err(Error::Traffic(format!("trace: {name} of row {row} is negative")));
            }
        }
        if let Some(row) = self.model.iter().flatten().position(|&model| model >= MODELS) {
            return Err(Error::Traffic(format!("trace: model of row {row} is not below {MODELS}")));
        }
        Ok(())
    }

    pub(super) fn counts(&self, horizon: Ns) -> Vec<u32> {
        let mut counts = vec![0; (horizon + SECOND - 1).div_euclid(SECOND) as usize];
        for &at in &self.arrival {
            counts[(at / SECOND) as usize] += 1;
        }
        counts
    }

    pub(super) fn add_up(&self, from: Ns, to: Ns, sums: &mut [i64; Carried::COUNT]) {
        let rows = self.arrival.partition_point(|&at| at < from)..self.arrival.partition_point(|&at| at < to);
        for (sum, column) in sums.iter_mut().zip(self.carried()) {
            if let Some(values) = column {
                *sum = values[rows.clone()].iter().sum();
            }
        }
    }

    pub(super) fn copy(&self, from: usize, to: usize, block: &mut Block) {
        block.arrival.extend_from_slice(&self.arrival[from..to]);
        block.ordinal.extend(from as u64..to as u64);
        block.key.extend(from as u64..to as u64);
        for (mine, theirs) in block.columns.iter_mut().zip(self.carried()) {
            if let Some(values) = theirs {
                mine.get_or_insert_default().extend_from_slice(&values[from..to]);
            }
        }
    }
}

/// Counts in [start, end), on whole seconds, sorted; sums are over the step.
#[derive(Debug, Default)]
pub struct RateColumns {
    /// Start of the step.
    pub start: Vec<Ns>,
    /// End of the step.
    pub end: Vec<Ns>,
    /// Requests in the step.
    pub requests: Vec<i64>,
    /// Bytes in.
    pub payload_bytes: Option<Vec<i64>>,
    /// Bytes out.
    pub response_bytes: Option<Vec<i64>>,
    /// Uncached input tokens.
    pub input_tokens: Option<Vec<i64>>,
    /// Output tokens.
    pub output_tokens: Option<Vec<i64>>,
}

impl RateColumns {
    pub(super) fn carried(&self) -> [Option<&Vec<i64>>; Carried::COUNT] {
        [
            self.payload_bytes.as_ref(),
            self.response_bytes.as_ref(),
            self.input_tokens.as_ref(),
            self.output_tokens.as_ref(),
            None,
            None,
        ]
    }

    pub(super) fn check(&self, horizon: Ns) -> Result<()> {
        let rows = self.start.len();
        let same_length = self.carried().into_iter().flatten().chain([&self.requests]).all(|c| c.len() == rows);
        if !same_length || self.end.len() != rows {
            return Err(Error::Traffic("rates: a column is shorter or longer than the steps".into()));
        }
        for row in 0..rows {
            let (start, end) = (self.start[row], self.end[row]);
            let refuse = |what: &str| Err(Error::Traffic(format!("rates: step {row}: {what}")));
            if start < 0 || end <= start || end > horizon || (row > 0 && start < self.end[row - 1]) {
                return refuse("start_ns and end_ns overlap another step or leave the run");
            }
            if start % SECOND != 0 || (end % SECOND != 0 && end != horizon) {
                return refuse("start_ns or end_ns is not on a whole second");
            }
            let mut carried = self.carried().into_iter().flatten();
            if self.requests[row] < 0 || carried.clone().any(|column| column[row] < 0) {
                return refuse("requests, tokens or bytes are negative");
            }
            if self.requests[row] == 0 && carried.any(|column| column[row] > 0) {
                return refuse("there are tokens or bytes but its requests are 0");
            }
        }
        Ok(())
    }
}
