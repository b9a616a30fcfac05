//! The extension `infercost._core`.
use pyo3::prelude::*;

/// The engine.
#[pymodule]
mod _core {}
