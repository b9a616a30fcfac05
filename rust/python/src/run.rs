//! The calls. Work runs on threads of its own; the calling thread waits detached and looks up every 100 ms.

use crate::columns;
use crate::error::{panicked, raise};
use crate::outcome::Outcome;
use crate::table::Table;
use arrow_array::{Int64Array, UInt64Array};
use infercost_core::{Carried, Columns, Control, Needs, Options, Result, Scenario, Stream};
use pyo3::prelude::*;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const LOOK_UP: Duration = Duration::from_millis(100);

/// Simulates every deployment of a scenario (JSON) over the same requests; one outcome each, in order.
///
/// `progress` is called about ten times a second with the requests simulated so far over all deployments.
#[pyfunction]
#[pyo3(signature = (scenario, columns=None, *, latency=true, record=false, threads=None, block_rows=None, progress=None))]
#[expect(clippy::too_many_arguments, clippy::needless_pass_by_value, reason = "keywords of a Python function")]
pub fn simulate(
    py: Python<'_>,
    scenario: &[u8],
    columns: Option<Bound<'_, PyAny>>,
    latency: bool,
    record: bool,
    threads: Option<usize>,
    block_rows: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<Outcome>> {
    let scenario = Scenario::from_json(scenario).map_err(|error| raise(py, &error))?;
    let columns = columns::read(columns.as_ref())?;
    let mut options = Options { latency, record, ..Options::default() };
    options.threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    options.block_rows = block_rows.unwrap_or(options.block_rows);
    let work = move |control: &Control| infercost_core::simulate(&scenario, columns, options, control);
    let outcomes = wait(py, work, progress.as_ref())?;
    outcomes.into_iter().map(|outcome| Outcome::new(py, outcome)).collect()
}

/// The requests of a scenario (JSON), one row each, in order of arrival: what an independent reference needs.
#[pyfunction]
#[pyo3(signature = (scenario, columns=None))]
pub fn stream(py: Python<'_>, scenario: &[u8], columns: Option<&Bound<'_, PyAny>>) -> PyResult<Table> {
    let scenario = Scenario::from_json(scenario).map_err(|error| raise(py, &error))?;
    let columns = columns::read(columns)?;
    let drawn = wait(py, move |control| Drawn::new(&scenario, columns, control), None)?;
    drawn.into_table().map_err(|error| pyo3::exceptions::PyRuntimeError::new_err(error.to_string()))
}

/// How long the first `count` units of a deployment take to come into service, in nanoseconds by number, where
/// `assumptions.instances.launch` gives a law; empty where it gives none.
#[pyfunction]
pub fn launches(py: Python<'_>, scenario: &[u8], count: u32) -> PyResult<Vec<i64>> {
    let scenario = Scenario::from_json(scenario).map_err(|error| raise(py, &error))?;
    Ok(infercost_core::launches(&scenario, count))
}

/// The JSON Schema of a scenario as the engine reads it.
#[pyfunction]
pub fn scenario_schema() -> String {
    infercost_core::scenario_schema()
}

#[derive(Default)]
struct Drawn {
    arrival: Vec<i64>,
    service: Vec<i64>,
    cold_start: Vec<i64>,
    cold_service: Vec<i64>,
    route: Vec<u64>,
    first_token: Vec<i64>,
    variant: Vec<u64>,
    shadow: Vec<u64>,
    model: Vec<i64>,
    prefix: Vec<u64>,
    carried: [Vec<i64>; Carried::COUNT],
}

impl Drawn {
    fn new(scenario: &Scenario, columns: Columns, control: &Control) -> Result<Self> {
        let stream = Stream::new(scenario, columns)?;
        let mut drawn = Self::default();
        stream.each_block(0, stream.horizon(), Needs::ALL, Options::default().block_rows, control, |block| {
            drawn.arrival.extend_from_slice(&block.arrival);
            drawn.service.extend_from_slice(&block.service);
            drawn.cold_start.extend((0..block.len()).map(|row| block.cold_start(row)));
            drawn.cold_service.extend((0..block.len()).map(|row| block.cold_service(row).unwrap_or(0)));
            drawn.route.extend_from_slice(&block.route);
            drawn.first_token.extend_from_slice(&block.first_token);
            drawn.variant.extend_from_slice(&block.variant);
            drawn.shadow.extend_from_slice(&block.shadow);
            drawn.model.extend(block.model.iter().map(|&model| i64::from(model)));
            drawn.prefix.extend_from_slice(&block.prefix);
            for (kind, values) in Carried::ALL.into_iter().zip(&mut drawn.carried) {
                values.extend((0..block.len()).map(|row| block.carried(kind, row)));
            }
            Ok(())
        })?;
        Ok(drawn)
    }

    fn into_table(self) -> std::result::Result<Table, arrow_schema::ArrowError> {
        let mut table: Vec<(&str, arrow_array::ArrayRef)> = vec![
            ("arrival_ns", Arc::new(Int64Array::from(self.arrival))),
            ("service_ns", Arc::new(Int64Array::from(self.service))),
            ("cold_start_ns", Arc::new(Int64Array::from(self.cold_start))),
            ("cold_service_ns", Arc::new(Int64Array::from(self.cold_service))),
            ("route", Arc::new(UInt64Array::from(self.route))),
            ("first_token_ns", Arc::new(Int64Array::from(self.first_token))),
            ("variant", Arc::new(UInt64Array::from(self.variant))),
            ("shadow", Arc::new(UInt64Array::from(self.shadow))),
            ("model", Arc::new(Int64Array::from(self.model))),
            ("prefix", Arc::new(UInt64Array::from(self.prefix))),
        ];
        for (kind, values) in Carried::ALL.into_iter().zip(self.carried) {
            table.push((kind.name(), Arc::new(Int64Array::from(values))));
        }
        Table::new(table)
    }
}

/// Runs `work` on a thread of its own, detached; raises what it raises, and what a look-up raises: Ctrl-C first of all.
fn wait<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&Control) -> Result<T> + Send + 'static,
    progress: Option<&Py<PyAny>>,
) -> PyResult<T> {
    let control = Arc::new(Control::default());
    let shared = Arc::clone(&control);
    let (sender, receiver) = channel();
    let worker = std::thread::spawn(move || {
        let result = work(&shared);
        // the receiver is gone only when the caller has stopped waiting
        sender.send(()).ok();
        result
    });
    let receiver = Mutex::new(receiver);
    loop {
        let state =
            py.detach(|| receiver.lock().map_or(Err(RecvTimeoutError::Disconnected), |r| r.recv_timeout(LOOK_UP)));
        if state != Err(RecvTimeoutError::Timeout) {
            break;
        }
        let seen = py.check_signals().and_then(|()| match progress {
            Some(call) => call.call1(py, (control.done(),)).map(drop),
            None => Ok(()),
        });
        if let Err(error) = seen {
            // the worker is not waited for: it looks up at its next block, and what it has found is nobody's
            control.stop();
            return Err(error);
        }
    }
    match py.detach(|| worker.join()) {
        Ok(result) => result.map_err(|error| raise(py, &error)),
        Err(payload) => Err(panicked(payload.as_ref())),
    }
}
