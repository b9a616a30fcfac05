//! What the engine found, frozen.

use crate::table::Table;
use arrow_array::{ArrayRef, BooleanArray, Int64Array, StringArray};
use arrow_schema::ArrowError;
use infercost_core::Row;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::sync::Arc;

/// One deployment's outcome.
#[pyclass(frozen, module = "infercost._core")]
pub struct Outcome {
    summary: Vec<u8>,
    usage: Py<Table>,
    requests: Option<Py<Table>>,
}

impl Outcome {
    /// Converts an outcome of the engine.
    pub fn new(py: Python<'_>, outcome: infercost_core::Outcome) -> PyResult<Self> {
        let summary = serde_json::to_vec(&outcome.summary)
            .map_err(|error| pyo3::exceptions::PyRuntimeError::new_err(error.to_string()))?;
        let usage = Py::new(py, usage(&outcome).map_err(|error| failed(&error))?)?;
        let requests = match outcome.rows {
            Some(rows) => Some(Py::new(py, requests(&rows).map_err(|error| failed(&error))?)?),
            None => None,
        };
        Ok(Self { summary, usage, requests })
    }
}

fn failed(error: &ArrowError) -> PyErr {
    pyo3::exceptions::PyRuntimeError::new_err(error.to_string())
}

fn usage(outcome: &infercost_core::Outcome) -> Result<Table, ArrowError> {
    let rows: Vec<_> = outcome.usage.rows().collect();
    Table::new(vec![
        ("hour", integers(rows.iter().map(|row| row.0))),
        ("meter", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.1.name())))),
        ("part", integers(rows.iter().map(|row| row.2 as i64))),
        ("quantity", integers(rows.iter().map(|row| row.3))),
    ])
}

fn requests(rows: &[Row]) -> Result<Table, ArrowError> {
    Table::new(vec![
        ("ordinal", integers(rows.iter().map(|row| row.ordinal as i64))),
        ("status", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.status.name())))),
        ("start_ns", Arc::new(rows.iter().map(|row| row.start).collect::<Int64Array>())),
        ("finish_ns", Arc::new(rows.iter().map(|row| row.finish).collect::<Int64Array>())),
        ("cold", Arc::new(rows.iter().map(|row| Some(row.cold)).collect::<BooleanArray>())),
        ("first_token_ns", Arc::new(rows.iter().map(|row| row.first_token).collect::<Int64Array>())),
    ])
}

fn integers(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

#[pymethods]
impl Outcome {
    /// Counts and lengths, as JSON.
    #[getter]
    fn summary<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.summary)
    }

    /// hour, meter, part, quantity.
    #[getter]
    fn usage(&self, py: Python<'_>) -> Py<Table> {
        self.usage.clone_ref(py)
    }

    /// ordinal, status, `start_ns`, `finish_ns`, cold, `first_token_ns`; None unless recorded.
    #[getter]
    fn requests(&self, py: Python<'_>) -> Option<Py<Table>> {
        self.requests.as_ref().map(|table| table.clone_ref(py))
    }
}
