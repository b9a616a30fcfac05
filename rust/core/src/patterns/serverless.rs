//! SageMaker Serverless Inference [SL].
//!
//! There are no containers, only release times: the most recently idle one is warm iff it was released less than
//! keep-alive ago, and if it is not, no other is.

use super::{Capacity, Infeasible, MEGABYTE, Server, too_large, work};
use crate::ledger::{Ledger, Status, Ticket};
use crate::scenario::{self, End};
use crate::stream::{Block, Carried, Needs};
use crate::time::{MILLISECOND, Ns, seconds};
use crate::usage::Meter;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Memory sizes [SL-1].
const SIZES_MB: [u32; 6] = [1024, 2048, 3072, 4096, 5120, 6144];
/// Most concurrency of an endpoint [SL-3].
const CONCURRENCY_LIMIT: u32 = 200;
/// Largest payload [SL-5].
const PAYLOAD_LIMIT: i64 = 4 * MEGABYTE;

/// A serverless endpoint.
#[derive(Debug)]
pub struct Serverless {
    concurrency: usize,
    speed: f64,
    keep_warm: Ns,
    timeout: Ns,
    bill_cold_start: bool,
    setup_counts: bool,
    in_flight: BinaryHeap<Reverse<Ns>>,
    /// Release times of idle containers, ascending.
    idle: VecDeque<Ns>,
    alive: i128,
    /// Most containers alive since figures began; None before.
    peak: Option<usize>,
}

impl Serverless {
    /// Whether AWS offers this.
    #[must_use]
    pub fn check(memory_mb: u32, max_concurrency: u32, payload: Option<i64>) -> Option<Infeasible> {
        if !SIZES_MB.contains(&memory_mb) {
            let reason = format!("{memory_mb} MB is none of the sizes {SIZES_MB:?}");
            return Some(Infeasible::new("SL-1", reason));
        }
        if max_concurrency > CONCURRENCY_LIMIT {
            let reason = format!("max_concurrency {max_concurrency} is above {CONCURRENCY_LIMIT}");
            return Some(Infeasible::new("SL-3", reason));
        }
        too_large(payload, PAYLOAD_LIMIT, "SL-5")
    }

    /// An endpoint without containers.
    #[must_use]
    pub fn new(max_concurrency: u32, speed: f64, assumed: &scenario::Serverless) -> Self {
        Self {
            concurrency: max_concurrency.min(assumed.account_concurrency) as usize,
            speed,
            keep_warm: seconds(assumed.keep_warm_s),
            timeout: seconds(assumed.timeout_s),
            bill_cold_start: assumed.bill_cold_start,
            setup_counts: assumed.setup_counts_to_timeout,
            in_flight: BinaryHeap::new(),
            idle: VecDeque::new(),
            alive: 0,
            peak: None,
        }
    }

    fn live(&mut self, from: Ns, to: Ns, ledger: &Ledger) {
        let within = to.min(ledger.window.horizon) - from.max(ledger.window.warmup);
        self.alive += i128::from(within.max(0));
    }

    /// Releases what is done at `at`, and lets go of what has been idle too long.
    fn advance(&mut self, at: Ns, ledger: &Ledger) {
        if self.peak.is_none() && at >= ledger.window.warmup {
            self.release(ledger.window.warmup, ledger);
            self.peak = Some(self.in_flight.len() + self.idle.len());
        }
        self.release(at, ledger);
    }

    fn release(&mut self, at: Ns, ledger: &Ledger) {
        while let Some(&Reverse(release)) = self.in_flight.peek()
            && release <= at
        {
            self.in_flight.pop();
            self.idle.push_back(release);
        }
        while let Some(&release) = self.idle.front()
            && at - release >= self.keep_warm
        {
            self.idle.pop_front();
            self.live(release, release + self.keep_warm, ledger);
        }
    }

    fn serve(&mut self, ticket: Ticket, cold_start: Ns, work: Ns, carried: (i64, i64), ledger: &mut Ledger) {
        let at = ticket.arrival;
        let warm = self.idle.pop_back();
        if let Some(release) = warm {
            self.live(release, at, ledger);
        }
        let cold = warm.is_none(); // [SL-13]
        let setup = if cold { cold_start } else { 0 };
        let start = at + setup;
        let counted_from = if self.setup_counts { at } else { start };
        let limit = counted_from.saturating_add(self.timeout);
        let release = start.saturating_add(work).min(limit);
        self.in_flight.push(Reverse(release));
        self.live(at, release, ledger);
        self.peak = self.peak.map(|peak| peak.max(self.in_flight.len() + self.idle.len()));

        let cut = release.min(ledger.window.last_finish());
        ledger.work(start, cut);
        let billed_from = if self.bill_cold_start { at } else { start };
        let billed_ms = ((cut - billed_from).max(0) + MILLISECOND - 1) / MILLISECOND;
        ledger.meter(at, Meter::ServerlessMs, billed_ms);
        ledger.meter(at, Meter::DataInBytes, carried.0);
        if release > ledger.window.last_finish() {
            ledger.fail(ticket, Status::Unfinished, cold);
        } else if start.saturating_add(work) > limit {
            ledger.cut_off(ticket, (start < release).then_some(start), release, cold);
        } else {
            ledger.meter(at, Meter::DataOutBytes, carried.1);
            ledger.complete(ticket, start, release, cold);
        }
    }
}

impl Server for Serverless {
    fn needs(&self) -> Needs {
        Needs { cold_start: true, ..Needs::default() }
    }

    fn block(&mut self, requests: &Block, ledger: &mut Ledger) {
        for row in 0..requests.len() {
            let ticket = Ticket { ordinal: requests.ordinal[row], arrival: requests.arrival[row] };
            let payload = requests.carried(Carried::PayloadBytes, row);
            if payload > PAYLOAD_LIMIT {
                ledger.fail(ticket, Status::Refused, false);
                continue;
            }
            self.advance(ticket.arrival, ledger);
            // one request per container [SL-8], and no queue [SL-7]
            if self.in_flight.len() >= self.concurrency {
                ledger.fail(ticket, Status::Throttled, false);
                continue;
            }
            let work = work(requests.service[row], self.speed);
            let carried = (payload, requests.carried(Carried::ResponseBytes, row));
            self.serve(ticket, requests.cold_start[row], work, carried, ledger);
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        let horizon = ledger.window.horizon;
        let end = match ledger.window.end {
            End::Drain => Ns::MAX,
            End::Cut => horizon,
        };
        self.advance(horizon, ledger);
        for release in std::mem::take(&mut self.idle) {
            self.live(release, end.min(release.saturating_add(self.keep_warm)), ledger);
        }
        let mean = self.alive as f64 / ledger.window.length() as f64;
        Capacity {
            instances: Some((mean, self.peak.unwrap_or(0) as u32)),
            worker_ns: self.alive as f64,
            activities: Vec::new(),
        }
    }
}
