//! Requests by the second, and what they carry.

use super::trace::Sums;
use super::{Carried, Cells};

/// Requests by the second of the run, and the sums of what they carry.
#[derive(Debug)]
pub struct Seconds<'a> {
    counts: Counts<'a>,
    constants: [i64; Carried::COUNT],
}

#[derive(Debug)]
enum Counts<'a> {
    Cells(&'a Cells),
    Trace(Vec<u32>, Sums),
}

impl<'a> Seconds<'a> {
    pub(super) fn of_cells(cells: &'a Cells, constants: [i64; Carried::COUNT]) -> Self {
        Self { counts: Counts::Cells(cells), constants }
    }

    pub(super) fn of_trace(counts: Vec<u32>, sums: Sums, constants: [i64; Carried::COUNT]) -> Self {
        Self { counts: Counts::Trace(counts, sums), constants }
    }

    /// Requests of each second.
    #[must_use]
    pub fn counts(&self) -> &[u32] {
        match &self.counts {
            Counts::Cells(cells) => cells.counts(),
            Counts::Trace(counts, _) => counts,
        }
    }

    /// What the requests of a second carry in all.
    #[must_use]
    pub fn carried(&self, second: usize) -> [i64; Carried::COUNT] {
        let count = i64::from(self.counts()[second]);
        let mut totals = self.constants.map(|value| value * count);
        match &self.counts {
            Counts::Cells(cells) => cells.add_up(second, &mut totals),
            Counts::Trace(_, sums) => {
                for (total, sums) in totals.iter_mut().zip(sums) {
                    if let Some(sums) = sums {
                        *total = sums[second];
                    }
                }
            }
        }
        totals
    }
}
