//! A scalable target of Application Auto Scaling: bounds, policies, datapoints in, changes out.
//!
//! Order and cut-offs: docs/semantics.md, "Scaling".

use super::Activity;
use super::metric::{Clock, Datapoint, Gathered, Gauges};
use super::policy::{Proposal, Watcher};
use super::scale_out::ScaleOut;
use crate::ledger::Window;
use crate::scenario::{Autoscaling, Policy, Scaling};
use crate::time::{Ns, seconds};
use std::collections::VecDeque;
use std::ops::Range;

/// What a target wants of its units. The caller does it, and says with `launched` what came of a launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// So many units more.
    Launch(u32),
    /// So many units fewer, the newest in service first.
    Remove(u32),
}

/// What happens to a target, in the order of docs/semantics.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Metric periods close.
    Close,
    /// The policies are evaluated.
    Evaluate,
    /// A scheduled action.
    Schedule,
}

/// A scheduled action [AS-17].
#[derive(Clone, Copy, Debug)]
struct Action {
    at: Ns,
    min: Option<u32>,
    max: Option<u32>,
}

/// A decision that is being carried out.
#[derive(Clone, Debug)]
struct Pending {
    from: u32,
    cause: String,
    /// The policy that decided it; None for a scheduled action.
    policy: Option<usize>,
}

/// A scalable target.
#[derive(Debug)]
pub struct Target {
    min: u32,
    max: u32,
    desired: u32,
    in_service: u32,
    launching: u32,
    lock: bool,
    horizon: Ns,
    watchers: Vec<Watcher>,
    clocks: Vec<Ticking>,
    schedule: VecDeque<Action>,
    /// Whether a scheduled action waits for the end of a launch, and when that was.
    held: bool,
    owed: Option<Ns>,
    /// The last scale-out that target tracking decided, while nothing else has scaled out since.
    tracked: Option<ScaleOut>,
    scale_in_after: Ns,
    pending: Option<Pending>,
    activities: Vec<Activity>,
}

/// The metrics of one clock.
#[derive(Debug)]
struct Ticking {
    clock: Clock,
    next_close: Ns,
    gathered: Gathered,
    unseen: VecDeque<(Ns, Vec<(usize, Datapoint)>)>,
}

impl Target {
    /// `units` in service at the start of the window, within the bounds, `most` at most.
    #[must_use]
    pub fn new(scaling: &Scaling, assumed: &Autoscaling, units: u32, most: u32, window: &Window) -> Self {
        let watchers: Vec<Watcher> = scaling.policies.iter().map(|policy| Watcher::new(policy, assumed)).collect();
        let mut clocks: Vec<Ticking> = Vec::new();
        for clock in watchers.iter().filter_map(|watcher| watcher.metric).map(|metric| metric.clock(assumed)) {
            if clocks.iter().all(|ticking| ticking.clock != clock) {
                let next_close = window.from + clock.period;
                clocks.push(Ticking { clock, next_close, gathered: Gathered::default(), unseen: VecDeque::new() });
            }
        }
        let mut target = Self {
            min: scaling.min,
            max: scaling.max,
            desired: units,
            in_service: units,
            launching: 0,
            lock: assumed.in_flight_lock,
            horizon: window.horizon,
            watchers,
            clocks,
            schedule: schedule(&scaling.policies),
            held: false,
            owed: None,
            tracked: None,
            scale_in_after: Ns::MIN,
            pending: None,
            activities: Vec::new(),
        };
        // a run that begins in the middle finds the bounds of what was scheduled before
        while let Some(action) = target.schedule.pop_front_if(|action| action.at < window.from) {
            target.bound(&action);
        }
        target.desired = units.clamp(target.min, target.max).min(most);
        target.in_service = target.desired;
        for ticking in &mut target.clocks {
            ticking.gathered = Gathered::new(target.in_service, window.from);
        }
        target
    }

    /// The desired count.
    #[must_use]
    pub fn desired(&self) -> u32 {
        self.desired
    }

    /// What was decided.
    #[must_use]
    pub fn activities(&self) -> &[Activity] {
        &self.activities
    }

    /// Requests were taken by the units in service.
    #[inline]
    pub fn arrive(&mut self, requests: u64) {
        for ticking in &mut self.clocks {
            ticking.gathered.arrive(requests);
        }
    }

