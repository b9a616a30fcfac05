//! An instance of a multi-model endpoint: its models, and its container with a queue.

use super::terms::Terms;
use crate::cache::Cache;
use crate::ledger::{Ledger, Status, Ticket};
use crate::queue::Workers;
use crate::time::Ns;
use crate::usage::Meter;

#[derive(Debug)]
pub(super) struct Instance {
    pub cache: Cache,
    /// Requests that wait for a load or a worker, or run.
    pub requests: u32,
    /// Of these, those that wait for a load.
    pub expected: u32,
    workers: Workers,
    last_end: Ns,
    slow: Vec<Fate>,
}

/// A request that has been taken in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub ticket: Ticket,
    pub work: Ns,
    pub response_bytes: i64,
}

/// What becomes of a request as long as its instance lives.
#[derive(Clone, Copy, Debug)]
struct Fate {
    ticket: Ticket,
    start: Option<Ns>,
    end: Ns,
    answered: bool,
    response_bytes: i64,
}

impl Instance {
    /// Without a model, its workers free from `at`.
    pub fn new(terms: &Terms, at: Ns) -> Self {
        Self {
            cache: Cache::new(terms.memory, terms.disk),
            requests: 0,
            expected: 0,
            workers: Workers::new(terms.concurrency as usize, at),
            last_end: at,
            slow: Vec::new(),
        }
    }

    /// Whether no worker is free and the queue for one is full.
    pub fn is_full(&self, at: Ns, terms: &Terms) -> bool {
        terms.queue_limit.is_some_and(|limit| {
            self.workers.first_free() > at && self.requests - self.expected >= terms.concurrency + limit
        })
    }

    /// A request joins the queue of the container at `at`; returns when it ends.
    #[inline]
    pub fn join(&mut self, request: Request, at: Ns, terms: &Terms, ledger: &mut Ledger) -> Ns {
        let Request { ticket, work, response_bytes } = request;
        let start = self.workers.serve(at, work);
        let end = start.saturating_add(work);
        let answered = end - ticket.arrival <= terms.timeout;
        self.decide(Fate { ticket, start: Some(start), end, answered, response_bytes }, terms, ledger);
        end
    }

    #[inline]
    fn decide(&mut self, fate: Fate, terms: &Terms, ledger: &mut Ledger) {
        self.last_end = self.last_end.max(fate.end);
        if fate.end - fate.ticket.arrival > terms.drain {
            self.slow.push(fate);
        } else {
            fate.settle(ledger);
        }
    }

    /// Settles the slow requests that have ended, so that few are kept.
    pub fn settle_until(&mut self, at: Ns, ledger: &mut Ledger) {
        self.slow.retain(|fate| {
            let over = fate.end <= at;
            if over {
                fate.settle(ledger);
            }
            !over
        });
    }

    /// The instance gets no more requests from `at` on, and finishes what it can; returns when it ends.
    pub fn retire(self, at: Ns, terms: &Terms, ledger: &mut Ledger) -> Ns {
        let last = at.saturating_add(terms.drain);
        for fate in self.slow {
            if fate.end > last {
                fate.cut(last, ledger);
            } else {
                fate.settle(ledger);
            }
        }
        last.min(self.last_end.max(at))
    }
}

impl Fate {
    #[inline]
    fn settle(&self, ledger: &mut Ledger) {
        let Self { ticket, start, end, answered, response_bytes } = *self;
        if let Some(start) = start {
            ledger.work(start, end);
        }
        if end > ledger.window.last_finish() {
            ledger.fail(ticket, Status::Unfinished, false);
        } else if let Some(start) = start.filter(|_| answered) {
            ledger.meter(ticket.arrival, Meter::DataOutBytes, response_bytes);
            ledger.complete(ticket, start, end, false);
        } else {
            ledger.cut_off(ticket, start, end, false);
        }
    }

    /// Its instance ended at `at`, before it did.
    fn cut(&self, at: Ns, ledger: &mut Ledger) {
        if let Some(start) = self.start {
            ledger.work(start, at);
        }
        ledger.fail(self.ticket, Status::Unfinished, false);
    }
}
