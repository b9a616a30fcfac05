//! SageMaker inference components [IC]: copies of models on shared instances that follow them.

mod agenda;
mod check;
mod component;
mod consolidation;
mod hosts;
mod placement;

pub(crate) use check::check;

use super::real_time::{Arrival, End, Limits, PAYLOAD_LIMIT};
use super::{Capacity, Server};
use crate::ledger::{Ledger, Status, Window};
use crate::scaling::{Activity, Change, Fleet, Image, Launch, Pool, Terms};
use crate::scenario::{Deployment, Scenario};
use crate::stream::{Block, Needs};
use crate::time::{Ns, seconds};
use agenda::{Agenda, Event};
use component::{Component, Left, at_start, serving};
use consolidation::{Consolidation, Hosted};
use hosts::Hosts;
use placement::{Reservations, Resources, place_at_start};

/// An endpoint of inference components.
#[derive(Debug)]
pub struct InferenceComponents {
    components: Vec<Component>,
    /// The component that answers, by the number that a request asks for.
    serving: Vec<usize>,
    hosts: Hosts,
    /// Copies without a place, as (component, number), in the order in which they were decided.
    waiting: Vec<(usize, u32)>,
    agenda: Agenda,
    streams: bool,
}

impl InferenceComponents {
    /// The components with their copies of the start in service.
    #[must_use]
    pub(crate) fn new(scenario: &Scenario, deployment: &Deployment, window: Window, streams: bool) -> Self {
        let Deployment::InferenceComponents {
            instance_type,
            instances,
            min_instances,
            max_instances,
            placement,
            instance_scale_in,
            instance_scale_in_step,
            instance_scale_in_cooldown_s,
            routing,
            host,
            components,
            ..
        } = deployment
        else {
            unreachable!("the caller has matched the pattern")
        };
        let assumed = &scenario.assumptions;
        let offered = Resources::offered(host, assumed.components.schedulable_fraction);
        let mut reservations = Reservations::new(offered, *placement, components);
        // a run that begins in the middle may find bounds of copies that take more instances than there were at 0
        let copies = at_start(scenario, components, &window);
        let placed = place_at_start(&copies, &mut reservations, *instances, *max_instances);
        let launch = Launch::of_instance(instance_type, &Image::default(), &assumed.instances, scenario.run.seed);
        let fleet = Fleet::new(
            Terms::instances(&assumed.instances, 0),
            vec![Pool { launch, available: None }],
            reservations.instances(),
            None,
            &assumed.autoscaling,
            window,
        );
        let mut agenda = Agenda::new(window.horizon);
        let idle_release = seconds(assumed.components.idle_release_s);
        let consolidation =
            Consolidation::new(*instance_scale_in, *instance_scale_in_step, *instance_scale_in_cooldown_s);
        let bounds = (*min_instances, *max_instances);
        let hosts = Hosts::new(fleet, reservations, idle_release, consolidation, bounds, window.from, &mut agenda);
        let limits = Limits::new(&assumed.real_time, streams);
        let open = |(keys, instances): (_, &Vec<u32>)| {
            Component::new(keys, (*routing).into(), instances, consolidation.is_some(), scenario, limits, &window)
        };
        let mut endpoint = Self {
            components: components.iter().zip(&placed).map(open).collect(),
            serving: components.iter().filter_map(|component| serving(component, components)).collect(),
            hosts,
            waiting: Vec::new(),
            agenda,
            streams,
        };
        for component in 0..endpoint.components.len() {
            endpoint.schedule(component);
        }
        endpoint
    }

    /// Brings what is next for a component into the agenda.
    fn schedule(&mut self, component: usize) {
        let next = self.components[component].next(component);
        let known = std::mem::replace(&mut self.components[component].scheduled, next);
        if next != known {
            if let Some((at, event)) = known {
                self.agenda.remove(at, event);
            }
            if let Some((at, event)) = next {
                self.agenda.insert(at, event);
            }
        }
    }

    /// Lives through everything up to and including `until`.
    fn advance(&mut self, until: Ns, ledger: &mut Ledger) {
        while let Some((at, event)) = self.agenda.pop(until) {
            match event {
                Event::Completion { component, copy, place } | Event::Timeout { component, copy, place } => {
                    self.end(component, copy, place, at);
                }
                Event::IdleRelease { instance } => self.hosts.release(instance, at),
                Event::Consolidation => self.consolidate(at),
                Event::InstancesReady => self.hosts.ready(),
                Event::Copy { component, copy, place } if self.components[component].has_left(copy, place) => {
                    self.end(component, copy, place, at);
                }
                Event::Copy { component, copy, .. } => {
                    if let Some(left) = self.components[component].ready(copy, at, ledger) {
                        self.leave(component, copy, left, at);
                    }
                    self.schedule(component);
                }
                Event::Close { component } => {
                    self.components[component].close(at);
                    self.schedule(component);
                }
                Event::Evaluate { component } => {
                    let change = self.components[component].evaluate();
                    self.carry_out(component, change, at, ledger);
                }
                Event::Schedule { component } => {
                    let change = self.components[component].act();
                    self.carry_out(component, change, at, ledger);
                }
            }
        }
    }

