//! SageMaker multi-model endpoint [MME]: a real-time endpoint whose instances load models as they are asked for.
//!
//! What becomes of a request is known once it joins the queue of a container; events are left for what changes the
//! state that later requests meet: models that become ready, and ends of requests, which count for routing and hold
//! their model in memory.

mod instance;
mod terms;

use super::real_time::PAYLOAD_LIMIT;
use super::{Capacity, Infeasible, Server, work};
use crate::cache::{Holder, Holders, Slot};
use crate::ledger::{Ledger, Status, Ticket};
use crate::random::below;
use crate::scaling::{Event, Fleet, Gauges};
use crate::scenario::{Assumptions, Deployment};
use crate::stream::{Block, Carried, Needs};
use crate::time::{MINUTE, Ns};
use crate::usage::Meter;
use instance::{Instance, Request};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use terms::{Model, Terms};

/// A multi-model endpoint.
#[derive(Debug)]
pub struct MultiModel {
    fleet: Fleet,
    terms: Terms,
    /// By number; None before it is in service, and once it is removed.
    instances: Vec<Option<Instance>>,
    holders: Holders,
    ends: BinaryHeap<Reverse<End>>,
    expected: BinaryHeap<Reverse<Expected>>,
    /// Requests that were routed so far: what orders the uses of models.
    uses: u64,
    /// When to look again which slow requests have ended: not at every block, for under overload they are many.
    settle_after: Ns,
}

/// From then on a request, or a load, does not need its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct End {
    at: Ns,
    instance: u32,
    slot: Slot,
    is_load: bool,
}

/// A request that joins the queue of the container when its model is ready; those of one instant in order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Expected {
    ready: Ns,
    ordinal: u64,
    arrival: Ns,
    instance: u32,
    slot: Slot,
    work: Ns,
    response_bytes: i64,
}

impl MultiModel {
    /// Whether AWS offers this.
    #[must_use]
    pub fn check(deployment: &Deployment, payload: Option<i64>) -> Option<Infeasible> {
        terms::check(deployment, payload)
    }

    /// An endpoint without a model in memory.
    #[must_use]
    pub fn new(fleet: Fleet, deployment: &Deployment, assumed: &Assumptions) -> Self {
        let drain = if fleet.scales() { fleet.drain() } else { Ns::MAX };
        let mut endpoint = Self {
            terms: Terms::of(deployment, assumed, drain),
            instances: Vec::new(),
            holders: Holders::default(),
            ends: BinaryHeap::new(),
            expected: BinaryHeap::new(),
            uses: 0,
            settle_after: 0,
            fleet,
        };
        for number in endpoint.fleet.in_service().to_vec() {
            endpoint.add_instance(number, 0);
        }
        endpoint
    }

    fn add_instance(&mut self, number: u32, at: Ns) {
        let number = number as usize;
        if number >= self.instances.len() {
            self.instances.resize_with(number + 1, || None);
        }
        self.instances[number] = Some(Instance::new(&self.terms, at));
    }