    /// A request was refused for want of a unit.
    pub fn refuse(&mut self) {
        for ticking in &mut self.clocks {
            ticking.gathered.refuse();
        }
    }

    /// Unit `number` comes into service.
    pub fn ready(&mut self, at: Ns, number: u32) {
        self.in_service += 1;
        self.launching -= 1;
        self.changed(at);
        for scale_out in self.tracked.iter_mut().chain(self.watchers.iter_mut().filter_map(|w| w.scaled_out.as_mut())) {
            scale_out.ready(at, number);
        }
        if self.held && self.launching == 0 {
            self.owed = Some(at);
        }
    }

    fn changed(&mut self, at: Ns) {
        for ticking in &mut self.clocks {
            ticking.gathered.change(at, self.in_service);
        }
    }

    /// When the next event is.
    #[must_use]
    pub fn next(&self) -> Ns {
        self.next_close().min(self.next_sight()).min(self.next_action())
    }

    fn next_close(&self) -> Ns {
        self.before_horizon(self.clocks.iter().map(|ticking| ticking.next_close).min())
    }

    fn next_sight(&self) -> Ns {
        self.before_horizon(self.clocks.iter().filter_map(|ticking| Some(ticking.unseen.front()?.0)).min())
    }

    fn next_action(&self) -> Ns {
        self.before_horizon(self.schedule.front().map(|action| action.at).into_iter().chain(self.owed).min())
    }

    fn before_horizon(&self, at: Option<Ns>) -> Ns {
        at.filter(|&at| at < self.horizon).unwrap_or(Ns::MAX)
    }

    /// Which event is next; there is one.
    #[must_use]
    pub fn event(&self) -> Event {
        let at = self.next();
        if self.next_close() == at {
            Event::Close
        } else if self.next_sight() == at {
            Event::Evaluate
        } else {
            Event::Schedule
        }
    }

    /// The metric periods that end now close.
    pub fn close(&mut self, gauges: &Gauges) {
        let at = self.next_close();
        for ticking in self.clocks.iter_mut().filter(|ticking| ticking.next_close == at) {
            let clock = ticking.clock;
            let mut datapoints = Vec::new();
            for (index, watcher) in self.watchers.iter().enumerate() {
                if let Some(metric) = watcher.metric.filter(|_| watcher.clock == Some(clock)) {
                    datapoints.push((index, ticking.gathered.datapoint(metric, gauges)));
                }
            }
            ticking.unseen.push_back((at + clock.delay, datapoints));
            ticking.gathered.open(at);
            ticking.next_close += clock.period;
        }
    }

    /// The policies are evaluated.
    pub fn evaluate(&mut self) -> Option<Change> {
        let at = self.next_sight();
        for watcher in &mut self.watchers {
            watcher.fresh = false;
        }
        for ticking in &mut self.clocks {
            while let Some((_, datapoints)) = ticking.unseen.pop_front_if(|unseen| unseen.0 == at) {
                for (index, datapoint) in datapoints {
                    self.watchers[index].see(datapoint);
                }
            }
        }
        if self.lock && self.launching > 0 { None } else { self.decide(at) }
    }

    /// What the policies want at `at` [AS-14].
    fn decide(&mut self, at: Ns) -> Option<Change> {
        let proposals: Vec<Proposal> = self
            .watchers
            .iter()
            .map(|w| w.propose(at, self.desired, self.min..=self.max, self.tracked.as_ref()))
            .collect();
        let mut out: Option<(usize, u32)> = None;
        for (index, proposal) in proposals.iter().enumerate() {
            if let Proposal::Out(to) = *proposal
                && out.is_none_or(|(_, best)| to > best)
            {
                out = Some((index, to));
            }
        }
        if let Some((index, to)) = out {
            let cause = self.watchers[index].cause(true);
            self.pending = Some(Pending { from: self.desired, cause, policy: Some(index) });
            return Some(Change::Launch(to - self.desired));
        }
        self.scale_in(&proposals, at)
    }

