//! Exact counts: Poisson and binomial.
//!
//! Large means use Hörmann's transformed rejection (PTRS and BTRS: Insurance: Mathematics and Economics 12 (1993);
//! Journal of Statistical Computation and Simulation 46 (1993)).

use crate::random::Sequence;

/// A Poisson count of the given mean.
#[must_use]
pub fn poisson(mean: f64, draws: &mut Sequence) -> u64 {
    if mean <= 0.0 {
        return 0;
    }
    if mean < 10.0 { poisson_by_product(mean, draws) } else { poisson_by_rejection(mean, draws) }
}

fn poisson_by_product(mean: f64, draws: &mut Sequence) -> u64 {
    let limit = libm::exp(-mean);
    let mut product = draws.uniform();
    let mut count = 0;
    while product > limit {
        product *= draws.uniform();
        count += 1;
    }
    count
}

fn poisson_by_rejection(mean: f64, draws: &mut Sequence) -> u64 {
    let b = 0.931 + 2.53 * libm::sqrt(mean);
    let a = -0.059 + 0.024_83 * b;
    let log_inverse_alpha = libm::log(1.1239 + 1.1328 / (b - 3.4));
    let squeeze = 0.9277 - 3.6224 / (b - 2.0);
    let log_mean = libm::log(mean);
    loop {
        let u = draws.uniform() - 0.5;
        let v = draws.uniform();
        let us = 0.5 - u.abs();
        let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
        if us >= 0.07 && v <= squeeze {
            return k as u64;
        }
        if k < 0.0 || (us < 0.013 && v > us) {
            continue;
        }
        let accept = k * log_mean - mean - libm::lgamma(k + 1.0);
        if libm::log(v) + log_inverse_alpha - libm::log(a / (us * us) + b) <= accept {
            return k as u64;
        }
    }
}

/// A binomial count: of `n`, each with probability `p`.
#[must_use]
pub fn binomial(n: u64, p: f64, draws: &mut Sequence) -> u64 {
    if p > 0.5 {
        return n - binomial(n, 1.0 - p, draws);
    }
    if (n as f64) * p < 10.0 || n < 40 {
        return (0..n).filter(|_| draws.uniform() < p).count() as u64;
    }
    binomial_by_rejection(n as f64, p, draws)
}

fn binomial_by_rejection(n: f64, p: f64, draws: &mut Sequence) -> u64 {
    let spread = libm::sqrt(n * p * (1.0 - p));
    let b = 1.15 + 2.53 * spread;
    let a = -0.0873 + 0.0248 * b + 0.01 * p;
    let alpha = (2.83 + 5.1 / b) * spread;
    let squeeze = 0.92 - 4.2 / b;
    let mode = ((n + 1.0) * p).floor();
    let log_odds = libm::log(p / (1.0 - p));
    let at_mode = libm::lgamma(mode + 1.0) + libm::lgamma(n - mode + 1.0);
    loop {
        let u = draws.uniform() - 0.5;
        let v = draws.uniform();
        let us = 0.5 - u.abs();
        let k = ((2.0 * a / us + b) * u + n * p + 0.5).floor();
        if us >= 0.07 && v <= squeeze {
            return k as u64;
        }
        if k < 0.0 || k > n {
            continue;
        }
        let accept = at_mode - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0) + (k - mode) * log_odds;
        if libm::log(v * alpha / (a / (us * us) + b)) <= accept {
            return k as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Draws, Purpose};

    fn moments(mut draw: impl FnMut(&mut Sequence) -> u64) -> (f64, f64) {
        let draws = Draws::new(1, Purpose::Count);
        let n = 200_000;
        let values: Vec<f64> = (0..n).map(|i| draw(&mut draws.sequence(i)) as f64).collect();
        let mean = values.iter().sum::<f64>() / n as f64;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n as f64;
        (mean, variance)
    }

    #[test]
    fn poisson_has_its_mean_and_variance() {
        for mean in [0.3, 5.0, 9.9, 10.1, 80.0, 9_000.0] {
            let (m, v) = moments(|d| poisson(mean, d));
            let error = 5.0 * libm::sqrt(mean / 200_000.0);
            assert!((m - mean).abs() < error, "{mean}: mean {m}");
            assert!((v / mean - 1.0).abs() < 0.03, "{mean}: variance {v}");
        }
    }

    #[test]
    fn binomial_has_its_mean_and_variance() {
        for (n, p) in [(7, 0.5), (39, 0.3), (60, 0.5), (1_000, 0.333), (500_000, 0.5), (100, 0.9)] {
            let expected = n as f64 * p;
            let variance = expected * (1.0 - p);
            let (m, v) = moments(|d| binomial(n, p, d));
            assert!((m - expected).abs() < 5.0 * libm::sqrt(variance / 200_000.0), "{n} {p}: mean {m}");
            assert!((v / variance - 1.0).abs() < 0.03, "{n} {p}: variance {v}");
        }
    }
}
