//! The instances of an endpoint, their clock and their bill.

use super::autoscaler::{Autoscaler, Datapoint, Gauges};
use super::{History, is_accelerated};
use crate::ledger::{Ledger, Window};
use crate::scenario::{Autoscaling, BillStart, Instances, Scaling};
use crate::time::{MINUTE, Ns, seconds};
use crate::usage::Meter;
use std::collections::VecDeque;

/// A change of capacity, as decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Of the decision.
    pub at: Ns,
    /// Desired count before.
    pub from: u32,
    /// Desired count after.
    pub to: u32,
    /// Why.
    pub cause: String,
}

/// What happens to a fleet, in the order of docs/semantics.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// Instances come into service.
    Ready,
    /// A metric period closes.
    Close,
    /// The policies are evaluated.
    Evaluate,
}

/// What a fleet is billed and launched by.
#[derive(Clone, Debug)]
pub struct Terms {
    launch: Ns,
    /// How long a removed instance may finish its work.
    pub drain: Ns,
    bill_start: BillStart,
    min_bill: Ns,
}

impl Terms {
    /// The terms of an instance type under the assumptions.
    #[must_use]
    pub fn new(instance_type: &str, assumed: &Instances) -> Self {
        let launch_s = if is_accelerated(instance_type) { assumed.launch_gpu_s } else { assumed.launch_cpu_s };
        Self {
            launch: seconds(f64::from(launch_s)),
            drain: seconds(f64::from(assumed.drain_s)),
            bill_start: assumed.bill_start,
            min_bill: seconds(f64::from(assumed.min_bill_s)),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Life {
    meter_start: Ns,
    in_service: Ns,
    removed: Option<Ns>,
    end: Option<Ns>,
}

#[derive(Clone, Copy, Debug)]
struct Launch {
    ready: Ns,
    requested: Ns,
    count: u32,
}

/// The instances of an endpoint.
#[derive(Debug)]
pub struct Fleet {
    terms: Terms,
    window: Window,
    scaler: Option<Autoscaler>,
    desired: u32,
    in_service: Vec<u32>,
    lives: Vec<Life>,
    launching: VecDeque<Launch>,
    unseen: VecDeque<(Ns, Vec<Datapoint>)>,
    next_close: Ns,
    next: Ns,
    /// Arrivals since the count in service last changed, and the metric's sum over the stretches before.
    arrivals: u64,
    invocations_per_instance: f64,
    period_open: Ns,
    at_open: u32,
    activities: Vec<Activity>,
}

impl Fleet {
    /// `instances` in service at the start of the window, within the bounds of `scaling`.
    #[must_use]
    pub fn new(terms: Terms, instances: u32, scaling: Option<&Scaling>, alarms: &Autoscaling, window: Window) -> Self {
        let count = scaling.map_or(instances, |bounds| instances.clamp(bounds.min, bounds.max));
        let from = window.from;
        let life = Life { meter_start: from, in_service: from, removed: None, end: None };
        let mut fleet = Self {
            scaler: scaling.map(|scaling| Autoscaler::new(scaling, alarms, terms.launch)),
            terms,
            window,
            desired: count,
            in_service: (0..count).collect(),
            lives: vec![life; count as usize],
            launching: VecDeque::new(),
            unseen: VecDeque::new(),
            next_close: if scaling.is_some() { from + MINUTE } else { Ns::MAX },
            next: Ns::MAX,
            arrivals: 0,
            invocations_per_instance: 0.0,
            period_open: from,
            at_open: count,
            activities: Vec::new(),
        };
        fleet.schedule();
        fleet
    }

    /// Numbers of the instances in service, ascending.
    #[must_use]
    #[inline]
    pub fn in_service(&self) -> &[u32] {
        &self.in_service
    }

    /// Whether the count can change.
    #[must_use]
    pub fn scales(&self) -> bool {
        self.scaler.is_some()
    }

    /// How long a removed instance may finish its work.
    #[must_use]
    pub fn drain(&self) -> Ns {
        self.terms.drain
    }

    /// When the next event is.
    #[must_use]
    #[inline]
    pub fn next(&self) -> Ns {
        self.next
    }

    /// Counts requests for the metric, at the present count in service.
    #[inline]
    pub fn arrive(&mut self, requests: u64) {
        self.arrivals += requests;
    }

    /// Which event is next; there is one.
    #[must_use]
    pub fn event(&self) -> Event {
        if self.launching.front().is_some_and(|launch| launch.ready == self.next) {
            Event::Ready
        } else if self.next_close == self.next {
            Event::Close
        } else {
            Event::Evaluate
        }
    }

    /// Instances come into service; returns their numbers.
    pub fn ready(&mut self) -> std::ops::Range<u32> {
        let Some(launch) = self.launching.pop_front() else {
            return 0..0;
        };
        self.end_stretch();
        let first = self.lives.len() as u32;
        let meter_start = match self.terms.bill_start {
            BillStart::InService => launch.ready,
            BillStart::Launch => launch.requested,
        };
        let life = Life { meter_start, in_service: launch.ready, removed: None, end: None };
        self.lives.resize(self.lives.len() + launch.count as usize, life);
        let numbers = first..first + launch.count;
        self.in_service.extend(numbers.clone());
        self.changed(launch.ready);
        numbers
    }

    /// A metric period closes.
    pub fn close(&mut self, gauges: Gauges) {
        self.end_stretch();
        let at = self.next_close;
        let now = self.in_service.len() as u32;
        if let Some(scaler) = &self.scaler {
            let datapoints = scaler.measure(self.invocations_per_instance, self.at_open, now, gauges);
            self.unseen.push_back((at + scaler.delay(), datapoints));
        }
        self.invocations_per_instance = 0.0;
        self.period_open = at;
        self.at_open = now;
        self.next_close += MINUTE;
        self.schedule();
    }

    /// The policies are evaluated; returns the numbers of the instances that are removed now, newest first.
    pub fn evaluate(&mut self) -> Vec<u32> {
        let Some((at, datapoints)) = self.unseen.pop_front() else {
            return Vec::new();
        };
        let mut removed = Vec::new();
        if let Some(mut scaler) = self.scaler.take() {
            scaler.see(datapoints);
            let locked = scaler.locks() && !self.launching.is_empty();
            let spare = (self.in_service.len() as u32).saturating_sub(scaler.min());
            if !locked && let Some(decision) = scaler.decide(at, self.desired, spare) {
                let from = self.desired;
                if decision.to > from {
                    self.launch(at, decision.to - from);
                } else {
                    removed = self.remove(at, from - decision.to);
                }
                let activity = Activity { at, from, to: self.desired, cause: decision.cause };
                self.activities.push(activity);
            }
            self.scaler = Some(scaler);
        }
        self.schedule();
        removed
    }

    fn launch(&mut self, at: Ns, count: u32) {
        self.desired += count;
        self.launching.push_back(Launch { ready: at + self.terms.launch, requested: at, count });
    }

    fn remove(&mut self, at: Ns, count: u32) -> Vec<u32> {
        self.end_stretch();
        let removed: Vec<u32> = (0..count).filter_map(|_| self.in_service.pop()).collect();
        for &number in &removed {
            self.lives[number as usize].removed = Some(at);
        }
        self.desired -= removed.len() as u32;
        self.changed(at);
        removed
    }

    /// A removed instance has ended.
    pub fn end(&mut self, number: u32, at: Ns) {
        self.lives[number as usize].end = Some(at);
    }

    fn end_stretch(&mut self) {
        if self.arrivals > 0 {
            self.invocations_per_instance += self.arrivals as f64 / self.in_service.len() as f64;
            self.arrivals = 0;
        }
    }

    fn changed(&mut self, at: Ns) {
        if at == self.period_open {
            self.at_open = self.in_service.len() as u32;
        }
        self.schedule();
    }

    fn schedule(&mut self) {
        let horizon = self.window.horizon;
        let ready = self.launching.front().map_or(Ns::MAX, |launch| launch.ready);
        let close = if self.next_close < horizon { self.next_close } else { Ns::MAX };
        let evaluate = self.unseen.front().map_or(Ns::MAX, |&(at, _)| if at < horizon { at } else { Ns::MAX });
        self.next = ready.min(close).min(evaluate);
    }

    /// What was decided.
    #[must_use]
    pub fn activities(&self) -> &[Activity] {
        &self.activities
    }

    /// How many were in service when.
    #[must_use]
    pub fn history(&self) -> History {
        let from = self.window.from;
        let came = self.lives.iter().filter(|life| life.in_service > from).map(|life| (life.in_service, 1));
        let went = self.lives.iter().filter_map(|life| life.removed.map(|at| (at, -1)));
        let initial = self.lives.iter().filter(|life| life.in_service == from).count();
        History::new(initial, came.chain(went).collect())
    }

    /// Puts the life of every instance on the bill; returns the mean and the peak count in service in the window.
    pub fn bill(&self, ledger: &mut Ledger) -> (f64, u32) {
        let Window { warmup, horizon, .. } = self.window;
        let mut alive: i128 = 0;
        for life in &self.lives {
            let end = life.end.unwrap_or(horizon).min(horizon);
            if life.meter_start < horizon {
                let billed = end.max(life.meter_start + self.terms.min_bill).min(horizon);
                ledger.usage.add_time(life.meter_start.max(warmup), billed, Meter::InstanceNs, 1);
            }
            let served = life.removed.unwrap_or(horizon).min(horizon) - life.in_service.max(warmup);
            alive += i128::from(served.max(0));
        }
        for launch in &self.launching {
            if self.terms.bill_start == BillStart::Launch && launch.requested < horizon {
                let count = i64::from(launch.count);
                ledger.usage.add_time(launch.requested.max(warmup), horizon, Meter::InstanceNs, count);
            }
        }
        (alive as f64 / self.window.length() as f64, self.history().most(warmup, horizon))
    }
}
