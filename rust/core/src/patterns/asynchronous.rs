//! SageMaker Asynchronous Inference [AY]: one queue, in order of arrival [AY-12], pulled by instances with a free slot.

use super::{Capacity, Infeasible, MEGABYTE, Server, too_large, work};
use crate::ledger::{Ledger, Status, Ticket};
use crate::scaling::{Event, Fleet, Gauges, Metric};
use crate::scenario::{self, Deployment, End, Scaling};
use crate::stream::{Block, Carried, Needs};
use crate::time::{Ns, seconds};
use crate::usage::Meter;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Largest payload [AY-1].
const PAYLOAD_LIMIT: i64 = 1_000 * MEGABYTE;

/// An asynchronous endpoint.
#[derive(Debug)]
pub struct Asynchronous {
    fleet: Fleet,
    /// Whether the count follows every arrival and every end of work.
    ideal: bool,
    concurrency: u32,
    speed: f64,
    notifications: bool,
    ttl: Ns,
    timeout: Ns,
    queue: VecDeque<Waiting>,
    in_flight: BinaryHeap<Reverse<Running>>,
    /// A free slot each, by instance number; those of removed instances are passed over.
    free: BinaryHeap<Reverse<u32>>,
    removed: Vec<bool>,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    ticket: Ticket,
    work: Ns,
    payload_bytes: i64,
    response_bytes: i64,
}

/// How the slot becomes free; the order is that of events at equal time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    Completes,
    TimesOut,
    /// Its instance has ended.
    Dropped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Running {
    at: Ns,
    ending: Ending,
    instance: u32,
    ordinal: u64,
    arrival: Ns,
    start: Ns,
    response_bytes: i64,
}

/// What happens next, in the order of events at equal time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    Ending,
    Expiry,
    Fleet,
}

impl Asynchronous {
    /// Whether AWS offers this.
    #[must_use]
    pub fn check(scaling: Option<&Scaling>, payload: Option<i64>) -> Option<Infeasible> {
        let metrics = scaling.into_iter().flat_map(|scaling| &scaling.policies).filter_map(Metric::of);
        let foreign =
            metrics.into_iter().find(|metric| !matches!(metric, Metric::Backlog | Metric::BacklogWithoutCapacity));
        if let Some(metric) = foreign {
            let reason = format!("asynchronous endpoints publish no {}", metric.name());
            return Some(Infeasible::new("AY-8", reason));
        }
        too_large(payload, PAYLOAD_LIMIT, "AY-1")
    }

    /// An endpoint with an empty queue.
    #[must_use]
    pub fn new(fleet: Fleet, deployment: &Deployment, assumed: &scenario::Async) -> Self {
        let Deployment::Async { concurrency, speed, notifications, scaling, .. } = deployment else {
            unreachable!("the caller has matched the pattern")
        };
        let mut endpoint = Self {
            ideal: scaling.as_ref().is_some_and(Scaling::is_ideal),
            concurrency: concurrency.unwrap_or(assumed.concurrency_default),
            speed: *speed,
            notifications: *notifications,
            ttl: seconds(assumed.request_ttl_s),
            timeout: seconds(assumed.invocation_timeout_s),
            queue: VecDeque::new(),
            in_flight: BinaryHeap::new(),
            free: BinaryHeap::new(),
            removed: Vec::new(),
            fleet,
        };
        for number in endpoint.fleet.in_service().to_vec() {
            endpoint.add_instance(number);
        }
        endpoint
    }

    fn add_instance(&mut self, number: u32) {
        // numbers that are still being launched get theirs when they come into service
        self.removed.resize(self.removed.len().max(number as usize + 1), false);
        self.free.extend(std::iter::repeat_n(Reverse(number), self.concurrency as usize));
    }

    fn next(&self) -> Option<(Ns, Next)> {
        let ending = self.in_flight.peek().map(|Reverse(running)| match running.ending {
            // an instance ends after what it was still allowed to finish, and after expiries
            Ending::Dropped => (running.at, Next::Fleet),
            Ending::Completes | Ending::TimesOut => (running.at, Next::Ending),
        });
        let expiry = self.queue.front().map(|head| (head.ticket.arrival.saturating_add(self.ttl), Next::Expiry));
        let fleet = Some((self.fleet.next(), Next::Fleet)).filter(|&(at, _)| at < Ns::MAX);
        [ending, expiry, fleet].into_iter().flatten().min()
    }

    /// Lives through everything up to and including `until`.
    fn advance(&mut self, until: Ns, ledger: &mut Ledger) {
        while let Some((at, next)) = self.next()
            && at <= until
        {
            match next {
                Next::Ending => self.end_first(ledger),
                Next::Expiry => {
                    if let Some(head) = self.queue.pop_front() {
                        let in_time = at <= ledger.window.last_finish();
                        ledger.fail(head.ticket, if in_time { Status::Expired } else { Status::Unfinished }, false);
                        if in_time {
                            self.notify(head.ticket.arrival, ledger);
                        }
                    }
                }
                Next::Fleet if self.in_flight.peek().is_some_and(|Reverse(running)| running.at == at) => {
                    self.end_first(ledger);
                }
                Next::Fleet => self.change(at, ledger),
            }
        }
    }

