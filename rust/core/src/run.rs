//! Runs every deployment of a scenario over one stream.

use crate::cells::{self, Replay};
use crate::control::Control;
use crate::error::{Error, Result};
use crate::ledger::{Ledger, Window};
use crate::outcome::{Method, Outcome};
use crate::patterns::{
    Asynchronous, BatchTransform, BedrockBatch, BedrockOnDemand, BedrockProvisioned, Infeasible, RealTime, Server,
    Serverless, Shape,
};
use crate::scaling::{Fleet, Terms};
use crate::scenario::{Deployment, Scenario};
use crate::stream::{BLOCK_ROWS, Columns, Needs, Stream};
use rayon::prelude::*;

/// What to find, and how.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Latency too, where not every request is simulated.
    pub latency: bool,
    /// What became of every request.
    pub record: bool,
    /// Worker threads.
    pub threads: usize,
    /// Rows of a block; the result does not depend on it.
    pub block_rows: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { latency: true, record: false, threads: 1, block_rows: BLOCK_ROWS }
    }
}

/// One outcome per deployment, in order.
///
/// # Errors
/// The scenario or its columns are refused, or the caller asked to stop.
pub fn simulate(scenario: &Scenario, columns: Columns, options: Options, control: &Control) -> Result<Vec<Outcome>> {
    let stream = Stream::new(scenario, columns)?;
    if !stream.has_service() && scenario.deployment.iter().any(Deployment::needs_service) {
        return Err(Error::Scenario("service: missing; SageMaker patterns need the work of one request".into()));
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads.max(1))
        .build()
        .map_err(|error| Error::Scenario(format!("threads: {error}")))?;
    let large = stream.requests() > scenario.run.max_requests;
    if large && stream.counts().is_none() {
        return Err(Error::Scenario(format!(
            "run.max_requests: renewal traffic is not sampled, and about {} requests are above {}",
            stream.requests(),
            scenario.run.max_requests
        )));
    }
    if large && options.record {
        return Err(Error::Scenario("run.max_requests: a record needs every request to be simulated".into()));
    }
    pool.install(|| {
        if large {
            let replay = Replay::new(scenario, &stream, options, control);
            return scenario.deployment.par_iter().map(|deployment| sampled(&replay, deployment)).collect();
        }
        let share = scenario.deployment.len().div_ceil(options.threads.max(1));
        let shares: Result<Vec<Vec<Outcome>>> = scenario
            .deployment
            .par_chunks(share)
            .map(|deployments| every_request(scenario, &stream, deployments, options, control))
            .collect();
        Ok(shares?.into_iter().flatten().collect())
    })
}

fn sampled(replay: &Replay, deployment: &Deployment) -> Result<Outcome> {
    if let Some(forbidden) = check(deployment, replay.stream) {
        return Ok(Outcome::infeasible(replay.scenario, deployment.id(), &forbidden, false));
    }
    cells::run(replay, deployment)
}

/// Several deployments over one pass of the stream.
fn every_request(
    scenario: &Scenario,
    stream: &Stream,
    deployments: &[Deployment],
    options: Options,
    control: &Control,
) -> Result<Vec<Outcome>> {
    let window = Window::of(scenario);
    let mut runs: Vec<_> = deployments
        .iter()
        .map(|deployment| match check(deployment, stream) {
            Some(forbidden) => Err(forbidden),
            None => Ok((
                server(scenario, deployment, stream, window),
                Ledger::new(window, scenario.slo.as_ref(), options.record),
            )),
        })
        .collect();
    let needs = runs.iter().flatten().fold(Needs::default(), |needs, (server, _)| needs.or(server.needs()));
    stream.each_block(0, stream.horizon(), needs, options.block_rows.max(1), control, |block| {
        for (server, ledger) in runs.iter_mut().flatten() {
            server.block(block, ledger);
        }
        Ok(())
    })?;
    let outcomes = runs.into_iter().zip(deployments).map(|(run, deployment)| match run {
        Err(forbidden) => Outcome::infeasible(scenario, deployment.id(), &forbidden, options.record),
        Ok((mut server, mut ledger)) => {
            let capacity = server.finish(&mut ledger);
            let known = latency_known(deployment, stream);
            Outcome::new(scenario, deployment.id(), Method::EveryRequest, ledger, capacity, known)
        }
    });
    Ok(outcomes.collect())
}

/// Whether the outcome can say how long a request takes.
pub(crate) fn latency_known(deployment: &Deployment, stream: &Stream) -> bool {
    match deployment {
        Deployment::BedrockOnDemand { .. } => stream.has_service(),
        Deployment::BedrockProvisioned { .. } => false,
        _ => true,
    }
}

/// The rule that forbids a deployment, if any.
fn check(deployment: &Deployment, stream: &Stream) -> Option<Infeasible> {
    let payload = stream.constant_payload();
    match deployment {
        Deployment::RealTime { instance_type, scaling, .. } => {
            RealTime::check(instance_type, scaling.as_ref(), payload)
        }
        Deployment::Serverless { memory_mb, max_concurrency, .. } => {
            Serverless::check(*memory_mb, *max_concurrency, payload)
        }
        Deployment::Async { scaling, .. } => Asynchronous::check(scaling.as_ref(), payload),
        Deployment::BatchTransform { .. } => BatchTransform::check(deployment),
        Deployment::BedrockOnDemand { .. }
        | Deployment::BedrockBatch { .. }
        | Deployment::BedrockProvisioned { .. } => None,
    }
}

/// The server of a deployment over a window.
pub(crate) fn server(scenario: &Scenario, deployment: &Deployment, stream: &Stream, window: Window) -> Box<dyn Server> {
    let assumed = &scenario.assumptions;
    match deployment {
        Deployment::RealTime { concurrency, speed, .. } => {
            Box::new(RealTime::new(fleet(scenario, deployment, window), *concurrency, *speed, &assumed.real_time))
        }
        Deployment::Async { concurrency, speed, .. } => {
            Box::new(Asynchronous::new(fleet(scenario, deployment, window), *concurrency, *speed, &assumed.r#async))
        }
        Deployment::Serverless { max_concurrency, speed, .. } => {
            Box::new(Serverless::new(*max_concurrency, *speed, &assumed.serverless))
        }
        Deployment::BatchTransform { every_s, .. } => {
            Box::new(BatchTransform::new(Shape::of(deployment, &assumed.batch_transform), *every_s))
        }
        Deployment::BedrockOnDemand { .. } => Box::new(BedrockOnDemand::new(stream.has_service())),
        Deployment::BedrockBatch { every_s, .. } => {
            Box::new(BedrockBatch::new(*every_s, assumed.bedrock.batch_hours.clone()))
        }
        Deployment::BedrockProvisioned { model_units, .. } => Box::new(BedrockProvisioned::new(*model_units)),
    }
}

/// The fleet of a real-time or asynchronous deployment.
pub(crate) fn fleet(scenario: &Scenario, deployment: &Deployment, window: Window) -> Fleet {
    let (instance_type, instances, scaling) = match deployment {
        Deployment::RealTime { instance_type, instances, scaling, .. }
        | Deployment::Async { instance_type, instances, scaling, .. } => (instance_type.as_str(), *instances, scaling),
        _ => ("", 0, &None),
    };
    let terms = Terms::new(instance_type, &scenario.assumptions.instances);
    Fleet::new(terms, instances, scaling.as_ref(), &scenario.assumptions.autoscaling, window)
}
