//! The instances that copies are placed on: launched for a copy, released when nothing has been on them for a while.

use super::agenda::{Agenda, Event};
use super::consolidation::{Consolidation, Hosted};
use super::placement::Reservations;
use crate::ledger::Ledger;
use crate::scaling::Fleet;
use crate::time::Ns;

/// The instances, and what is placed on them.
#[derive(Debug)]
pub(super) struct Hosts {
    fleet: Fleet,
    reservations: Reservations,
    /// When an instance is released if nothing is placed on it before; by number.
    release_at: Vec<Option<Ns>>,
    idle_release: Ns,
    consolidation: Option<Consolidation>,
    min: usize,
    max: usize,
}

impl Hosts {
    /// The instances of `fleet` with the copies that are on them at `at`.
    pub(super) fn new(
        fleet: Fleet,
        reservations: Reservations,
        idle_release: Ns,
        consolidation: Option<Consolidation>,
        (min, max): (u32, u32),
        at: Ns,
        agenda: &mut Agenda,
    ) -> Self {
        let release_at = vec![None; fleet.in_service().len()];
        let (min, max) = (min as usize, max as usize);
        let mut hosts = Self { fleet, reservations, release_at, idle_release, consolidation, min, max };
        hosts.schedule_consolidation(at, agenda);
        for number in 0..hosts.reservations.instances() {
            hosts.notice(number, at, agenda);
        }
        hosts
    }

    /// Places a copy: on an instance in service, on one that is on its way, on a new one [IC-3]. Its number and when
    /// it is in service; None where the copy has to wait.
    pub(super) fn place(&mut self, component: usize, at: Ns, agenda: &mut Agenda) -> Option<(u32, Ns)> {
        let in_service = self.fleet.in_service().iter().copied();
        let number = self
            .reservations
            .choose(component, in_service)
            .or_else(|| self.reservations.choose(component, self.fleet.launching()))
            .or_else(|| self.launch(at, agenda))?;
        self.reservations.reserve(component, number);
        if let Some(release_at) = self.release_at[number as usize].take() {
            agenda.remove(release_at, Event::IdleRelease { instance: number });
        }
        Some((number, self.fleet.in_service_from(number)))
    }

    /// A new instance, unless there are as many as there may be [IC-4].
    fn launch(&mut self, at: Ns, agenda: &mut Agenda) -> Option<u32> {
        if self.fleet.in_service().len() + self.fleet.launching().len() >= self.max {
            return None;
        }
        let number = self.fleet.add(at)?;
        self.reservations.add_instance();
        self.release_at.push(None);
        agenda.insert(self.fleet.in_service_from(number), Event::InstancesReady);
        Some(number)
    }

    /// The reservation of a copy ends.
    pub(super) fn vacate(&mut self, component: usize, number: u32, at: Ns, agenda: &mut Agenda) {
        self.reservations.end(component, number);
        self.notice(number, at, agenda);
    }

    /// An instance that nothing is placed on begins to be idle.
    fn notice(&mut self, number: u32, at: Ns, agenda: &mut Agenda) {
        if self.reservations.is_empty(number) {
            let release_at = at.saturating_add(self.idle_release);
            self.release_at[number as usize] = Some(release_at);
            agenda.insert(release_at, Event::IdleRelease { instance: number });
        }
    }

    /// Instances come into service.
    pub(super) fn ready(&mut self) {
        self.fleet.ready();
    }

    /// An instance has been idle for long enough: it goes, unless that would leave too few [IC-4, IC-7]. No copy
    /// waits for its place, for it would have been placed here.
    pub(super) fn release(&mut self, number: u32, at: Ns) {
        self.release_at[number as usize] = None;
        if self.fleet.in_service().len() > self.min {
            self.fleet.release(number, at);
        }
    }

    /// The next round of consolidation, where there are any.
    pub(super) fn schedule_consolidation(&self, at: Ns, agenda: &mut Agenda) {
        if let Some(consolidation) = &self.consolidation {
            agenda.insert(consolidation.next(at), Event::Consolidation);
        }
    }

    /// Instances are to be emptied: reserves the places that their copies move to. `copies`: those in service,
    /// component by component, by number; none waits, loads or moves, and so no instance is launching either.
    pub(super) fn consolidate(&mut self, copies: &[Hosted]) -> Vec<Hosted> {
        self.consolidation.map_or_else(Vec::new, |consolidation| {
            consolidation.round(copies, self.fleet.in_service(), self.min, &mut self.reservations)
        })
    }

    /// Puts the instances on the bill; returns the mean and the peak in service.
    pub(super) fn bill(&self, ledger: &mut Ledger) -> (f64, u32) {
        self.fleet.bill(ledger);
        self.fleet.mean_and_peak()
    }
}
