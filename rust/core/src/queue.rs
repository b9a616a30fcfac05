//! First come, first served by c workers: when does the next request start?

use crate::time::Ns;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Above this many workers a heap beats a sorted array.
const FEW: usize = 16;

/// When each of c workers is free. Which worker serves does not change any time.
#[derive(Clone, Debug)]
pub enum Workers {
    /// Lindley's recursion.
    One(Ns),
    /// Sorted, the first to be free first.
    Few(Vec<Ns>),
    /// A heap.
    Many(BinaryHeap<Reverse<Ns>>),
}

impl Workers {
    /// `count` workers, free from `at`.
    #[must_use]
    pub fn new(count: usize, at: Ns) -> Self {
        match count {
            1 => Self::One(at),
            2..=FEW => Self::Few(vec![at; count]),
            _ => Self::Many(std::iter::repeat_n(Reverse(at), count).collect()),
        }
    }

    /// Gives `work` to the first free worker; returns when it starts.
    #[inline]
    pub fn serve(&mut self, arrival: Ns, work: Ns) -> Ns {
        match self {
            Self::One(free) => {
                let start = arrival.max(*free);
                *free = start.saturating_add(work);
                start
            }
            Self::Few(free) => {
                let start = arrival.max(free[0]);
                let finish = start.saturating_add(work);
                let mut slot = 0;
                while slot + 1 < free.len() && free[slot + 1] < finish {
                    free[slot] = free[slot + 1];
                    slot += 1;
                }
                free[slot] = finish;
                start
            }
            Self::Many(free) => match free.peek_mut() {
                Some(mut first) => {
                    let start = arrival.max(first.0);
                    first.0 = start.saturating_add(work);
                    start
                }
                None => arrival,
            },
        }
    }

    /// When the first worker is free.
    #[must_use]
    #[inline]
    pub fn first_free(&self) -> Ns {
        match self {
            Self::One(free) => *free,
            Self::Few(free) => free[0],
            Self::Many(free) => free.peek().map_or(Ns::MIN, |first| first.0),
        }
    }

    /// When the last worker is free.
    #[must_use]
    pub fn last_free(&self) -> Ns {
        match self {
            Self::One(free) => *free,
            Self::Few(free) => free[free.len() - 1],
            Self::Many(free) => free.iter().map(|free| free.0).max().unwrap_or(Ns::MIN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_kind_of_worker_agrees_with_a_plain_list(
            jobs in prop::collection::vec((0i64..50, 0i64..200), 1..200),
            count in prop::sample::select(vec![1usize, 2, 3, 8, 16, 17, 40]),
        ) {
            let mut workers = Workers::new(count, 0);
            let mut list = vec![0; count];
            let mut at = 0;
            for (gap, work) in jobs {
                at += gap;
                let first = (0..count).min_by_key(|&i| list[i]).unwrap_or(0);
                let start = at.max(list[first]);
                list[first] = start + work;
                prop_assert_eq!(workers.serve(at, work), start);
                prop_assert_eq!(workers.first_free(), *list.iter().min().unwrap_or(&0));
                prop_assert_eq!(workers.last_free(), *list.iter().max().unwrap_or(&0));
            }
        }
    }
}
