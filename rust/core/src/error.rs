//! What can go wrong in a run.

/// One message says what is wrong, where, and what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    /// The scenario cannot be read or contradicts itself.
    #[error("{0}")]
    Scenario(String),
    /// The traffic columns are not what the scenario says.
    #[error("{0}")]
    Traffic(String),
    /// The caller asked to stop.
    #[error("interrupted")]
    Interrupted,
}

/// The result of anything that can fail.
pub type Result<T> = std::result::Result<T, Error>;