    fn change(&mut self, at: Ns, ledger: &mut Ledger) {
        match self.fleet.event() {
            Event::Ready => {
                for number in self.fleet.ready() {
                    self.add_instance(number);
                }
                self.pull(at, ledger);
            }
            Event::Close => {
                let (waiting, processing) = (self.queue.len() as u64, self.in_flight.len() as u64);
                let gauges = Gauges { waiting, processing, ..Gauges::default() };
                self.fleet.close(&gauges);
            }
            Event::Evaluate | Event::Schedule => {
                let removed = self.fleet.evaluate();
                if !removed.is_empty() {
                    self.remove(&removed, at);
                }
            }
        }
    }

    fn remove(&mut self, numbers: &[u32], at: Ns) {
        let last = at + self.fleet.drain();
        for &number in numbers {
            self.removed[number as usize] = true;
        }
        let mut ends = vec![at; numbers.len()];
        let running = std::mem::take(&mut self.in_flight).into_vec();
        for Reverse(mut running) in running {
            if let Some(which) = numbers.iter().position(|&number| number == running.instance) {
                if running.at > last {
                    running.at = last;
                    running.ending = Ending::Dropped;
                }
                ends[which] = ends[which].max(running.at);
            }
            self.in_flight.push(Reverse(running));
        }
        for (&number, end) in numbers.iter().zip(ends) {
            self.fleet.end(number, end);
        }
    }

    /// The first to end does, and its slot takes the head of the queue.
    fn end_first(&mut self, ledger: &mut Ledger) {
        let Some(Reverse(ended)) = self.in_flight.pop() else {
            return;
        };
        let Running { at, ending, instance, ordinal, arrival, start, response_bytes } = ended;
        let ticket = Ticket { ordinal, arrival };
        ledger.work(start, at);
        if at > ledger.window.last_finish() || ending == Ending::Dropped {
            ledger.fail(ticket, Status::Unfinished, false);
        } else if ending == Ending::TimesOut {
            self.notify(arrival, ledger);
            ledger.cut_off(ticket, Some(start), at, false);
        } else {
            ledger.meter(arrival, Meter::DataOutBytes, response_bytes);
            ledger.meter(arrival, Meter::S3PutRequests, 1);
            self.notify(arrival, ledger);
            ledger.complete(ticket, start, at, false);
        }
        if !self.removed[instance as usize] {
            self.free.push(Reverse(instance));
            self.pull(at, ledger);
        }
        if ending != Ending::Dropped {
            self.fit(at, ledger);
        }
    }

    /// Brings the count to what is needed now, under the policy `ideal`.
    fn fit(&mut self, at: Ns, ledger: &Ledger) {
        if !self.ideal || at >= ledger.window.horizon {
            return;
        }
        let backlog = self.queue.len() + self.in_flight.len();
        let busy: Vec<u32> = self.in_flight.iter().map(|Reverse(running)| running.instance).collect();
        let needed = backlog.div_ceil(self.concurrency as usize) as u32;
        let removed = self.fleet.fit(at, needed, |number| !busy.contains(&number));
        self.remove(&removed, at);
    }

    /// A message for what ended, answered or not [AY-5].
    fn notify(&self, arrival: Ns, ledger: &mut Ledger) {
        if self.notifications {
            ledger.meter(arrival, Meter::SnsNotifications, 1);
        }
    }

    /// Free slots take what waits.
    fn pull(&mut self, at: Ns, ledger: &mut Ledger) {
        while !self.queue.is_empty()
            && let Some(Reverse(instance)) = self.free.pop()
        {
            if self.removed[instance as usize] {
                continue;
            }
            let Some(head) = self.queue.pop_front() else {
                return;
            };
            let Waiting { ticket, work, payload_bytes, response_bytes } = head;
            if at < ledger.window.last_finish() {
                ledger.meter(ticket.arrival, Meter::DataInBytes, payload_bytes);
            }
            let (length, ending) =
                if work > self.timeout { (self.timeout, Ending::TimesOut) } else { (work, Ending::Completes) };
            self.in_flight.push(Reverse(Running {
                at: at + length,
                ending,
                instance,
                ordinal: ticket.ordinal,
                arrival: ticket.arrival,
                start: at,
                response_bytes,
            }));
        }
    }
}

impl Server for Asynchronous {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn block(&mut self, requests: &Block, ledger: &mut Ledger) {
        for row in 0..requests.len() {
            let ticket = Ticket { ordinal: requests.ordinal[row], arrival: requests.arrival[row] };
            self.advance(ticket.arrival, ledger);
            let payload_bytes = requests.carried(Carried::PayloadBytes, row);
            if payload_bytes > PAYLOAD_LIMIT {
                ledger.fail(ticket, Status::Refused, false);
                continue;
            }
            self.queue.push_back(Waiting {
                ticket,
                work: work(requests.service[row], self.speed),
                payload_bytes,
                response_bytes: requests.carried(Carried::ResponseBytes, row),
            });
            self.pull(ticket.arrival, ledger);
            self.fit(ticket.arrival, ledger);
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        self.advance(Ns::MAX - 1, ledger);
        debug_assert!(ledger.window.end == End::Cut || self.queue.is_empty());
        self.fleet.bill(ledger);
        let instances = self.fleet.mean_and_peak();
        Capacity {
            instances: Some(instances),
            worker_ns: instances.0 * f64::from(self.concurrency) * ledger.window.length() as f64,
            activities: self.fleet.activities().to_vec(),
        }
    }
}
