//! What a caller wants of a run.

use crate::stream::BLOCK_ROWS;

/// What to find, and how.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Latency too, where not every request is simulated.
    pub latency: bool,
    /// What became of every request.
    pub record: bool,
    /// Worker threads.
    pub threads: usize,
    /// Rows of a block; the result does not depend on it.
    pub block_rows: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { latency: true, record: false, threads: 1, block_rows: BLOCK_ROWS }
    }
}
