//! Columns on their way to the engine: 64-bit integers without nulls.

use crate::error;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};
use arrow_schema::SchemaRef;
use infercost_core::{Columns, Error, RateColumns, TraceColumns, TraceSource};
use pyo3::prelude::*;
use pyo3_arrow::PyTable;

const RATES: [&str; 7] =
    ["start_ns", "end_ns", "requests", "payload_bytes", "response_bytes", "input_tokens", "output_tokens"];
const TRACE: [&str; 11] = [
    "arrival_ns",
    "service_ns",
    "first_token_ns",
    "payload_bytes",
    "response_bytes",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "model",
    "prefix",
];

/// Traffic columns: a table, or a sequence of tables that are the batches of a trace. A table with `arrival_ns` is a
/// trace, one with `start_ns` is rates.
pub fn read(columns: Option<&Bound<'_, PyAny>>) -> PyResult<Columns> {
    let Some(columns) = columns else {
        return Ok(Columns::None);
    };
    if !columns.hasattr("__arrow_c_stream__")? {
        let batches = columns.len()?;
        return Ok(Columns::Batches(Box::new(Batches { tables: columns.clone().unbind(), batches })));
    }
    let py = columns.py();
    let table = Columned::new(columns)?;
    if table.has("start_ns") { rates(py, &table).map(Columns::Rates) } else { trace(py, &table).map(Columns::Trace) }
}

/// Batches of a trace that Python hands out one by one.
#[derive(Debug)]
struct Batches {
    tables: Py<PyAny>,
    batches: usize,
}

impl TraceSource for Batches {
    fn batches(&self) -> usize {
        self.batches
    }

    fn read(&self, batch: usize) -> infercost_core::Result<TraceColumns> {
        // None once Python has gone: then nobody waits for the run
        let read = Python::try_attach(|py| {
            let table = self.tables.bind(py).get_item(batch);
            let columns = table.and_then(|table| trace(py, &Columned::new(&table)?));
            columns.map_err(|error| Error::Traffic(error.value(py).to_string()))
        });
        read.unwrap_or(Err(Error::Interrupted))
    }
}

/// A table by columns.
struct Columned {
    batches: Vec<RecordBatch>,
    schema: SchemaRef,
}

impl Columned {
    fn new(table: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (batches, schema) = table.extract::<PyTable>()?.into_inner();
        Ok(Self { batches, schema })
    }

    fn has(&self, name: &str) -> bool {
        self.schema.index_of(name).is_ok()
    }

    fn know(&self, py: Python<'_>, known: &[&str]) -> PyResult<()> {
        match self.schema.fields().iter().find(|field| !known.contains(&field.name().as_str())) {
            Some(field) => {
                let message = format!("traffic columns: `{}` is none of {}", field.name(), known.join(", "));
                Err(error::input(py, &message))
            }
            None => Ok(()),
        }
    }

    fn column(&self, py: Python<'_>, name: &str) -> PyResult<Option<Vec<i64>>> {
        match self.schema.index_of(name) {
            Ok(index) => join(py, &self.batches, index, name).map(Some),
            Err(_) => Ok(None),
        }
    }

    fn needed(&self, py: Python<'_>, name: &str) -> PyResult<Vec<i64>> {
        self.column(py, name)?.ok_or_else(|| error::input(py, &format!("traffic columns: `{name}` is missing")))
    }
}

fn rates(py: Python<'_>, table: &Columned) -> PyResult<RateColumns> {
    table.know(py, &RATES)?;
    Ok(RateColumns {
        start: table.needed(py, "start_ns")?,
        end: table.needed(py, "end_ns")?,
        requests: table.needed(py, "requests")?,
        payload_bytes: table.column(py, "payload_bytes")?,
        response_bytes: table.column(py, "response_bytes")?,
        input_tokens: table.column(py, "input_tokens")?,
        output_tokens: table.column(py, "output_tokens")?,
    })
}

fn trace(py: Python<'_>, table: &Columned) -> PyResult<TraceColumns> {
    table.know(py, &TRACE)?;
    Ok(TraceColumns {
        arrival: table.needed(py, "arrival_ns")?,
        service: table.column(py, "service_ns")?,
        first_token: table.column(py, "first_token_ns")?,
        payload_bytes: table.column(py, "payload_bytes")?,
        response_bytes: table.column(py, "response_bytes")?,
        input_tokens: table.column(py, "input_tokens")?,
        output_tokens: table.column(py, "output_tokens")?,
        cache_read_tokens: table.column(py, "cache_read_tokens")?,
        cache_write_tokens: table.column(py, "cache_write_tokens")?,
        model: table.column(py, "model")?,
        prefix: table.column(py, "prefix")?,
    })
}

fn join(py: Python<'_>, batches: &[RecordBatch], index: usize, name: &str) -> PyResult<Vec<i64>> {
    let mut values = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        let array = batch.column(index);
        let Some(integers) = array.as_primitive_opt::<Int64Type>() else {
            let message = format!("traffic columns: `{name}` is {}; 64-bit integers are needed", array.data_type());
            return Err(error::input(py, &message));
        };
        if integers.null_count() > 0 {
            return Err(error::input(py, &format!("traffic columns: `{name}` has missing values")));
        }
        values.extend_from_slice(integers.values());
    }
    Ok(values)
}
