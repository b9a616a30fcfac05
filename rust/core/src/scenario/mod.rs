//! The scenario as the engine reads it: the same keys as the authored models, but for prices, which it must not know.
//!
//! Enums are tagged and have struct variants only, so that serde refuses every unknown key.

mod assumptions;
mod components;
mod deployment;
mod popularity;
mod scaling;
mod service;
mod traffic;

pub use assumptions::{
    Assumptions, Async, Autoscaling, BatchHours, BatchTransform, BillStart, Instances, RealTime, Serverless,
};
pub use components::{Component, CopyRouting, Host, InstanceScaleIn, Placement};
pub use deployment::{BatchStrategy, Deployment, Routing, SplitType, Variant};
pub use popularity::Popularity;
pub use scaling::{AdjustmentType, Comparison, Policy, Scaling, Step, StepMetric, TrackingMetric};
pub use service::Service;
pub use traffic::{Request, Traffic};

use crate::error::{Error, Result};
use crate::time::{Ns, seconds};
use schemars::JsonSchema;
use serde::Deserialize;

/// Everything that one simulation needs.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Always 1.
    pub schema: u32,
    /// For people.
    pub name: String,
    /// When requests come.
    pub traffic: Traffic,
    /// What a request carries where the traffic does not say.
    pub request: Request,
    /// The work of one request on the reference.
    pub service: Option<Service>,
    /// How answers are streamed; absent where they come whole.
    pub streaming: Option<Streaming>,
    /// One or many, over the same stream.
    pub deployment: Vec<Deployment>,
    /// What must be kept.
    pub slo: Option<Slo>,
    /// Where AWS is silent.
    pub assumptions: Assumptions,
    /// How to run.
    pub run: Run,
}

/// How answers are streamed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Streaming {
    /// The part of the work up to the first token, on the reference.
    pub first_token: Service,
}

/// What serving must keep.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slo {
    /// The 99th percentile of latency over completed requests.
    pub p99_ms: Option<f64>,
    /// The share of requests that may fail, or miss the deadline.
    pub error_rate: f64,
    /// The longest answer.
    pub deadline_s: Option<f64>,
}

/// How to run.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Of every draw.
    pub seed: u64,
    /// Left out of every figure, but lived through.
    pub warmup_s: f64,
    /// What happens to requests in flight at the horizon.
    pub end: End,
    /// Above it, not every request is simulated.
    pub max_requests: u64,
}

/// What happens to requests in flight at the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// They are finished, without new arrivals.
    Drain,
    /// They are unfinished.
    Cut,
}

impl Scenario {
    /// Reads the JSON of a scenario.
    ///
    /// # Errors
    /// The text is not JSON, a key is unknown or missing, or a value has the wrong type.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let scenario: Self =
            serde_json::from_slice(json).map_err(|error| Error::Scenario(format!("scenario: {error}")))?;
        if scenario.schema != 1 || scenario.deployment.is_empty() {
            return Err(Error::Scenario("scenario: `schema` is 1, and there is at least one deployment".into()));
        }
        if scenario.horizon() <= scenario.warmup() {
            return Err(Error::Scenario("run.warmup_s: leaves nothing of the traffic's duration".into()));
        }
        Ok(scenario)
    }

    /// Where the window ends.
    #[must_use]
    pub fn horizon(&self) -> Ns {
        seconds(self.traffic.duration_s())
    }

    /// Where figures begin.
    #[must_use]
    pub fn warmup(&self) -> Ns {
        seconds(self.run.warmup_s)
    }
}

/// The JSON Schema of a scenario, which a test compares with the authored models.
#[must_use]
pub fn scenario_schema() -> String {
    schemars::schema_for!(Scenario).to_value().to_string()
}
