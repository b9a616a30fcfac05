//! One component: its copies, who gets which request, and how many there are.

use super::agenda::Event;
use crate::ledger::{Ledger, Status, Window};
use crate::patterns::real_time::{Arrival, End, Group, Limits, Worker};
use crate::scaling::{self, Activity, Change, Gauges, Image, Target};
use crate::scenario::{self, Routing, Scenario};
use crate::time::{Ns, seconds};
use std::ops::Range;

/// A copy: wanted, then placed, then in service, perhaps moved, then removed, then ended.
#[derive(Clone, Debug, Default)]
struct Copy {
    /// The instances that it is or was placed on, one after another.
    places: Vec<u32>,
    in_service: Option<Ns>,
    /// When it goes on at the last of its places, while it still serves at the one before.
    moves: Option<Ns>,
    removed: Option<Ns>,
}

impl Copy {
    /// Which of its places it loads or serves at.
    fn place(&self) -> usize {
        self.places.len() - 1 - usize::from(self.moves.is_some())
    }
}

/// What a copy leaves when it goes from one of its places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    pub place: usize,
    /// When the last of its requests there ends, and how.
    pub ends: Ns,
    pub end: End,
}

/// A component.
#[derive(Debug)]
pub(super) struct Component {
    name: String,
    worker: Worker,
    /// From being placed on an instance in service to being in service.
    launch: Ns,
    target: Option<Target>,
    /// Where its next metric or policy stands in the agenda.
    pub scheduled: Option<(Ns, Event)>,
    /// By number.
    copies: Vec<Copy>,
    /// Numbers, ascending.
    in_service: Vec<u32>,
    group: Group,
}

/// The component whose copies answer the requests for `component`: itself, or the base of an adapter [IC-8].
pub(super) fn serving(component: &scenario::Component, components: &[scenario::Component]) -> Option<usize> {
    let name = component.base.as_ref().unwrap_or(&component.name);
    components.iter().position(|other| other.name == *name && other.base.is_none())
}

/// How many copies of each component there are to be at the start of a window, within the bounds that hold there.
pub(super) fn at_start(scenario: &Scenario, components: &[scenario::Component], window: &Window) -> Vec<u32> {
    let autoscaling = &scenario.assumptions.autoscaling;
    let of = |keys: &scenario::Component| {
        let target = keys.scaling.as_ref().map(|s| Target::new(s, autoscaling, keys.copies, u32::MAX, window));
        target.map_or(keys.copies, |target| target.desired())
    };
    components.iter().map(of).collect()
}

impl Component {
    /// Copies on these `instances`, in service; `moves` where they may have to go to others.
    pub(super) fn new(
        keys: &scenario::Component,
        routing: Routing,
        instances: &[u32],
        moves: bool,
        scenario: &Scenario,
        limits: Limits,
        window: &Window,
    ) -> Self {
        let assumed = &scenario.assumptions;
        let there = instances.len() as u32;
        let scaling = keys.scaling.as_ref();
        let target = scaling.map(|scaling| Target::new(scaling, &assumed.autoscaling, there, there, window));
        let goes = scaling.is_some() || moves;
        let drain = if goes { seconds(f64::from(assumed.instances.drain_s)) } else { Ns::MAX };
        let image = Image { image_gb: keys.image_gb, model_gb: keys.model_gb, cached: keys.container_caching };
        let mut component = Self {
            name: keys.name.clone(),
            worker: Worker { concurrency: keys.concurrency, speed: keys.speed },
            launch: seconds(image.load_s(&assumed.instances).unwrap_or(assumed.components.copy_launch_s)),
            target,
            scheduled: None,
            copies: Vec::new(),
            in_service: Vec::new(),
            group: Group::new(routing, None, scaling, limits, drain, window.from),
        };
        for &instance in instances {
            let copy = component.copies.len() as u32;
            component.copies.push(Copy { places: vec![instance], ..Copy::default() });
            component.enter_service(copy, window.from);
        }
        component
    }

    /// Whether which copy a request goes to takes random bits.
    pub(super) fn draws_route(&self) -> bool {
        self.group.draws_route() && (self.target.is_some() || self.in_service.len() > 1)
    }

    /// Takes a request that has passed the door; with no copy in service it is refused at once [IC-6].
    #[inline]
    pub(super) fn take(&mut self, request: &Arrival, ledger: &mut Ledger) {
        if self.in_service.is_empty() {
            if let Some(target) = &mut self.target {
                target.refuse();
            }
            ledger.fail(request.ticket, Status::Refused, false);
            return;
        }
        if let Some(target) = &mut self.target {
            target.arrive(1);
        }
        self.group.take(request, &self.in_service, ledger);
    }

    /// When the next metric, policy or scheduled action is, and what.
    pub(super) fn next(&self, component: usize) -> Option<(Ns, Event)> {
        let target = self.target.as_ref().filter(|target| target.next() < Ns::MAX)?;
        let event = match target.event() {
            scaling::TargetEvent::Close => Event::Close { component },
            scaling::TargetEvent::Evaluate => Event::Evaluate { component },
            scaling::TargetEvent::Schedule => Event::Schedule { component },
        };
        Some((target.next(), event))
    }

    /// Metric periods close.
    pub(super) fn close(&mut self, at: Ns) {
        let outstanding = self.group.outstanding(at);
        if let Some(target) = &mut self.target {
            target.close(&Gauges { outstanding, ..Gauges::default() });
        }
    }

    /// The policies are evaluated.
    pub(super) fn evaluate(&mut self) -> Option<Change> {
        self.target.as_mut().and_then(Target::evaluate)
    }

