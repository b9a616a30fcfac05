//! SageMaker multi-model endpoint [MME]: a real-time endpoint whose instances load models as they are asked for.
//!
//! What becomes of a request is known once it joins the queue of a container; events are left for what changes the
//! state that later requests meet: models that become ready, and ends of requests, which count for routing and hold
//! their model in memory.

mod terms;

use super::real_time::{Arrival, Instance, PAYLOAD_LIMIT, Served};
use super::{Capacity, Infeasible, Server};
use crate::cache::{Cache, Holder, Holders, Slot};
use crate::ledger::{Ledger, Status};
use crate::random::below;
use crate::scaling::{Event, Fleet, Gauges};
use crate::scenario::{Assumptions, Deployment};
use crate::stream::{Block, Needs};
use crate::time::{MINUTE, Ns};
use crate::usage::Meter;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use terms::{Model, Terms};

/// A multi-model endpoint.
#[derive(Debug)]
pub struct MultiModel {
    fleet: Fleet,
    terms: Terms,
    /// By number; None before it is in service, and once it is removed.
    hosts: Vec<Option<Host>>,
    holders: Holders,
    ends: BinaryHeap<Reverse<End>>,
    /// By the instant at which their model is ready, and in order of arrival.
    expected: BTreeMap<(Ns, u64), Expected>,
    /// Requests that were routed so far: what orders the uses of models.
    uses: u64,
    /// When to look again which requests have ended: not at every block, for under overload they are many.
    settle_after: Ns,
}

/// An instance: its models, and its container.
#[derive(Debug)]
struct Host {
    cache: Cache,
    container: Instance,
    /// Requests that wait for a load or a worker, or run.
    requests: u32,
    last_end: Ns,
}

/// From then on a request, or a load, does not need its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct End {
    at: Ns,
    host: u32,
    slot: Slot,
    is_load: bool,
}

/// A request that joins the queue of a container when its model is ready.
#[derive(Clone, Copy, Debug)]
struct Expected {
    request: Arrival,
    host: u32,
    slot: Slot,
}

impl MultiModel {
    /// Whether AWS offers this.
    #[must_use]
    pub fn check(deployment: &Deployment, payload: Option<i64>) -> Option<Infeasible> {
        terms::check(deployment, payload)
    }

    /// An endpoint without a model in memory.
    #[must_use]
    pub fn new(fleet: Fleet, deployment: &Deployment, assumed: &Assumptions, streams: bool) -> Self {
        let drain = if fleet.scales() { fleet.drain() } else { Ns::MAX };
        let mut endpoint = Self {
            terms: Terms::of(deployment, assumed, drain, streams),
            hosts: Vec::new(),
            holders: Holders::default(),
            ends: BinaryHeap::new(),
            expected: BTreeMap::new(),
            uses: 0,
            settle_after: 0,
            fleet,
        };
        for number in endpoint.fleet.in_service().to_vec() {
            endpoint.add(number, 0);
        }
        endpoint
    }

    fn add(&mut self, number: u32, at: Ns) {
        let number = number as usize;
        if number >= self.hosts.len() {
            self.hosts.resize_with(number + 1, || None);
        }
        self.hosts[number] = Some(Host {
            cache: Cache::new(self.terms.memory, self.terms.disk),
            container: Instance::new(self.terms.concurrency, self.terms.speed, at),
            requests: 0,
            last_end: at,
        });
    }

    /// Lives through everything up to and including `until`.
    #[inline]
    fn advance(&mut self, until: Ns, ledger: &mut Ledger) {
        while let Some((&(ready, ordinal), &expected)) = self.expected.first_key_value()
            && ready <= until
        {
            self.expected.remove(&(ready, ordinal));
            self.join(expected, ready, ledger);
        }
        while let Some(&Reverse(end)) = self.ends.peek()
            && end.at <= until
        {
            self.ends.pop();
            self.end(end);
        }
        while self.fleet.next() <= until && self.fleet.next() < Ns::MAX {
            self.change(ledger);
        }
    }

