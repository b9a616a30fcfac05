//! How often each of many is asked for.

use crate::law::Choice;
use schemars::JsonSchema;
use serde::Deserialize;

/// How often each of many is asked for, numbered from 0.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Popularity {
    /// All alike.
    Uniform {
        /// How many there are.
        count: u32,
    },
    /// Number i in proportion to (i + 1)^-exponent.
    Zipf {
        /// How many there are.
        count: u32,
        /// 0 is uniform.
        exponent: f64,
    },
    /// In proportion to the shares.
    Shares {
        /// One each.
        shares: Vec<f64>,
    },
}

impl Popularity {
    /// The law of the number.
    #[must_use]
    pub fn law(&self) -> Choice {
        match self {
            Self::Uniform { count } => Choice::uniform(*count),
            Self::Zipf { count, exponent } => {
                Choice::of((1..=*count).map(|rank| libm::pow(f64::from(rank), -exponent)))
            }
            Self::Shares { shares } => Choice::of(shares.iter().copied()),
        }
    }
}
