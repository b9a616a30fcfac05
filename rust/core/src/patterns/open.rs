//! From a deployment to the server of its pattern.

use super::{
    Asynchronous, BatchTransform, BedrockBatch, BedrockOnDemand, BedrockProvisioned, Infeasible, InferenceComponents,
    MultiModel, RealTime, Server, Serverless, Shape, inference_components, no_volume, real_time, serverless,
};
use crate::ledger::Window;
use crate::scaling::{Fleet, Image, Launch, Pool, Terms};
use crate::scenario::{Deployment, Scenario};
use crate::stream::{Carried, Stream};
use crate::time::seconds;

/// Whether the outcome can say how long a request takes.
pub(crate) fn latency_known(deployment: &Deployment, stream: &Stream) -> bool {
    match deployment {
        Deployment::BedrockOnDemand { .. } => stream.has_service(),
        Deployment::BedrockProvisioned { .. } => false,
        _ => true,
    }
}

/// The rule that forbids a deployment, if any.
pub(crate) fn check(scenario: &Scenario, deployment: &Deployment, stream: &Stream) -> Option<Infeasible> {
    let payload = stream.constant(Carried::PayloadBytes);
    match deployment {
        Deployment::RealTime { .. } => real_time::check(&deployment.variants(), payload),
        Deployment::InferenceComponents { .. } => inference_components::check(scenario, deployment, payload),
        Deployment::Serverless { .. } => serverless::check(deployment, stream),
        Deployment::Async { instance_type, volume_gb, scaling, .. } => {
            Asynchronous::check(scaling.as_ref(), payload).or_else(|| no_volume(instance_type, *volume_gb))
        }
        Deployment::BatchTransform { .. } => BatchTransform::check(deployment),
        Deployment::MultiModel { .. } => MultiModel::check(deployment, payload),
        Deployment::BedrockOnDemand { .. }
        | Deployment::BedrockBatch { .. }
        | Deployment::BedrockProvisioned { .. } => None,
    }
}

/// The server of a deployment over a window.
pub(crate) fn open(scenario: &Scenario, deployment: &Deployment, stream: &Stream, window: Window) -> Box<dyn Server> {
    let assumed = &scenario.assumptions;
    match deployment {
        Deployment::RealTime { .. } => {
            let variants = deployment.variants();
            Box::new(RealTime::new(&variants, assumed, scenario.run.seed, window, stream.streams()))
        }
        Deployment::InferenceComponents { .. } => {
            Box::new(InferenceComponents::new(scenario, deployment, window, stream.streams()))
        }
        Deployment::Async { .. } => {
            Box::new(Asynchronous::new(fleet(scenario, deployment, window), deployment, &assumed.r#async))
        }
        Deployment::MultiModel { .. } => {
            let fleet = fleet(scenario, deployment, window);
            Box::new(MultiModel::new(fleet, deployment, assumed, stream.streams()))
        }
        Deployment::Serverless { .. } => {
            Box::new(Serverless::new(provisioned(scenario, deployment, window), deployment, &assumed.serverless))
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

/// The fleet of an asynchronous or multi-model deployment.
fn fleet(scenario: &Scenario, deployment: &Deployment, window: Window) -> Fleet {
    let (
        Deployment::Async { instance_type, instances, image_gb, model_gb, container_caching, scaling, .. }
        | Deployment::MultiModel { instance_type, instances, image_gb, model_gb, container_caching, scaling, .. },
    ) = (deployment,)
    else {
        unreachable!("the caller has matched a pattern with one fleet")
    };
    let assumed = &scenario.assumptions;
    let image = Image { image_gb: *image_gb, model_gb: *model_gb, cached: *container_caching };
    let launch = Launch::of_instance(instance_type, &image, &assumed.instances, scenario.run.seed);
    let terms = Terms::instances(&assumed.instances, 0);
    let pools = vec![Pool { launch, available: None }];
    Fleet::new(terms, pools, *instances, scaling.as_ref(), &assumed.autoscaling, window)
}

/// The provisioned concurrency of a serverless deployment.
fn provisioned(scenario: &Scenario, deployment: &Deployment, window: Window) -> Fleet {
    let Deployment::Serverless { provisioned_concurrency, scaling, .. } = deployment else {
        unreachable!("the caller has matched the pattern")
    };
    let assumed = &scenario.assumptions;
    let launch = Launch::Fixed(seconds(assumed.serverless.provision_s));
    let pools = vec![Pool { launch, available: None }];
    Fleet::new(Terms::provisioned(), pools, *provisioned_concurrency, scaling.as_ref(), &assumed.autoscaling, window)
}
