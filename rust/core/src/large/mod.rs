//! More requests than can be simulated one by one.
//!
//! What follows from counts per second does so exactly: instance counts of real-time endpoints, tokens, jobs. Latency
//! comes from windows of ten minutes, chosen by utilisation, each after an hour of warm-up. What needs the state of
//! every request (queues of asynchronous endpoints, containers, models in memory) is replayed on whole days and scaled.

mod batch_transform;
mod cells;
mod days;
mod jobs;
mod windows;

use crate::control::Control;
use crate::error::Result;
use crate::ledger::{Ledger, Window};
use crate::options::Options;
use crate::outcome::{Method, Outcome};
use crate::patterns::{Server, latency_known, open};
use crate::scenario::{Deployment, Scenario};
use crate::stream::{Seconds, Stream};
use crate::time::{HOUR, Ns, SECOND};

/// What is replayed before anything that is measured.
const WARMUP: Ns = HOUR;

/// What all deployments of a large scenario share.
pub(crate) struct Large<'a> {
    pub scenario: &'a Scenario,
    pub stream: &'a Stream,
    options: Options,
    control: &'a Control,
    seconds: Seconds<'a>,
    window: Window,
}

impl<'a> Large<'a> {
    pub fn new(scenario: &'a Scenario, stream: &'a Stream, options: Options, control: &'a Control) -> Result<Self> {
        let seconds = stream.seconds()?;
        Ok(Self { scenario, stream, options, control, seconds, window: Window::of(scenario) })
    }

    fn ledger(&self, window: Window) -> Ledger {
        Ledger::new(window, self.scenario.slo.as_ref(), false)
    }

    /// Requests that arrive in `from..to`, whole seconds.
    fn requests(&self, from: Ns, to: Ns) -> u64 {
        let last = ((to + SECOND - 1) / SECOND).min(self.seconds.counts().len() as Ns) as usize;
        self.seconds.counts()[(from / SECOND) as usize..last].iter().map(|&count| u64::from(count)).sum()
    }

    /// Seconds with requests: (start, second, count).
    fn seconds(&self) -> impl Iterator<Item = (Ns, usize, u32)> + '_ {
        self.seconds
            .counts()
            .iter()
            .enumerate()
            .filter(|&(_, &count)| count > 0)
            .map(|(second, &count)| (second as Ns * SECOND, second, count))
    }

    fn serve(&self, window: Window, server: &mut dyn Server, ledger: &mut Ledger) -> Result<()> {
        let needs = server.needs();
        self.stream.each_block(window.from, window.horizon, needs, self.options.block_rows, self.control, |block| {
            server.block(block, ledger);
            self.control.add(block.len() as u64);
            Ok(())
        })
    }
}

/// One deployment over more requests than can be simulated one by one.
pub(crate) fn run(large: &Large, deployment: &Deployment) -> Result<Outcome> {
    let mut ledger = large.ledger(large.window);
    let capacity = match deployment {
        Deployment::RealTime { .. } => match cells::counted(deployment) {
            Some(variant) => cells::real_time(large, &variant, &mut ledger)?,
            None => return days::sample(large, deployment),
        },
        Deployment::Async { .. }
        | Deployment::Serverless { .. }
        | Deployment::MultiModel { .. }
        | Deployment::InferenceComponents { .. } => {
            return days::sample(large, deployment);
        }
        Deployment::BatchTransform { every_s, .. } => batch_transform::jobs(large, deployment, *every_s, &mut ledger)?,
        Deployment::BedrockOnDemand { .. } => cells::tokens(large, deployment, &mut ledger)?,
        Deployment::BedrockBatch { every_s, .. } => jobs::bedrock_batch(large, *every_s, &mut ledger)?,
        Deployment::BedrockProvisioned { .. } => {
            ledger.balance(large.requests(large.window.warmup, large.window.horizon));
            open(large.scenario, deployment, large.stream, large.window).finish(&mut ledger)
        }
    };
    let known = latency_known(deployment, large.stream) && ledger.latency.count() > 0;
    Ok(Outcome::new(large.scenario, deployment.id(), Method::Cells, ledger, capacity, known))
}
