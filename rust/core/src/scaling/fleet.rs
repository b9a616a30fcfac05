//! The units of an endpoint (instances, or provisioned containers), their lives and their bill.

use super::launch::Launch;
use super::metric::Gauges;
use super::target::{Change, Target};
use super::{Activity, History, target};
use crate::ledger::{Ledger, Window};
use crate::scenario::{Autoscaling, BillStart, Instances, Scaling};
use crate::time::{Ns, seconds};
use crate::usage::Meter;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// What happens to a fleet, in the order of docs/semantics.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Units come into service.
    Ready,
    /// Metric periods close.
    Close,
    /// The policies are evaluated.
    Evaluate,
    /// A scheduled action.
    Schedule,
}

/// Units of one kind; where there are several, those of a later pool are launched when the earlier ones are used up.
#[derive(Clone, Debug)]
pub struct Pool {
    /// How long a new unit takes to come into service.
    pub launch: Launch,
    /// Most units that there are to be had.
    pub available: Option<u32>,
}

/// How the lives of units are billed.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// How long a removed unit may finish its work.
    pub drain: Ns,
    bill_start: BillStart,
    min_bill: Ns,
    meter: Meter,
    /// The part of the deployment that the first pool is; the others follow.
    first_part: usize,
}

impl Terms {
    /// Instances [RT-B1, RT-B2, RT-B3].
    #[must_use]
    pub fn instances(assumed: &Instances, first_part: usize) -> Self {
        Self {
            drain: seconds(f64::from(assumed.drain_s)),
            bill_start: assumed.bill_start,
            min_bill: seconds(f64::from(assumed.min_bill_s)),
            meter: Meter::InstanceNs,
            first_part,
        }
    }

    /// Provisioned concurrency, removed at once [SL-11].
    #[must_use]
    pub fn provisioned() -> Self {
        Self { drain: 0, bill_start: BillStart::InService, min_bill: 0, meter: Meter::ProvisionedNs, first_part: 0 }
    }
}

#[derive(Clone, Copy, Debug)]
struct Life {
    pool: usize,
    meter_start: Ns,
    in_service: Ns,
    removed: Option<Ns>,
    end: Option<Ns>,
}

/// The units of an endpoint.
#[derive(Debug)]
pub struct Fleet {
    terms: Terms,
    pools: Vec<Pool>,
    window: Window,
    target: Option<Target>,
    /// Numbers, ascending.
    in_service: Vec<u32>,
    /// By number.
    lives: Vec<Life>,
    launching: BinaryHeap<Reverse<(Ns, u32)>>,
    next: Ns,
}

impl Fleet {
    /// `units` in service at the start of the window, within the bounds of `scaling`; the first pools fill up first.
    #[must_use]
    pub fn new(
        terms: Terms,
        pools: Vec<Pool>,
        units: u32,
        scaling: Option<&Scaling>,
        assumed: &Autoscaling,
        window: Window,
    ) -> Self {
        let most =
            pools.iter().try_fold(0_u32, |sum, pool| Some(sum.saturating_add(pool.available?))).unwrap_or(u32::MAX);
        let target = scaling.map(|scaling| Target::new(scaling, assumed, units, most, &window));
        let there = target.as_ref().map_or(units.min(most), Target::desired);
        let mut fleet = Self {
            terms,
            pools,
            window,
            target,
            in_service: Vec::new(),
            lives: Vec::new(),
            launching: BinaryHeap::new(),
            next: Ns::MAX,
        };
        let from = window.from;
        for _ in 0..there {
            let pool = fleet.pool_with_room(from).unwrap_or(0);
            fleet.lives.push(Life { pool, meter_start: from, in_service: from, removed: None, end: None });
        }
        fleet.in_service = (0..there).collect();
        fleet.schedule();
        fleet
    }

    /// Numbers of the units in service, ascending.
    #[must_use]
    #[inline]
    pub fn in_service(&self) -> &[u32] {
        &self.in_service
    }

    /// Which pool unit `number` is of.
    #[must_use]
    pub fn pool(&self, number: u32) -> usize {
        self.lives[number as usize].pool
    }

    /// Whether the count can change.
    #[must_use]
    pub fn scales(&self) -> bool {
        self.target.is_some()
    }

    /// How long a removed unit may finish its work.
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

    /// Counts requests for the metrics, at the present count in service.
    #[inline]
    pub fn arrive(&mut self, requests: u64) {
        if let Some(target) = &mut self.target {
            target.arrive(requests);
        }
    }

    /// Which event is next; there is one.
    #[must_use]
    pub fn event(&self) -> Event {
        if self.next_ready() == self.next {
            return Event::Ready;
        }
        match self.target.as_ref().map(Target::event) {
            Some(target::Event::Close) => Event::Close,
            Some(target::Event::Schedule) => Event::Schedule,
            Some(target::Event::Evaluate) | None => Event::Evaluate,
        }
    }

    fn next_ready(&self) -> Ns {
        self.launching.peek().map_or(Ns::MAX, |&Reverse((at, _))| at)
    }

    fn schedule(&mut self) {
        self.next = self.next_ready().min(self.target.as_ref().map_or(Ns::MAX, Target::next));
    }

    /// The units that come into service now; their numbers, ascending.
    pub fn ready(&mut self) -> Vec<u32> {
        let at = self.next_ready();
        let mut numbers = Vec::new();
        while self.next_ready() == at
            && let Some(Reverse((_, number))) = self.launching.pop()
        {
            if let Some(target) = &mut self.target {
                target.ready(at, number);
            }
            let position = self.in_service.partition_point(|&other| other < number);
            self.in_service.insert(position, number);
            numbers.push(number);
        }
        self.schedule();
        numbers
    }

