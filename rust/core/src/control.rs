//! How a caller stops a run and watches it.

use crate::error::{Error, Result};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Shared by the workers and the thread that waits for them.
#[derive(Debug, Default)]
pub struct Control {
    stopped: AtomicBool,
    done: AtomicU64,
}

impl Control {
    /// Asks every worker to stop at its next block.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Requests simulated so far, over all deployments.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Counts requests as simulated.
    pub fn add(&self, requests: u64) {
        self.done.fetch_add(requests, Ordering::Relaxed);
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// `Interrupted` once the caller has asked to stop.
    pub fn check(&self) -> Result<()> {
        if self.stopped.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
    }
}
