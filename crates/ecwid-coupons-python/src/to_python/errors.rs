//! Conversion of errors to the package's exceptions, which are Python classes.

use ecwid_coupons::{Error, ErrorKind};
use pyo3::{
    prelude::*,
    types::{PyDict, PyList},
};

use crate::fork;

/// Removes text that looks like a token.
#[pyfunction]
pub(crate) fn hide_tokens(text: &str) -> String {
    ecwid_coupons::__private::hide_tokens(text)
}

/// Escapes a foreign text for a message, and removes text that looks like a token.
pub(crate) fn shown_text(text: &str) -> String {
    ecwid_coupons::__private::escape_untrusted(&ecwid_coupons::__private::hide_tokens(text)).into_owned()
}

pub(crate) fn to_python(error: &Error) -> PyErr {
    fork::attach(|py| make(py, error).unwrap_or_else(|failure| failure))
}

fn make(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let differences = PyList::empty(py);
    for difference in error.differences() {
        let stored = difference.stored.as_ref().map(ToString::to_string);
        differences.append((&difference.field, difference.sent.to_string(), stored))?;
    }
    let arguments = PyDict::new(py);
    arguments.set_item("operation", error.operation())?;
    arguments.set_item("status", error.status())?;
    arguments.set_item("code", error.code())?;
    arguments.set_item("error_message", error.api_error().error_message.as_deref())?;
    arguments.set_item("request_id", error.request_id())?;
    arguments.set_item("attempts", error.attempts())?;
    arguments.set_item("elapsed", error.elapsed().as_secs_f64())?;
    arguments.set_item("retry_after", error.retry_after().map(|wait| wait.as_secs_f64()))?;
    arguments.set_item("hint", error.hint())?;
    arguments.set_item("body", error.body())?;
    arguments.set_item("may_have_taken_effect", error.may_have_taken_effect())?;
    arguments.set_item("differences", differences.to_tuple())?;
    let class = py.import("ecwid_coupons._errors")?.getattr(class(error))?;
    Ok(PyErr::from_value(class.call((error.to_string(),), Some(&arguments))?))
}

/// Redacts the message of an error.
pub(crate) fn redacted(py: Python<'_>, error: PyErr, redact: impl Fn(&str) -> String) -> PyErr {
    let text = error.value(py).to_string();
    let shown = redact(&text);
    if shown == text { error } else { PyErr::from_type(error.get_type(py), (shown,)) }
}

pub(crate) fn configuration(py: Python<'_>, message: &str) -> PyErr {
    let class = py.import("ecwid_coupons._errors").and_then(|errors| errors.getattr("ConfigurationError"));
    class.and_then(|class| class.call1((message,))).map_or_else(|failure| failure, PyErr::from_value)
}

fn class(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Configuration => "ConfigurationError",
        ErrorKind::InvalidRequest => "InvalidRequestError",
        ErrorKind::Connect | ErrorKind::Network => "APIConnectionError",
        ErrorKind::Timeout => "APITimeoutError",
        ErrorKind::Decode => "DecodeError",
        ErrorKind::Conflict => "ConflictError",
        ErrorKind::RateLimited => "RateLimitError",
        _ => match error.status() {
            Some(401 | 403) => "PermissionDeniedError",
            Some(402) => "PaymentRequiredError",
            _ if error.is_coupon_not_found() => "NotFoundError",
            Some(404) => "NotFoundError",
            Some(409) => "ConflictError",
            Some(429) => "RateLimitError",
            Some(500..) => "ServerError",
            _ => "APIStatusError",
        },
    }
}
