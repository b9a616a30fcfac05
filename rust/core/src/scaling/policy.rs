//! One policy of a scalable target: datapoints in, a proposal out.

use super::metric::{Clock, Datapoint, Metric};
use super::scale_out::ScaleOut;
use crate::scenario::{AdjustmentType, Autoscaling, Comparison, Policy, Step};
use crate::time::{Ns, seconds};
use std::collections::VecDeque;
use std::ops::RangeInclusive;

/// A rounding error is no unit.
const ROUNDING: f64 = 1e-9;

/// What a policy wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proposal {
    Hold,
    Out(u32),
    In(u32),
}

impl Proposal {
    pub(super) fn is_in(self) -> bool {
        matches!(self, Self::In(_))
    }

    fn towards(to: u32, desired: u32) -> Self {
        match to.cmp(&desired) {
            std::cmp::Ordering::Greater => Self::Out(to),
            std::cmp::Ordering::Less => Self::In(to),
            std::cmp::Ordering::Equal => Self::Hold,
        }
    }
}

/// A policy and what it has seen.
#[derive(Debug)]
pub(super) struct Watcher {
    policy: Policy,
    pub metric: Option<Metric>,
    pub clock: Option<Clock>,
    low_fraction: f64,
    history: VecDeque<Datapoint>,
    /// Whether a datapoint is seen at this very instant.
    pub fresh: bool,
    /// The last scale-out that this step policy decided.
    pub scaled_out: Option<ScaleOut>,
}

impl Watcher {
    pub(super) fn new(policy: &Policy, assumed: &Autoscaling) -> Self {
        let metric = Metric::of(policy);
        Self {
            policy: policy.clone(),
            metric,
            clock: metric.map(|metric| metric.clock(assumed)),
            low_fraction: assumed.low_fraction,
            history: VecDeque::new(),
            fresh: false,
            scaled_out: None,
        }
    }

    pub(super) fn tracks(&self) -> bool {
        matches!(self.policy, Policy::TargetTracking { .. })
    }

    /// Whether nothing is removed by target tracking unless this policy agrees [AS-14, AS-21].
    pub(super) fn asked_to_scale_in(&self) -> bool {
        matches!(self.policy, Policy::TargetTracking { disable_scale_in: false, .. })
    }

    pub(super) fn scale_out_cooldown(&self) -> Ns {
        match self.policy {
            Policy::TargetTracking { scale_out_cooldown_s: cooldown_s, .. } | Policy::Step { cooldown_s, .. } => {
                seconds(cooldown_s)
            }
            Policy::Scheduled { .. } | Policy::Ideal {} => 0,
        }
    }

    pub(super) fn scale_in_cooldown(&self) -> Ns {
        match self.policy {
            Policy::TargetTracking { scale_in_cooldown_s: cooldown_s, .. } | Policy::Step { cooldown_s, .. } => {
                seconds(cooldown_s)
            }
            Policy::Scheduled { .. } | Policy::Ideal {} => 0,
        }
    }

    pub(super) fn cause(&self, out: bool) -> String {
        let name = self.metric.map_or("", Metric::name);
        match (&self.policy, out) {
            (Policy::TargetTracking { .. }, true) => format!("{name} above its target"),
            (Policy::TargetTracking { .. }, false) => format!("{name} below its target"),
            _ if self.metric == Some(Metric::BacklogWithoutCapacity) => "backlog without capacity".to_owned(),
            _ => format!("alarm on {name}"),
        }
    }

    /// A datapoint becomes visible.
    pub(super) fn see(&mut self, datapoint: Datapoint) {
        let kept = match (&self.policy, self.clock) {
            (Policy::Step { evaluation_periods, .. }, _) => *evaluation_periods as usize,
            (_, Some(clock)) => clock.high_periods.max(clock.low_periods),
            _ => 0,
        };
        self.fresh = true;
        self.history.push_back(datapoint);
        if self.history.len() > kept {
            self.history.pop_front();
        }
    }