    fn carry_out(&mut self, component: usize, change: Option<Change>, at: Ns, ledger: &mut Ledger) {
        match change {
            None => {}
            Some(Change::Launch(count)) => {
                for copy in self.components[component].want(at, count) {
                    if !self.place(component, copy, at) {
                        self.waiting.push((component, copy));
                    }
                }
            }
            Some(Change::Remove(count)) => {
                for _ in 0..count {
                    self.remove_newest(component, at, ledger);
                }
            }
        }
        self.schedule(component);
    }

    /// Finds a place for a copy; false where there is none.
    fn place(&mut self, component: usize, copy: u32, at: Ns) -> bool {
        let Some((instance, from)) = self.hosts.place(component, at, &mut self.agenda) else {
            return false;
        };
        let ready = self.components[component].load(copy, instance, at, from);
        self.agenda.insert(ready, Event::Copy { component, copy, place: 0 });
        true
    }

    fn remove_newest(&mut self, component: usize, at: Ns, ledger: &mut Ledger) {
        let Some(copy) = self.components[component].newest() else {
            return;
        };
        if let Some((place, instance, ready)) = self.components[component].stay(copy) {
            self.agenda.remove(ready, Event::Copy { component, copy, place });
            self.vacate(component, instance, at);
        }
        let left = self.components[component].remove(copy, at, ledger);
        self.leave(component, copy, left, at);
    }

    /// Empties instances, if no copy waits, loads or moves [IC-4]: their copies begin to load on others.
    fn consolidate(&mut self, at: Ns) {
        self.hosts.schedule_consolidation(at, &mut self.agenda);
        if !self.components.iter().all(Component::is_settled) {
            return;
        }
        let of_component = |(number, component): (usize, &Component)| {
            component.hosted().map(move |(copy, instance)| Hosted { component: number, copy, instance }).collect()
        };
        let copies: Vec<Vec<Hosted>> = self.components.iter().enumerate().map(of_component).collect();
        for Hosted { component, copy, instance } in self.hosts.consolidate(&copies.concat()) {
            let (place, ready) = self.components[component].move_to(copy, instance, at);
            self.agenda.insert(ready, Event::Copy { component, copy, place });
        }
    }

    /// A copy takes nothing more at one of its places, which it keeps until what it has there has ended.
    fn leave(&mut self, component: usize, copy: u32, left: Left, at: Ns) {
        let Left { place, ends, end } = left;
        match end {
            End::Completion | End::Timeout if ends == at => self.end(component, copy, place, at),
            End::Completion => self.agenda.insert(ends, Event::Completion { component, copy, place }),
            End::Timeout => self.agenda.insert(ends, Event::Timeout { component, copy, place }),
            End::Drained => self.agenda.insert(ends, Event::Copy { component, copy, place }),
        }
    }

    /// A copy has nothing left at one of its places.
    fn end(&mut self, component: usize, copy: u32, place: usize, at: Ns) {
        self.vacate(component, self.components[component].instance(copy, place), at);
    }

    /// A reservation ends: those that wait are tried again, in order, none holding up another.
    fn vacate(&mut self, component: usize, instance: u32, at: Ns) {
        self.hosts.vacate(component, instance, at, &mut self.agenda);
        for (component, copy) in std::mem::take(&mut self.waiting) {
            if !self.place(component, copy, at) {
                self.waiting.push((component, copy));
            }
        }
    }
}

impl Server for InferenceComponents {
    fn needs(&self) -> Needs {
        Needs {
            route: self.components.iter().any(Component::draws_route),
            first_token: self.streams,
            model: true,
            ..Needs::default()
        }
    }

    fn block(&mut self, requests: &Block, ledger: &mut Ledger) {
        let needs = Needs { route: !requests.route.is_empty(), first_token: self.streams, ..Needs::default() };
        for row in 0..requests.len() {
            let request = Arrival::of(requests, row, needs);
            let serving = self.serving.get(requests.model[row] as usize);
            let Some(&component) = serving.filter(|_| request.payload_bytes <= PAYLOAD_LIMIT) else {
                ledger.fail(request.ticket, Status::Refused, false);
                continue;
            };
            let at = request.ticket.arrival;
            if at >= self.agenda.next() {
                self.advance(at, ledger);
            }
            self.components[component].take(&request, ledger);
        }
        if let Some(&last) = requests.arrival.last() {
            // what was removed before is lost, not settled
            self.advance(last, ledger);
            for component in &mut self.components {
                component.tidy(last, ledger);
            }
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        self.advance(Ns::MAX, ledger);
        for component in &mut self.components {
            component.finish(ledger);
        }
        let window = ledger.window;
        let mut activities: Vec<Activity> = self.components.iter().flat_map(Component::activities).collect();
        activities.sort_by_key(|activity| activity.at); // stable: of one instant in order of components
        Capacity {
            instances: Some(self.hosts.bill(ledger)),
            worker_ns: self.components.iter().map(|component| component.worker_ns(&window)).sum(),
            activities,
        }
    }
}
