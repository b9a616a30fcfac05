//! More requests than can be simulated one by one.
//!
//! What follows from counts per second does so exactly: instance counts of real-time endpoints, tokens, jobs. Latency
//! comes from windows of ten minutes, chosen by utilisation, each after an hour of warm-up. What needs the state of
//! every request (queues of asynchronous endpoints, containers) is replayed on whole days and scaled.

use crate::control::Control;
use crate::error::{Error, Result};
use crate::ledger::{Ledger, Status, Window};
use crate::outcome::{Method, Outcome, SamplingError};
use crate::patterns::{Capacity, RECORDS_MINIMUM, RealTime, Server, Shape, TOKENS, job_length, work};
use crate::run::{Options, fleet, latency_known, server};
use crate::scaling::{Event, Gauges};
use crate::scenario::{Deployment, End, Scenario};
use crate::stream::{Carried, Needs, Stream};
use crate::time::{DAY, HOUR, MINUTE, Ns, SECOND, seconds};
use crate::usage::Meter;
use rayon::prelude::*;

/// Length of a window that is replayed for latency.
const WINDOW: Ns = 10 * MINUTE;
/// What is replayed before it.
const WARMUP: Ns = HOUR;
/// Strata of windows by utilisation, the busiest first: the share of all requests that each ends at. Each is stood for
/// by its busiest window, so the tail is never flattered, and the first ones are thin so that it is not inflated.
const STRATA: [f64; 5] = [0.005, 0.02, 0.1, 0.4, 1.0];

/// What all deployments of a large scenario share.
pub(crate) struct Replay<'a> {
    pub scenario: &'a Scenario,
    pub stream: &'a Stream,
    options: Options,
    control: &'a Control,
    counts: Vec<u32>,
    window: Window,
}

impl<'a> Replay<'a> {
    pub fn new(scenario: &'a Scenario, stream: &'a Stream, options: Options, control: &'a Control) -> Self {
        let counts = stream.counts().unwrap_or_default();
        Self { scenario, stream, options, control, counts, window: Window::of(scenario) }
    }

    fn ledger(&self, window: Window) -> Ledger {
        Ledger::new(window, self.scenario.slo.as_ref(), false)
    }

    /// Requests that arrive in `from..to`, whole seconds.
    fn requests(&self, from: Ns, to: Ns) -> u64 {
        let last = ((to + SECOND - 1) / SECOND).min(self.counts.len() as Ns) as usize;
        self.counts[(from / SECOND) as usize..last].iter().map(|&count| u64::from(count)).sum()
    }

    /// Seconds with requests: (start, second, count).
    fn seconds(&self) -> impl Iterator<Item = (Ns, usize, u32)> + '_ {
        self.counts
            .iter()
            .enumerate()
            .filter(|&(_, &count)| count > 0)
            .map(|(second, &count)| (second as Ns * SECOND, second, count))
    }

    fn serve(&self, window: Window, server: &mut dyn Server, ledger: &mut Ledger) -> Result<()> {
        let needs = server.needs();
        self.stream.each_block(window.from, window.horizon, needs, self.options.block_rows, self.control, |block| {
            server.block(block, ledger);
            Ok(())
        })
    }

    /// Fills counts and latencies of `ledger` from windows. `load` orders them; `open` makes the server of a window.
    fn latency(
        &self,
        ledger: &mut Ledger,
        load: impl Fn(Ns, u64) -> f64,
        open: impl Fn(Window) -> Box<dyn Server> + Sync,
    ) -> Result<()> {
        let total = self.requests(self.window.warmup, self.window.horizon);
        let chosen = self.strata(total, load);
        let parts: Result<Vec<Ledger>> = chosen
            .par_iter()
            .map(|&(start, _)| {
                let horizon = (start + WINDOW).min(self.window.horizon);
                let window = Window { from: (start - WARMUP).max(0), warmup: start, horizon, end: End::Drain };
                let mut part = self.ledger(window);
                let mut server = open(window);
                self.serve(window, server.as_mut(), &mut part)?;
                server.finish(&mut part);
                Ok(part)
            })
            .collect();
        for (part, (_, requests)) in parts?.iter().zip(chosen) {
            ledger.add_weighted(part, requests as f64 / part.requests().max(1) as f64);
        }
        ledger.balance(total);
        Ok(())
    }

    /// The windows to replay, and how many requests each stands for.
    fn strata(&self, total: u64, load: impl Fn(Ns, u64) -> f64) -> Vec<(Ns, u64)> {
        let first = self.window.warmup / WINDOW * WINDOW;
        let mut windows: Vec<(f64, Ns, u64)> = (first..self.window.horizon)
            .step_by(WINDOW as usize)
            .map(|start| (start.max(self.window.warmup), self.requests(start, start + WINDOW)))
            .filter(|&(_, requests)| requests > 0)
            .map(|(start, requests)| (load(start, requests), start, requests))
            .collect();
        windows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut chosen: Vec<(Ns, u64)> = Vec::new();
        let mut seen = 0;
        let mut strata = STRATA.iter().peekable();
        let mut stratum_open = false;
        for (_, start, requests) in windows {
            match chosen.last_mut().filter(|_| stratum_open) {
                Some(last) => last.1 += requests,
                None => chosen.push((start, requests)),
            }
            stratum_open = true;
            seen += requests;
            while strata.peek().is_some_and(|&&share| seen as f64 >= share * total as f64) {
                strata.next();
                stratum_open = false;
            }
        }
        chosen
    }
}

