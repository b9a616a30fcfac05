//! Which of many.

use crate::random::below;

/// A law of numbers from 0 up.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// Each as often as any other.
    Uniform {
        /// How many there are.
        count: u32,
    },
    /// In proportion to weights: the number of the first threshold above 64 random bits, or the one after the last.
    Weighted {
        /// Sums of the weights so far as fractions of 2^64, but for the last.
        thresholds: Vec<u64>,
    },
}

impl Choice {
    /// One of `count`.
    #[must_use]
    pub fn uniform(count: u32) -> Self {
        Self::Uniform { count }
    }

    /// In proportion to weights, of which one at least is above 0.
    #[must_use]
    pub fn of(weights: impl Iterator<Item = f64>) -> Self {
        let mut sum = 0.0;
        let sums: Vec<f64> = weights
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect();
        let threshold = |&so_far: &f64| (so_far / sum * 18_446_744_073_709_551_616.0) as u64;
        Self::Weighted { thresholds: sums.iter().take(sums.len().saturating_sub(1)).map(threshold).collect() }
    }

    /// The number that 64 random bits stand for.
    #[must_use]
    #[inline]
    pub fn pick(&self, bits: u64) -> u32 {
        match self {
            Self::Uniform { count } => below(bits, u64::from(*count)) as u32,
            Self::Weighted { thresholds } => thresholds.partition_point(|&threshold| threshold <= bits) as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Draws, Purpose};

    #[test]
    fn shares_come_out_as_they_went_in() {
        let choice = Choice::of([5.0, 0.0, 3.0, 2.0].into_iter());
        let draws = Draws::new(1, Purpose::Model);
        let mut counts = [0_i32; 4];
        for ordinal in 0..1_000_000 {
            counts[choice.pick(draws.bits(ordinal)) as usize] += 1;
        }
        assert_eq!(counts[1], 0);
        for (count, expected) in counts.into_iter().zip([500_000, 0, 300_000, 200_000]) {
            assert!((count - expected).abs() < 2_500, "{counts:?}");
        }
    }

    #[test]
    fn the_ends_of_the_bits_are_the_first_and_the_last() {
        for choice in [Choice::uniform(3), Choice::of([1.0, 1.0, 1.0].into_iter())] {
            assert_eq!((choice.pick(0), choice.pick(u64::MAX)), (0, 2));
        }
        assert_eq!(Choice::of([7.0].into_iter()).pick(u64::MAX), 0);
    }
}
