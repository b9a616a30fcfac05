//! The policies of one scalable target: datapoints in, proposals out. Order and cut-offs: docs/semantics.md.

use crate::scenario::{Autoscaling, Policy, Scaling, StepMetric, TrackingMetric};
use crate::time::{Ns, seconds};
use std::collections::VecDeque;
use std::ops::Range;

/// A rounding error is no instance.
const ROUNDING: f64 = 1e-9;

/// What the endpoint shows at the close of a period.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gauges {
    /// Requests waiting in the queue of an asynchronous endpoint.
    pub waiting: u64,
    /// Requests being processed by one.
    pub processing: u64,
}

/// A value of a metric; `None` is missing data [AS-15]. `capacity` is what the value was divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Datapoint {
    value: Option<f64>,
    capacity: u32,
}

/// What a policy wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proposal {
    Hold,
    Out(u32),
    In(u32),
}

/// A decision: from one desired count to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    pub to: u32,
    pub cause: String,
}

#[derive(Debug)]
struct Watcher {
    policy: Policy,
    history: VecDeque<Datapoint>,
    /// Until then a step policy does not fire again.
    quiet_until: Ns,
}

/// The policies of one scalable target.
#[derive(Debug)]
pub(super) struct Autoscaler {
    min: u32,
    max: u32,
    alarms: Autoscaling,
    launch: Ns,
    watchers: Vec<Watcher>,
    /// The count that the last scale-out by target tracking started from, and when its cooldown holds.
    cooldown: Option<(u32, Range<Ns>)>,
    scale_in_after: Ns,
}

impl Autoscaler {
    pub(super) fn new(scaling: &Scaling, alarms: &Autoscaling, launch: Ns) -> Self {
        let watch =
            |policy: &Policy| Watcher { policy: policy.clone(), history: VecDeque::new(), quiet_until: Ns::MIN };
        Self {
            min: scaling.min,
            max: scaling.max,
            alarms: alarms.clone(),
            launch,
            watchers: scaling.policies.iter().map(watch).collect(),
            cooldown: None,
            scale_in_after: Ns::MIN,
        }
    }

    pub(super) fn locks(&self) -> bool {
        self.alarms.in_flight_lock
    }

    pub(super) fn delay(&self) -> Ns {
        seconds(f64::from(self.alarms.metric_delay_s))
    }

    pub(super) fn min(&self) -> u32 {
        self.min
    }

    /// One datapoint per policy, for the period that closes now.
    pub(super) fn measure(
        &self,
        invocations_per_instance: f64,
        at_open: u32,
        now: u32,
        gauges: Gauges,
    ) -> Vec<Datapoint> {
        let backlog = (gauges.waiting + gauges.processing) as f64;
        self.watchers
            .iter()
            .map(|watcher| match watcher.policy {
                Policy::TargetTracking { metric: TrackingMetric::InvocationsPerInstance, .. } => {
                    Datapoint { value: Some(invocations_per_instance), capacity: at_open }
                }
                Policy::TargetTracking { metric: TrackingMetric::BacklogPerInstance, .. } => {
                    Datapoint { value: (now > 0).then(|| backlog / f64::from(now)), capacity: now }
                }
                Policy::Step { metric: StepMetric::HasBacklogWithoutCapacity, .. } => {
                    let rings = gauges.waiting > 0 && now == 0;
                    Datapoint { value: Some(f64::from(u8::from(rings))), capacity: now }
                }
            })
            .collect()
    }

    /// The datapoints of a period become visible.
    pub(super) fn see(&mut self, datapoints: Vec<Datapoint>) {
        let kept = self.alarms.high_periods.max(self.alarms.low_periods).max(2) as usize;
        for (watcher, datapoint) in self.watchers.iter_mut().zip(datapoints) {
            watcher.history.push_back(datapoint);
            if watcher.history.len() > kept {
                watcher.history.pop_front();
            }
        }
    }

    /// What to do at `at`, with `desired` instances wanted so far, `spare` of them free to go [AS-14].
    pub(super) fn decide(&mut self, at: Ns, desired: u32, spare: u32) -> Option<Decision> {
        let proposals: Vec<_> = self.watchers.iter().map(|watcher| self.propose(watcher, at, desired)).collect();
        let mut out: Option<(usize, u32)> = None;
        for (index, proposal) in proposals.iter().enumerate() {
            if let Proposal::Out(to) = proposal
                && out.is_none_or(|(_, best)| *to > best)
            {
                out = Some((index, *to));
            }
        }
        if let Some((index, to)) = out {
            return Some(self.scale_out(index, at, desired, to));
        }
        if spare > 0 { self.scale_in(&proposals, at, desired, spare) } else { None }
    }

    fn scale_out(&mut self, index: usize, at: Ns, desired: u32, to: u32) -> Decision {
        self.scale_in_after = Ns::MIN;
        let in_service = at + self.launch;
        let watcher = &mut self.watchers[index];
        let cause = match watcher.policy {
            Policy::TargetTracking { scale_out_cooldown_s, metric, .. } => {
                self.cooldown = Some((desired, in_service..in_service + seconds(scale_out_cooldown_s)));
                format!("{} above its target", name(metric))
            }
            Policy::Step { cooldown_s, .. } => {
                self.cooldown = None;
                watcher.quiet_until = in_service + seconds(cooldown_s);
                "backlog without capacity".to_owned()
            }
        };
        Decision { to, cause }
    }

