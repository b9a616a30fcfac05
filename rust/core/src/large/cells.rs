//! Exactly what follows from counts per second: instance counts, bytes and tokens.

use super::Large;
use super::windows::WINDOW;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::patterns::{Capacity, RealTime, TOKENS, fleet, open};
use crate::scaling::{Event, Fleet, Gauges};
use crate::scenario::Deployment;
use crate::stream::Carried;
use crate::time::Ns;
use crate::usage::Meter;

pub(super) fn real_time(large: &Large, deployment: &Deployment, ledger: &mut Ledger) -> Result<Capacity> {
    let Deployment::RealTime { concurrency, speed, .. } = *deployment else {
        unreachable!("the caller has matched the pattern")
    };
    let window = large.window;
    let mut fleet = fleet(large.scenario, deployment, window);
    let advance = |until: Ns, fleet: &mut Fleet| {
        while fleet.next() <= until && fleet.next() < Ns::MAX {
            let at = fleet.next();
            match fleet.event() {
                Event::Ready => drop(fleet.ready()),
                Event::Close => fleet.close(Gauges::default()),
                Event::Evaluate => {
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
        let carried = large.stream.carried_in_cell(second, count);
        ledger.meter(at, Meter::DataInBytes, carried[Carried::PayloadBytes as usize]);
        ledger.meter(at, Meter::DataOutBytes, carried[Carried::ResponseBytes as usize]);
    }
    advance(window.horizon, &mut fleet);
    large.control.check()?;

    let instances = fleet.bill(ledger);
    let history = fleet.history();
    let requests = large.requests(window.warmup, window.horizon);
    let mean_work = large.stream.mean_service().unwrap_or(0.0) / speed;
    if large.options.latency {
        let load = |start, requests| {
            let fewest = history.fewest(start, start + WINDOW).max(1);
            requests as f64 * mean_work / f64::from(fewest)
        };
        large.latency(ledger, load, |part| {
            let assumed = &large.scenario.assumptions.real_time;
            Box::new(RealTime::replay(&history, part.from, concurrency, speed, assumed, fleet.drain()))
        })?;
    } else {
        ledger.balance(requests);
    }
    ledger.busy = (requests as f64 * mean_work) as i128;
    Ok(Capacity {
        instances: Some(instances),
        worker_ns: instances.0 * f64::from(concurrency) * window.length() as f64,
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
    for (at, second, count) in large.seconds() {
        let carried = large.stream.carried_in_cell(second, count);
        for (kind, meter) in TOKENS {
            ledger.meter(at, meter, carried[kind as usize]);
        }
    }
}
