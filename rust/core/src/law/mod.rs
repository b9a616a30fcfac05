//! Probability laws on fixed formulas: no platform libm, so that a seed gives the same bytes everywhere.

mod choice;
mod count;
mod elementary;
mod normal;
mod time;

pub use choice::Choice;
pub use count::{binomial, poisson};
pub use normal::quantile;
pub use time::Law;
