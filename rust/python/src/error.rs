//! One error enum in Rust, one family of exceptions in Python.

use infercost_core::Error;
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::prelude::*;

/// The exception of an error of the engine.
pub fn raise(py: Python<'_>, error: &Error) -> PyErr {
    match error {
        Error::Scenario(message) => ours(py, "UsageError", message),
        Error::Traffic(message) => ours(py, "InputError", message),
        Error::Interrupted => PyKeyboardInterrupt::new_err(()),
    }
}

/// An input error of the boundary itself.
pub fn input(py: Python<'_>, message: &str) -> PyErr {
    ours(py, "InputError", message)
}

/// A panic of the engine: a bug of ours, whatever the input.
pub fn panicked(payload: &(dyn std::any::Any + Send)) -> PyErr {
    let message = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    PyRuntimeError::new_err(format!("the engine panicked: {message}. This is a bug; please report it"))
}

fn ours(py: Python<'_>, name: &str, message: &str) -> PyErr {
    let class = py.import("infercost.schema.errors").and_then(|module| module.getattr(name));
    match class.and_then(|class| class.call1((message,))) {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}
