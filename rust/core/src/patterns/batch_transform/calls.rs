//! Calls of a batch transform job: which records share one [BT-6], and how long a call keeps its worker [BT-8].

use crate::scenario::{BatchStrategy, SplitType};
use crate::time::Ns;

/// Which records of a file share a call [BT-6].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// A call for the whole file.
    File,
    /// A call for each record.
    Record,
    /// As many consecutive records as the largest payload holds.
    Records,
}

impl Packing {
    /// What a split type and a batch strategy come to.
    #[must_use]
    pub fn of(split: SplitType, strategy: BatchStrategy) -> Self {
        match (split, strategy) {
            (SplitType::None, _) => Self::File,
            (_, BatchStrategy::SingleRecord) => Self::Record,
            (_, BatchStrategy::MultiRecord) => Self::Records,
        }
    }
}

/// Calls in a row that hold equally many records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calls {
    /// Of each call.
    pub records: u64,
    /// How many calls.
    pub times: u64,
    /// Whether they are refused for their size [BT-4].
    pub refused: bool,
}

/// Packs the records of one file after the other; none is larger than `limit`.
#[derive(Debug)]
pub struct Packer {
    packing: Packing,
    limit: i64,
    records: u64,
    bytes: i64,
}

impl Packer {
    /// `limit`: the largest payload in bytes.
    #[must_use]
    pub fn new(packing: Packing, limit: i64) -> Self {
        Self { packing, limit, records: 0, bytes: 0 }
    }

    /// The next `count` records of the file, of `payload` bytes each. `take` gets the calls that are full.
    #[inline]
    pub fn add(&mut self, payload: i64, mut count: u64, mut take: impl FnMut(Calls)) {
        match self.packing {
            Packing::File => {
                self.records += count;
                let more = payload.saturating_mul(i64::try_from(count).unwrap_or(i64::MAX));
                self.bytes = self.bytes.saturating_add(more);
            }
            Packing::Record => take(Calls { records: 1, times: count, refused: false }),
            Packing::Records => {
                while count > 0 {
                    let fitting = match payload {
                        0 => count,
                        _ => count.min(((self.limit - self.bytes) / payload) as u64),
                    };
                    if fitting == 0 {
                        self.close(&mut take);
                    } else if self.records == 0 && fitting < count {
                        // the last call stays open: a smaller record may follow
                        let times = (count - 1) / fitting;
                        take(Calls { records: fitting, times, refused: false });
                        count -= times * fitting;
                    } else {
                        self.records += fitting;
                        self.bytes += payload * fitting as i64;
                        count -= fitting;
                    }
                }
            }
        }
    }

    /// The file ends; `take` gets the call that is open.
    #[inline]
    pub fn close(&mut self, mut take: impl FnMut(Calls)) {
        if self.records > 0 {
            take(Calls { records: self.records, times: 1, refused: self.bytes > self.limit });
        }
        (self.records, self.bytes) = (0, 0);
    }
}

/// How often a call is tried, and how long each time [BT-8].
#[derive(Clone, Copy, Debug)]
pub struct Tries {
    /// The longest call.
    pub timeout: Ns,
    /// After the first try.
    pub retries: u32,
}

impl Tries {
    /// How long a call with `work` to do keeps its worker, and whether it is answered. It is as long at every try.
    #[must_use]
    #[inline]
    pub fn of(self, work: Ns) -> (Ns, bool) {
        if work > self.timeout { (self.timeout * (1 + Ns::from(self.retries)), false) } else { (work, true) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Records of every call of a file, and whether it was refused.
    fn calls(packing: Packing, limit: i64, file: &[(i64, u64)]) -> Vec<(u64, bool)> {
        let mut packer = Packer::new(packing, limit);
        let mut found = Vec::new();
        let mut take = |calls: Calls| {
            found.extend((0..calls.times).map(|_| (calls.records, calls.refused)));
        };
        for &(payload, count) in file {
            packer.add(payload, count, &mut take);
        }
        packer.close(&mut take);
        found
    }

    fn sizes(packing: Packing, limit: i64, file: &[(i64, u64)]) -> Vec<u64> {
        calls(packing, limit, file).into_iter().map(|(records, _)| records).collect()
    }

    #[test]
    fn a_call_is_filled_to_the_last_byte_and_not_above() {
        assert_eq!(sizes(Packing::Records, 10, &[(5, 4)]), [2, 2]);
        assert_eq!(sizes(Packing::Records, 9, &[(5, 3)]), [1, 1, 1]);
        assert_eq!(sizes(Packing::Records, 10, &[(3, 7)]), [3, 3, 1]);
        assert_eq!(sizes(Packing::Records, 10, &[(10, 2)]), [1, 1]);
    }

    #[test]
    fn a_small_record_fills_what_equal_ones_leave() {
        assert_eq!(sizes(Packing::Records, 10, &[(4, 4), (2, 2)]), [2, 3, 1]);
        assert_eq!(sizes(Packing::Records, 10, &[(7, 1), (4, 1), (3, 1)]), [1, 2]);
    }

    #[test]
    fn records_without_bytes_and_files_without_a_limit_make_one_call() {
        assert_eq!(sizes(Packing::Records, 10, &[(10, 1), (0, 5)]), [6]);
        assert_eq!(sizes(Packing::Records, i64::MAX, &[(1 << 40, 3), (1, 1)]), [4]);
        assert!(sizes(Packing::File, 10, &[]).is_empty());
    }

    #[test]
    fn a_file_is_refused_only_above_the_limit() {
        assert_eq!(calls(Packing::File, 10, &[(5, 2)]), [(2, false)]);
        assert_eq!(calls(Packing::File, 10, &[(5, 2), (1, 1)]), [(3, true)]);
        assert_eq!(calls(Packing::File, i64::MAX, &[(i64::MAX, 2)]), [(2, false)]);
    }

    #[test]
    fn a_call_is_tried_again_only_when_it_is_longer_than_its_timeout() {
        let tries = Tries { timeout: 10, retries: 3 };
        assert_eq!(tries.of(10), (10, true));
        assert_eq!(tries.of(11), (40, false));
        assert_eq!(Tries { timeout: 10, retries: 0 }.of(11), (10, false));
    }

    proptest! {
        #[test]
        fn packing_runs_is_packing_record_by_record(
            runs in prop::collection::vec((0i64..=12, 1u64..20), 0..12), limit in 12i64..60,
        ) {
            let one_by_one: Vec<_> =
                runs.iter().flat_map(|&(payload, count)| (0..count).map(move |_| (payload, 1))).collect();
            let mut plain = Vec::new();
            let mut room = -1;
            for &(payload, _) in &one_by_one {
                if payload > room {
                    plain.push(0);
                    room = limit;
                }
                room -= payload;
                *plain.last_mut().expect("a call is open") += 1;
            }
            prop_assert_eq!(sizes(Packing::Records, limit, &runs), plain.clone());
            prop_assert_eq!(sizes(Packing::Records, limit, &one_by_one), plain);
        }
    }
}
