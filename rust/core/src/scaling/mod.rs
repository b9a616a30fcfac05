//! How many units there are: Application Auto Scaling over instances, copies and provisioned containers.

mod fleet;
mod history;
mod launch;
mod metric;
mod policy;
mod scale_out;
mod target;

pub use fleet::{Event, Fleet, Pool, Terms};
pub use history::History;
pub use launch::{Image, Launch, launches};
pub use metric::{Gauges, Metric};
pub use target::{Change, Event as TargetEvent, Target};

use crate::time::Ns;

/// A change of capacity, as decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Of the decision.
    pub at: Ns,
    /// Desired count before.
    pub from: u32,
    /// Desired count after.
    pub to: u32,
    /// Why.
    pub cause: String,
}

/// Whether an instance type has an accelerator, and so takes longer to launch [LT]: families p, g, inf and trn.
#[must_use]
pub fn is_accelerated(instance_type: &str) -> bool {
    let family = instance_type.trim_start_matches("ml.");
    let letters: String = family.chars().take_while(char::is_ascii_alphabetic).collect();
    matches!(letters.as_str(), "p" | "g" | "gr" | "inf" | "trn")
}

#[cfg(test)]
mod tests {
    use super::is_accelerated;

    #[test]
    fn families() {
        for name in ["ml.g4dn.xlarge", "ml.p4d.24xlarge", "ml.inf2.xlarge", "ml.trn1.2xlarge", "ml.g5.xlarge"] {
            assert!(is_accelerated(name), "{name}");
        }
        for name in ["ml.m5.large", "ml.c6g.large", "ml.r5.large", "ml.t2.medium"] {
            assert!(!is_accelerated(name), "{name}");
        }
    }
}
