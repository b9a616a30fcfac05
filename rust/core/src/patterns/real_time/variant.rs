//! One production variant, or a shadow: instances of its own, and who gets which request.

use super::Arrival;
use super::containers::Containers;
use super::instance::{Instance, Limits};
use crate::ledger::{Ledger, Status};
use crate::random::below;
use crate::scaling::{Activity, Event, Fleet, Gauges, History};
use crate::scenario::{self, Policy, Routing, StepMetric, TrackingMetric};
use crate::time::{MINUTE, Ns};
use crate::usage::Meter;
use std::collections::VecDeque;

/// Workers and speed of the instances of one pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Worker {
    pub concurrency: u32,
    pub speed: f64,
}

/// How requests are given to instances.
#[derive(Clone, Copy, Debug)]
enum Router {
    Random,
    LeastOutstanding,
    PrefixAware { threshold: u32 },
}

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
    /// By number; empty once removed and drained.
    instances: Vec<Instance>,
    router: Router,
    limits: Limits,
    /// Kept only where the routing or a metric looks.
    containers: Option<Containers>,
    /// A request with a longer latency may be cut by the removal of its instance, and is settled later.
    drain: Ns,
    /// When to look again which of those have finished: not at every block, for under overload they are many.
    settle_after: Ns,
}

impl Variant {
    /// A variant whose fleet lives by its own metrics.
    pub(crate) fn new(fleet: Fleet, workers: Vec<Worker>, variant: &scenario::Variant, limits: Limits, at: Ns) -> Self {
        let drain = if fleet.scales() { fleet.drain() } else { Ns::MAX };
        let numbers = fleet.in_service().to_vec();
        let watched = variant.scaling.iter().flat_map(|scaling| &scaling.policies).any(watches_containers);
        let mut opened = Self::with(Source::Fleet(Box::new(fleet)), workers, variant, limits, drain, at);
        if watched {
            opened.containers.get_or_insert_default();
        }
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

    fn with(
        source: Source,
        workers: Vec<Worker>,
        variant: &scenario::Variant,
        limits: Limits,
        drain: Ns,
        at: Ns,
    ) -> Self {
        let (router, containers) = match (variant.routing, variant.prefix_concurrency_threshold) {
            (Routing::Random, _) => (Router::Random, None),
            (Routing::PrefixAware, Some(threshold)) => (Router::PrefixAware { threshold }, Some(Containers::default())),
            (Routing::LeastOutstanding | Routing::PrefixAware, _) => {
                (Router::LeastOutstanding, Some(Containers::default()))
            }
        };
        Self { source, workers, instances: Vec::new(), router, limits, containers, drain, settle_after: at }
    }

    /// Whether which instance a request goes to takes random bits.
    pub(crate) fn draws_route(&self) -> bool {
        matches!(self.router, Router::Random) && (self.instances.len() != 1 || self.next_event() < Ns::MAX)
    }

    /// Whether which instance a request goes to takes the beginning of its prompt.
    pub(crate) fn draws_prefix(&self) -> bool {
        matches!(self.router, Router::PrefixAware { .. })
    }

    fn add(&mut self, number: u32, at: Ns) {
        let pool = match &self.source {
            Source::Fleet(fleet) => fleet.pool(number),
            Source::Replay { .. } => 0,
        };
        let Worker { concurrency, speed } = self.workers[pool];
        while self.instances.len() <= number as usize {
            // numbers that are still being launched get theirs when they come into service
            self.instances.push(Instance::new(concurrency, speed, at));
        }
        self.instances[number as usize] = Instance::new(concurrency, speed, at);
        if let Some(containers) = &mut self.containers {
            containers.add(number);
        }
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
            if let Some(containers) = &mut self.containers {
                containers.advance(at);
            }
            let outstanding = self.containers.as_ref().map_or(0, Containers::total);
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
                        let number = self.instances.len() as u32;
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
        let last = at.saturating_add(self.drain);
        let end = self.instances[number as usize].remove(at, last, ledger);
        if let Some(containers) = &mut self.containers {
            containers.remove(number);
        }
        if let Source::Fleet(fleet) = &mut self.source {
            fleet.end(number, end);
        }
    }

    /// Takes a request that has passed the door; `advance` has been called for its arrival.
    #[inline]
    pub(crate) fn take(&mut self, request: &Arrival, ledger: &mut Ledger) {
        let at = request.ticket.arrival;
        if let Source::Fleet(fleet) = &mut self.source {
            fleet.arrive(1);
        }
        if let Some(containers) = &mut self.containers {
            containers.advance(at);
        }
        let Some((position, number)) = self.route(request) else {
            ledger.fail(request.ticket, Status::Refused, false);
            return;
        };
        let instance = &mut self.instances[number as usize];
        if instance.is_full(at, &self.limits) {
            ledger.fail(request.ticket, Status::Throttled, false);
            return;
        }
        let served = instance.serve(request, &self.limits);
        ledger.meter(at, Meter::DataInBytes, request.payload_bytes);
        if served.finish - at > self.drain {
            instance.keep(served);
        } else {
            served.settle(ledger);
        }
        if let Some(containers) = &mut self.containers {
            containers.enter(position, served.finish);
        }
    }

    /// Position and number of the instance that gets a request; None where none is in service.
    #[inline]
    fn route(&self, request: &Arrival) -> Option<(usize, u32)> {
        let in_service = self.source.in_service();
        let position = match (in_service, self.router, &self.containers) {
            ([], ..) => return None,
            ([_], ..) => 0,
            (many, Router::Random, _) | (many, _, None) => below(request.route, many.len() as u64) as usize,
            (_, Router::LeastOutstanding, Some(containers)) => containers.least(),
            (many, Router::PrefixAware { threshold }, Some(containers)) => {
                let home = below(request.prefix, many.len() as u64) as usize;
                if containers.count(home) < threshold { home } else { containers.least() }
            }
        };
        Some((position, in_service[position]))
    }

    /// Settles the requests that have left by `at`, now and then, so that few are kept.
    pub(crate) fn tidy(&mut self, at: Ns, ledger: &mut Ledger) {
        if at >= self.settle_after {
            self.settle_until(at, ledger);
            self.settle_after = at + MINUTE;
        }
    }

    /// No more arrivals.
    pub(crate) fn finish(&mut self, ledger: &mut Ledger) {
        self.advance(Ns::MAX, ledger);
        self.settle_until(Ns::MAX, ledger);
    }

    fn settle_until(&mut self, at: Ns, ledger: &mut Ledger) {
        for instance in &mut self.instances {
            instance.settle_until(at, ledger);
        }
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

fn watches_containers(policy: &Policy) -> bool {
    matches!(
        policy,
        Policy::TargetTracking { metric: TrackingMetric::ConcurrentRequests, .. }
            | Policy::Step { metric: StepMetric::ConcurrentRequests, .. }
    )
}
