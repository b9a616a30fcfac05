//! The extension `infercost._core`: converts, detaches from the interpreter, maps errors. No logic.

mod columns;
mod csv;
mod error;
mod outcome;
mod run;
mod table;

use pyo3::prelude::*;

/// The engine, whose face is `infercost.engine`, and the reader of CSV, whose face is `infercost.billing.reading.chunks`.
#[pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use crate::csv::{CsvReader, CsvRows};
    #[pymodule_export]
    use crate::outcome::Outcome;
    #[pymodule_export]
    use crate::run::{launches, scenario_schema, simulate, stream};
    #[pymodule_export]
    use crate::table::Table;

    /// "release" or "debug": a debug build is never measured by mistake.
    #[pymodule_export]
    const BUILD_PROFILE: &str = if cfg!(debug_assertions) { "debug" } else { "release" };
}