    /// Lives through everything up to and including `until`.
    #[inline]
    fn advance(&mut self, until: Ns, ledger: &mut Ledger) {
        while let Some(&Reverse(expected)) = self.expected.peek()
            && expected.ready <= until
        {
            self.expected.pop();
            self.join(expected, ledger);
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
    fn join(&mut self, expected: Expected, ledger: &mut Ledger) {
        let Some(instance) = &mut self.instances[expected.instance as usize] else {
            unreachable!("who is expected on a removed instance joined when it was removed")
        };
        let at = expected.joins(instance, &self.terms, ledger);
        self.ends.push(Reverse(End { at, instance: expected.instance, slot: expected.slot, is_load: false }));
    }

    /// A request, or a load, needs its model no more.
    #[inline]
    fn end(&mut self, end: End) {
        let Some(instance) = &mut self.instances[end.instance as usize] else {
            return;
        };
        instance.requests -= u32::from(!end.is_load);
        if instance.cache.release(end.slot) && !self.terms.keeps_models {
            self.holders.remove(instance.cache.discard(end.slot), end.instance);
        }
    }

    fn change(&mut self, ledger: &mut Ledger) {
        let at = self.fleet.next();
        match self.fleet.event() {
            Event::Ready => {
                for number in self.fleet.ready() {
                    self.add_instance(number, at);
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
        let Some(mut instance) = self.instances[number as usize].take() else {
            return;
        };
        for model in instance.cache.models() {
            self.holders.remove(model, number);
        }
        let (mut here, elsewhere): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.expected).into_iter().partition(|Reverse(expected)| expected.instance == number);
        self.expected = elsewhere.into();
        here.sort_unstable_by_key(|&Reverse(expected)| expected);
        for Reverse(expected) in here {
            expected.joins(&mut instance, &self.terms, ledger);
        }
        self.fleet.end(number, instance.retire(at, &self.terms, ledger));
    }

    fn requests(&self, number: u32) -> u32 {
        self.instances[number as usize].as_ref().map_or(u32::MAX, |instance| instance.requests)
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
        let instance = self.instances[place as usize].as_mut()?;
        let load = instance.cache.load(number, model.bytes, self.uses)?;
        instance.cache.hold(load.slot);
        for unloaded in load.unloaded {
            self.holders.remove(unloaded, place);
        }
        let length = if load.was_on_disk { model.from_disk } else { model.from_store };
        let holder = Holder { instance: place, slot: load.slot, ready: at.saturating_add(length) };
        self.holders.add(number, holder);
        self.ends.push(Reverse(End { at: holder.ready, instance: place, slot: load.slot, is_load: true }));
        ledger.cache_load(at);
        Some(holder)
    }

    /// Takes a request in, or says why not.
    #[inline]
    fn take(&mut self, requests: &Block, row: usize, ledger: &mut Ledger) -> Result<(), Status> {
        let ticket = Ticket { ordinal: requests.ordinal[row], arrival: requests.arrival[row] };
        let at = ticket.arrival;
        let number = requests.model[row];
        let payload_bytes = requests.carried(Carried::PayloadBytes, row);
        let model = self.terms.model(number).filter(|_| payload_bytes <= PAYLOAD_LIMIT).ok_or(Status::Refused)?;
        let route = requests.route.get(row).copied().unwrap_or_default();
        let (place, there) = self.route(number, route).ok_or(Status::Refused)?;
        self.uses += 1;
        let (holder, is_hit) = match there {
            Some(holder) => (holder, holder.ready <= at),
            None => (self.load(place, number, model, at, ledger).ok_or(Status::Refused)?, false),
        };
        let Some(instance) = &mut self.instances[place as usize] else {
            unreachable!("requests are routed to instances in service")
        };
        if there.is_some() {
            instance.cache.touch(holder.slot, self.uses);
        }
        if holder.ready - at > self.terms.not_ready_after {
            return Err(Status::Refused);
        }
        self.fleet.arrive(1);
        if is_hit {
            ledger.cache_hit(at);
            if instance.is_full(at, &self.terms) {
                return Err(Status::Throttled);
            }
        }
        ledger.meter(at, Meter::DataInBytes, payload_bytes);
        instance.requests += 1;
        instance.cache.hold(holder.slot);
        let work = work(requests.service[row], self.terms.speed);
        let response_bytes = requests.carried(Carried::ResponseBytes, row);
        if is_hit {
            let end = instance.join(Request { ticket, work, response_bytes }, at, &self.terms, ledger);
            self.ends.push(Reverse(End { at: end, instance: place, slot: holder.slot, is_load: false }));
        } else {
            instance.expected += 1;
            self.expected.push(Reverse(Expected {
                ready: holder.ready,
                ordinal: ticket.ordinal,
                arrival: at,
                instance: place,
                slot: holder.slot,
                work,
                response_bytes,
            }));
        }
        Ok(())
    }
}

impl Expected {
    /// Joins the queue of its container; returns when it ends.
    fn joins(self, instance: &mut Instance, terms: &Terms, ledger: &mut Ledger) -> Ns {
        instance.expected -= 1;
        let ticket = Ticket { ordinal: self.ordinal, arrival: self.arrival };
        let request = Request { ticket, work: self.work, response_bytes: self.response_bytes };
        instance.join(request, self.ready, terms, ledger)
    }
}

impl Server for MultiModel {
    fn needs(&self) -> Needs {
        Needs { route: self.instances.len() != 1 || self.fleet.scales(), model: true, ..Needs::default() }
    }

    fn block(&mut self, requests: &Block, ledger: &mut Ledger) {
        for row in 0..requests.len() {
            let arrival = requests.arrival[row];
            self.advance(arrival, ledger);
            if let Err(status) = self.take(requests, row, ledger) {
                ledger.fail(Ticket { ordinal: requests.ordinal[row], arrival }, status, false);
            }
        }
        if let Some(&last) = requests.arrival.last()
            && last >= self.settle_after
        {
            for instance in self.instances.iter_mut().flatten() {
                instance.settle_until(last, ledger);
            }
            self.settle_after = last + MINUTE;
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        self.advance(Ns::MAX, ledger);
        for instance in self.instances.iter_mut().flatten() {
            instance.settle_until(Ns::MAX, ledger);
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
