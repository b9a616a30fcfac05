//! Traffic that was given as columns.

use super::Carried;
use super::trace::{TraceColumns, TraceSource};
use crate::error::{Error, Result};
use crate::time::{Ns, SECOND};

/// The columns that go with a kind of traffic.
#[derive(Debug)]
pub enum Columns {
    /// Poisson and renewal traffic are drawn.
    None,
    /// Arrivals.
    Trace(TraceColumns),
    /// Arrivals that are read when they are needed.
    Batches(Box<dyn TraceSource>),
    /// Counts per step.
    Rates(RateColumns),
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
