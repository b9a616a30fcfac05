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

    /// Gives the same `work` to the first free worker `times` times in a row, all of it there at `arrival`.
    pub fn serve_many(&mut self, arrival: Ns, work: Ns, times: u64) {
        let count = self.count();
        let mut left = times;
        while left > 0 {
            // none is further ahead than one work: every worker takes one in each round
            if left >= count && self.last_free().max(arrival) - self.first_free().max(arrival) <= work {
                let rounds = work.saturating_mul((left / count) as Ns);
                self.each(|free| (*free).max(arrival).saturating_add(rounds));
                left %= count;
            }
            let some = left.min(count);
            for _ in 0..some {
                self.serve(arrival, work);
            }
            left -= some;
        }
    }

    fn count(&self) -> u64 {
        match self {
            Self::One(_) => 1,
            Self::Few(free) => free.len() as u64,
            Self::Many(free) => free.len() as u64,
        }
    }

    /// Changes when each worker is free, in the same order.
    fn each(&mut self, change: impl Fn(&Ns) -> Ns) {
        match self {
            Self::One(free) => *free = change(free),
            Self::Few(free) => free.iter_mut().for_each(|free| *free = change(free)),
            Self::Many(free) => *free = free.iter().map(|Reverse(free)| Reverse(change(free))).collect(),
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
        fn many_at_once_is_one_by_one(
            runs in prop::collection::vec((1i64..60, 1u64..300), 1..20),
            count in prop::sample::select(vec![1usize, 2, 5, 16, 17, 40]),
            arrival in 0i64..90,
        ) {
            let mut at_once = Workers::new(count, 0);
            let mut one_by_one = Workers::new(count, 0);
            for (work, times) in runs {
                at_once.serve_many(arrival, work, times);
                for _ in 0..times {
                    one_by_one.serve(arrival, work);
                }
                prop_assert_eq!(at_once.first_free(), one_by_one.first_free());
                prop_assert_eq!(at_once.last_free(), one_by_one.last_free());
            }
        }

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
