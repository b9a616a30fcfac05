//! When requests come, and what they carry.

use super::Popularity;
use schemars::JsonSchema;
use serde::Deserialize;

/// When requests come. `start` and `path` are carried for people: the engine has no calendar and opens no file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Traffic {
    /// Independent arrivals at a constant rate.
    Poisson {
        /// Requests per second.
        rate_per_s: f64,
        /// Length of the window.
        duration_s: f64,
        /// Of the run.
        start: Option<String>,
    },
    /// Independent gaps.
    Renewal {
        /// Requests per second.
        rate_per_s: f64,
        /// Of the gaps; 0 is constant.
        interarrival_cv: f64,
        /// Length of the window.
        duration_s: f64,
        /// Of the run.
        start: Option<String>,
    },
    /// Counts per step, given as columns.
    Rates {
        /// Where they came from.
        path: String,
        /// Of the run.
        start: Option<String>,
        /// Length of the window.
        duration_s: f64,
    },
    /// Arrivals, given as columns.
    Trace {
        /// Where they came from.
        path: String,
        /// Of the run.
        start: Option<String>,
        /// Length of the window.
        duration_s: f64,
    },
}

impl Traffic {
    /// Length of the window.
    #[must_use]
    pub fn duration_s(&self) -> f64 {
        match self {
            Self::Poisson { duration_s, .. }
            | Self::Renewal { duration_s, .. }
            | Self::Rates { duration_s, .. }
            | Self::Trace { duration_s, .. } => *duration_s,
        }
    }
}

/// What a request carries where the traffic has no such column; absent is nothing to count.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Bytes in.
    pub payload_bytes: Option<i64>,
    /// Bytes out.
    pub response_bytes: Option<i64>,
    /// Uncached input tokens.
    pub input_tokens: Option<i64>,
    /// Output tokens.
    pub output_tokens: Option<i64>,
    /// Which model it asks for; the first one where absent.
    pub models: Option<Popularity>,
    /// What its prompt begins with; all alike where absent.
    pub prefixes: Option<Popularity>,
}
