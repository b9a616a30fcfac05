//! Time is integer nanoseconds from the start of the run.

/// Nanoseconds from the start of the run, or a length.
pub type Ns = i64;

/// One millisecond.
pub const MILLISECOND: Ns = 1_000_000;
/// One second.
pub const SECOND: Ns = 1_000_000_000;
/// The period of Application Auto Scaling's metrics [AS-4].
pub const MINUTE: Ns = 60 * SECOND;
/// Usage is counted by the hour.
pub const HOUR: Ns = 3_600 * SECOND;
/// A sampled run replays whole days.
pub const DAY: Ns = 24 * HOUR;

/// Seconds as nanoseconds, to the nearest.
#[must_use]
pub fn seconds(value: f64) -> Ns {
    nearest(value * SECOND as f64)
}

/// Milliseconds as nanoseconds, to the nearest.
#[must_use]
pub fn milliseconds(value: f64) -> Ns {
    nearest(value * MILLISECOND as f64)
}

/// Rounds a length, which is never negative, half up; what lies beyond the range of an integer becomes its end.
#[must_use]
pub fn nearest(value: f64) -> Ns {
    (value + 0.5) as Ns
}
