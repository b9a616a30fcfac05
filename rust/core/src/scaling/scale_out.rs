//! A scale-out from its decision to the end of its cooldown [AS-13].

use crate::time::Ns;
use std::ops::Range;

/// A scale-out whose units are on their way or in their cooldown [AS-13].
#[derive(Clone, Debug)]
pub(super) struct ScaleOut {
    /// The desired count that it started from.
    pub from: u32,
    numbers: Range<u32>,
    awaited: u32,
    cooldown: Ns,
    /// Set when the last of its units comes into service.
    until: Option<Ns>,
}

impl ScaleOut {
    /// Of the units `numbers`, just launched.
    pub(super) fn new(from: u32, numbers: Range<u32>, cooldown: Ns) -> Self {
        let awaited = numbers.end - numbers.start;
        Self { from, numbers, awaited, cooldown, until: None }
    }

    /// Whether its units are in service and its cooldown runs.
    pub(super) fn cools(&self, at: Ns) -> bool {
        self.until.is_some_and(|until| at < until)
    }

    /// Whether its units are on their way, or its cooldown runs.
    pub(super) fn holds(&self, at: Ns) -> bool {
        self.until.is_none_or(|until| at < until)
    }

    /// Unit `number` comes into service.
    pub(super) fn ready(&mut self, at: Ns, number: u32) {
        if self.numbers.contains(&number) {
            self.awaited -= 1;
            if self.awaited == 0 {
                self.until = Some(at.saturating_add(self.cooldown));
            }
        }
    }
}