/// One deployment over more requests than can be simulated one by one.
pub(crate) fn run(replay: &Replay, deployment: &Deployment) -> Result<Outcome> {
    let mut ledger = replay.ledger(replay.window);
    let capacity = match deployment {
        Deployment::RealTime { .. } => real_time(replay, deployment, &mut ledger)?,
        Deployment::Async { .. } | Deployment::Serverless { .. } => {
            return sampled_days(replay, deployment);
        }
        Deployment::BatchTransform { every_s, .. } => batch_transform(replay, deployment, *every_s, &mut ledger)?,
        Deployment::BedrockOnDemand { .. } => tokens(replay, deployment, &mut ledger)?,
        Deployment::BedrockBatch { every_s, .. } => bedrock_batch(replay, *every_s, &mut ledger)?,
        Deployment::BedrockProvisioned { .. } => {
            ledger.balance(replay.requests(replay.window.warmup, replay.window.horizon));
            server(replay.scenario, deployment, replay.stream, replay.window).finish(&mut ledger)
        }
    };
    let known = latency_known(deployment, replay.stream) && ledger.latency.count() > 0;
    Ok(Outcome::new(replay.scenario, deployment.id(), Method::Cells, ledger, capacity, known))
}

fn real_time(replay: &Replay, deployment: &Deployment, ledger: &mut Ledger) -> Result<Capacity> {
    let Deployment::RealTime { concurrency, speed, .. } = *deployment else {
        return Ok(Capacity::default());
    };
    let window = replay.window;
    let mut fleet = fleet(replay.scenario, deployment, window);
    let advance = |until: Ns, fleet: &mut crate::scaling::Fleet| {
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
    for (at, second, count) in replay.seconds() {
        advance(at, &mut fleet);
        fleet.arrive(u64::from(count));
        let carried = replay.stream.carried_in_cell(second, count);
        ledger.meter(at, Meter::DataInBytes, carried[Carried::PayloadBytes as usize]);
        ledger.meter(at, Meter::DataOutBytes, carried[Carried::ResponseBytes as usize]);
    }
    advance(window.horizon, &mut fleet);
    replay.control.check()?;

    let instances = fleet.bill(ledger);
    let changes = fleet.changes();
    let initial = fleet.initial();
    let requests = replay.requests(window.warmup, window.horizon);
    let mean_work = replay.stream.mean_service().unwrap_or(0.0) / speed;
    if replay.options.latency {
        let fewest = |start: Ns| {
            let mut count = initial + changes.iter().take_while(|c| c.0 <= start).map(|c| c.1).sum::<i32>();
            let mut fewest = count;
            for &(_, change) in changes.iter().filter(|c| c.0 > start && c.0 < start + WINDOW) {
                count += change;
                fewest = fewest.min(count);
            }
            fewest.max(1)
        };
        let load = |start, requests| requests as f64 * mean_work / f64::from(fewest(start));
        replay.latency(ledger, load, |part| {
            let count = initial + changes.iter().take_while(|c| c.0 <= part.from).map(|c| c.1).sum::<i32>();
            let after = changes.iter().copied().filter(|c| c.0 > part.from).collect();
            let assumed = &replay.scenario.assumptions.real_time;
            Box::new(RealTime::replay(after, count as u32, part.from, concurrency, speed, assumed, fleet.drain()))
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

fn tokens(replay: &Replay, deployment: &Deployment, ledger: &mut Ledger) -> Result<Capacity> {
    count_tokens(replay, ledger);
    if replay.options.latency && replay.stream.has_service() {
        let open = |part| server(replay.scenario, deployment, replay.stream, part);
        replay.latency(ledger, |_, requests| requests as f64, open)?;
    } else {
        ledger.balance(replay.requests(replay.window.warmup, replay.window.horizon));
    }
    Ok(Capacity::default())
}

fn count_tokens(replay: &Replay, ledger: &mut Ledger) {
    for (at, second, count) in replay.seconds() {
        let carried = replay.stream.carried_in_cell(second, count);
        for (kind, meter) in TOKENS {
            ledger.meter(at, meter, carried[kind as usize]);
        }
    }
}

/// A job: its start, and (second, count) of its requests.
type Job = (Ns, Vec<(Ns, u32)>);

fn jobs(replay: &Replay, every_s: Option<f64>) -> Result<Vec<Job>> {
    let every = every_s.map(seconds);
    if every.is_some_and(|every| every % SECOND != 0) {
        return Err(Error::Scenario(
            "deployment.every_s: a whole number of seconds is needed for large traffic".into(),
        ));
    }
    let mut jobs: Vec<Job> = Vec::new();
    for (at, _, count) in replay.seconds() {
        let start = every.map_or(Ns::MAX, |every| (at / every + 1) * every);
        match jobs.last_mut().filter(|job| job.0 == start) {
            Some(job) => job.1.push((at, count)),
            None => jobs.push((start, vec![(at, count)])),
        }
    }
    if let (None, Some(only)) = (every, jobs.last_mut()) {
        only.0 = only.1.last().map_or(0, |&(at, _)| at + SECOND);
    }
    Ok(jobs)
}

/// Every request of a job is answered by its end: an upper bound of each latency.
fn complete_job(start: Ns, end: Ns, seconds: &[(Ns, u32)], ledger: &mut Ledger) {
    let Window { warmup, .. } = ledger.window;
    let unfinished = end > ledger.window.last_finish();
    for &(at, count) in seconds.iter().filter(|second| second.0 >= warmup) {
        ledger.end_many(at, start, end, u64::from(count), unfinished);
    }
}

fn batch_transform(
    replay: &Replay,
    deployment: &Deployment,
    every_s: Option<f64>,
    ledger: &mut Ledger,
) -> Result<Capacity> {
    let shape = Shape::of(deployment, &replay.scenario.assumptions.batch_transform);
    let mean = replay.stream.mean_service().unwrap_or(0.0);
    let mut worker_ns = 0.0;
    let mut peak = 0;
    for (start, seconds) in jobs(replay, every_s)? {
        let records: u64 = seconds.iter().map(|&(_, count)| u64::from(count)).sum();
        // BT-3: the instance with the most files takes longest
        let (files, instances) = (u64::from(shape.files), u64::from(shape.instances));
        let largest = (records.div_ceil(files) * files.div_ceil(instances)).min(records);
        let rounds = largest.div_ceil(u64::from(shape.workers));
        let end = start + shape.startup + (work(1_000_000_000, shape.speed) as f64 * mean / 1e9 * rounds as f64) as Ns;
        complete_job(start, end, &seconds, ledger);
        ledger.busy += (records as f64 * mean / shape.speed) as i128;
        let billed = shape.bill(start, end, ledger);
        worker_ns += billed as f64 * f64::from(shape.instances) * f64::from(shape.workers);
        peak = shape.instances;
    }
    let mean_instances = ledger.usage.total(Meter::InstanceNs) as f64 / ledger.window.length() as f64;
    Ok(Capacity { instances: Some((mean_instances, peak)), worker_ns, activities: Vec::new() })
}

fn bedrock_batch(replay: &Replay, every_s: Option<f64>, ledger: &mut Ledger) -> Result<Capacity> {
    let hours = &replay.scenario.assumptions.bedrock.batch_hours;
    for (start, seconds) in jobs(replay, every_s)? {
        let records: u64 = seconds.iter().map(|&(_, count)| u64::from(count)).sum();
        let Some(&(first, _)) = seconds.first() else {
            continue;
        };
        if records < RECORDS_MINIMUM {
            ledger.counts[Status::Refused as usize] += records;
            continue;
        }
        for &(at, count) in &seconds {
            let carried = replay.stream.carried_in_cell((at / SECOND) as usize, count);
            for (kind, meter) in TOKENS {
                ledger.meter(at, meter, carried[kind as usize]);
            }
        }
        let mut route = None;
        let needs = Needs { route: true, cold_start: false };
        let rows = replay.options.block_rows;
        replay.stream.each_block(first, first + SECOND, needs, rows, replay.control, |block| {
            route.get_or_insert(block.route[0]);
            Ok(())
        })?;
        let route = route.unwrap_or_default();
        complete_job(start, start + job_length(hours, route), &seconds, ledger);
    }
    Ok(Capacity::default())
}

/// Whole days, evenly spaced by rank of traffic from the busiest down, scaled to all requests.
fn sampled_days(replay: &Replay, deployment: &Deployment) -> Result<Outcome> {
    let whole = replay.window;
    let mut days: Vec<(u64, Ns)> = (whole.warmup / DAY * DAY..whole.horizon)
        .step_by(DAY as usize)
        .map(|start| (replay.requests(start.max(whole.warmup), (start + DAY).min(whole.horizon)), start))
        .filter(|&(requests, _)| requests > 0)
        .collect();
    days.sort_by(|a, b| b.cmp(a));
    let total: u64 = days.iter().map(|day| day.0).sum();
    let affordable = (replay.scenario.run.max_requests as f64 / total as f64 * days.len() as f64).floor() as usize;
    let count = affordable.clamp(1, days.len());
    let chosen: Vec<(u64, Ns)> = (0..count).map(|i| days[i * days.len() / count]).collect();
    let parts: Result<Vec<(Ledger, Capacity)>> = chosen
        .par_iter()
        .map(|&(_, start)| {
            let warmup = start.max(whole.warmup);
            let horizon = (start + DAY).min(whole.horizon);
            let window = Window { from: (start - WARMUP).max(0), warmup, horizon, end: whole.end };
            let mut ledger = replay.ledger(window);
            let mut server = server(replay.scenario, deployment, replay.stream, window);
            replay.serve(window, server.as_mut(), &mut ledger)?;
            let capacity = server.finish(&mut ledger);
            Ok((ledger, capacity))
        })
        .collect();
    let parts = parts?;
    let sampled: u64 = parts.iter().map(|(ledger, _)| ledger.requests()).sum();
    let weight = total as f64 / sampled.max(1) as f64;
    let mut ledger = replay.ledger(whole);
    let mut capacity = Capacity::default();
    let (mut mean, mut peak) = (0.0, 0);
    for (part, of_part) in &parts {
        ledger.add_weighted(part, weight);
        ledger.usage.add_weighted(&part.usage, weight);
        capacity.worker_ns += of_part.worker_ns * weight;
        if let Some(instances) = of_part.instances {
            mean += instances.0 / parts.len() as f64;
            peak = peak.max(instances.1);
        }
    }
    capacity.instances = Some((mean, peak));
    ledger.balance(total);
    let error = SamplingError {
        usage_pct: half_width_pct(&parts),
        note: format!("{} of {} days with traffic were simulated", parts.len(), days.len()),
    };
    let outcome = Outcome::new(replay.scenario, deployment.id(), Method::SampledDays, ledger, capacity, true);
    Ok(outcome.with_sampling_error(error))
}

/// Half of a 95 % interval of the usage per request over the sampled days, in per cent.
fn half_width_pct(parts: &[(Ledger, Capacity)]) -> Option<f64> {
    let ratios: Vec<f64> = parts
        .iter()
        .map(|(ledger, _)| {
            let usage = ledger.usage.total(Meter::InstanceNs) + ledger.usage.total(Meter::ServerlessMs);
            usage as f64 / ledger.requests().max(1) as f64
        })
        .collect();
    let n = ratios.len() as f64;
    let mean = ratios.iter().sum::<f64>() / n;
    if ratios.len() < 2 || mean == 0.0 {
        return None;
    }
    let variance = ratios.iter().map(|ratio| (ratio - mean) * (ratio - mean)).sum::<f64>() / (n - 1.0);
    Some(100.0 * 1.96 * (variance / n).sqrt() / mean)
}
