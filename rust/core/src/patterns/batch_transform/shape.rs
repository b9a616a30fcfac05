//! What a batch transform job is made of, and what its instances cost.

use super::calls::{Packing, Tries};
use crate::ledger::{Ledger, Window};
use crate::patterns::{Capacity, MEGABYTE};
use crate::scenario::{self, End};
use crate::time::{Ns, seconds};
use crate::usage::Meter;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What a job is made of.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Of each job.
    pub instances: u32,
    /// Objects that the records are laid in.
    pub files: u32,
    /// Workers per instance.
    pub workers: u32,
    /// Which records share a call.
    pub packing: Packing,
    /// Largest payload of a call in bytes; without end for `max_payload_mb` 0 [BT-4].
    pub max_payload: i64,
    /// How long a call may take.
    pub tries: Tries,
    /// Against the reference.
    pub speed: f64,
    /// Until work starts.
    pub startup: Ns,
    /// Whether that is billed.
    pub bill_startup: bool,
}

/// Some consecutive records of a job, all that a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// That works on it [BT-3].
    pub instance: usize,
    /// Never 0: an object without records is none.
    pub records: u64,
}

impl Shape {
    /// The shape of a batch transform deployment.
    ///
    /// # Panics
    /// With a deployment of another pattern.
    #[must_use]
    pub fn of(deployment: &scenario::Deployment, assumed: &scenario::BatchTransform) -> Self {
        let scenario::Deployment::BatchTransform {
            instances,
            files,
            split_type,
            batch_strategy,
            max_concurrent_transforms,
            max_payload_mb,
            invocation_timeout_s,
            retries,
            speed,
            ..
        } = *deployment
        else {
            unreachable!("the caller has matched the pattern")
        };
        Self {
            instances,
            files,
            workers: max_concurrent_transforms,
            packing: Packing::of(split_type, batch_strategy),
            max_payload: if max_payload_mb == 0 { i64::MAX } else { i64::from(max_payload_mb) * MEGABYTE },
            tries: Tries { timeout: seconds(f64::from(invocation_timeout_s)), retries },
            speed,
            startup: seconds(f64::from(assumed.startup_s)),
            bill_startup: assumed.bill_startup,
        }
    }

    /// The files of a job, in order: record i of n lies in file floor(i x files / n), file f goes to instance
    /// f mod `instances` [BT-3].
    pub fn files(&self, records: u64) -> impl Iterator<Item = File> + use<> {
        let (files, instances) = (u128::from(self.files), u128::from(self.instances));
        let n = u128::from(records);
        let mut first = 0;
        std::iter::from_fn(move || {
            if first == n {
                return None;
            }
            let number = first * files / n;
            let end = ((number + 1) * n).div_ceil(files);
            let file = File { instance: (number % instances) as usize, records: (end - first) as u64 };
            first = end;
            Some(file)
        })
    }
}

/// The instances of all jobs of a deployment: their bill, and how many there are.
#[derive(Debug)]
pub struct Instances {
    shape: Shape,
    /// Time billed within the window.
    held: i128,
    /// Ends of jobs, for the count of those that overlap.
    running: BinaryHeap<Reverse<Ns>>,
    peak: usize,
}

impl Instances {
    /// No job yet.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        Self { shape, held: 0, running: BinaryHeap::new(), peak: 0 }
    }

    /// Puts a job on the bill, with every instance, idle ones too [BT-1, BT-3, BT-10]. Jobs come in order of `start`.
    ///
    /// Returns the share of what is billed that lies within the window.
    pub fn bill(&mut self, start: Ns, end: Ns, ledger: &mut Ledger) -> f64 {
        let Window { warmup, horizon, end: at_horizon, .. } = ledger.window;
        let from = if self.shape.bill_startup { start } else { start + self.shape.startup };
        let to = match at_horizon {
            End::Drain => end,
            End::Cut => end.min(horizon),
        };
        let instances = i64::from(self.shape.instances);
        ledger.usage.add_time(from.max(warmup), to, Meter::InstanceNs, 0, instances);
        let (from_within, to_within) = (from.max(warmup), to.min(horizon));
        if from_within >= to_within {
            return 0.0;
        }
        self.held += i128::from(to_within - from_within);
        while self.running.peek().is_some_and(|&Reverse(end)| end <= from_within) {
            self.running.pop();
        }
        self.running.push(Reverse(to_within));
        self.peak = self.peak.max(self.running.len());
        (to_within - from_within) as f64 / (end - from) as f64
    }

    /// Over all jobs.
    #[must_use]
    pub fn capacity(&self, window: Window) -> Capacity {
        let held = self.held as f64 * f64::from(self.shape.instances);
        Capacity {
            instances: Some((held / window.length() as f64, self.peak as u32 * self.shape.instances)),
            worker_ns: held * f64::from(self.shape.workers),
            activities: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(files: u32, instances: u32) -> Shape {
        Shape {
            instances,
            files,
            workers: 1,
            packing: Packing::Record,
            max_payload: i64::MAX,
            tries: Tries { timeout: 1, retries: 0 },
            speed: 1.0,
            startup: 10,
            bill_startup: false,
        }
    }

    #[test]
    fn record_i_lies_in_file_floor_of_i_files_over_n() {
        for (n, files, instances) in [(0u64, 3u32, 2u32), (1, 3, 2), (7, 3, 2), (9, 3, 5), (3, 7, 2), (10, 300, 4)] {
            let wanted: Vec<usize> =
                (0..n).map(|i| ((i * u64::from(files) / n) % u64::from(instances)) as usize).collect();
            let files: Vec<File> = shape(files, instances).files(n).collect();
            let found: Vec<usize> = files.iter().flat_map(|file| (0..file.records).map(|_| file.instance)).collect();
            assert_eq!(found, wanted, "{n} records");
            assert!(files.iter().all(|file| file.records > 0));
        }
        let many = shape(1_000_000_000, 1).files(1 << 40).next().expect("there are records");
        assert_eq!(many.records, 1_100);
    }

    #[test]
    fn jobs_that_overlap_have_instances_of_their_own() {
        let window = Window { from: 0, warmup: 20, horizon: 200, end: End::Drain };
        let mut ledger = Ledger::new(window, None, false);
        let mut instances = Instances::new(shape(1, 2));
        assert!((instances.bill(0, 60, &mut ledger) - 0.8).abs() < 1e-12); // 10..60, of which 20..60
        instances.bill(50, 80, &mut ledger); // 60..80: the first has ended then
        instances.bill(60, 100, &mut ledger); // 70..100
        instances.bill(180, 240, &mut ledger); // 190..240, of which 190..200
        let capacity = instances.capacity(window);
        assert_eq!(ledger.usage.total(Meter::InstanceNs), 2 * (40 + 20 + 30 + 50));
        assert_eq!(capacity.instances, Some((2.0 * f64::from(40 + 20 + 30 + 10) / 180.0, 4)));
    }
}