    fn scale_in(&mut self, proposals: &[Proposal], at: Ns) -> Option<Change> {
        if at < self.scale_in_after {
            return None;
        }
        let tracking = |watcher: &&Watcher| watcher.asked_to_scale_in();
        let agreed =
            self.watchers.iter().zip(proposals).filter(|(watcher, _)| tracking(watcher)).all(|(_, p)| p.is_in());
        let mut winner: Option<(usize, u32)> = None;
        for (index, (watcher, proposal)) in self.watchers.iter().zip(proposals).enumerate() {
            if let Proposal::In(to) = *proposal
                && (agreed || !watcher.tracks())
                && winner.is_none_or(|(_, best)| to > best)
            {
                winner = Some((index, to));
            }
        }
        let (index, to) = winner?;
        let count = self.removable(to);
        if count == 0 {
            return None;
        }
        let cause = self.watchers[index].cause(false);
        self.scale_in_after = at.saturating_add(self.watchers[index].scale_in_cooldown());
        Some(self.remove(at, count, cause))
    }

    /// How many units can go so that `to` are left: of those in service, and never below `min`.
    fn removable(&self, to: u32) -> u32 {
        (self.desired - to).min(self.in_service.saturating_sub(self.min))
    }

    fn remove(&mut self, at: Ns, count: u32, cause: String) -> Change {
        let from = self.desired;
        self.desired -= count;
        self.in_service -= count;
        self.changed(at);
        self.activities.push(Activity { at, from, to: self.desired, cause });
        Change::Remove(count)
    }

    /// A scheduled action, or one that had to wait for a launch [AS-17].
    pub fn act(&mut self) -> Option<Change> {
        let at = self.next_action();
        self.owed = None;
        while let Some(action) = self.schedule.pop_front_if(|action| action.at <= at) {
            self.bound(&action);
        }
        self.held = self.lock && self.launching > 0;
        if self.held {
            return None;
        }
        let cause = "scheduled action".to_owned();
        if self.desired < self.min {
            self.pending = Some(Pending { from: self.desired, cause, policy: None });
            return Some(Change::Launch(self.min - self.desired));
        }
        let count = if self.desired > self.max { self.removable(self.max) } else { 0 };
        (count > 0).then(|| self.remove(at, count, cause))
    }

    fn bound(&mut self, action: &Action) {
        if let Some(min) = action.min {
            self.min = min;
            self.max = self.max.max(min);
        }
        if let Some(max) = action.max {
            self.max = max;
            self.min = self.min.min(max);
        }
    }

    /// The change to exactly `needed` units, where `idle` of those in service may go: for the policy `ideal`.
    pub fn fit(&mut self, at: Ns, needed: u32, idle: u32) -> Option<Change> {
        let to = needed.clamp(self.min, self.max);
        if to != self.desired {
            let cause = "exactly what is needed".to_owned();
            self.activities.push(Activity { at, from: self.desired, to, cause });
            self.desired = to;
        }
        let there = self.in_service + self.launching;
        if to > there {
            return Some(Change::Launch(to - there));
        }
        let count = self.in_service.saturating_sub(to).min(idle);
        if count == 0 {
            return None;
        }
        self.in_service -= count;
        self.changed(at);
        Some(Change::Remove(count))
    }

    /// The units `numbers` were launched for the change that was last wanted; fewer than wanted where there are no more.
    pub fn launched(&mut self, at: Ns, numbers: Range<u32>) {
        let count = numbers.end - numbers.start;
        self.launching += count;
        let Some(Pending { from, cause, policy }) = self.pending.take().filter(|_| count > 0) else {
            return;
        };
        self.desired += count;
        self.scale_in_after = Ns::MIN;
        self.tracked = None;
        if let Some(index) = policy {
            let watcher = &mut self.watchers[index];
            let cooldown = watcher.scale_out_cooldown();
            let scale_out = Some(ScaleOut::new(from, numbers, cooldown));
            if watcher.tracks() {
                self.tracked = scale_out;
            } else {
                watcher.scaled_out = scale_out;
            }
        }
        self.activities.push(Activity { at, from, to: self.desired, cause });
    }
}

fn schedule(policies: &[Policy]) -> VecDeque<Action> {
    let mut actions: Vec<Action> = policies
        .iter()
        .filter_map(|policy| match policy {
            Policy::Scheduled { at_s: Some(at_s), min, max, .. } => {
                Some(at_s.iter().map(|&at| Action { at: seconds(at), min: *min, max: *max }))
            }
            _ => None,
        })
        .flatten()
        .collect();
    // stable: on a tie in order of policies
    actions.sort_by_key(|action| action.at);
    actions.into()
}