    /// Metric periods close.
    pub fn close(&mut self, gauges: &Gauges) {
        if let Some(target) = &mut self.target {
            target.close(gauges);
        }
        self.schedule();
    }

    /// The policies are evaluated, or a scheduled action is; the numbers of the units removed now, newest first.
    pub fn evaluate(&mut self) -> Vec<u32> {
        let at = self.next;
        let change = match (self.event(), &mut self.target) {
            (Event::Evaluate, Some(target)) => target.evaluate(),
            (Event::Schedule, Some(target)) => target.act(),
            _ => None,
        };
        let removed = self.carry_out(at, change, Vec::pop);
        self.schedule();
        removed
    }

    /// Brings the count to what is `needed`, for the policy `ideal`: of the units in service those that are `idle` go.
    pub fn fit(&mut self, at: Ns, needed: u32, idle: impl Fn(u32) -> bool) -> Vec<u32> {
        let free = self.in_service.iter().filter(|&&number| idle(number)).count() as u32;
        let change = self.target.as_mut().and_then(|target| target.fit(at, needed, free));
        let removed = self.carry_out(at, change, |in_service| {
            let position = in_service.iter().rposition(|&number| idle(number))?;
            Some(in_service.remove(position))
        });
        self.schedule();
        removed
    }

    fn carry_out(
        &mut self,
        at: Ns,
        change: Option<Change>,
        mut next_to_go: impl FnMut(&mut Vec<u32>) -> Option<u32>,
    ) -> Vec<u32> {
        match change {
            None => Vec::new(),
            Some(Change::Launch(count)) => {
                let numbers = self.launch(at, count);
                if let Some(target) = &mut self.target {
                    target.launched(at, numbers);
                }
                Vec::new()
            }
            Some(Change::Remove(count)) => {
                let removed: Vec<u32> = (0..count).filter_map(|_| next_to_go(&mut self.in_service)).collect();
                for &number in &removed {
                    self.lives[number as usize].removed = Some(at);
                }
                removed
            }
        }
    }

    fn launch(&mut self, at: Ns, count: u32) -> Range<u32> {
        let first = self.lives.len() as u32;
        for _ in 0..count {
            let Some(pool) = self.pool_with_room(at) else {
                break;
            };
            let number = self.lives.len() as u32;
            let in_service = at.saturating_add(self.pools[pool].launch.length(number));
            let meter_start = match self.terms.bill_start {
                BillStart::InService => in_service,
                BillStart::Launch => at,
            };
            self.lives.push(Life { pool, meter_start, in_service, removed: None, end: None });
            self.launching.push(Reverse((in_service, number)));
        }
        first..self.lives.len() as u32
    }

    /// Launches one unit that no policy asked for; its number, unless no pool has one.
    pub fn add(&mut self, at: Ns) -> Option<u32> {
        let number = self.launch(at, 1).next();
        self.schedule();
        number
    }

    /// Takes a unit in service away, for no policy.
    pub fn release(&mut self, number: u32, at: Ns) {
        self.in_service.retain(|&other| other != number);
        let life = &mut self.lives[number as usize];
        (life.removed, life.end) = (Some(at), Some(at));
    }

    /// When unit `number` comes into service, or came.
    #[must_use]
    pub fn in_service_from(&self, number: u32) -> Ns {
        self.lives[number as usize].in_service
    }

    /// Numbers of the units that are on their way, in no order.
    #[must_use]
    pub fn launching(&self) -> impl ExactSizeIterator<Item = u32> {
        self.launching.iter().map(|&Reverse((_, number))| number)
    }

    /// The first pool that has a unit to give [RT-6].
    fn pool_with_room(&self, at: Ns) -> Option<usize> {
        (0..self.pools.len()).find(|&pool| {
            self.pools[pool].available.is_none_or(|available| {
                let taken = |life: &&Life| life.pool == pool && life.end.is_none_or(|end| end > at);
                self.lives.iter().filter(taken).count() < available as usize
            })
        })
    }

    /// A removed unit has ended, or will at `at`.
    pub fn end(&mut self, number: u32, at: Ns) {
        self.lives[number as usize].end = Some(at);
    }

    /// What was decided.
    #[must_use]
    pub fn activities(&self) -> &[Activity] {
        self.target.as_ref().map_or(&[], Target::activities)
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

    /// Puts the life of every unit on the bill.
    pub fn bill(&self, ledger: &mut Ledger) {
        let Window { warmup, horizon, .. } = self.window;
        for life in self.lives.iter().filter(|life| life.meter_start < horizon) {
            let end = life.end.unwrap_or(horizon).min(horizon);
            let billed = end.max(life.meter_start.saturating_add(self.terms.min_bill)).min(horizon);
            let part = self.terms.first_part + life.pool;
            ledger.usage.add_time(life.meter_start.max(warmup), billed, self.terms.meter, part, 1);
        }
    }

    /// Nanoseconds in service within the window, by pool.
    #[must_use]
    pub fn served(&self) -> Vec<i128> {
        let Window { warmup, horizon, .. } = self.window;
        let mut served = vec![0; self.pools.len()];
        for life in &self.lives {
            let until = life.removed.unwrap_or(horizon).min(horizon);
            served[life.pool] += i128::from((until - life.in_service.max(warmup)).max(0));
        }
        served
    }

    /// The mean and the peak count in service in the window.
    #[must_use]
    pub fn mean_and_peak(&self) -> (f64, u32) {
        let Window { warmup, horizon, .. } = self.window;
        let served: i128 = self.served().iter().sum();
        (served as f64 / self.window.length() as f64, self.history().most(warmup, horizon))
    }
}