    /// The model of a request is ready.
    fn join(&mut self, expected: Expected, ready: Ns, ledger: &mut Ledger) {
        let Expected { request, host: place, slot } = expected;
        let Some(host) = &mut self.hosts[place as usize] else {
            unreachable!("who was expected on a removed instance joined when it was removed")
        };
        let at = host.serve(ready, &request, &self.terms, ledger);
        self.ends.push(Reverse(End { at, host: place, slot, is_load: false }));
    }

    /// A request, or a load, needs its model no more.
    #[inline]
    fn end(&mut self, end: End) {
        let Some(host) = &mut self.hosts[end.host as usize] else {
            return;
        };
        host.requests -= u32::from(!end.is_load);
        if host.cache.release(end.slot) && !self.terms.keeps_models {
            self.holders.remove(host.cache.discard(end.slot), end.host);
        }
    }

    fn change(&mut self, ledger: &mut Ledger) {
        let at = self.fleet.next();
        match self.fleet.event() {
            Event::Ready => {
                for number in self.fleet.ready() {
                    self.add(number, at);
                }
            }
            Event::Close => self.fleet.close(&Gauges::default()),
            Event::Evaluate | Event::Schedule => {
                for number in self.fleet.evaluate() {
                    self.remove(number, at, ledger);
                }
            }
        }
    }

    /// An instance leaves the service: its models are forgotten, and it finishes what it can.
    fn remove(&mut self, number: u32, at: Ns, ledger: &mut Ledger) {
        let Some(mut host) = self.hosts[number as usize].take() else {
            return;
        };
        for model in host.cache.models() {
            self.holders.remove(model, number);
        }
        self.expected.retain(|&(ready, _), expected| {
            let here = expected.host == number;
            if here {
                host.serve(ready, &expected.request, &self.terms, ledger);
            }
            !here
        });
        let last = at.saturating_add(self.terms.drain);
        host.container.remove(at, last, ledger);
        self.fleet.end(number, last.min(host.last_end.max(at)));
    }

    fn requests(&self, number: u32) -> u32 {
        self.hosts[number as usize].as_ref().map_or(u32::MAX, |host| host.requests)
    }

    /// The instance that a request for a model goes to, and the model on it, if it is there [MME-2].
    #[inline]
    fn route(&self, model: u32, route: u64) -> Option<(u32, Option<Holder>)> {
        let in_service = self.fleet.in_service();
        let holders = self.holders.of(model);
        let Some(&least) = holders.iter().min_by_key(|holder| self.requests(holder.instance)) else {
            let position = below(route, in_service.len() as u64) as usize;
            return in_service.get(position).map(|&number| (number, None));
        };
        if holders.len() < in_service.len() && self.requests(least.instance) >= self.terms.crowded {
            let holds = |number| holders.binary_search_by_key(number, |holder| holder.instance).is_ok();
            let others = in_service.iter().filter(|number| !holds(number));
            return others.min_by_key(|&&number| self.requests(number)).map(|&number| (number, None));
        }
        Some((least.instance, Some(least)))
    }

    /// Begins to load a model [MME-1]; None where it does not fit.
    fn load(&mut self, place: u32, number: u32, model: Model, at: Ns, ledger: &mut Ledger) -> Option<Holder> {
        let host = self.hosts[place as usize].as_mut()?;
        let load = host.cache.load(number, model.bytes, self.uses)?;
        host.cache.hold(load.slot);
        for unloaded in load.unloaded {
            self.holders.remove(unloaded, place);
        }
        let length = if load.was_on_disk { model.from_disk } else { model.from_store };
        let holder = Holder { instance: place, slot: load.slot, ready: at.saturating_add(length) };
        self.holders.add(number, holder);
        self.ends.push(Reverse(End { at: holder.ready, host: place, slot: load.slot, is_load: true }));
        ledger.cache_load(at);
        Some(holder)
    }

