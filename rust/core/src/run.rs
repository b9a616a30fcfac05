//! Runs every deployment of a scenario over one stream.

use crate::control::Control;
use crate::error::{Error, Result};
use crate::large::{self, Large};
use crate::ledger::{Ledger, Window};
use crate::options::Options;
use crate::outcome::{Method, Outcome};
use crate::patterns::{check, latency_known, open};
use crate::scenario::{Deployment, Scenario};
use crate::stream::{Columns, Needs, Stream};
use rayon::prelude::*;

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
    if large && !stream.is_counted() {
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
            let whole = Large::new(scenario, &stream, options, control)?;
            return scenario.deployment.par_iter().map(|deployment| sampled(&whole, deployment)).collect();
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

fn sampled(whole: &Large, deployment: &Deployment) -> Result<Outcome> {
    if let Some(forbidden) = check(whole.scenario, deployment, whole.stream) {
        return Ok(Outcome::infeasible(whole.scenario, deployment.id(), &forbidden, false));
    }
    large::run(whole, deployment)
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
        .map(|deployment| match check(scenario, deployment, stream) {
            Some(forbidden) => Err(forbidden),
            None => Ok((
                open(scenario, deployment, stream, window),
                Ledger::new(window, scenario.slo.as_ref(), options.record),
            )),
        })
        .collect();
    let needs = runs.iter().flatten().fold(Needs::default(), |needs, (server, _)| needs.or(server.needs()));
    stream.each_block(0, stream.horizon(), needs, options.block_rows.max(1), control, |block| {
        for (server, ledger) in runs.iter_mut().flatten() {
            server.block(block, ledger);
        }
        control.add((block.len() * deployments.len()) as u64);
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
