//! SageMaker real-time endpoint [RT, Q, AS]: one or more variants behind one door.

mod check;
mod containers;
mod group;
mod instance;
mod variant;

pub(crate) use check::{check, check_scaling, foreign};
pub(crate) use group::{Group, Worker};
pub(crate) use instance::{End, Instance, Limits, Served};
pub(crate) use variant::Variant;

use super::{Capacity, MEGABYTE, Server, work};
use crate::ledger::{Ledger, Status, Ticket, Window};
use crate::random::unit_of;
use crate::scaling::{Activity, Fleet, History, Image, Launch, Pool, Terms};
use crate::scenario::{self, Assumptions};
use crate::stream::{Block, Carried, Needs};
use crate::time::Ns;

/// Largest payload [RT-1].
pub(crate) const PAYLOAD_LIMIT: i64 = 25 * MEGABYTE;

/// A request at the door.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub ticket: Ticket,
    pub service: Ns,
    /// The part of it up to the first token, where the answer streams.
    pub first_token: Option<Ns>,
    pub route: u64,
    pub prefix: u64,
    pub payload_bytes: i64,
    pub response_bytes: i64,
    pub output_tokens: i64,
}

impl Arrival {
    /// Row `row` of a block.
    #[expect(clippy::inline_always, reason = "one step of the loop over requests; two callers keep it out of it")]
    #[inline(always)]
    pub(crate) fn of(requests: &Block, row: usize, needs: Needs) -> Self {
        Self {
            ticket: Ticket { ordinal: requests.ordinal[row], arrival: requests.arrival[row] },
            service: requests.service[row],
            first_token: if needs.first_token { Some(requests.first_token[row]) } else { None },
            route: if needs.route { requests.route[row] } else { 0 },
            prefix: if needs.prefix { requests.prefix[row] } else { 0 },
            payload_bytes: requests.carried(Carried::PayloadBytes, row),
            response_bytes: requests.carried(Carried::ResponseBytes, row),
            output_tokens: if needs.first_token { requests.carried(Carried::OutputTokens, row) } else { 0 },
        }
    }
}

/// A real-time endpoint.
#[derive(Debug)]
pub struct RealTime {
    production: Vec<Variant>,
    /// Weights added up [RT-9].
    shares: Vec<f64>,
    shadow: Option<Shadow>,
    streams: bool,
}

/// A shadow variant: what becomes of its requests is nobody's affair [RT-10].
#[derive(Debug)]
struct Shadow {
    variant: Variant,
    share: f64,
    ledger: Ledger,
    /// How many production variants stand before it in the deployment.
    place: usize,
}

impl Shadow {
    #[inline(never)]
    fn copy(&mut self, request: &Arrival) {
        self.variant.advance(request.ticket.arrival, &mut self.ledger);
        self.variant.take(request, &mut self.ledger);
    }
}

impl RealTime {
    /// The variants of an endpoint, each with a fleet that lives by its own metrics.
    #[must_use]
    pub(crate) fn new(
        variants: &[scenario::Variant],
        assumed: &Assumptions,
        seed: u64,
        window: Window,
        streams: bool,
    ) -> Self {
        let limits = Limits::new(&assumed.real_time, streams);
        let mut endpoint = Self { production: Vec::new(), shares: Vec::new(), shadow: None, streams };
        let mut first_part = 0;
        for keys in variants {
            let fleet = fleet(keys, assumed, seed, window, first_part);
            first_part += 1 + keys.pools.len();
            let variant = Variant::new(fleet, workers(keys), keys, limits, window.from);
            match keys.shadow_share {
                Some(share) => {
                    let ledger = Ledger::new(window, None, false);
                    let place = endpoint.production.len();
                    endpoint.shadow = Some(Shadow { variant, share, ledger, place });
                }
                None => endpoint.add(variant, keys.weight),
            }
        }
        endpoint
    }

    /// An endpoint whose count in service is replayed from `at` as another run found it.
    #[must_use]
    pub(crate) fn replay(variant: Variant, streams: bool) -> Self {
        let mut endpoint = Self { production: Vec::new(), shares: Vec::new(), shadow: None, streams };
        endpoint.add(variant, 1.0);
        endpoint
    }

    fn add(&mut self, variant: Variant, weight: f64) {
        self.shares.push(self.shares.last().unwrap_or(&0.0) + weight);
        self.production.push(variant);
    }

