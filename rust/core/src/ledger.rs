//! What became of each request.

use crate::scenario::{End, Scenario, Slo};
use crate::sketch::Sketch;
use crate::time::{Ns, milliseconds, seconds};
use crate::usage::Usage;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Answered.
    Completed,
    /// Turned away for lack of concurrency or queue.
    Throttled,
    /// Turned away by a limit of the service.
    Refused,
    /// Answered too late, or cut off.
    TimedOut,
    /// Waited too long in the queue of an asynchronous endpoint.
    Expired,
    /// Cut by the end of the run or of its instance.
    Unfinished,
}

impl Status {
    /// As it is called outside.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Throttled => "throttled",
            Self::Refused => "refused",
            Self::TimedOut => "timed_out",
            Self::Expired => "expired",
            Self::Unfinished => "unfinished",
        }
    }
}

/// One request, for the record. `start` and `finish` are absent where work did not begin, or was cut by the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Position in the stream.
    pub ordinal: u64,
    /// How it ended.
    pub status: Status,
    /// Work began.
    pub start: Option<Ns>,
    /// It was answered, or cut off.
    pub finish: Option<Ns>,
    /// It started a container.
    pub cold: bool,
    /// The first token of a streamed answer.
    pub first_token: Option<Ns>,
}

/// A request on its way: who it is and when it came.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    /// Position in the stream.
    pub ordinal: u64,
    /// Arrival.
    pub arrival: Ns,
}

/// The part of a run whose figures count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Simulation begins, with an empty system.
    pub from: Ns,
    /// Figures begin.
    pub warmup: Ns,
    /// Arrivals and bills end.
    pub horizon: Ns,
    /// What happens to requests in flight there.
    pub end: End,
}

impl Window {
    /// The window of a whole run.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        Self { from: 0, warmup: scenario.warmup(), horizon: scenario.horizon(), end: scenario.run.end }
    }

    /// Its length.
    #[must_use]
    pub fn length(&self) -> Ns {
        self.horizon - self.warmup
    }

    /// The last instant at which a request may finish.
    #[must_use]
    pub fn last_finish(&self) -> Ns {
        match self.end {
            End::Drain => Ns::MAX,
            End::Cut => self.horizon,
        }
    }
}

/// Counts, lengths and usage of one deployment over one window.
#[derive(Debug)]
pub struct Ledger {
    /// The part of the run that counts.
    pub window: Window,
    /// By status, in the order of `Status`.
    pub counts: [u64; 6],
    /// Requests that started a container.
    pub cold_starts: u64,
    /// Requests whose model was in memory [MME-5].
    pub cache_hits: u64,
    /// Models that began to be loaded.
    pub cache_loads: u64,
    /// Arrival to response, over completed requests.
    pub latency: Sketch,
    /// Arrival to the start of work, over completed requests.
    pub wait: Sketch,
    /// Arrival to the first token, over completed requests with a streamed answer.
    pub ttft: Sketch,
    /// From token to token after the first, over completed requests with two or more.
    pub tpot: Sketch,
    /// What AWS would meter.
    pub usage: Usage,
    /// Nanoseconds that workers were busy within the window.
    pub busy: i128,
    /// Completed requests slower than the SLO's 99th percentile.
    pub slow: u64,
    /// Completed requests after the SLO's deadline.
    pub late: u64,
    /// Every request, where asked for.
    pub rows: Option<Vec<Row>>,
    p99: Ns,
    deadline: Ns,
}

impl Ledger {
    /// An empty ledger.
    #[must_use]
    pub fn new(window: Window, slo: Option<&Slo>, record: bool) -> Self {
        Self {
            window,
            counts: [0; 6],
            cold_starts: 0,
            cache_hits: 0,
            cache_loads: 0,
            latency: Sketch::default(),
            wait: Sketch::default(),
            ttft: Sketch::default(),
            tpot: Sketch::default(),
            usage: Usage::default(),
            busy: 0,
            slow: 0,
            late: 0,
            rows: record.then(Vec::new),
            p99: slo.and_then(|slo| slo.p99_ms).map_or(Ns::MAX, milliseconds),
            deadline: slo.and_then(|slo| slo.deadline_s).map_or(Ns::MAX, seconds),
        }
    }

    /// Requests that count.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// A request was answered.
    #[inline]
    pub fn complete(&mut self, ticket: Ticket, start: Ns, finish: Ns, cold: bool) {
        self.complete_at(ticket, start, finish, cold, None);
    }

    /// A request was answered token by token, the first at `first_token`, `tokens` in all.
    #[inline]
    pub fn complete_streamed(&mut self, ticket: Ticket, start: Ns, finish: Ns, first_token: Ns, tokens: i64) {
        if ticket.arrival >= self.window.warmup {
            self.ttft.add(first_token - ticket.arrival);
            if tokens > 1 {
                self.tpot.add((finish - first_token) / (tokens - 1));
            }
        }
        self.complete_at(ticket, start, finish, false, Some(first_token));
    }

    #[inline]
    fn complete_at(&mut self, ticket: Ticket, start: Ns, finish: Ns, cold: bool, first_token: Option<Ns>) {
        if ticket.arrival < self.window.warmup {
            return;
        }
        let latency = finish - ticket.arrival;
        self.counts[Status::Completed as usize] += 1;
        self.latency.add(latency);
        self.wait.add(start - ticket.arrival);
        self.slow += u64::from(latency > self.p99);
        self.late += u64::from(latency > self.deadline);
        self.cold_starts += u64::from(cold);
        self.record(ticket, Status::Completed, Some(start), Some(finish), cold, first_token);
    }

