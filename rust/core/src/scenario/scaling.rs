//! Bounds and policies of Application Auto Scaling.

use schemars::JsonSchema;
use serde::Deserialize;

/// Bounds and policies.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// Never fewer units.
    pub min: u32,
    /// Never more.
    pub max: u32,
    /// In order of precedence on a tie.
    pub policies: Vec<Policy>,
}

impl Scaling {
    /// The lowest bound that ever holds, scheduled ones included.
    #[must_use]
    pub fn lowest_min(&self) -> u32 {
        let bounds = self.policies.iter().filter_map(|policy| match policy {
            Policy::Scheduled { min, max, .. } => Some(min.iter().chain(max)),
            _ => None,
        });
        bounds.flatten().copied().chain([self.min]).min().unwrap_or(self.min)
    }

    /// The highest bound that ever holds, scheduled ones included.
    #[must_use]
    pub fn highest_max(&self) -> u32 {
        let bounds = self.policies.iter().filter_map(|policy| match policy {
            Policy::Scheduled { min, max, .. } => Some(min.iter().chain(max)),
            _ => None,
        });
        bounds.flatten().copied().chain([self.max]).max().unwrap_or(self.max)
    }

    /// Whether some policy is `ideal`.
    #[must_use]
    pub fn is_ideal(&self) -> bool {
        self.policies.iter().any(|policy| matches!(policy, Policy::Ideal {}))
    }
}

/// A scaling policy.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Policy {
    /// Keeps a metric at its target [AS-4 to AS-14].
    TargetTracking {
        /// What is watched.
        metric: TrackingMetric,
        /// Its value per unit.
        target: f64,
        /// After a scale-out came into service.
        scale_out_cooldown_s: f64,
        /// After a scale-in was decided.
        scale_in_cooldown_s: f64,
        /// Never removes anything [AS-21].
        disable_scale_in: bool,
    },
    /// Changes the count by steps when an alarm rings [AS-16].
    Step {
        /// What is watched.
        metric: StepMetric,
        /// At which the alarm rings.
        threshold: f64,
        /// On which side of it.
        comparison: Comparison,
        /// Datapoints beyond it before the alarm rings.
        evaluation_periods: u32,
        /// What an adjustment means.
        adjustment_type: AdjustmentType,
        /// Adjustments by how far the metric is beyond the threshold.
        steps: Vec<Step>,
        /// The least change of a percentage.
        min_adjustment_magnitude: u32,
        /// After a scale-out came into service, or a scale-in was decided.
        cooldown_s: f64,
    },
    /// Sets the bounds at given times [AS-17].
    Scheduled {
        /// As AWS writes it; carried for people, since the engine has no calendar.
        schedule: Option<String>,
        /// Of the schedule.
        timezone: String,
        /// Seconds from the start of the run.
        at_s: Option<Vec<f64>>,
        /// From then on.
        min: Option<u32>,
        /// From then on.
        max: Option<u32>,
    },
    /// Exactly what is needed at every instant: a bound, not a policy of AWS.
    Ideal {},
}

/// One step of a step policy, in distances from the threshold; a bound that is absent is infinite.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Inclusive above the threshold, exclusive below it.
    pub lower: Option<f64>,
    /// Exclusive above the threshold, inclusive below it.
    pub upper: Option<f64>,
    /// Units, per cent, or a count.
    pub adjustment: i32,
}

/// On which side of the threshold the alarm rings; at the threshold it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// `GreaterThanOrEqualToThreshold`.
    Above,
    /// `LessThanOrEqualToThreshold`.
    Below,
}

/// What an adjustment means [AS-16].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::enum_variant_names, reason = "AWS's names")]
pub enum AdjustmentType {
    /// Units more or fewer.
    ChangeInCapacity,
    /// Per cent more or fewer.
    PercentChangeInCapacity,
    /// This many units.
    ExactCapacity,
}

/// Metrics of target tracking [AS-1].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TrackingMetric {
    /// `SageMakerVariantInvocationsPerInstance`.
    InvocationsPerInstance,
    /// `SageMakerInferenceComponentInvocationsPerCopy`.
    InvocationsPerCopy,
    /// `SageMakerVariantConcurrentRequestsPerModelHighResolution`, and that per copy.
    ConcurrentRequests,
    /// `ApproximateBacklogSizePerInstance` [AY-7].
    BacklogPerInstance,
    /// `SageMakerVariantProvisionedConcurrencyUtilization` [SL-12].
    ProvisionedConcurrencyUtilization,
}

/// Metrics of step scaling: those of target tracking, and two that ring when there is no capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepMetric {
    /// As in target tracking.
    InvocationsPerInstance,
    /// As in target tracking.
    InvocationsPerCopy,
    /// As in target tracking.
    ConcurrentRequests,
    /// As in target tracking.
    BacklogPerInstance,
    /// As in target tracking.
    ProvisionedConcurrencyUtilization,
    /// `HasBacklogWithoutCapacity` [AY-7].
    HasBacklogWithoutCapacity,
    /// `NoCapacityInvocationFailures` [IC-6].
    NoCapacityInvocationFailures,
}
