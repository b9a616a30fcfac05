//! One container with its queue: first come, first served.

use super::Arrival;
use crate::ledger::{Ledger, Status, Ticket};
use crate::queue::Workers;
use crate::scenario;
use crate::time::{Ns, seconds};
use crate::usage::Meter;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What a container does with requests whose caller has gone, and with those that find no room [RT-2, RT-3, Q-1].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    timeout: Ns,
    queue: Option<usize>,
    cancels_queued: bool,
    cancels_running: bool,
}

impl Limits {
    pub(crate) fn new(assumed: &scenario::RealTime, streams: bool) -> Self {
        Self {
            timeout: seconds(if streams { assumed.stream_timeout_s } else { assumed.timeout_s }),
            queue: assumed.container_queue_limit.map(|limit| limit as usize),
            cancels_queued: assumed.timeout_cancels_queued,
            cancels_running: assumed.timeout_cancels_running,
        }
    }

    /// What becomes of a request that cannot start before `ready`, where its caller has gone by then.
    pub(crate) fn gone_before(&self, ready: Ns, ticket: Ticket) -> Option<Served> {
        let deadline = ticket.arrival.saturating_add(self.timeout);
        (self.cancels_queued && deadline <= ready).then(|| Served::gone(ticket, deadline))
    }
}

/// What a container makes of a request. It may still be lost with its instance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Served {
    pub ticket: Ticket,
    /// Absent where the request left the queue.
    start: Option<Ns>,
    /// It leaves the container.
    pub finish: Ns,
    timed_out: bool,
    response_bytes: i64,
    /// First token, and how many there are, where the answer streams.
    streamed: Option<(Ns, i64)>,
}

impl Served {
    /// Its caller has gone at `deadline`, before work on it began.
    fn gone(ticket: Ticket, deadline: Ns) -> Self {
        Self { ticket, start: None, finish: deadline, timed_out: true, response_bytes: 0, streamed: None }
    }

    /// Enters what became of it.
    pub(crate) fn settle(&self, ledger: &mut Ledger) {
        let Self { ticket, start, finish, timed_out, response_bytes, streamed } = *self;
        if let Some(start) = start {
            ledger.work(start, finish);
        }
        match start {
            _ if finish > ledger.window.last_finish() => ledger.fail(ticket, Status::Unfinished, false),
            Some(start) if !timed_out => {
                ledger.meter(ticket.arrival, Meter::DataOutBytes, response_bytes);
                match streamed {
                    Some((first, tokens)) => ledger.complete_streamed(ticket, start, finish, first, tokens),
                    None => ledger.complete(ticket, start, finish, false),
                }
            }
            start => ledger.cut_off(ticket, start, finish, false),
        }
    }

    /// It is lost with its instance, which ended at `last`.
    pub(crate) fn lose(&self, last: Ns, ledger: &mut Ledger) {
        if let Some(start) = self.start {
            ledger.work(start, last.max(start));
        }
        ledger.fail(self.ticket, Status::Unfinished, false);
    }
}

/// When a container works on a request, and whether that is in time.
#[derive(Clone, Copy, Debug)]
struct Slot {
    start: Ns,
    finish: Ns,
    fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    InTime,
    /// Answered too late, or cut off.
    TooLate,
    /// Its caller has gone before work began.
    Gone,
}

/// How a removed container ends, in the order of events at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With the last of its requests, or at once where there is none.
    Completion,
    /// With the last of its requests, which is cut off.
    Timeout,
    /// When it has drained for as long as it may.
    Drained,
}

/// One container.
#[derive(Debug)]
pub(crate) struct Instance {
    workers: Workers,
    speed: f64,
    /// The last instant at which a request is cut off.
    last_cut: Ns,
    /// Ends of waiting still ahead; kept only under a queue limit.
    waits: BinaryHeap<Reverse<Ns>>,
    /// Requests whose fate depends on whether the instance lives.
    slow: Vec<Served>,
}

impl Instance {
    /// `concurrency` workers, free from `at`.
    pub(crate) fn new(concurrency: u32, speed: f64, at: Ns) -> Self {
        let workers = Workers::new(concurrency as usize, at);
        Self { workers, speed, last_cut: Ns::MIN, waits: BinaryHeap::new(), slow: Vec::new() }
    }

    /// Whether a request that arrives now finds neither a worker nor room to wait.
    #[inline]
    pub(crate) fn is_full(&mut self, at: Ns, limits: &Limits) -> bool {
        let Some(limit) = limits.queue else {
            return false;
        };
        while self.waits.peek().is_some_and(|&Reverse(end)| end <= at) {
            self.waits.pop();
        }
        self.workers.first_free() > at && self.waits.len() >= limit
    }

