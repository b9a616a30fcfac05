//! SageMaker real-time endpoint [RT, Q, AS].

use super::{Capacity, Infeasible, MEGABYTE, Server, too_large, work};
use crate::ledger::{Ledger, Status, Ticket};
use crate::queue::Workers;
use crate::random::below;
use crate::scaling::{Event, Fleet, Gauges, History};
use crate::scenario::{self, Policy, Scaling, StepMetric, TrackingMetric};
use crate::stream::{Block, Carried, Needs};
use crate::time::{MINUTE, Ns, seconds};
use crate::usage::Meter;
use std::collections::VecDeque;

/// Largest payload [RT-1].
pub(super) const PAYLOAD_LIMIT: i64 = 25 * MEGABYTE;

/// A real-time endpoint.
#[derive(Debug)]
pub struct RealTime {
    capacity: Source,
    /// By number; empty once removed and drained.
    instances: Vec<Instance>,
    concurrency: usize,
    speed: f64,
    timeout: Ns,
    queue_limit: Option<usize>,
    /// A request with a longer latency may be cut by the removal of its instance, and is settled later.
    drain: Ns,
    /// When to look again which of those have finished: not at every block, for under overload they are many.
    settle_after: Ns,
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

#[derive(Debug)]
struct Instance {
    workers: Workers,
    /// Starts still ahead; kept only under a queue limit.
    starts: VecDeque<Ns>,
    slow: Vec<Slow>,
}

/// A request whose fate depends on whether its instance lives.
#[derive(Clone, Copy, Debug)]
struct Slow {
    ticket: Ticket,
    start: Ns,
    finish: Ns,
    response_bytes: i64,
}

impl RealTime {
    /// Whether AWS offers this.
    #[must_use]
    pub fn check(instance_type: &str, scaling: Option<&Scaling>, payload: Option<i64>) -> Option<Infeasible> {
        if let Some(scaling) = scaling {
            if scaling.min == 0 {
                let reason = "a real-time endpoint keeps at least one instance; `min` is 0".to_owned();
                return Some(Infeasible::new("AS-3", reason));
            }
            if instance_type.starts_with("ml.t2.") {
                return Some(Infeasible::new("AS-19", format!("{instance_type} is burstable and cannot be scaled")));
            }
            let foreign = scaling.policies.iter().any(|policy| {
                matches!(
                    policy,
                    Policy::TargetTracking { metric: TrackingMetric::BacklogPerInstance, .. }
                        | Policy::Step { metric: StepMetric::HasBacklogWithoutCapacity, .. }
                )
            });
            if foreign {
                let reason = "backlog metrics are published for asynchronous endpoints only".to_owned();
                return Some(Infeasible::new("AY-7", reason));
            }
        }
        too_large(payload, PAYLOAD_LIMIT, "RT-1")
    }

    /// An endpoint whose fleet lives by its own metrics.
    #[must_use]
    pub fn new(fleet: Fleet, concurrency: u32, speed: f64, assumed: &scenario::RealTime) -> Self {
        let count = fleet.in_service().len();
        let drain = if fleet.scales() { fleet.drain() } else { Ns::MAX };
        Self::with(Source::Fleet(Box::new(fleet)), count, 0, concurrency, speed, assumed, drain)
    }

    /// An endpoint whose count in service is replayed from `at` as another run found it.
    #[must_use]
    pub fn replay(
        history: &History,
        at: Ns,
        concurrency: u32,
        speed: f64,
        assumed: &scenario::RealTime,
        drain: Ns,
    ) -> Self {
        let (count, changes) = (history.count(at), history.after(at));
        let drain = if changes.is_empty() { Ns::MAX } else { drain };
        let source = Source::Replay { changes, in_service: (0..count).collect() };
        Self::with(source, count as usize, at, concurrency, speed, assumed, drain)
    }

    fn with(
        capacity: Source,
        count: usize,
        at: Ns,
        concurrency: u32,
        speed: f64,
        assumed: &scenario::RealTime,
        drain: Ns,
    ) -> Self {
        let mut endpoint = Self {
            capacity,
            instances: Vec::new(),
            concurrency: concurrency as usize,
            speed,
            timeout: seconds(assumed.timeout_s),
            queue_limit: assumed.container_queue_limit.map(|limit| limit as usize),
            drain,
            settle_after: at,
        };
        endpoint.add_instances(count, at);
        endpoint
    }

    fn add_instances(&mut self, count: usize, at: Ns) {
        let instance =
            || Instance { workers: Workers::new(self.concurrency, at), starts: VecDeque::new(), slow: Vec::new() };
        self.instances.extend(std::iter::repeat_with(instance).take(count));
    }

    fn next_event(&self) -> Ns {
        match &self.capacity {
            Source::Fleet(fleet) => fleet.next(),
            Source::Replay { changes, .. } => changes.front().map_or(Ns::MAX, |&(at, _)| at),
        }
    }

