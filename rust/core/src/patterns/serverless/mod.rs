//! SageMaker Serverless Inference [SL].

mod check;
mod on_demand;
mod provisioned;

pub(crate) use check::check;

use super::{Capacity, MEGABYTE, Server, work};
use crate::ledger::{Ledger, Status, Ticket, Window};
use crate::scaling::Fleet;
use crate::scenario::{self, Deployment};
use crate::stream::{Block, Carried, Needs};
use crate::time::{MILLISECOND, Ns, seconds};
use crate::usage::Meter;
use on_demand::OnDemand;
use provisioned::Provisioned;

/// Largest payload, and largest response [SL-5].
const PAYLOAD_LIMIT: i64 = 4 * MEGABYTE;
const ANSWER_LIMIT: i64 = 4 * MEGABYTE;

/// A serverless endpoint.
#[derive(Debug)]
pub struct Serverless {
    concurrency: usize,
    speed: f64,
    timeout: Ns,
    bill_cold_start: bool,
    setup_counts: bool,
    on_demand: OnDemand,
    provisioned: Provisioned,
    /// Most containers alive since figures began; None before.
    peak: Option<usize>,
}

impl Serverless {
    /// An endpoint without containers but the `provisioned` ones.
    ///
    /// # Panics
    /// With a deployment of another pattern.
    #[must_use]
    pub fn new(provisioned: Fleet, deployment: &Deployment, assumed: &scenario::Serverless) -> Self {
        let Deployment::Serverless { max_concurrency, speed, .. } = *deployment else {
            unreachable!("the caller has matched the pattern")
        };
        Self {
            concurrency: max_concurrency.min(assumed.account_concurrency) as usize,
            speed,
            timeout: seconds(assumed.timeout_s),
            bill_cold_start: assumed.bill_cold_start,
            setup_counts: assumed.setup_counts_to_timeout,
            on_demand: OnDemand::new(seconds(assumed.keep_warm_s)),
            provisioned: Provisioned::new(provisioned),
            peak: None,
        }
    }

    /// Lives through everything up to and including `until`.
    fn advance(&mut self, until: Ns, window: &Window) {
        if self.peak.is_none() && until >= window.warmup {
            self.advance_within(window.warmup, window);
            self.peak = Some(self.count());
        }
        self.advance_within(until, window);
    }

    fn advance_within(&mut self, until: Ns, window: &Window) {
        while self.provisioned.next() <= until && self.provisioned.next() < Ns::MAX {
            let at = self.provisioned.next();
            self.on_demand.release(at, window);
            self.provisioned.release(at);
            self.provisioned.step();
            if self.provisioned.next() > at {
                self.count_peak();
            }
        }
        self.on_demand.release(until, window);
        self.provisioned.release(until);
    }

    fn count(&self) -> usize {
        self.on_demand.count() + self.provisioned.count()
    }

    fn count_peak(&mut self) {
        self.peak = self.peak.map(|peak| peak.max(self.count()));
    }

    fn serve(&mut self, ticket: Ticket, requests: &Block, row: usize, ledger: &mut Ledger) {
        let at = ticket.arrival;
        // what finds no provisioned container free spills over [SL-11]
        let provisioned = self.provisioned.has_room();
        let cold = !provisioned && !self.on_demand.reuse(at, &ledger.window); // [SL-13]
        let (setup, service) = match (cold, if cold { requests.cold_service(row) } else { None }) {
            (_, Some(whole)) => (0, whole),
            (true, None) => (requests.cold_start(row), requests.service[row]),
            (false, None) => (0, requests.service[row]),
        };
        let start = at.saturating_add(setup);
        let done = start.saturating_add(work(service, self.speed));
        let limit = if self.setup_counts { at } else { start }.saturating_add(self.timeout);
        let release = done.min(limit);
        if provisioned {
            self.provisioned.enter(release);
        } else {
            self.on_demand.enter(at, release, &ledger.window);
        }
        self.count_peak();

        let cut = release.min(ledger.window.last_finish());
        ledger.work(start, cut);
        let billed_from = if self.bill_cold_start { at } else { start };
        let billed_ms = ((cut - billed_from).max(0) + MILLISECOND - 1) / MILLISECOND;
        let meter = if provisioned { Meter::ProvisionedMs } else { Meter::ServerlessMs };
        ledger.meter(at, meter, billed_ms);
        ledger.meter(at, Meter::DataInBytes, requests.carried(Carried::PayloadBytes, row));
        let response = requests.carried(Carried::ResponseBytes, row);
        if release > ledger.window.last_finish() {
            ledger.fail(ticket, Status::Unfinished, cold);
        } else if done > limit {
            ledger.cut_off(ticket, (start < release).then_some(start), release, cold);
        } else if response > ANSWER_LIMIT {
            ledger.refuse_answer(ticket, start, release, cold);
        } else {
            ledger.meter(at, Meter::DataOutBytes, response);
            ledger.complete(ticket, start, release, cold);
        }
    }
}

impl Server for Serverless {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn block(&mut self, requests: &Block, ledger: &mut Ledger) {
        for row in 0..requests.len() {
            let ticket = Ticket { ordinal: requests.ordinal[row], arrival: requests.arrival[row] };
            if requests.carried(Carried::PayloadBytes, row) > PAYLOAD_LIMIT {
                ledger.fail(ticket, Status::Refused, false);
                continue;
            }
            self.advance(ticket.arrival, &ledger.window);
            // one request per container [SL-8], and no queue [SL-7]
            if self.on_demand.in_flight() + self.provisioned.in_flight() >= self.concurrency {
                ledger.fail(ticket, Status::Throttled, false);
                continue;
            }
            self.serve(ticket, requests, row, ledger);
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        self.advance(ledger.window.horizon - 1, &ledger.window);
        let fleet = self.provisioned.fleet();
        fleet.bill(ledger);
        let alive = self.on_demand.finish(&ledger.window) + fleet.served().iter().sum::<i128>();
        Capacity {
            instances: Some((alive as f64 / ledger.window.length() as f64, self.peak.unwrap_or(0) as u32)),
            worker_ns: alive as f64,
            activities: fleet.activities().to_vec(),
        }
    }
}
