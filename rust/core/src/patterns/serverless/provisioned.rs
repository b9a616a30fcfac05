//! Provisioned concurrency: containers that are never cold and never expire, billed for as long as they are there
//! [SL-11], scaled by how many of them are in use [SL-12].

use crate::scaling::{Event, Fleet, Gauges};
use crate::time::Ns;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The provisioned containers of an endpoint.
#[derive(Debug)]
pub(super) struct Provisioned {
    fleet: Fleet,
    /// When each request on them is done. A container that is removed does not take its request along.
    in_flight: BinaryHeap<Reverse<Ns>>,
    /// Most requests at once since the last metric period closed.
    most: usize,
}

impl Provisioned {
    pub(super) fn new(fleet: Fleet) -> Self {
        Self { fleet, in_flight: BinaryHeap::new(), most: 0 }
    }

    /// Whether a request finds one free; else it spills over.
    #[inline]
    pub(super) fn has_room(&self) -> bool {
        self.in_flight.len() < self.fleet.in_service().len()
    }

    /// One is in use until `release`.
    #[inline]
    pub(super) fn enter(&mut self, release: Ns) {
        self.in_flight.push(Reverse(release));
        self.most = self.most.max(self.in_flight.len());
    }

    /// Releases what is done at `at`.
    #[inline]
    pub(super) fn release(&mut self, at: Ns) {
        while self.in_flight.peek().is_some_and(|&Reverse(release)| release <= at) {
            self.in_flight.pop();
        }
    }

    /// Requests in flight on them.
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// How many are in service.
    pub(super) fn count(&self) -> usize {
        self.fleet.in_service().len()
    }

    /// When the next change or metric is.
    #[inline]
    pub(super) fn next(&self) -> Ns {
        self.fleet.next()
    }

    /// The next change or metric; what is done by then has been released.
    pub(super) fn step(&mut self) {
        let at = self.fleet.next();
        match self.fleet.event() {
            Event::Ready => drop(self.fleet.ready()),
            Event::Close => {
                self.fleet.close(&Gauges { provisioned_in_use: self.most as u64, ..Gauges::default() });
                self.most = self.in_flight.len();
            }
            Event::Evaluate | Event::Schedule => {
                for number in self.fleet.evaluate() {
                    self.fleet.end(number, at);
                }
            }
        }
    }

    /// As they are billed and scaled.
    pub(super) fn fleet(&self) -> &Fleet {
        &self.fleet
    }
}