    /// A scheduled action.
    pub(super) fn act(&mut self) -> Option<Change> {
        self.target.as_mut().and_then(Target::act)
    }

    /// So many copies more are wanted, none of them placed; their numbers.
    pub(super) fn want(&mut self, at: Ns, count: u32) -> Range<u32> {
        let first = self.copies.len() as u32;
        self.copies.resize(self.copies.len() + count as usize, Copy::default());
        let numbers = first..first + count;
        if let Some(target) = &mut self.target {
            target.launched(at, numbers.clone());
        }
        numbers
    }

    /// A copy is placed at `at` on an instance that is in service from `from` on; when it is in service.
    pub(super) fn load(&mut self, copy: u32, instance: u32, at: Ns, from: Ns) -> Ns {
        self.copies[copy as usize].places.push(instance);
        at.max(from).saturating_add(self.launch)
    }

    /// A copy comes into service, or goes on where it has moved to; then what it leaves.
    pub(super) fn ready(&mut self, copy: u32, at: Ns, ledger: &mut Ledger) -> Option<Left> {
        if self.copies[copy as usize].moves.is_some() {
            let left = self.leave(copy, at, ledger);
            self.copies[copy as usize].moves = None;
            self.group.add(copy, self.worker, at);
            return Some(left);
        }
        self.enter_service(copy, at);
        if let Some(target) = &mut self.target {
            target.ready(at, copy);
        }
        None
    }

    fn enter_service(&mut self, copy: u32, at: Ns) {
        self.copies[copy as usize].in_service = Some(at);
        let position = self.in_service.partition_point(|&other| other < copy);
        self.in_service.insert(position, copy);
        self.group.add(copy, self.worker, at);
    }

    /// Its container takes nothing more.
    fn leave(&mut self, copy: u32, at: Ns, ledger: &mut Ledger) -> Left {
        let (ends, end) = self.group.remove(copy, at, ledger);
        Left { place: self.copies[copy as usize].place(), ends, end }
    }

    /// Whether every copy is in service, and stays where it is.
    pub(super) fn is_settled(&self) -> bool {
        self.copies.iter().all(|copy| copy.in_service.is_some() && copy.moves.is_none())
    }

    /// The copies in service, by number, with the instances that they are on.
    pub(super) fn hosted(&self) -> impl Iterator<Item = (u32, u32)> {
        self.in_service.iter().map(|&number| {
            let copy = &self.copies[number as usize];
            (number, copy.places[copy.place()])
        })
    }

    /// A copy in service begins to load on another `instance` in service; its new place, and when it goes on there.
    pub(super) fn move_to(&mut self, copy: u32, instance: u32, at: Ns) -> (usize, Ns) {
        let ready = self.load(copy, instance, at, at);
        let copy = &mut self.copies[copy as usize];
        copy.moves = Some(ready);
        (copy.places.len() - 1, ready)
    }

    /// The copy that is next to go: the newest in service.
    pub(super) fn newest(&self) -> Option<u32> {
        self.in_service.last().copied()
    }

    /// A copy gives up the place that it moves to, if it moves: which one, the instance, and when it was to go on there.
    pub(super) fn stay(&mut self, copy: u32) -> Option<(usize, u32, Ns)> {
        let copy = &mut self.copies[copy as usize];
        let ready = copy.moves.take()?;
        let instance = copy.places.pop()?;
        Some((copy.places.len(), instance, ready))
    }

    /// A copy in service takes nothing more.
    pub(super) fn remove(&mut self, copy: u32, at: Ns, ledger: &mut Ledger) -> Left {
        self.in_service.retain(|&other| other != copy);
        self.copies[copy as usize].removed = Some(at);
        self.leave(copy, at, ledger)
    }

    /// Whether a copy takes nothing more at one of its places.
    pub(super) fn has_left(&self, copy: u32, place: usize) -> bool {
        let copy = &self.copies[copy as usize];
        copy.removed.is_some() || place < copy.place()
    }

    /// The instance that is or was one of the places of a copy.
    pub(super) fn instance(&self, copy: u32, place: usize) -> u32 {
        self.copies[copy as usize].places[place]
    }

    /// Settles the requests that have left by `at`, now and then, so that few are kept.
    pub(super) fn tidy(&mut self, at: Ns, ledger: &mut Ledger) {
        self.group.tidy(at, ledger);
    }

    /// Settles every request; the moves that are still going on come to their end, too.
    pub(super) fn finish(&mut self, ledger: &mut Ledger) {
        for (number, copy) in (0..).zip(&self.copies) {
            if let Some(at) = copy.moves {
                self.group.remove(number, at, ledger);
            }
        }
        self.group.settle_until(Ns::MAX, ledger);
    }

    /// Nanoseconds of workers in service within the window.
    pub(super) fn worker_ns(&self, window: &Window) -> f64 {
        let Window { warmup, horizon, .. } = *window;
        let in_service = |copy: &Copy| {
            let from = copy.in_service.map_or(horizon, |from| from.max(warmup));
            i128::from((copy.removed.unwrap_or(horizon).min(horizon) - from).max(0))
        };
        let copies_ns: i128 = self.copies.iter().map(in_service).sum();
        copies_ns as f64 * f64::from(self.worker.concurrency)
    }

    /// What was decided about its copies.
    pub(super) fn activities(&self) -> impl Iterator<Item = Activity> {
        let of_target = self.target.as_ref().map_or(&[][..], Target::activities);
        of_target
            .iter()
            .map(|activity| Activity { cause: format!("{}: {}", self.name, activity.cause), ..activity.clone() })
    }
}