    /// In the order of the deployment.
    fn variants(&self) -> impl Iterator<Item = &Variant> {
        let place = self.shadow.as_ref().map_or(0, |shadow| shadow.place);
        let (before, after) = self.production.split_at(place);
        before.iter().chain(self.shadow.as_ref().map(|shadow| &shadow.variant)).chain(after)
    }
}

/// The variant that a request goes to, by weights added up.
fn chosen(shares: &[f64], bits: u64) -> usize {
    let last = shares.len() - 1;
    let share = unit_of(bits) * shares[last];
    shares.iter().position(|&until| share < until).unwrap_or(last)
}

/// The fleet of a variant; its parts are counted from `first_part`.
pub(crate) fn fleet(
    keys: &scenario::Variant,
    assumed: &Assumptions,
    seed: u64,
    window: Window,
    first_part: usize,
) -> Fleet {
    let image = Image { image_gb: keys.image_gb, model_gb: keys.model_gb, cached: keys.container_caching };
    let pool = |instance_type: &str, available: Option<u32>| Pool {
        launch: Launch::of_instance(instance_type, &image, &assumed.instances, seed),
        available,
    };
    let mut pools = vec![pool(&keys.instance_type, keys.available)];
    pools.extend(keys.pools.iter().map(|further| pool(&further.instance_type, further.available)));
    let terms = Terms::instances(&assumed.instances, first_part);
    Fleet::new(terms, pools, keys.instances, keys.scaling.as_ref(), &assumed.autoscaling, window)
}

/// Workers and speed by pool of a variant.
pub(crate) fn workers(keys: &scenario::Variant) -> Vec<Worker> {
    let first = Worker { concurrency: keys.concurrency, speed: keys.speed };
    let further = keys.pools.iter().map(|pool| Worker { concurrency: pool.concurrency, speed: pool.speed });
    std::iter::once(first).chain(further).collect()
}

impl Server for RealTime {
    fn needs(&self) -> Needs {
        Needs {
            route: self.variants().any(Variant::draws_route),
            first_token: self.streams,
            variant: self.variants().count() > 1,
            prefix: self.variants().any(Variant::draws_prefix),
            ..Needs::default()
        }
    }

    fn block(&mut self, requests: &Block, ledger: &mut Ledger) {
        let needs = Needs {
            route: !requests.route.is_empty(),
            first_token: self.streams,
            prefix: !requests.prefix.is_empty(),
            ..Needs::default()
        };
        for row in 0..requests.len() {
            let request = Arrival::of(requests, row, needs);
            if request.payload_bytes > PAYLOAD_LIMIT {
                ledger.fail(request.ticket, Status::Refused, false);
                continue;
            }
            let at = request.ticket.arrival;
            let which = if self.shares.len() > 1 { chosen(&self.shares, requests.variant[row]) } else { 0 };
            let variant = &mut self.production[which];
            if at >= variant.next_event() {
                variant.advance(at, ledger);
            }
            variant.take(&request, ledger);
            if let Some(shadow) = &mut self.shadow
                && unit_of(requests.shadow[row]) < shadow.share
            {
                shadow.copy(&request);
            }
        }
        if let Some(&last) = requests.arrival.last() {
            for variant in &mut self.production {
                variant.tidy(last, ledger);
            }
            if let Some(shadow) = &mut self.shadow {
                shadow.variant.tidy(last, &mut shadow.ledger);
            }
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        for variant in &mut self.production {
            variant.finish(ledger);
        }
        if let Some(shadow) = &mut self.shadow {
            shadow.variant.finish(&mut shadow.ledger);
        }
        let bills: Option<Vec<_>> = self.variants().map(|variant| variant.bill(ledger)).collect();
        let Some(bills) = bills else {
            return Capacity::default();
        };
        let window = ledger.window;
        let instance_ns: i128 = bills.iter().map(|bill| bill.instance_ns).sum();
        let peak = History::sum(bills.iter().map(|bill| &bill.history)).most(window.warmup, window.horizon);
        let mut activities: Vec<Activity> = bills.iter().flat_map(|bill| bill.activities.clone()).collect();
        activities.sort_by_key(|activity| activity.at); // stable: of one instant in order of variants
        Capacity {
            instances: Some((instance_ns as f64 / window.length() as f64, peak)),
            // what a shadow works is in no count, so neither are its workers
            worker_ns: bills
                .iter()
                .enumerate()
                .filter(|&(index, _)| self.shadow.as_ref().is_none_or(|shadow| shadow.place != index))
                .map(|(_, bill)| bill.worker_ns)
                .sum(),
            activities,
        }
    }
}
