//! Bounds and policies of Application Auto Scaling.

use schemars::JsonSchema;
use serde::Deserialize;

/// Bounds and policies.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// Never fewer instances.
    pub min: u32,
    /// Never more.
    pub max: u32,
    /// In order of precedence on a tie.
    pub policies: Vec<Policy>,
}

/// A scaling policy.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Policy {
    /// Keeps a metric at its target [AS-4 to AS-14].
    TargetTracking {
        /// What is watched.
        metric: TrackingMetric,
        /// Its value per instance.
        target: f64,
        /// After a scale-out came into service.
        scale_out_cooldown_s: f64,
        /// After a scale-in was decided.
        scale_in_cooldown_s: f64,
    },
    /// Adds a fixed number when an alarm rings [AS-16, AY-10].
    Step {
        /// What is watched.
        metric: StepMetric,
        /// Instances added.
        adjustment: u32,
        /// After they came into service.
        cooldown_s: f64,
    },
}

/// Metrics of target tracking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TrackingMetric {
    /// `SageMakerVariantInvocationsPerInstance` [AS-1].
    InvocationsPerInstance,
    /// `ApproximateBacklogSizePerInstance` [AY-7].
    BacklogPerInstance,
}

/// Metrics of step scaling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepMetric {
    /// `HasBacklogWithoutCapacity` [AY-7].
    HasBacklogWithoutCapacity,
}