    /// `count` requests that arrived at `at` were answered at the end of their job, or cut by the end of the run.
    pub fn end_many(&mut self, at: Ns, start: Ns, end: Ns, count: u64, unfinished: bool) {
        if unfinished {
            self.counts[Status::Unfinished as usize] += count;
            return;
        }
        let latency = end - at;
        self.counts[Status::Completed as usize] += count;
        self.latency.add_many(latency, count);
        self.wait.add_many(start - at, count);
        self.slow += if latency > self.p99 { count } else { 0 };
        self.late += if latency > self.deadline { count } else { 0 };
    }

    /// A request was answered, nobody knows when.
    pub fn answer(&mut self, ticket: Ticket) {
        if ticket.arrival >= self.window.warmup {
            self.counts[Status::Completed as usize] += 1;
            self.record(ticket, Status::Completed, None, None, false, None);
        }
    }

    /// A request was cut off, or answered too late, at `finish`; work had begun at `start`, or not yet.
    pub fn cut_off(&mut self, ticket: Ticket, start: Option<Ns>, finish: Ns, cold: bool) {
        if ticket.arrival >= self.window.warmup {
            self.counts[Status::TimedOut as usize] += 1;
            self.cold_starts += u64::from(cold);
            self.record(ticket, Status::TimedOut, start, Some(finish), cold, None);
        }
    }

    /// A request was worked on until `finish`, and its answer turned away.
    pub fn refuse_answer(&mut self, ticket: Ticket, start: Ns, finish: Ns, cold: bool) {
        if ticket.arrival >= self.window.warmup {
            self.counts[Status::Refused as usize] += 1;
            self.cold_starts += u64::from(cold);
            self.record(ticket, Status::Refused, Some(start), Some(finish), cold, None);
        }
    }

    /// A request ended without an answer.
    pub fn fail(&mut self, ticket: Ticket, status: Status, cold: bool) {
        if ticket.arrival >= self.window.warmup {
            self.counts[status as usize] += 1;
            self.cold_starts += u64::from(cold);
            self.record(ticket, status, None, None, cold, None);
        }
    }

    /// A request that arrived at `at` found its model in memory.
    #[inline]
    pub fn cache_hit(&mut self, at: Ns) {
        self.cache_hits += u64::from(at >= self.window.warmup);
    }

    /// A request that arrived at `at` had its model loaded.
    pub fn cache_load(&mut self, at: Ns) {
        self.cache_loads += u64::from(at >= self.window.warmup);
    }

    /// A worker was busy from `from` to `to`.
    #[inline]
    pub fn work(&mut self, from: Ns, to: Ns) {
        let within = to.min(self.window.horizon) - from.max(self.window.warmup);
        self.busy += i128::from(within.max(0));
    }

    /// Counts a quantity in the hour of `at`, unless that is before the window.
    #[inline]
    pub fn meter(&mut self, at: Ns, meter: crate::usage::Meter, quantity: i64) {
        if quantity != 0 && at >= self.window.warmup {
            self.usage.add(at, meter, quantity);
        }
    }

    #[inline]
    fn record(
        &mut self,
        ticket: Ticket,
        status: Status,
        start: Option<Ns>,
        finish: Option<Ns>,
        cold: bool,
        first_token: Option<Ns>,
    ) {
        if let Some(rows) = &mut self.rows {
            rows.push(Row { ordinal: ticket.ordinal, status, start, finish, cold, first_token });
        }
    }

    /// Adds another ledger, each figure times `weight`, to the nearest whole.
    pub fn add_weighted(&mut self, other: &Self, weight: f64) {
        let scaled = |count: u64| (count as f64 * weight).round() as u64;
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            *mine += scaled(theirs);
        }
        self.cold_starts += scaled(other.cold_starts);
        self.cache_hits += scaled(other.cache_hits);
        self.cache_loads += scaled(other.cache_loads);
        self.slow += scaled(other.slow);
        self.late += scaled(other.late);
        self.busy += (other.busy as f64 * weight) as i128;
        self.latency.merge_weighted(&other.latency, weight);
        self.wait.merge_weighted(&other.wait, weight);
        self.ttft.merge_weighted(&other.ttft, weight);
        self.tpot.merge_weighted(&other.tpot, weight);
    }

    /// Makes the counts add up to `requests` after a weighted sum; rounding goes to the completed ones.
    pub fn balance(&mut self, requests: u64) {
        let failed = self.requests() - self.counts[Status::Completed as usize];
        self.counts[Status::Completed as usize] = requests.saturating_sub(failed);
    }

    /// Requests that were not completed, or slower than the promise's 99th percentile, or after its deadline; None where
    /// latency is needed and unknown.
    #[must_use]
    pub fn misses(&self, slo: Option<&Slo>, latency_known: bool) -> Option<u64> {
        if !latency_known && slo.is_some_and(|slo| slo.p99_ms.is_some() || slo.deadline_s.is_some()) {
            return None;
        }
        Some(self.requests() - self.counts[Status::Completed as usize] + self.slow.max(self.late))
    }

    /// Whether the promise was kept; None without a promise, or where latency is needed and unknown.
    #[must_use]
    pub fn keeps(&self, slo: Option<&Slo>, latency_known: bool) -> Option<bool> {
        let slo = slo?;
        if !latency_known && (slo.p99_ms.is_some() || slo.deadline_s.is_some()) {
            return None;
        }
        let requests = self.requests();
        let completed = self.counts[Status::Completed as usize];
        let missed = requests - completed + self.late;
        let few_fail = missed as f64 <= slo.error_rate * requests as f64;
        // the 99th percentile is the ceil(0.99 n)-th smallest: it is kept iff that many are not slow
        let quick = completed - self.slow >= (completed * 99).div_ceil(100);
        Some(few_fail && quick)
    }
}