    /// Takes a request for a model in, or says why not.
    #[inline]
    fn take(&mut self, request: &Arrival, number: u32, ledger: &mut Ledger) -> Result<(), Status> {
        let at = request.ticket.arrival;
        if request.payload_bytes > PAYLOAD_LIMIT {
            return Err(Status::Refused);
        }
        let model = self.terms.model(number).ok_or(Status::Refused)?;
        let (place, there) = self.route(number, request.route).ok_or(Status::Refused)?;
        self.uses += 1;
        let holder = match there {
            Some(holder) => holder,
            None => self.load(place, number, model, at, ledger).ok_or(Status::Refused)?,
        };
        let Holder { slot, ready, .. } = holder;
        let Some(host) = &mut self.hosts[place as usize] else {
            unreachable!("requests are routed to instances in service")
        };
        host.cache.touch(slot, self.uses);
        if ready - at > self.terms.not_ready_after {
            return Err(Status::Refused);
        }
        self.fleet.arrive(1);
        let is_hit = there.is_some() && ready <= at;
        if is_hit {
            ledger.cache_hit(at);
            if host.container.is_full(at, &self.terms.limits) {
                return Err(Status::Throttled);
            }
        }
        ledger.meter(at, Meter::DataInBytes, request.payload_bytes);
        host.requests += 1;
        host.cache.hold(slot);
        let end = if is_hit {
            host.serve(at, request, &self.terms, ledger)
        } else if let Some(gone) = self.terms.limits.gone_before(ready, request.ticket) {
            host.enter(gone, &self.terms, ledger)
        } else {
            self.expected.insert((ready, request.ticket.ordinal), Expected { request: *request, host: place, slot });
            return Ok(());
        };
        self.ends.push(Reverse(End { at: end, host: place, slot, is_load: false }));
        Ok(())
    }
}

impl Host {
    /// A request joins the queue of the container at `joins`; returns when it ends.
    #[inline]
    fn serve(&mut self, joins: Ns, request: &Arrival, terms: &Terms, ledger: &mut Ledger) -> Ns {
        let served = self.container.serve_from(joins, request, &terms.limits);
        self.enter(served, terms, ledger)
    }

    /// It is known what becomes of a request, as long as the instance lives; returns when it ends.
    #[inline]
    fn enter(&mut self, served: Served, terms: &Terms, ledger: &mut Ledger) -> Ns {
        self.last_end = self.last_end.max(served.finish);
        if served.finish - served.ticket.arrival > terms.drain {
            self.container.keep(served);
        } else {
            served.settle(ledger);
        }
        served.finish
    }
}

impl Server for MultiModel {
    fn needs(&self) -> Needs {
        Needs {
            route: self.hosts.len() != 1 || self.fleet.scales(),
            first_token: self.terms.streams,
            model: true,
            ..Needs::default()
        }
    }

    fn block(&mut self, requests: &Block, ledger: &mut Ledger) {
        let needs = Needs { route: !requests.route.is_empty(), ..self.needs() };
        for row in 0..requests.len() {
            let request = Arrival::of(requests, row, needs);
            self.advance(request.ticket.arrival, ledger);
            if let Err(status) = self.take(&request, requests.model[row], ledger) {
                ledger.fail(request.ticket, status, false);
            }
        }
        if let Some(&last) = requests.arrival.last()
            && last >= self.settle_after
        {
            for host in self.hosts.iter_mut().flatten() {
                host.container.settle_until(last, ledger);
            }
            self.settle_after = last + MINUTE;
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        self.advance(Ns::MAX, ledger);
        for host in self.hosts.iter_mut().flatten() {
            host.container.settle_until(Ns::MAX, ledger);
        }
        self.fleet.bill(ledger);
        let instances = self.fleet.mean_and_peak();
        Capacity {
            instances: Some(instances),
            worker_ns: instances.0 * f64::from(self.terms.concurrency) * ledger.window.length() as f64,
            activities: self.fleet.activities().to_vec(),
        }
    }
}
