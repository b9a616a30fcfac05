//! How many requests are in each container, for the routings and metrics that look.

use crate::time::Ns;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Requests in the containers in service: waiting or running.
#[derive(Debug, Default)]
pub(super) struct Containers {
    /// (instant, number): a request leaves the container.
    departures: BinaryHeap<Reverse<(Ns, u32)>>,
    /// Ascending, as long as `counts`.
    numbers: Vec<u32>,
    counts: Vec<u32>,
    total: u64,
}

impl Containers {
    /// An instance comes into service.
    pub(super) fn add(&mut self, number: u32) {
        let position = self.numbers.partition_point(|&other| other < number);
        self.numbers.insert(position, number);
        self.counts.insert(position, 0);
    }

    /// An instance is removed; what it still works on counts nowhere.
    pub(super) fn remove(&mut self, number: u32) {
        if let Ok(position) = self.numbers.binary_search(&number) {
            self.numbers.remove(position);
            self.total -= u64::from(self.counts.remove(position));
            // another one may come under its number
            self.departures.retain(|&Reverse((_, other))| other != number);
        }
    }

    /// Requests that leave at `at` have left.
    pub(super) fn advance(&mut self, at: Ns) {
        while let Some(&Reverse((leaves, number))) = self.departures.peek()
            && leaves <= at
        {
            self.departures.pop();
            if let Ok(position) = self.numbers.binary_search(&number) {
                self.counts[position] -= 1;
                self.total -= 1;
            }
        }
    }

    /// A request enters the container at `position` and leaves it at `leaves`.
    pub(super) fn enter(&mut self, position: usize, leaves: Ns) {
        self.counts[position] += 1;
        self.total += 1;
        self.departures.push(Reverse((leaves, self.numbers[position])));
    }

    /// The position with the fewest requests, the lowest on a tie.
    pub(super) fn least(&self) -> usize {
        let fewest = self.counts.iter().min();
        self.counts.iter().position(|count| Some(count) == fewest).unwrap_or(0)
    }

    /// Requests in the container at `position`.
    pub(super) fn count(&self, position: usize) -> u32 {
        self.counts[position]
    }

    /// Requests in all of them.
    pub(super) fn total(&self) -> u64 {
        self.total
    }
}