    /// Lives through everything up to and including `until`.
    fn advance(&mut self, until: Ns, ledger: &mut Ledger) {
        while self.next_event() <= until && self.next_event() < Ns::MAX {
            let at = self.next_event();
            match &mut self.capacity {
                Source::Fleet(fleet) => match fleet.event() {
                    Event::Ready => {
                        let count = fleet.ready().len();
                        self.add_instances(count, at);
                    }
                    Event::Close => fleet.close(Gauges::default()),
                    Event::Evaluate => {
                        for number in fleet.evaluate() {
                            self.remove(number, at, ledger);
                        }
                    }
                },
                Source::Replay { changes, in_service } => match changes.pop_front() {
                    Some((_, change)) if change > 0 => {
                        in_service.push(self.instances.len() as u32);
                        self.add_instances(1, at);
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
        let instance = &mut self.instances[number as usize];
        let end = last.min(instance.workers.last_free().max(at));
        for slow in std::mem::take(&mut instance.slow) {
            if slow.finish > last {
                ledger.work(slow.start, last.max(slow.start));
                ledger.fail(slow.ticket, Status::Unfinished, false);
            } else {
                settle(slow, self.timeout, ledger);
            }
        }
        if let Source::Fleet(fleet) = &mut self.capacity {
            fleet.end(number, end);
        }
    }

    /// Settles the slow requests that have finished, so that few are kept.
    fn settle_until(&mut self, at: Ns, ledger: &mut Ledger) {
        for instance in &mut self.instances {
            instance.slow.retain(|slow| {
                let finished = slow.finish <= at;
                if finished {
                    settle(*slow, self.timeout, ledger);
                }
                !finished
            });
        }
    }
}

fn settle(slow: Slow, timeout: Ns, ledger: &mut Ledger) {
    let Slow { ticket, start, finish, response_bytes } = slow;
    ledger.work(start, finish);
    if finish > ledger.window.last_finish() {
        ledger.fail(ticket, Status::Unfinished, false);
    } else if finish - ticket.arrival > timeout {
        ledger.cut_off(ticket, Some(start), finish, false);
    } else {
        ledger.meter(ticket.arrival, Meter::DataOutBytes, response_bytes);
        ledger.complete(ticket, start, finish, false);
    }
}

impl Server for RealTime {
    fn needs(&self) -> Needs {
        Needs { route: self.instances.len() != 1 || self.next_event() < Ns::MAX, ..Needs::default() }
    }

    fn block(&mut self, requests: &Block, ledger: &mut Ledger) {
        let mut next_event = self.next_event();
        for row in 0..requests.len() {
            let ticket = Ticket { ordinal: requests.ordinal[row], arrival: requests.arrival[row] };
            let at = ticket.arrival;
            if at >= next_event {
                self.advance(at, ledger);
                next_event = self.next_event();
            }
            let payload = requests.carried(Carried::PayloadBytes, row);
            if payload > PAYLOAD_LIMIT {
                ledger.fail(ticket, Status::Refused, false);
                continue;
            }
            let in_service = match &mut self.capacity {
                Source::Fleet(fleet) => {
                    fleet.arrive(1);
                    fleet.in_service()
                }
                Source::Replay { in_service, .. } => in_service,
            };
            let number = match in_service {
                [] => {
                    ledger.fail(ticket, Status::Refused, false);
                    continue;
                }
                [only] => *only,
                many => many[below(requests.route[row], many.len() as u64) as usize],
            };
            let instance = &mut self.instances[number as usize];
            if let Some(limit) = self.queue_limit {
                while instance.starts.front().is_some_and(|&start| start <= at) {
                    instance.starts.pop_front();
                }
                if instance.workers.first_free() > at && instance.starts.len() >= limit {
                    ledger.fail(ticket, Status::Throttled, false);
                    continue;
                }
            }
            let work = work(requests.service[row], self.speed);
            let start = instance.workers.serve(at, work);
            if self.queue_limit.is_some() {
                instance.starts.push_back(start);
            }
            ledger.meter(at, Meter::DataInBytes, payload);
            let response_bytes = requests.carried(Carried::ResponseBytes, row);
            let served = Slow { ticket, start, finish: start.saturating_add(work), response_bytes };
            if served.finish - at > self.drain {
                instance.slow.push(served);
            } else {
                settle(served, self.timeout, ledger);
            }
        }
        if let Some(&last) = requests.arrival.last()
            && last >= self.settle_after
        {
            self.settle_until(last, ledger);
            self.settle_after = last + MINUTE;
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        self.advance(Ns::MAX, ledger);
        self.settle_until(Ns::MAX, ledger);
        let Source::Fleet(fleet) = &self.capacity else {
            return Capacity::default();
        };
        let instances = fleet.bill(ledger);
        Capacity {
            instances: Some(instances),
            worker_ns: instances.0 * self.concurrency as f64 * ledger.window.length() as f64,
            activities: fleet.activities().to_vec(),
        }
    }
}
