//! What is wrong with the text.

use std::fmt;

/// What came of reading.
pub type Result<T> = std::result::Result<T, Fault>;

/// Why rows cannot be told. Rows are counted from the header, which is row 0, and blank lines are counted, too.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// More or fewer fields than the header has.
    #[error("{} {fields} fields, the header has {width}", has(.row))]
    Ragged {
        /// Which row.
        row: u64,
        /// Its fields.
        fields: usize,
        /// Those of the header.
        width: usize,
    },
    /// A quote that neither opens a field nor closes it, and is not doubled within one either.
    #[error("{} a quote within a field, or one before it was never closed", has(.row))]
    QuoteWithin {
        /// Which row.
        row: u64,
    },
    /// A quote that is opened and not closed.
    #[error("{} a quote that is opened and not closed", has(.row))]
    QuoteOpen {
        /// Which row.
        row: u64,
    },
    /// A row that is too large to be one.
    #[error("{} no end within {bytes} bytes", has(.row))]
    Endless {
        /// Which row.
        row: u64,
        /// What was looked at of it.
        bytes: usize,
    },
    /// A field is not text in UTF-8.
    #[error("not text in UTF-8")]
    NotText {
        /// The bytes that no character begins with, or goes on with.
        bytes: Vec<u8>,
    },
}

fn has(row: &u64) -> impl fmt::Display {
    struct Has(u64);
    impl fmt::Display for Has {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self.0 {
                0 => f.write_str("the first line has"),
                row => write!(f, "row {row} has"),
            }
        }
    }
    Has(*row)
}
