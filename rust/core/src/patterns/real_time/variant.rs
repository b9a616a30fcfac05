//! One production variant, or a shadow: instances of its own, and how many.

use super::Arrival;
use super::group::{Group, Worker};
use super::instance::Limits;
use crate::ledger::Ledger;
use crate::scaling::{Activity, Event, Fleet, Gauges, History};
use crate::scenario;
use crate::time::Ns;
use std::collections::VecDeque;

/// Where the count of instances comes from.
#[derive(Debug)]
enum Source {
    Fleet(Box<Fleet>),
    /// As another run found it: (instant, change), and the numbers in service.
    Replay {
        changes: VecDeque<(Ns, i32)>,
        in_service: Vec<u32>,
    },
}

impl Source {
    fn in_service(&self) -> &[u32] {
        match self {
            Self::Fleet(fleet) => fleet.in_service(),
            Self::Replay { in_service, .. } => in_service,
        }
    }
}

/// A variant.
#[derive(Debug)]
pub(crate) struct Variant {
    source: Source,
    /// By pool.
    workers: Vec<Worker>,
    group: Group,
}

impl Variant {
    /// A variant whose fleet lives by its own metrics.
    pub(crate) fn new(fleet: Fleet, workers: Vec<Worker>, variant: &scenario::Variant, limits: Limits, at: Ns) -> Self {
        let drain = if fleet.scales() { fleet.drain() } else { Ns::MAX };
        let numbers = fleet.in_service().to_vec();
        let mut opened = Self::with(Source::Fleet(Box::new(fleet)), workers, variant, limits, drain, at);
        for number in numbers {
            opened.add(number, at);
        }
        opened
    }

    /// A variant whose count in service is replayed from `at` as another run found it.
    pub(crate) fn replay(
        history: &History,
        drain: Ns,
        worker: Worker,
        variant: &scenario::Variant,
        limits: Limits,
        at: Ns,
    ) -> Self {
        let (count, changes) = (history.count(at), history.after(at));
        let drain = if changes.is_empty() { Ns::MAX } else { drain };
        let source = Source::Replay { changes, in_service: (0..count).collect() };
        let mut opened = Self::with(source, vec![worker], variant, limits, drain, at);
        for number in 0..count {
            opened.add(number, at);
        }
        opened
    }

    fn with(source: Source, workers: Vec<Worker>, keys: &scenario::Variant, limits: Limits, drain: Ns, at: Ns) -> Self {
        let threshold = keys.prefix_concurrency_threshold;
        let group = Group::new(keys.routing, threshold, keys.scaling.as_ref(), limits, drain, at);
        Self { source, workers, group }
    }

    /// Whether which instance a request goes to takes random bits.
    pub(crate) fn draws_route(&self) -> bool {
        self.group.draws_route() && (self.group.len() != 1 || self.next_event() < Ns::MAX)
    }

    /// Whether which instance a request goes to takes the beginning of its prompt.
    pub(crate) fn draws_prefix(&self) -> bool {
        self.group.draws_prefix()
    }

    fn add(&mut self, number: u32, at: Ns) {
        let pool = match &self.source {
            Source::Fleet(fleet) => fleet.pool(number),
            Source::Replay { .. } => 0,
        };
        self.group.add(number, self.workers[pool], at);
    }

    /// When the next change or metric is.
    #[inline]
    pub(crate) fn next_event(&self) -> Ns {
        match &self.source {
            Source::Fleet(fleet) => fleet.next(),
            Source::Replay { changes, .. } => changes.front().map_or(Ns::MAX, |&(at, _)| at),
        }
    }

    /// Lives through everything up to and including `until`.
    pub(crate) fn advance(&mut self, until: Ns, ledger: &mut Ledger) {
        while self.next_event() <= until && self.next_event() < Ns::MAX {
            let at = self.next_event();
            let outstanding = self.group.outstanding(at);
            match &mut self.source {
                Source::Fleet(fleet) => match fleet.event() {
                    Event::Ready => {
                        for number in fleet.ready() {
                            self.add(number, at);
                        }
                    }
                    Event::Close => fleet.close(&Gauges { outstanding, ..Gauges::default() }),
                    Event::Evaluate | Event::Schedule => {
                        for number in fleet.evaluate() {
                            self.remove(number, at, ledger);
                        }
                    }
                },
                Source::Replay { changes, in_service } => match changes.pop_front() {
                    Some((_, change)) if change > 0 => {
                        let number = self.group.len() as u32;
                        in_service.push(number);
                        self.add(number, at);
                    }
                    _ => {
                        if let Some(number) = in_service.pop() {
                            self.remove(number, at, ledger);
                        }
                    }
                },
            }
        }
    }

    fn remove(&mut self, number: u32, at: Ns, ledger: &mut Ledger) {
        let (end, _) = self.group.remove(number, at, ledger);
        if let Source::Fleet(fleet) = &mut self.source {
            fleet.end(number, end);
        }
    }

    /// Takes a request that has passed the door; `advance` has been called for its arrival.
    #[expect(clippy::inline_always, reason = "one step of the loop over requests; two callers keep it out of it")]
    #[inline(always)]
    pub(crate) fn take(&mut self, request: &Arrival, ledger: &mut Ledger) {
        if let Source::Fleet(fleet) = &mut self.source {
            fleet.arrive(1);
        }
        let Self { source, group, .. } = self;
        group.take(request, source.in_service(), ledger);
    }

    /// Settles the requests that have left by `at`, now and then, so that few are kept.
    pub(crate) fn tidy(&mut self, at: Ns, ledger: &mut Ledger) {
        // what was removed before is lost, not settled
        self.advance(at, ledger);
        self.group.tidy(at, ledger);
    }

    /// No more arrivals.
    pub(crate) fn finish(&mut self, ledger: &mut Ledger) {
        self.advance(Ns::MAX, ledger);
        self.group.settle_until(Ns::MAX, ledger);
    }

    /// Puts its instances on the bill; returns nanoseconds of instances and of workers in service, and who was when.
    pub(crate) fn bill(&self, ledger: &mut Ledger) -> Option<Bill> {
        let Source::Fleet(fleet) = &self.source else {
            return None;
        };
        fleet.bill(ledger);
        let served = fleet.served();
        let of_workers =
            served.iter().zip(&self.workers).map(|(&ns, worker)| ns as f64 * f64::from(worker.concurrency));
        Some(Bill {
            instance_ns: served.iter().sum(),
            worker_ns: of_workers.sum(),
            history: fleet.history(),
            activities: fleet.activities().to_vec(),
        })
    }
}

/// What a variant's instances were.
#[derive(Debug)]
pub(crate) struct Bill {
    pub instance_ns: i128,
    pub worker_ns: f64,
    pub history: History,
    pub activities: Vec<Activity>,
}