    fn scale_in(&mut self, proposals: &[Proposal], at: Ns, desired: u32, spare: u32) -> Option<Decision> {
        let mut winner: Option<(u32, f64, TrackingMetric)> = None;
        for (watcher, proposal) in self.watchers.iter().zip(proposals) {
            let Policy::TargetTracking { scale_in_cooldown_s, metric, .. } = watcher.policy else {
                continue;
            };
            let Proposal::In(to) = *proposal else {
                return None;
            };
            if winner.is_none_or(|(best, ..)| to > best) {
                winner = Some((to, scale_in_cooldown_s, metric));
            }
        }
        let (to, cooldown_s, metric) = winner?;
        self.scale_in_after = at + seconds(cooldown_s);
        let to = to.max(desired - spare);
        Some(Decision { to, cause: format!("{} below its target", name(metric)) })
    }

    fn propose(&self, watcher: &Watcher, at: Ns, desired: u32) -> Proposal {
        match watcher.policy {
            Policy::TargetTracking { target, .. } => self.track(watcher, target, at, desired),
            Policy::Step { adjustment, .. } => {
                let rings = last(&watcher.history, 2, |value| value >= 1.0).is_some();
                let to = desired.saturating_add(adjustment).min(self.max);
                if rings && at >= watcher.quiet_until && to > desired { Proposal::Out(to) } else { Proposal::Hold }
            }
        }
    }

    fn track(&self, watcher: &Watcher, target: f64, at: Ns, desired: u32) -> Proposal {
        let wanted =
            |capacity: u32, value: f64| (f64::from(capacity) * value / target - ROUNDING).ceil().max(0.0) as u32;
        // AS-5, AS-11
        if let Some(newest) = last(&watcher.history, self.alarms.high_periods, |value| value > target) {
            // AS-13: while it takes effect, what a scale-out added counts as part of the next one
            let capacity = match &self.cooldown {
                Some((from, holds)) if holds.contains(&at) => *from,
                _ => newest.capacity,
            };
            let to = wanted(capacity, newest.value.unwrap_or(0.0)).clamp(self.min, self.max);
            return if to > desired { Proposal::Out(to) } else { Proposal::Hold };
        }
        // AS-7, AS-9, AS-10
        let low = self.alarms.low_fraction * target;
        if at >= self.scale_in_after
            && let Some(newest) = last(&watcher.history, self.alarms.low_periods, |value| value < low)
        {
            let idle = last(&watcher.history, self.alarms.low_periods, |value| value == 0.0).is_some();
            let to = wanted(newest.capacity, newest.value.unwrap_or(0.0)).max(u32::from(!idle)).max(self.min);
            return if to < desired { Proposal::In(to) } else { Proposal::Hold };
        }
        Proposal::Hold
    }
}

/// The newest datapoint, if the last `periods` are all there and all pass.
fn last(history: &VecDeque<Datapoint>, periods: u32, passes: impl Fn(f64) -> bool) -> Option<Datapoint> {
    let periods = periods as usize;
    let alarm = history.len() >= periods && history.iter().rev().take(periods).all(|d| d.value.is_some_and(&passes));
    if alarm { history.back().copied() } else { None }
}

fn name(metric: TrackingMetric) -> &'static str {
    match metric {
        TrackingMetric::InvocationsPerInstance => "invocations-per-instance",
        TrackingMetric::BacklogPerInstance => "backlog-per-instance",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{MINUTE, SECOND};

    fn tracker(target: f64, min: u32, max: u32) -> Autoscaler {
        let scaling = Scaling {
            min,
            max,
            policies: vec![Policy::TargetTracking {
                metric: TrackingMetric::InvocationsPerInstance,
                target,
                scale_out_cooldown_s: 300.0,
                scale_in_cooldown_s: 300.0,
            }],
        };
        let alarms = Autoscaling {
            high_periods: 3,
            low_periods: 15,
            low_fraction: 0.9,
            metric_delay_s: 90,
            in_flight_lock: true,
        };
        Autoscaler::new(&scaling, &alarms, 240 * SECOND)
    }

    fn feed(scaler: &mut Autoscaler, value: f64, capacity: u32, times: usize) {
        for _ in 0..times {
            scaler.see(vec![Datapoint { value: Some(value), capacity }]);
        }
    }

    #[test]
    fn two_instances_at_155_of_70_become_five() {
        // [AS-11]: ceil(2 x 155 / 70)
        let mut scaler = tracker(70.0, 1, 100);
        feed(&mut scaler, 155.0, 2, 2);
        assert_eq!(scaler.decide(MINUTE, 2, 1), None);
        feed(&mut scaler, 155.0, 2, 1);
        assert_eq!(scaler.decide(2 * MINUTE, 2, 1).map(|d| d.to), Some(5));
    }

    #[test]
    fn four_instances_at_60_of_70_stay() {
        // [AS-10]: 60 x 4 / 3 = 80 > 70
        let mut scaler = tracker(70.0, 1, 100);
        feed(&mut scaler, 60.0, 4, 15);
        assert_eq!(scaler.decide(MINUTE, 4, 3), None);
        feed(&mut scaler, 52.5, 4, 15);
        assert_eq!(scaler.decide(MINUTE, 4, 3).map(|d| d.to), Some(3));
    }

    #[test]
    fn one_becomes_none_only_after_a_window_of_silence() {
        let mut scaler = tracker(70.0, 0, 100);
        feed(&mut scaler, 1.0, 1, 1);
        feed(&mut scaler, 0.0, 1, 14);
        assert_eq!(scaler.decide(MINUTE, 1, 1), None);
        feed(&mut scaler, 0.0, 1, 1);
        assert_eq!(scaler.decide(MINUTE, 1, 1).map(|d| d.to), Some(0));
    }
}
