//! Exactly what follows from counts per second: instance counts, bytes and tokens.

use super::Large;
use super::windows::WINDOW;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::patterns::real_time::{Limits, Variant, fleet, workers};
use crate::patterns::{Capacity, RealTime, TOKENS, open};
use crate::scaling::{Event, Fleet, Gauges, Metric};
use crate::scenario::{self, Deployment};
use crate::stream::Carried;
use crate::time::Ns;
use crate::usage::Meter;

/// The one variant of an endpoint whose instances follow from counts per second; None where they take the state of
/// every request: several variants or pools, or policies that watch what is in the containers.
pub(super) fn counted(deployment: &Deployment) -> Option<scenario::Variant> {
    let mut variants = deployment.variants();
    let only = variants.pop().filter(|only| variants.is_empty() && only.pools.is_empty())?;
    let policies = only.scaling.iter().flat_map(|scaling| &scaling.policies);
    policies.filter_map(Metric::of).all(|metric| metric == Metric::InvocationsPerInstance).then_some(only)
}

pub(super) fn real_time(large: &Large, keys: &scenario::Variant, ledger: &mut Ledger) -> Result<Capacity> {
    let window = large.window;
    let assumed = &large.scenario.assumptions;
    let mut fleet = fleet(keys, assumed, large.scenario.run.seed, window, 0);
    let advance = |until: Ns, fleet: &mut Fleet| {
        while fleet.next() <= until && fleet.next() < Ns::MAX {
            let at = fleet.next();
            match fleet.event() {
                Event::Ready => drop(fleet.ready()),
                Event::Close => fleet.close(&Gauges::default()),
                Event::Evaluate | Event::Schedule => {
                    // how long it drains is not known here: as long as it may, so that no cost is missed
                    for number in fleet.evaluate() {
                        fleet.end(number, at + fleet.drain());
                    }
                }
            }
        }
    };
    for (at, second, count) in large.seconds() {
        advance(at, &mut fleet);
        fleet.arrive(u64::from(count));
        let carried = large.seconds.carried(second);
        ledger.meter(at, Meter::DataInBytes, carried[Carried::PayloadBytes as usize]);
        ledger.meter(at, Meter::DataOutBytes, carried[Carried::ResponseBytes as usize]);
    }
    advance(window.horizon, &mut fleet);
    large.control.check()?;

    fleet.bill(ledger);
    let instances = fleet.mean_and_peak();
    let history = fleet.history();
    let requests = large.requests(window.warmup, window.horizon);
    let mean_work = large.stream.mean_service().unwrap_or(0.0) / keys.speed;
    if large.options.latency {
        let load = |start, requests| {
            let fewest = history.fewest(start, start + WINDOW).max(1);
            requests as f64 * mean_work / f64::from(fewest)
        };
        let streams = large.stream.streams();
        let limits = Limits::new(&assumed.real_time, streams);
        large.latency(ledger, load, |part| {
            let variant = Variant::replay(&history, fleet.drain(), workers(keys)[0], keys, limits, part.from);
            Box::new(RealTime::replay(variant, streams))
        })?;
    } else {
        ledger.balance(requests);
    }
    ledger.busy = (requests as f64 * mean_work) as i128;
    Ok(Capacity {
        instances: Some(instances),
        worker_ns: instances.0 * f64::from(keys.concurrency) * window.length() as f64,
        activities: fleet.activities().to_vec(),
    })
}

pub(super) fn tokens(large: &Large, deployment: &Deployment, ledger: &mut Ledger) -> Result<Capacity> {
    count_tokens(large, ledger);
    if large.options.latency && large.stream.has_service() {
        let open_part = |part| open(large.scenario, deployment, large.stream, part);
        large.latency(ledger, |_, requests| requests as f64, open_part)?;
    } else {
        ledger.balance(large.requests(large.window.warmup, large.window.horizon));
    }
    Ok(Capacity::default())
}

fn count_tokens(large: &Large, ledger: &mut Ledger) {
    for (at, second, _) in large.seconds() {
        let carried = large.seconds.carried(second);
        for (kind, meter) in TOKENS {
            ledger.meter(at, meter, carried[kind as usize]);
        }
    }
}
