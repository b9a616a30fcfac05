//! The work of one request on the reference.

use crate::error::{Error, Result};
use crate::law::Law;
use crate::time::MILLISECOND;
use schemars::JsonSchema;
use serde::Deserialize;

/// The work of one request on the reference.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Service {
    /// Always the same.
    Constant {
        /// Mean.
        mean_ms: f64,
    },
    /// Exponential.
    Exponential {
        /// Mean.
        mean_ms: f64,
    },
    /// Gamma.
    Gamma {
        /// Mean.
        mean_ms: f64,
        /// Standard deviation / mean.
        cv: f64,
    },
    /// Hyperexponential.
    Hyperexponential {
        /// Mean.
        mean_ms: f64,
        /// Standard deviation / mean, above 1.
        cv: f64,
    },
    /// Lognormal, by exactly one of `cv` and `p99_ms`.
    Lognormal {
        /// Mean.
        mean_ms: f64,
        /// Standard deviation / mean.
        cv: Option<f64>,
        /// 99th percentile.
        p99_ms: Option<f64>,
    },
    /// From the column of the trace.
    Trace {},
}

impl Service {
    /// The law in nanoseconds; None where the trace has the work.
    ///
    /// # Errors
    /// No lognormal has the given mean and 99th percentile.
    pub fn law(&self) -> Result<Option<Law>> {
        let ms = MILLISECOND as f64;
        Ok(Some(match *self {
            Self::Constant { mean_ms } => Law::Constant { mean: mean_ms * ms },
            Self::Exponential { mean_ms } => Law::Exponential { mean: mean_ms * ms },
            Self::Gamma { mean_ms, cv } => Law::gamma(mean_ms * ms, cv),
            Self::Hyperexponential { mean_ms, cv } => Law::hyperexponential(mean_ms * ms, cv),
            Self::Lognormal { mean_ms, cv: Some(cv), .. } => Law::lognormal(mean_ms * ms, cv),
            Self::Lognormal { mean_ms, p99_ms, .. } => {
                let p99_ms = p99_ms.unwrap_or_default();
                Law::lognormal_p99(mean_ms * ms, p99_ms * ms).ok_or_else(|| {
                    Error::Scenario(format!("service: no lognormal has mean {mean_ms} ms and p99 {p99_ms} ms"))
                })?
            }
            Self::Trace {} => return Ok(None),
        }))
    }
}
