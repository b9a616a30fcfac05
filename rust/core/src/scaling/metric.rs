//! What policies watch: how often a metric is published, and what a datapoint of it is.

use crate::scenario::{Autoscaling, Policy, StepMetric, TrackingMetric};
use crate::time::{MINUTE, Ns, SECOND, seconds};

/// A metric of any policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Requests of a minute per instance.
    InvocationsPerInstance,
    /// Requests of a minute per copy.
    InvocationsPerCopy,
    /// Requests in containers per unit.
    ConcurrentRequests,
    /// Requests in the queue or in work per instance.
    Backlog,
    /// Provisioned containers in use.
    ProvisionedUtilization,
    /// A queue, and no instance.
    BacklogWithoutCapacity,
    /// Requests refused for want of a copy.
    NoCapacityFailures,
}

impl Metric {
    /// The metric that a policy watches; None of those that watch none.
    #[must_use]
    pub fn of(policy: &Policy) -> Option<Self> {
        match policy {
            Policy::TargetTracking { metric, .. } => Some(match metric {
                TrackingMetric::InvocationsPerInstance => Self::InvocationsPerInstance,
                TrackingMetric::InvocationsPerCopy => Self::InvocationsPerCopy,
                TrackingMetric::ConcurrentRequests => Self::ConcurrentRequests,
                TrackingMetric::BacklogPerInstance => Self::Backlog,
                TrackingMetric::ProvisionedConcurrencyUtilization => Self::ProvisionedUtilization,
            }),
            Policy::Step { metric, .. } => Some(match metric {
                StepMetric::InvocationsPerInstance => Self::InvocationsPerInstance,
                StepMetric::InvocationsPerCopy => Self::InvocationsPerCopy,
                StepMetric::ConcurrentRequests => Self::ConcurrentRequests,
                StepMetric::BacklogPerInstance => Self::Backlog,
                StepMetric::ProvisionedConcurrencyUtilization => Self::ProvisionedUtilization,
                StepMetric::HasBacklogWithoutCapacity => Self::BacklogWithoutCapacity,
                StepMetric::NoCapacityInvocationFailures => Self::NoCapacityFailures,
            }),
            Policy::Scheduled { .. } | Policy::Ideal {} => None,
        }
    }

    /// How it is called in what is printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InvocationsPerInstance => "invocations-per-instance",
            Self::InvocationsPerCopy => "invocations-per-copy",
            Self::ConcurrentRequests => "concurrent-requests",
            Self::Backlog => "backlog-per-instance",
            Self::ProvisionedUtilization => "provisioned-concurrency-utilization",
            Self::BacklogWithoutCapacity => "has-backlog-without-capacity",
            Self::NoCapacityFailures => "no-capacity-invocation-failures",
        }
    }

    /// How often it is published, and how it is alarmed on.
    #[must_use]
    pub fn clock(self, assumed: &Autoscaling) -> Clock {
        let delay = |delay_s: u32| seconds(f64::from(delay_s));
        if self == Self::ConcurrentRequests {
            Clock {
                period: 10 * SECOND,
                delay: delay(assumed.metric_delay_hires_s),
                high_periods: assumed.high_periods_hires as usize,
                low_periods: assumed.low_periods_hires as usize,
            }
        } else {
            Clock {
                period: MINUTE,
                delay: delay(assumed.metric_delay_s),
                high_periods: assumed.high_periods as usize,
                low_periods: assumed.low_periods as usize,
            }
        }
    }
}

/// The timing of a metric [AS-4 to AS-8].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Length of a period.
    pub period: Ns,
    /// From its close until its datapoint is seen.
    pub delay: Ns,
    /// Datapoints above the target before the high alarm of target tracking rings.
    pub high_periods: usize,
    /// Datapoints below before the low one does.
    pub low_periods: usize,
}

/// What the pattern shows at the close of a period.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gauges {
    /// Requests waiting in the queue of an asynchronous endpoint.
    pub waiting: u64,
    /// Requests being processed by one.
    pub processing: u64,
    /// Requests in the containers in service.
    pub outstanding: u64,
    /// The most provisioned containers in use since the last close.
    pub provisioned_in_use: u64,
}

/// A value of a metric; `None` is missing data [AS-15]. `capacity` is what the value was divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Datapoint {
    /// Per unit of capacity.
    pub value: Option<f64>,
    /// Units.
    pub capacity: u32,
}

/// The counts of one period that are gathered request by request.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// Units in service now.
    in_service: u32,
    /// Units in service at the period's first instant.
    at_open: u32,
    opened: Ns,
    /// Arrivals since the count in service last changed, and the sum over the stretches before.
    arrivals: u64,
    per_unit: f64,
    failures: u64,
}

impl Gathered {
    /// With `in_service` units from `opened` on.
    #[must_use]
    pub fn new(in_service: u32, opened: Ns) -> Self {
        Self { in_service, at_open: in_service, opened, ..Self::default() }
    }

    /// Requests were taken, at the present count in service.
    #[inline]
    pub fn arrive(&mut self, requests: u64) {
        self.arrivals += requests;
    }

    /// A request was refused for want of a unit.
    pub fn refuse(&mut self) {
        self.failures += 1;
    }

    /// The count in service changes.
    pub fn change(&mut self, at: Ns, in_service: u32) {
        self.end_stretch();
        self.in_service = in_service;
        if at == self.opened {
            self.at_open = in_service;
        }
    }

    fn end_stretch(&mut self) {
        if self.arrivals > 0 {
            self.per_unit += self.arrivals as f64 / f64::from(self.in_service);
            self.arrivals = 0;
        }
    }

    /// The datapoint of a metric over the period that closes now.
    pub fn datapoint(&mut self, metric: Metric, gauges: &Gauges) -> Datapoint {
        self.end_stretch();
        let now = self.in_service;
        let per_unit = |total: u64, units: u32| Datapoint {
            value: (units > 0).then(|| total as f64 / f64::from(units)),
            capacity: units,
        };
        match metric {
            Metric::InvocationsPerInstance | Metric::InvocationsPerCopy => {
                Datapoint { value: Some(self.per_unit), capacity: self.at_open }
            }
            Metric::ConcurrentRequests => per_unit(gauges.outstanding, now),
            Metric::Backlog => per_unit(gauges.waiting + gauges.processing, now),
            Metric::ProvisionedUtilization => per_unit(gauges.provisioned_in_use, self.at_open),
            Metric::BacklogWithoutCapacity => {
                let rings = gauges.waiting > 0 && now == 0;
                Datapoint { value: Some(f64::from(u8::from(rings))), capacity: now }
            }
            Metric::NoCapacityFailures => Datapoint { value: Some(self.failures as f64), capacity: now },
        }
    }

    /// The next period opens.
    pub fn open(&mut self, at: Ns) {
        self.end_stretch();
        (self.per_unit, self.failures) = (0.0, 0);
        (self.opened, self.at_open) = (at, self.in_service);
    }
}
