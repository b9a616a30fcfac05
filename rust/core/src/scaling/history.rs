//! How many instances were in service when.

use crate::time::Ns;
use std::collections::VecDeque;

/// The count in service at the start of a window, and each change after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    initial: i32,
    /// (instant, +1 or -1), in order.
    changes: Vec<(Ns, i32)>,
}

impl History {
    pub fn new(initial: usize, mut changes: Vec<(Ns, i32)>) -> Self {
        changes.sort_unstable();
        Self { initial: initial as i32, changes }
    }

    /// The counts of several together.
    #[must_use]
    pub fn sum<'a>(histories: impl Iterator<Item = &'a Self>) -> Self {
        let (mut initial, mut changes) = (0, Vec::new());
        for history in histories {
            initial += history.initial;
            changes.extend_from_slice(&history.changes);
        }
        Self::new(initial as usize, changes)
    }

    /// The count at `at`, after what happens then.
    #[must_use]
    pub fn count(&self, at: Ns) -> u32 {
        let so_far = &self.changes[..self.changes.partition_point(|change| change.0 <= at)];
        (self.initial + so_far.iter().map(|change| change.1).sum::<i32>()) as u32
    }

    /// The changes after `at`.
    #[must_use]
    pub fn after(&self, at: Ns) -> VecDeque<(Ns, i32)> {
        self.changes[self.changes.partition_point(|change| change.0 <= at)..].iter().copied().collect()
    }

    /// The lowest count from `from` to just before `to`.
    #[must_use]
    pub fn fewest(&self, from: Ns, to: Ns) -> u32 {
        self.extreme(from, to, u32::min)
    }

    /// The highest count from `from` to just before `to`. What comes and goes at one instant is never counted.
    #[must_use]
    pub fn most(&self, from: Ns, to: Ns) -> u32 {
        self.extreme(from, to, u32::max)
    }

    fn extreme(&self, from: Ns, to: Ns, better: fn(u32, u32) -> u32) -> u32 {
        let mut count = self.count(from);
        let mut found = count;
        let within = self.changes.partition_point(|change| change.0 <= from)
            ..self.changes.partition_point(|change| change.0 < to);
        for instant in self.changes[within].chunk_by(|a, b| a.0 == b.0) {
            count = count.wrapping_add_signed(instant.iter().map(|change| change.1).sum());
            found = better(found, count);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::History;

    #[test]
    fn counts_between_changes() {
        let history = History::new(2, vec![(10, 1), (20, -1), (20, -1), (30, 1), (30, -1)]);
        assert_eq!([0, 9, 10, 19, 20, 30].map(|at| history.count(at)), [2, 2, 3, 3, 1, 1]);
        assert_eq!((history.fewest(0, 20), history.fewest(0, 21)), (2, 1));
        assert_eq!((history.most(0, 10), history.most(0, 11), history.most(25, 40)), (2, 3, 1));
        assert_eq!(history.after(20).len(), 2);
    }
}
