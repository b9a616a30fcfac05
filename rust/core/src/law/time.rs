//! Lengths of time: the work of a request, a gap, a set-up.

use super::elementary::{exp, ln};
use super::quantile;
use crate::random::Sequence;
use crate::time::{Ns, nearest};

/// A law of lengths in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Always the same.
    Constant {
        /// The length.
        mean: f64,
    },
    /// Exponential.
    Exponential {
        /// Its mean.
        mean: f64,
    },
    /// Gamma, by Marsaglia and Tsang (ACM TOMS 26, 2000).
    Gamma {
        /// 1 / cv squared.
        shape: f64,
        /// mean / shape.
        scale: f64,
    },
    /// Two exponential phases with balanced means.
    Hyperexponential {
        /// Probability of the first phase.
        p: f64,
        /// Mean of the first phase.
        first: f64,
        /// Mean of the second phase.
        second: f64,
    },
    /// Lognormal.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
}

impl Law {
    /// Gamma by mean and coefficient of variation; constant for cv 0.
    #[must_use]
    pub fn gamma(mean: f64, cv: f64) -> Self {
        if cv == 0.0 {
            return Self::Constant { mean };
        }
        let shape = 1.0 / (cv * cv);
        Self::Gamma { shape, scale: mean / shape }
    }

    /// Hyperexponential by mean and coefficient of variation (above 1), phases of equal load.
    #[must_use]
    pub fn hyperexponential(mean: f64, cv: f64) -> Self {
        let c2 = cv * cv;
        let p = 0.5 * (1.0 + libm::sqrt((c2 - 1.0) / (c2 + 1.0)));
        Self::Hyperexponential { p, first: mean / (2.0 * p), second: mean / (2.0 * (1.0 - p)) }
    }

    /// Lognormal by mean and coefficient of variation.
    #[must_use]
    pub fn lognormal(mean: f64, cv: f64) -> Self {
        let variance = libm::log(1.0 + cv * cv);
        Self::Lognormal { mu: libm::log(mean) - variance / 2.0, sigma: libm::sqrt(variance) }
    }

    /// Lognormal by mean and 99th percentile, the narrower of the two solutions; None where there is none.
    #[must_use]
    pub fn lognormal_p99(mean: f64, p99: f64) -> Option<Self> {
        // ln p99 = mu + z sigma and ln mean = mu + sigma^2 / 2
        let z = quantile(0.99);
        let discriminant = z * z - 2.0 * libm::log(p99 / mean);
        if !(p99 > mean && discriminant >= 0.0) {
            return None;
        }
        let sigma = z - libm::sqrt(discriminant);
        Some(Self::Lognormal { mu: libm::log(mean) - sigma * sigma / 2.0, sigma })
    }

    /// Lognormal by median and 95th percentile.
    #[must_use]
    pub fn lognormal_median(median: f64, p95: f64) -> Self {
        Self::Lognormal { mu: libm::log(median), sigma: libm::log(p95 / median) / quantile(0.95) }
    }

    /// The mean, in nanoseconds.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Constant { mean } | Self::Exponential { mean } => mean,
            Self::Gamma { shape, scale } => shape * scale,
            Self::Hyperexponential { p, first, second } => p * first + (1.0 - p) * second,
            Self::Lognormal { mu, sigma } => libm::exp(mu + sigma * sigma / 2.0),
        }
    }

    /// One length, to the nearest nanosecond.
    #[must_use]
    #[inline]
    pub fn draw(&self, draws: &mut Sequence) -> Ns {
        nearest(match *self {
            Self::Constant { mean } => mean,
            Self::Exponential { mean } => exponential(mean, draws),
            Self::Gamma { shape, scale } => scale * gamma(shape, draws),
            Self::Hyperexponential { p, first, second } => {
                let mean = if draws.uniform() < p { first } else { second };
                exponential(mean, draws)
            }
            Self::Lognormal { mu, sigma } => exp(mu + sigma * quantile(draws.uniform())),
        })
    }
}

#[inline]
fn exponential(mean: f64, draws: &mut Sequence) -> f64 {
    -mean * ln(draws.uniform())
}

fn gamma(shape: f64, draws: &mut Sequence) -> f64 {
    if shape < 1.0 {
        let boost = libm::pow(draws.uniform(), 1.0 / shape);
        return boost * gamma(shape + 1.0, draws);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let x = quantile(draws.uniform());
        let root = 1.0 + c * x;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        if libm::log(draws.uniform()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Draws, Purpose};

    #[test]
    fn each_law_has_its_mean_and_spread() {
        let ms = 1e6;
        for (law, mean, cv) in [
            (Law::Constant { mean: 5.0 * ms }, 5.0, 0.0),
            (Law::Exponential { mean: 5.0 * ms }, 5.0, 1.0),
            (Law::gamma(5.0 * ms, 0.5), 5.0, 0.5),
            (Law::gamma(5.0 * ms, 1.7), 5.0, 1.7),
            (Law::hyperexponential(5.0 * ms, 2.0), 5.0, 2.0),
            (Law::lognormal(5.0 * ms, 0.8), 5.0, 0.8),
        ] {
            let draws = Draws::new(3, Purpose::Service);
            let n = 400_000;
            let values: Vec<f64> = (0..n).map(|i| law.draw(&mut draws.sequence(i)) as f64 / ms).collect();
            let m = values.iter().sum::<f64>() / n as f64;
            let v = values.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / n as f64;
            assert!((law.mean() / ms - mean).abs() < 1e-9 * mean);
            assert!((m - mean).abs() < 0.01 * mean, "{law:?}: mean {m}");
            assert!((libm::sqrt(v) / mean - cv).abs() < 0.03 * cv.max(0.1), "{law:?}: cv {}", libm::sqrt(v) / mean);
        }
    }

    #[test]
    fn a_lognormal_keeps_the_p99_it_was_given() {
        let Some(Law::Lognormal { mu, sigma }) = Law::lognormal_p99(8e6, 20e6) else { panic!("solvable") };
        assert!((libm::exp(mu + sigma * quantile(0.99)) - 20e6).abs() < 1.0);
        assert!((libm::exp(mu + sigma * sigma / 2.0) - 8e6).abs() < 1.0);
        assert!(Law::lognormal_p99(1.0, 20.0).is_none());
    }
}
