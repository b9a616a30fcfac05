//! Counts what AWS would meter. Knows no price, no Python, no clock, no ambient randomness, and does no I/O.
//!
//! A [`Scenario`] says what to simulate, a [`Stream`] makes its requests, a pattern serves them, a [`Ledger`] keeps what
//! became of each. Order and cut-offs are those of docs/semantics.md; rule ids in brackets are those of docs/rules.md.

mod cache;
mod control;
mod error;
mod large;
mod law;
mod ledger;
mod options;
mod outcome;
mod patterns;
mod queue;
mod random;
mod run;
mod scaling;
mod scenario;
mod sketch;
mod stream;
mod time;
mod usage;

pub use control::Control;
pub use error::{Error, Result};
pub use ledger::{Ledger, Row, Status, Ticket, Window};
pub use options::Options;
pub use outcome::{Outcome, Summary};
pub use patterns::{Capacity, RealTime, Server};
pub use run::simulate;
pub use scaling::{Fleet, Launch, Pool, Terms, launches};
pub use scenario::{Scenario, scenario_schema};
pub use sketch::Sketch;
pub use stream::{Block, Carried, Columns, Needs, RateColumns, Stream, TraceColumns, TraceSource};
pub use time::{HOUR, MILLISECOND, Ns, SECOND};
pub use usage::{Meter, Usage};
