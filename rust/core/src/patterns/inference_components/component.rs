//! One component: its copies, who gets which request, and how many there are.

use super::agenda::Event;
use crate::ledger::{Ledger, Status, Window};
use crate::patterns::real_time::{Arrival, End, Group, Limits, Worker};
use crate::scaling::{self, Activity, Change, Gauges, Image, Target};
use crate::scenario::{self, Routing, Scenario};
use crate::time::{Ns, seconds};
use std::ops::Range;

/// A copy: wanted, then placed, then in service, then removed, then ended.
#[derive(Clone, Copy, Debug, Default)]
struct Copy {
    instance: Option<u32>,
    in_service: Option<Ns>,
    removed: Option<Ns>,
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
    /// Copies on these `instances`, in service.
    pub(super) fn new(
        keys: &scenario::Component,
        routing: Routing,
        instances: &[u32],
        scenario: &Scenario,
        limits: Limits,
        window: &Window,
    ) -> Self {
        let assumed = &scenario.assumptions;
        let there = instances.len() as u32;
        let scaling = keys.scaling.as_ref();
        let target = scaling.map(|scaling| Target::new(scaling, &assumed.autoscaling, there, there, window));
        let drain = if scaling.is_some() { seconds(f64::from(assumed.instances.drain_s)) } else { Ns::MAX };
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
            component.copies.push(Copy { instance: Some(instance), ..Copy::default() });
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
        self.copies[copy as usize].instance = Some(instance);
        at.max(from).saturating_add(self.launch)
    }

    /// A copy comes into service.
    pub(super) fn ready(&mut self, copy: u32, at: Ns) {
        self.enter_service(copy, at);
        if let Some(target) = &mut self.target {
            target.ready(at, copy);
        }
    }

    fn enter_service(&mut self, copy: u32, at: Ns) {
        self.copies[copy as usize].in_service = Some(at);
        let position = self.in_service.partition_point(|&other| other < copy);
        self.in_service.insert(position, copy);
        self.group.add(copy, self.worker, at);
    }

    /// The newest copy in service takes nothing more; its number, when it ends and how.
    pub(super) fn remove_newest(&mut self, at: Ns, ledger: &mut Ledger) -> Option<(u32, Ns, End)> {
        let copy = self.in_service.pop()?;
        self.copies[copy as usize].removed = Some(at);
        let (ends, end) = self.group.remove(copy, at, ledger);
        Some((copy, ends, end))
    }

    /// Whether a copy has been removed.
    pub(super) fn is_removed(&self, copy: u32) -> bool {
        self.copies[copy as usize].removed.is_some()
    }

    /// The instance that a copy is placed on.
    pub(super) fn instance(&self, copy: u32) -> Option<u32> {
        self.copies[copy as usize].instance
    }

    /// Settles the requests that have left by `at`, now and then, so that few are kept.
    pub(super) fn tidy(&mut self, at: Ns, ledger: &mut Ledger) {
        self.group.tidy(at, ledger);
    }

    /// Settles every request.
    pub(super) fn finish(&mut self, ledger: &mut Ledger) {
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
