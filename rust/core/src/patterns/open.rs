//! From a deployment to the server of its pattern.

use super::{
    Asynchronous, BatchTransform, BedrockBatch, BedrockOnDemand, BedrockProvisioned, Infeasible, RealTime, Server,
    Serverless, Shape, no_volume,
};
use crate::ledger::Window;
use crate::scaling::{Fleet, Terms};
use crate::scenario::{Deployment, Scenario};
use crate::stream::Stream;

/// Whether the outcome can say how long a request takes.
pub(crate) fn latency_known(deployment: &Deployment, stream: &Stream) -> bool {
    match deployment {
        Deployment::BedrockOnDemand { .. } => stream.has_service(),
        Deployment::BedrockProvisioned { .. } => false,
        _ => true,
    }
}

/// The rule that forbids a deployment, if any.
pub(crate) fn check(deployment: &Deployment, stream: &Stream) -> Option<Infeasible> {
    let payload = stream.constant_payload();
    match deployment {
        Deployment::RealTime { instance_type, scaling, .. } => {
            RealTime::check(instance_type, scaling.as_ref(), payload)
        }
        Deployment::Serverless { memory_mb, max_concurrency, .. } => {
            Serverless::check(*memory_mb, *max_concurrency, payload)
        }
        Deployment::Async { instance_type, volume_gb, scaling, .. } => {
            Asynchronous::check(scaling.as_ref(), payload).or_else(|| no_volume(instance_type, *volume_gb))
        }
        Deployment::BatchTransform { .. } => BatchTransform::check(deployment),
        Deployment::BedrockOnDemand { .. }
        | Deployment::BedrockBatch { .. }
        | Deployment::BedrockProvisioned { .. } => None,
    }
}

/// The server of a deployment over a window.
pub(crate) fn open(scenario: &Scenario, deployment: &Deployment, stream: &Stream, window: Window) -> Box<dyn Server> {
    let assumed = &scenario.assumptions;
    match deployment {
        Deployment::RealTime { concurrency, speed, .. } => {
            Box::new(RealTime::new(fleet(scenario, deployment, window), *concurrency, *speed, &assumed.real_time))
        }
        Deployment::Async { concurrency, speed, notifications, .. } => {
            let fleet = fleet(scenario, deployment, window);
            Box::new(Asynchronous::new(fleet, *concurrency, *speed, *notifications, &assumed.r#async))
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
        _ => unreachable!("the caller has matched a pattern with instances of its own"),
    };
    let terms = Terms::new(instance_type, &scenario.assumptions.instances);
    Fleet::new(terms, instances, scaling.as_ref(), &scenario.assumptions.autoscaling, window)
}
