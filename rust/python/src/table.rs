//! Columns on their way to Python.

use arrow_array::{ArrayRef, RecordBatch, StructArray};
use arrow_schema::{ArrowError, DataType, Field};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::ffi::{ArrayIterator, to_stream_pycapsule};
use std::sync::Arc;

/// A table that any Arrow library reads by the Arrow `PyCapsule` protocol.
#[pyclass(frozen, module = "infercost._core")]
pub struct Table {
    batch: RecordBatch,
}

impl Table {
    /// From columns of equal length.
    pub fn new(columns: Vec<(&str, ArrayRef)>) -> Result<Self, ArrowError> {
        let nullable = columns.into_iter().map(|(name, array)| {
            let holes = array.null_count() > 0;
            (name, array, holes)
        });
        Ok(Self { batch: RecordBatch::try_from_iter_with_nullable(nullable)? })
    }
}

#[pymethods]
impl Table {
    /// How many rows there are.
    #[getter]
    fn num_rows(&self) -> usize {
        self.batch.num_rows()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let fields = self.batch.schema().fields().clone();
        let field = Arc::new(Field::new("", DataType::Struct(fields), false));
        let array: ArrayRef = Arc::new(StructArray::from(self.batch.clone()));
        let reader = Box::new(ArrayIterator::new(std::iter::once(Ok(array)), field));
        Ok(to_stream_pycapsule(py, reader, requested_schema)?)
    }
}
