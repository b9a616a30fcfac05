//! The containers behind one router: who gets a request, and what becomes of it there.

use super::Arrival;
use super::containers::Containers;
use super::instance::{End, Instance, Limits};
use crate::ledger::{Ledger, Status};
use crate::random::below;
use crate::scenario::{Policy, Routing, Scaling, StepMetric, TrackingMetric};
use crate::time::{MINUTE, Ns};
use crate::usage::Meter;

/// Workers and speed of a container.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Worker {
    pub concurrency: u32,
    pub speed: f64,
}

/// How requests are given to containers.
#[derive(Clone, Copy, Debug)]
enum Router {
    Random,
    LeastOutstanding,
    PrefixAware { threshold: u32 },
}

/// Containers that take the same requests: of the instances of a variant, or of the copies of a component.
#[derive(Debug)]
pub(crate) struct Group {
    /// By number; empty once removed and drained.
    instances: Vec<Instance>,
    router: Router,
    limits: Limits,
    /// Kept only where the routing or a metric looks.
    containers: Option<Containers>,
    /// A request with a longer latency may be cut by the removal of its container, and is settled later.
    drain: Ns,
    /// When to look again which of those have finished: not at every block, for under overload they are many.
    settle_after: Ns,
}

impl Group {
    /// No container yet; `threshold` is that of prefix-aware routing, and a removed container has `drain` to finish
    /// what it has.
    pub(crate) fn new(
        routing: Routing,
        threshold: Option<u32>,
        scaling: Option<&Scaling>,
        limits: Limits,
        drain: Ns,
        at: Ns,
    ) -> Self {
        let router = match (routing, threshold) {
            (Routing::Random, _) => Router::Random,
            (Routing::PrefixAware, Some(threshold)) => Router::PrefixAware { threshold },
            (Routing::LeastOutstanding | Routing::PrefixAware, _) => Router::LeastOutstanding,
        };
        let watched = scaling.is_some_and(|scaling| scaling.policies.iter().any(watches_containers));
        let containers = (watched || !matches!(router, Router::Random)).then(Containers::default);
        Self { instances: Vec::new(), router, limits, containers, drain, settle_after: at }
    }

    /// Whether which container of several a request goes to takes random bits.
    pub(crate) fn draws_route(&self) -> bool {
        matches!(self.router, Router::Random)
    }

    /// Whether it takes the beginning of a request's prompt.
    pub(crate) fn draws_prefix(&self) -> bool {
        matches!(self.router, Router::PrefixAware { .. })
    }

    /// How many containers there ever were.
    pub(crate) fn len(&self) -> usize {
        self.instances.len()
    }

    /// Container `number` comes into service.
    pub(crate) fn add(&mut self, number: u32, worker: Worker, at: Ns) {
        let Worker { concurrency, speed } = worker;
        while self.instances.len() <= number as usize {
            // numbers that are still being launched get theirs when they come into service
            self.instances.push(Instance::new(concurrency, speed, at));
        }
        self.instances[number as usize] = Instance::new(concurrency, speed, at);
        if let Some(containers) = &mut self.containers {
            containers.add(number);
        }
    }

    /// Container `number` takes nothing more; returns when it ends, and how.
    pub(crate) fn remove(&mut self, number: u32, at: Ns, ledger: &mut Ledger) -> (Ns, End) {
        if let Some(containers) = &mut self.containers {
            containers.remove(number);
        }
        self.instances[number as usize].remove(at, at.saturating_add(self.drain), ledger)
    }

    /// Requests in the containers in service at `at`; 0 where nothing looks.
    pub(crate) fn outstanding(&mut self, at: Ns) -> u64 {
        self.containers.as_mut().map_or(0, |containers| {
            containers.advance(at);
            containers.total()
        })
    }

    /// Takes a request that has passed the door, for one of the containers `in_service`.
    #[expect(clippy::inline_always, reason = "one step of the loop over requests; two callers keep it out of it")]
    #[inline(always)]
    pub(crate) fn take(&mut self, request: &Arrival, in_service: &[u32], ledger: &mut Ledger) {
        let at = request.ticket.arrival;
        if let Some(containers) = &mut self.containers {
            containers.advance(at);
        }
        let Some(position) = self.route(request, in_service.len()) else {
            ledger.fail(request.ticket, Status::Refused, false);
            return;
        };
        let instance = &mut self.instances[in_service[position] as usize];
        if instance.is_full(at, &self.limits) {
            ledger.fail(request.ticket, Status::Throttled, false);
            return;
        }
        ledger.meter(at, Meter::DataInBytes, request.payload_bytes);
        let leaves = instance.take(request, &self.limits, self.drain, ledger);
        if let Some(containers) = &mut self.containers {
            containers.enter(position, leaves);
        }
    }

    /// Position of the container that gets a request, of `count` in service; None where there is none.
    #[inline]
    fn route(&self, request: &Arrival, count: usize) -> Option<usize> {
        match (count, self.router, &self.containers) {
            (0, ..) => None,
            (1, ..) => Some(0),
            (_, Router::Random, _) | (_, _, None) => Some(below(request.route, count as u64) as usize),
            (_, Router::LeastOutstanding, Some(containers)) => Some(containers.least()),
            (_, Router::PrefixAware { threshold }, Some(containers)) => {
                let home = below(request.prefix, count as u64) as usize;
                Some(if containers.count(home) < threshold { home } else { containers.least() })
            }
        }
    }

    /// Settles the requests that have left by `at`, now and then, so that few are kept.
    pub(crate) fn tidy(&mut self, at: Ns, ledger: &mut Ledger) {
        if at >= self.settle_after {
            self.settle_until(at, ledger);
            self.settle_after = at + MINUTE;
        }
    }

    /// Settles the requests that have left by `at`.
    pub(crate) fn settle_until(&mut self, at: Ns, ledger: &mut Ledger) {
        for instance in &mut self.instances {
            instance.settle_until(at, ledger);
        }
    }
}

fn watches_containers(policy: &Policy) -> bool {
    matches!(
        policy,
        Policy::TargetTracking { metric: TrackingMetric::ConcurrentRequests, .. }
            | Policy::Step { metric: StepMetric::ConcurrentRequests, .. }
    )
}
