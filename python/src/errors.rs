//! Errors of the library as the package's own exception.

use hinf::{Error, ErrorKind};
use pyo3::{exceptions::PyKeyboardInterrupt, prelude::*};
use std::any::Any;

/// `hinf.HinfError` with its fields; cancelled work is a `KeyboardInterrupt`.
pub fn raised(py: Python<'_>, error: &Error) -> PyErr {
    if error.kind() == ErrorKind::Cancelled {
        return PyKeyboardInterrupt::new_err(error.to_string());
    }
    exception(py, &error.to_string(), error.subject(), error.value(), error.expected())
}

/// A fault of the program itself, told by what it panicked with.
pub fn panicked(py: Python<'_>, panic: &(dyn Any + Send)) -> PyErr {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic");
    let text = text.lines().next().unwrap_or_default();
    let message = format!("a fault of hinf itself, please report it with the call that made it: {text}");
    exception(py, &message, "hinf", text, "")
}

fn exception(py: Python<'_>, message: &str, subject: &str, value: &str, expected: &str) -> PyErr {
    let made = py
        .import("hinf._errors")
        .and_then(|module| module.getattr("HinfError"))
        .and_then(|class| class.call1((message, subject, value, expected)));
    match made {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}
