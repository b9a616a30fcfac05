//! Containers on demand. There are none, only release times: the most recently idle one is warm iff it was released
//! less than keep-alive ago, and if it is not, no other is.

use crate::ledger::Window;
use crate::time::Ns;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// The containers on demand of an endpoint.
#[derive(Debug)]
pub(super) struct OnDemand {
    keep_warm: Ns,
    in_flight: BinaryHeap<Reverse<Ns>>,
    /// Release times of idle containers, ascending.
    idle: VecDeque<Ns>,
    alive: i128,
}

impl OnDemand {
    pub(super) fn new(keep_warm: Ns) -> Self {
        Self { keep_warm, in_flight: BinaryHeap::new(), idle: VecDeque::new(), alive: 0 }
    }

    /// Releases what is done at `at`, and lets go of what has been idle too long.
    #[inline]
    pub(super) fn release(&mut self, at: Ns, window: &Window) {
        while let Some(&Reverse(release)) = self.in_flight.peek()
            && release <= at
        {
            self.in_flight.pop();
            self.idle.push_back(release);
        }
        while let Some(&release) = self.idle.front()
            && at - release >= self.keep_warm
        {
            self.idle.pop_front();
            self.live(release, release + self.keep_warm, window);
        }
    }

    /// Takes the most recently idle container, if one is warm [SL-15].
    #[inline]
    pub(super) fn reuse(&mut self, at: Ns, window: &Window) -> bool {
        let warm = self.idle.pop_back();
        if let Some(release) = warm {
            self.live(release, at, window);
        }
        warm.is_some()
    }

    /// A container is in use from `at` to `release`.
    #[inline]
    pub(super) fn enter(&mut self, at: Ns, release: Ns, window: &Window) {
        self.in_flight.push(Reverse(release));
        self.live(at, release, window);
    }

    /// Requests in flight: one per container [SL-8].
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// Containers alive.
    pub(super) fn count(&self) -> usize {
        self.in_flight.len() + self.idle.len()
    }

    /// No more requests: the time that containers were alive in the window, idle ones until they expire.
    pub(super) fn finish(&mut self, window: &Window) -> i128 {
        for release in std::mem::take(&mut self.idle) {
            self.live(release, release.saturating_add(self.keep_warm), window);
        }
        self.alive
    }

    fn live(&mut self, from: Ns, to: Ns, window: &Window) {
        let within = to.min(window.horizon) - from.max(window.warmup);
        self.alive += i128::from(within.max(0));
    }
}
