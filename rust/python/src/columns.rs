//! Columns on their way to the engine: 64-bit integers without nulls.

use crate::error;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};
use infercost_core::{Columns, RateColumns, TraceColumns};
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

/// Traffic columns; a table with `arrival_ns` is a trace, one with `start_ns` is rates.
pub fn read(py: Python<'_>, table: Option<PyTable>) -> PyResult<Columns> {
    let Some(table) = table else {
        return Ok(Columns::None);
    };
    let (batches, schema) = table.into_inner();
    let is_rates = schema.index_of("start_ns").is_ok();
    let known: &[&str] = if is_rates { &RATES } else { &TRACE };
    if let Some(field) = schema.fields().iter().find(|field| !known.contains(&field.name().as_str())) {
        return Err(error::input(py, &format!("traffic columns: `{}` is none of {}", field.name(), known.join(", "))));
    }
    let column = |name: &str| -> PyResult<Option<Vec<i64>>> {
        match schema.index_of(name) {
            Ok(index) => join(py, &batches, index, name).map(Some),
            Err(_) => Ok(None),
        }
    };
    let needed = |name: &str| -> PyResult<Vec<i64>> {
        column(name)?.ok_or_else(|| error::input(py, &format!("traffic columns: `{name}` is missing")))
    };
    if is_rates {
        return Ok(Columns::Rates(RateColumns {
            start: needed("start_ns")?,
            end: needed("end_ns")?,
            requests: needed("requests")?,
            payload_bytes: column("payload_bytes")?,
            response_bytes: column("response_bytes")?,
            input_tokens: column("input_tokens")?,
            output_tokens: column("output_tokens")?,
        }));
    }
    Ok(Columns::Trace(TraceColumns {
        arrival: needed("arrival_ns")?,
        service: column("service_ns")?,
        first_token: column("first_token_ns")?,
        payload_bytes: column("payload_bytes")?,
        response_bytes: column("response_bytes")?,
        input_tokens: column("input_tokens")?,
        output_tokens: column("output_tokens")?,
        cache_read_tokens: column("cache_read_tokens")?,
        cache_write_tokens: column("cache_write_tokens")?,
        model: column("model")?,
        prefix: column("prefix")?,
    }))
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