    /// Takes a request on its arrival, and enters what becomes of it unless that may take longer than `drain`: then its
    /// instance may be removed before. Returns when it leaves.
    #[expect(clippy::inline_always, reason = "one step of the loop over requests; two callers keep it out of it")]
    #[inline(always)]
    pub(crate) fn take(&mut self, request: &Arrival, limits: &Limits, drain: Ns, ledger: &mut Ledger) -> Ns {
        let Arrival { ticket, response_bytes, first_token, .. } = *request;
        let slot = self.place(ticket.arrival, request, limits);
        let finish = slot.finish;
        if finish - ticket.arrival > drain {
            let served = self.served(request, slot);
            self.slow.push(served);
        } else if slot.fate != Fate::Gone && first_token.is_none() && finish <= ledger.window.last_finish() {
            // what most requests come to: a record of it is never made
            ledger.work(slot.start, finish);
            if slot.fate == Fate::InTime {
                ledger.meter(ticket.arrival, Meter::DataOutBytes, response_bytes);
                ledger.complete(ticket, slot.start, finish, false);
            } else {
                ledger.cut_off(ticket, Some(slot.start), finish, false);
            }
        } else {
            self.served(request, slot).settle(ledger);
        }
        finish
    }

    /// Takes a request that joins the queue at `joins`, not before its arrival.
    pub(crate) fn serve_from(&mut self, joins: Ns, request: &Arrival, limits: &Limits) -> Served {
        let slot = self.place(joins, request, limits);
        self.served(request, slot)
    }

    #[expect(clippy::inline_always, reason = "one step of the loop over requests; two callers keep it out of it")]
    #[inline(always)]
    fn place(&mut self, joins: Ns, request: &Arrival, limits: &Limits) -> Slot {
        let deadline = request.ticket.arrival.saturating_add(limits.timeout);
        let start = joins.max(self.workers.first_free());
        if limits.cancels_queued && start > deadline {
            self.wait_until(deadline, limits);
            return Slot { start: deadline, finish: deadline, fate: Fate::Gone };
        }
        let whole = start.saturating_add(super::work(request.service, self.speed));
        let is_cut = limits.cancels_running && start <= deadline && whole > deadline;
        let finish = if is_cut { deadline } else { whole };
        if is_cut {
            self.last_cut = self.last_cut.max(finish);
        }
        self.workers.serve(joins, finish - start);
        self.wait_until(start, limits);
        let fate = if is_cut || finish > deadline { Fate::TooLate } else { Fate::InTime };
        Slot { start, finish, fate }
    }

    fn served(&self, request: &Arrival, slot: Slot) -> Served {
        let Slot { start, finish, fate } = slot;
        if fate == Fate::Gone {
            return Served::gone(request.ticket, finish);
        }
        let streamed = request.first_token.map(|first_token| {
            let first = start.saturating_add(super::work(first_token.min(request.service), self.speed));
            (first, request.output_tokens)
        });
        Served {
            ticket: request.ticket,
            start: Some(start),
            finish,
            timed_out: fate == Fate::TooLate,
            response_bytes: request.response_bytes,
            streamed,
        }
    }

    fn wait_until(&mut self, end: Ns, limits: &Limits) {
        if limits.queue.is_some() {
            self.waits.push(Reverse(end));
        }
    }

    /// Keeps a request to be settled later.
    pub(crate) fn keep(&mut self, served: Served) {
        self.slow.push(served);
    }

    /// Settles the kept requests that have left by `at`.
    pub(crate) fn settle_until(&mut self, at: Ns, ledger: &mut Ledger) {
        self.slow.retain(|served| {
            let left = served.finish <= at;
            if left {
                served.settle(ledger);
            }
            !left
        });
    }

    /// It takes nothing more, and ends at `last` at the latest; returns when it does, and how.
    pub(crate) fn remove(&mut self, at: Ns, last: Ns, ledger: &mut Ledger) -> (Ns, End) {
        for served in std::mem::take(&mut self.slow) {
            if served.finish > last {
                served.lose(last, ledger);
            } else {
                served.settle(ledger);
            }
        }
        match self.workers.last_free() {
            free if free > last => (last, End::Drained),
            free if free == self.last_cut => (free.max(at), End::Timeout),
            free => (free.max(at), End::Completion),
        }
    }
}