    /// What it wants at `at`, with `desired` units wanted so far; `tracked` is the last scale-out by target tracking.
    pub(super) fn propose(
        &self,
        at: Ns,
        desired: u32,
        bounds: RangeInclusive<u32>,
        tracked: Option<&ScaleOut>,
    ) -> Proposal {
        match (&self.policy, self.clock) {
            (Policy::TargetTracking { target, .. }, Some(clock)) => {
                self.track(*target, clock, at, desired, &bounds, tracked)
            }
            (Policy::Step { .. }, _) if self.fresh => self.step(at, desired, &bounds),
            _ => Proposal::Hold,
        }
    }

    fn track(
        &self,
        target: f64,
        clock: Clock,
        at: Ns,
        desired: u32,
        bounds: &RangeInclusive<u32>,
        tracked: Option<&ScaleOut>,
    ) -> Proposal {
        let wanted =
            |capacity: u32, value: f64| (f64::from(capacity) * value / target - ROUNDING).ceil().max(0.0) as u32;
        // AS-5, AS-6, AS-11
        if let Some(newest) = self.last(clock.high_periods, |value| value > target) {
            // AS-13: while it takes effect, what a scale-out added counts as part of the next one
            let capacity = tracked.filter(|out| out.cools(at)).map_or(newest.capacity, |out| out.from);
            let to = wanted(capacity, newest.value.unwrap_or(0.0)).clamp(*bounds.start(), *bounds.end());
            return if to > desired { Proposal::Out(to) } else { Proposal::Hold };
        }
        // AS-7, AS-8, AS-9, AS-10
        let low = self.low_fraction * target;
        if self.asked_to_scale_in()
            && let Some(newest) = self.last(clock.low_periods, |value| value < low)
        {
            let idle = self.last(clock.low_periods, |value| value == 0.0).is_some();
            let to = wanted(newest.capacity, newest.value.unwrap_or(0.0)).max(u32::from(!idle)).max(*bounds.start());
            return if to < desired { Proposal::In(to) } else { Proposal::Hold };
        }
        Proposal::Hold
    }

    fn step(&self, at: Ns, desired: u32, bounds: &RangeInclusive<u32>) -> Proposal {
        let Policy::Step {
            threshold,
            comparison,
            evaluation_periods,
            adjustment_type,
            ref steps,
            min_adjustment_magnitude,
            ..
        } = self.policy
        else {
            return Proposal::Hold;
        };
        let rings = |value: f64| match comparison {
            Comparison::Above => value >= threshold,
            Comparison::Below => value <= threshold,
        };
        let Some(newest) = self.last(evaluation_periods as usize, rings) else {
            return Proposal::Hold;
        };
        let distance = newest.value.unwrap_or(0.0) - threshold;
        let Some(step) = steps.iter().find(|step| contains(step, comparison, distance)) else {
            return Proposal::Hold;
        };
        let held = self.scaled_out.as_ref().filter(|out| out.holds(at));
        let base = i64::from(held.map_or(desired, |out| out.from));
        let adjustment = i64::from(step.adjustment);
        let to = match adjustment_type {
            AdjustmentType::ChangeInCapacity => base + adjustment,
            AdjustmentType::PercentChangeInCapacity => {
                let change = (base * adjustment / 100).abs().max(1).max(i64::from(min_adjustment_magnitude));
                base + change * adjustment.signum()
            }
            AdjustmentType::ExactCapacity => adjustment,
        };
        let to = to.clamp(i64::from(*bounds.start()), i64::from(*bounds.end())) as u32;
        // AS-13: while it takes effect, only a larger scale-out passes
        if held.is_some() && to <= desired { Proposal::Hold } else { Proposal::towards(to, desired) }
    }

    /// The newest datapoint, if the last `periods` are all there and all pass.
    fn last(&self, periods: usize, passes: impl Fn(f64) -> bool) -> Option<Datapoint> {
        let alarm = self.history.len() >= periods
            && self.history.iter().rev().take(periods).all(|d| d.value.is_some_and(&passes));
        if alarm { self.history.back().copied() } else { None }
    }
}

