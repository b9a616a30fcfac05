//! The reader of CSV.

use crate::error::input;
use crate::table::Table;
use arrow_array::{ArrayRef, StringViewArray};
use infercost_csv::{Fault, Reader, Rows};
use pyo3::exceptions::{PyIndexError, PyRuntimeError, PyUnicodeDecodeError};
use pyo3::prelude::*;
use std::sync::Arc;

/// Reads some columns of CSV text that comes piece by piece, its header first; rows that are not whole are refused.
#[pyclass(module = "infercost._core")]
pub struct CsvReader {
    header: Arc<[String]>,
    columns: Arc<[usize]>,
    reader: Reader,
}

#[pymethods]
impl CsvReader {
    /// Of a file with these names in its header; `columns` are some of them, counted from 0, that all rows are asked for.
    #[new]
    #[pyo3(signature = (header, columns, *, largest_row_bytes))]
    fn new(header: Vec<String>, columns: Vec<usize>, largest_row_bytes: usize) -> PyResult<Self> {
        if columns.iter().any(|&column| column >= header.len()) {
            return Err(no_such("column"));
        }
        let reader = Reader::new(header.len(), &columns, largest_row_bytes);
        Ok(Self { header: header.into(), columns: columns.into(), reader })
    }

    /// Reads a piece; returns how much memory the rows take, with all their columns, that were read and not taken.
    fn read(&mut self, py: Python<'_>, piece: &[u8]) -> PyResult<usize> {
        py.detach(|| self.reader.read(piece)).map_err(|fault| raise(py, &fault))
    }

    /// Reads the last row, whose line may have no end.
    fn end(&mut self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| self.reader.end()).map_err(|fault| raise(py, &fault))
    }

    /// Returns the rows that were read since the last call.
    fn take(&mut self, py: Python<'_>) -> CsvRows {
        CsvRows { header: self.header.clone(), columns: self.columns.clone(), rows: py.detach(|| self.reader.take()) }
    }
}

/// Rows of CSV: some of their columns, and the text that others are read from when it is known of which rows.
#[pyclass(frozen, module = "infercost._core")]
pub struct CsvRows {
    header: Arc<[String]>,
    columns: Arc<[usize]>,
    rows: Rows,
}

#[pymethods]
impl CsvRows {
    /// The columns that were asked for; an empty field is null.
    #[getter]
    fn columns(&self) -> PyResult<Table> {
        self.table(&self.columns, self.rows.columns.clone())
    }

    /// Any columns, of some rows: both counted from 0.
    #[expect(clippy::needless_pass_by_value, reason = "a Python signature")]
    fn pick(&self, py: Python<'_>, rows: Vec<usize>, columns: Vec<usize>) -> PyResult<Table> {
        let known = |number: &usize, count: usize| if *number < count { Ok(()) } else { Err(no_such("row or column")) };
        rows.iter().try_for_each(|row| known(row, self.rows.len()))?;
        columns.iter().try_for_each(|column| known(column, self.header.len()))?;
        self.table(&columns, py.detach(|| self.rows.pick(&rows, &columns)))
    }
}

impl CsvRows {
    fn table(&self, columns: &[usize], arrays: Vec<StringViewArray>) -> PyResult<Table> {
        let names = columns.iter().map(|&column| self.header[column].as_str());
        let arrays = arrays.into_iter().map(|array| Arc::new(array) as ArrayRef);
        Table::new(names.zip(arrays).collect()).map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }
}

fn no_such(what: &str) -> PyErr {
    PyIndexError::new_err(format!("there is no such {what}"))
}

fn raise(py: Python<'_>, fault: &Fault) -> PyErr {
    let Fault::NotText { bytes } = fault else { return input(py, &fault.to_string()) };
    match std::str::from_utf8(bytes) {
        Ok(_) => PyRuntimeError::new_err("text in UTF-8 was taken for none"),
        Err(error) => PyUnicodeDecodeError::new_err_from_utf8(py, bytes, error),
    }
}
