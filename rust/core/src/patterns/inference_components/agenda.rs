//! What happens next.

use crate::time::Ns;
use std::collections::BTreeSet;

/// What can happen, in the order of docs/semantics.md at one instant; components, copies and instances by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    /// The last request that a copy has left at one of its places is done.
    Completion { component: usize, copy: u32, place: usize },
    /// The last request that a copy has left at one of its places is cut off.
    Timeout { component: usize, copy: u32, place: usize },
    /// An instance has been empty for long.
    IdleRelease { instance: u32 },
    /// Instances are emptied.
    Consolidation,
    /// Instances come into service.
    InstancesReady,
    /// A copy comes into service at one of its places, or has drained there for as long as it may.
    Copy { component: usize, copy: u32, place: usize },
    /// Metric periods of a component close.
    Close { component: usize },
    /// The policies of a component are evaluated.
    Evaluate { component: usize },
    /// A scheduled action of a component.
    Schedule { component: usize },
}

/// Everything that is still ahead. What comes to be for the present instant is next, unless something of an earlier
/// kind is left of it.
#[derive(Debug)]
pub(super) struct Agenda {
    events: BTreeSet<(Ns, Event)>,
    /// Nothing is done from here on, for nobody would see it.
    horizon: Ns,
    next: Ns,
}

impl Agenda {
    /// Nothing, up to `horizon`.
    pub(super) fn new(horizon: Ns) -> Self {
        Self { events: BTreeSet::new(), horizon, next: Ns::MAX }
    }

    /// When the next event is.
    #[inline]
    pub(super) fn next(&self) -> Ns {
        self.next
    }

    /// Takes an event up; twice the same is once.
    pub(super) fn insert(&mut self, at: Ns, event: Event) {
        if at < self.horizon {
            self.events.insert((at, event));
            self.next = self.next.min(at);
        }
    }

    /// Calls an event off.
    pub(super) fn remove(&mut self, at: Ns, event: Event) {
        self.events.remove(&(at, event));
        self.look();
    }

    /// The next event, if it is not after `until`.
    pub(super) fn pop(&mut self, until: Ns) -> Option<(Ns, Event)> {
        let found = if self.next <= until { self.events.pop_first() } else { None };
        self.look();
        found
    }

    fn look(&mut self) {
        self.next = self.events.first().map_or(Ns::MAX, |first| first.0);
    }
}
