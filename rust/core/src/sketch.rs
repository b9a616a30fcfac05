//! A log-linear histogram: 64 buckets to each power of two, so every quantile is within 0.8 % of the order statistic.

use crate::time::Ns;

const BITS: u32 = 6;
const PER_OCTAVE: u64 = 1 << BITS;
/// Values below `2 * PER_OCTAVE` have a bucket each; then 64 to each of the remaining octaves of a positive `i64`.
const BUCKETS: usize = ((63 - BITS as usize) + 1) * PER_OCTAVE as usize;

/// Counts of lengths of time.
#[derive(Clone, Debug)]
pub struct Sketch {
    counts: Vec<u64>,
    count: u64,
    sum: i128,
    max: Ns,
}

impl Default for Sketch {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS], count: 0, sum: 0, max: 0 }
    }
}

#[inline]
fn bucket(value: u64) -> usize {
    if value < 2 * PER_OCTAVE {
        return value as usize;
    }
    let octave = value.ilog2() - BITS;
    ((u64::from(octave) << BITS) + (value >> octave)) as usize
}

/// The middle of a bucket.
fn middle(bucket: usize) -> Ns {
    let bucket = bucket as u64;
    if bucket < 2 * PER_OCTAVE {
        return bucket as Ns;
    }
    let octave = (bucket >> BITS) - 1;
    let low = (bucket - (octave << BITS)) << octave;
    (low + (1 << octave) / 2) as Ns
}

impl Sketch {
    /// Adds one length; negative lengths do not occur.
    #[inline]
    pub fn add(&mut self, value: Ns) {
        self.add_many(value, 1);
    }

    /// Adds `count` equal lengths.
    #[inline]
    pub fn add_many(&mut self, value: Ns, count: u64) {
        debug_assert!(value >= 0);
        self.counts[bucket(value as u64)] += count;
        self.count += count;
        self.sum += i128::from(value) * i128::from(count);
        self.max = self.max.max(value);
    }

    /// Adds every length of `other`, each `weight` times, to the nearest whole count per bucket.
    pub fn merge_weighted(&mut self, other: &Self, weight: f64) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            let added = (*theirs as f64 * weight).round() as u64;
            *mine += added;
            self.count += added;
        }
        self.sum += (other.sum as f64 * weight) as i128;
        self.max = self.max.max(other.max);
    }

    /// How many lengths there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean in nanoseconds; None without any.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// The largest; exact.
    #[must_use]
    pub fn max(&self) -> Ns {
        self.max
    }

    /// The ceil(q x count)-th smallest, within 0.8 %; None without any.
    #[must_use]
    pub fn quantile(&self, q: f64) -> Option<Ns> {
        let rank = ((q * self.count as f64).ceil() as u64).max(1);
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank && self.count > 0 {
                return Some(middle(index).min(self.max));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_quantile_is_within_one_per_cent(
            mut values in prop::collection::vec(0i64..4_000_000_000_000_000, 1..300),
            q in 0.001f64..1.0,
        ) {
            let mut sketch = Sketch::default();
            for &v in &values { sketch.add(v); }
            values.sort_unstable();
            let rank = ((q * values.len() as f64).ceil() as usize).max(1);
            let exact = values[rank - 1];
            let found = sketch.quantile(q).unwrap_or(-1);
            prop_assert!((found - exact).abs() as f64 <= 0.008 * exact as f64 + 0.5, "{found} {exact}");
            prop_assert_eq!(sketch.max(), values[values.len() - 1]);
        }
    }

    #[test]
    fn the_largest_value_has_a_bucket() {
        let mut sketch = Sketch::default();
        sketch.add(Ns::MAX);
        assert_eq!(sketch.quantile(1.0).map(|v| v > Ns::MAX / 100 * 99), Some(true));
    }
}