fn contains(step: &Step, comparison: Comparison, distance: f64) -> bool {
    let (lower, upper) = (step.lower.unwrap_or(f64::NEG_INFINITY), step.upper.unwrap_or(f64::INFINITY));
    match comparison {
        Comparison::Above => lower <= distance && distance < upper,
        Comparison::Below => lower < distance && distance <= upper,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{StepMetric, TrackingMetric};

    const ALARMS: Autoscaling = Autoscaling {
        high_periods: 3,
        low_periods: 15,
        low_fraction: 0.9,
        high_periods_hires: 3,
        low_periods_hires: 90,
        metric_delay_s: 90,
        metric_delay_hires_s: 15,
        in_flight_lock: true,
    };

    fn tracker(metric: TrackingMetric) -> Watcher {
        let policy = Policy::TargetTracking {
            metric,
            target: 70.0,
            scale_out_cooldown_s: 300.0,
            scale_in_cooldown_s: 300.0,
            disable_scale_in: false,
        };
        Watcher::new(&policy, &ALARMS)
    }

    fn feed(watcher: &mut Watcher, value: f64, capacity: u32, times: usize) {
        for _ in 0..times {
            watcher.see(Datapoint { value: Some(value), capacity });
        }
    }

    fn wants(watcher: &Watcher, desired: u32, min: u32) -> Proposal {
        watcher.propose(0, desired, min..=100, None)
    }

    #[test]
    fn two_instances_at_155_of_70_become_five() {
        // [AS-11]: ceil(2 x 155 / 70)
        let mut watcher = tracker(TrackingMetric::InvocationsPerInstance);
        feed(&mut watcher, 155.0, 2, 2);
        assert_eq!(wants(&watcher, 2, 1), Proposal::Hold);
        feed(&mut watcher, 155.0, 2, 1);
        assert_eq!(wants(&watcher, 2, 1), Proposal::Out(5));
    }

    #[test]
    fn four_instances_at_60_of_70_stay() {
        // [AS-10]: 60 x 4 / 3 = 80 > 70
        let mut watcher = tracker(TrackingMetric::InvocationsPerInstance);
        feed(&mut watcher, 60.0, 4, 15);
        assert_eq!(wants(&watcher, 4, 1), Proposal::Hold);
        feed(&mut watcher, 52.5, 4, 15);
        assert_eq!(wants(&watcher, 4, 1), Proposal::In(3));
    }

    #[test]
    fn one_becomes_none_only_after_a_window_of_silence() {
        // [AS-8]: ninety periods of ten seconds
        let mut watcher = tracker(TrackingMetric::ConcurrentRequests);
        feed(&mut watcher, 1.0, 1, 1);
        feed(&mut watcher, 0.0, 1, 89);
        assert_eq!(wants(&watcher, 1, 0), Proposal::Hold);
        feed(&mut watcher, 0.0, 1, 1);
        assert_eq!(wants(&watcher, 1, 0), Proposal::In(0));
    }

    #[test]
    fn steps_are_picked_by_distance_and_percentages_move_at_least_one() {
        // [AS-16]: 20 % of 4 is 0.8, which is one; 50 % of 5 is 2.5, which is two
        let step = |lower, upper, adjustment| Step { lower, upper, adjustment };
        let policy = Policy::Step {
            metric: StepMetric::InvocationsPerInstance,
            threshold: 100.0,
            comparison: Comparison::Above,
            evaluation_periods: 1,
            adjustment_type: AdjustmentType::PercentChangeInCapacity,
            steps: vec![step(Some(0.0), Some(50.0), 20), step(Some(50.0), None, 50)],
            min_adjustment_magnitude: 1,
            cooldown_s: 0.0,
        };
        let mut watcher = Watcher::new(&policy, &ALARMS);
        for (value, desired, expected) in [
            (99.0, 4, Proposal::Hold),
            (100.0, 4, Proposal::Out(5)),
            (149.0, 4, Proposal::Out(5)),
            (150.0, 5, Proposal::Out(7)),
        ] {
            feed(&mut watcher, value, desired, 1);
            assert_eq!(wants(&watcher, desired, 1), expected, "{value}");
        }
    }
}
