//! What AWS would meter: (hour, meter, part, integer quantity).

use crate::time::{HOUR, Ns};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meter {
    /// Nanoseconds of instance life [RT-B1].
    InstanceNs,
    /// Billed milliseconds of serverless work [SL-9].
    ServerlessMs,
    /// Billed milliseconds of work on provisioned concurrency [SL-11].
    ProvisionedMs,
    /// Nanoseconds of provisioned concurrency [SL-11].
    ProvisionedNs,
    /// Bytes into an endpoint [RT-B4].
    DataInBytes,
    /// Bytes out of an endpoint [RT-B4].
    DataOutBytes,
    /// Uncached input tokens.
    InputTokens,
    /// Output tokens.
    OutputTokens,
    /// Input tokens read from the prompt cache.
    CacheReadTokens,
    /// Input tokens written to the prompt cache.
    CacheWriteTokens,
    /// Nanoseconds of provisioned model units.
    ModelUnitNs,
    /// Result objects of asynchronous inference [AY-6].
    S3PutRequests,
    /// Messages about results of asynchronous inference [AY-5].
    SnsNotifications,
}

impl Meter {
    /// Every meter.
    pub const ALL: [Self; 13] = [
        Self::InstanceNs,
        Self::ServerlessMs,
        Self::ProvisionedMs,
        Self::ProvisionedNs,
        Self::DataInBytes,
        Self::DataOutBytes,
        Self::InputTokens,
        Self::OutputTokens,
        Self::CacheReadTokens,
        Self::CacheWriteTokens,
        Self::ModelUnitNs,
        Self::S3PutRequests,
        Self::SnsNotifications,
    ];

    /// As it is called outside.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InstanceNs => "instance_ns",
            Self::ServerlessMs => "serverless_ms",
            Self::ProvisionedMs => "provisioned_ms",
            Self::ProvisionedNs => "provisioned_ns",
            Self::DataInBytes => "data_in_bytes",
            Self::DataOutBytes => "data_out_bytes",
            Self::InputTokens => "input_tokens",
            Self::OutputTokens => "output_tokens",
            Self::CacheReadTokens => "cache_read_tokens",
            Self::CacheWriteTokens => "cache_write_tokens",
            Self::ModelUnitNs => "model_unit_ns",
            Self::S3PutRequests => "s3_put_requests",
            Self::SnsNotifications => "sns_notifications",
        }
    }
}

/// Quantities by hour of the run, meter and part of the deployment: the instance type that was metered, by its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Of part 0, which most of what is counted request by request belongs to.
    first: Hours,
    others: Vec<Hours>,
}

type Hours = Vec<[i64; Meter::ALL.len()]>;

impl Usage {
    /// Counts a quantity of part 0 in the hour of `at`.
    #[inline]
    pub fn add(&mut self, at: Ns, meter: Meter, quantity: i64) {
        count(&mut self.first, at, meter, quantity);
    }

    fn add_to(&mut self, at: Ns, meter: Meter, part: usize, quantity: i64) {
        let Some(other) = part.checked_sub(1) else {
            return self.add(at, meter, quantity);
        };
        if other >= self.others.len() {
            self.others.resize_with(part, Hours::new);
        }
        count(&mut self.others[other], at, meter, quantity);
    }

    fn parts(&self) -> impl Iterator<Item = &Hours> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Counts the time from `from` to `to`, `units` times, each part in its hour.
    pub fn add_time(&mut self, from: Ns, to: Ns, meter: Meter, part: usize, units: i64) {
        let mut at = from;
        while at < to {
            let next = ((at / HOUR + 1) * HOUR).min(to);
            self.add_to(at, meter, part, (next - at) * units);
            at = next;
        }
    }

    /// Adds `other`.
    pub fn add_all(&mut self, other: &Self) {
        for (hour, meter, part, quantity) in other.rows() {
            self.add_to(hour * HOUR, meter, part, quantity);
        }
    }

    /// Adds `other`, each quantity times `weight`, to the nearest whole.
    pub fn add_weighted(&mut self, other: &Self, weight: f64) {
        for (hour, meter, part, quantity) in other.rows() {
            self.add_to(hour * HOUR, meter, part, (quantity as f64 * weight).round() as i64);
        }
    }

    /// Takes the time of instances and provisioned containers from `other`.
    pub fn replace_time(&mut self, other: &Self) {
        let time = [Meter::InstanceNs, Meter::ProvisionedNs];
        for hour in std::iter::once(&mut self.first).chain(&mut self.others).flatten() {
            for meter in time {
                hour[meter as usize] = 0;
            }
        }
        for (hour, meter, part, quantity) in other.rows().filter(|row| time.contains(&row.1)) {
            self.add_to(hour * HOUR, meter, part, quantity);
        }
    }

    /// The sum over all hours and parts.
    #[must_use]
    pub fn total(&self, meter: Meter) -> i64 {
        self.parts().flatten().map(|hour| hour[meter as usize]).sum()
    }

    /// (hour, meter, part, quantity) of every quantity that is not 0, by hour, then meter, then part.
    pub fn rows(&self) -> impl Iterator<Item = (i64, Meter, usize, i64)> + '_ {
        let hours = self.parts().map(Vec::len).max().unwrap_or(0);
        (0..hours).flat_map(move |hour| {
            Meter::ALL.into_iter().flat_map(move |meter| {
                self.parts()
                    .enumerate()
                    .filter_map(move |(part, hours)| Some((part, hours.get(hour)?[meter as usize])))
                    .filter(|&(_, quantity)| quantity != 0)
                    .map(move |(part, quantity)| (hour as i64, meter, part, quantity))
            })
        })
    }
}

#[inline]
fn count(hours: &mut Hours, at: Ns, meter: Meter, quantity: i64) {
    let hour = (at / HOUR) as usize;
    if hour >= hours.len() {
        hours.resize(hour + 1, [0; Meter::ALL.len()]);
    }
    hours[hour][meter as usize] += quantity;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    #[test]
    fn time_is_split_by_the_hour() {
        let mut usage = Usage::default();
        usage.add_time(3_000 * SECOND, 7_300 * SECOND, Meter::InstanceNs, 1, 2);
        let rows: Vec<_> = usage.rows().collect();
        assert_eq!(
            rows,
            [
                (0, Meter::InstanceNs, 1, 1_200 * SECOND),
                (1, Meter::InstanceNs, 1, 7_200 * SECOND),
                (2, Meter::InstanceNs, 1, 200 * SECOND),
            ]
        );
    }
}
