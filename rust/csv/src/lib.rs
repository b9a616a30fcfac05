//! CSV text as rows and columns, and nothing passed over.
//!
//! Readers of CSV are lenient: a row that is cut short is filled up with nulls, what it has too much is left out, and
//! quotes in odd places are read by each in its own way. Where rows are money, all of that is refused. What is read is
//! RFC 4180, with LF or CR LF between rows, and blank lines, which are no rows.

mod columns;
mod fault;
mod reader;
mod row;
mod rows;
mod specials;

pub use fault::{Fault, Result};
pub use reader::Reader;
pub use rows::Rows;
