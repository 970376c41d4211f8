//! Conversion of errors to the package's exceptions, which are Python classes.

use std::path::Path;

use ecwid_coupons::{Error, ErrorKind, webhook::WebhookError};
use ecwid_coupons_jobs::{ChangesError, JobError, ParseChangesCursorError};
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

/// Converts the error of a job. A failed request keeps its class.
pub(crate) fn of_job(error: JobError, path: &Path) -> PyErr {
    let message = error.to_string();
    let hint = match error {
        JobError::Request(error) => return to_python(&error),
        JobError::Unresolved { rows, last } => {
            let error = to_python(&last);
            let note = format!("the number of coupons that could not be created in three attempts: {rows}");
            // The exceptions of the package accept notes.
            let _ = fork::attach(|py| error.value(py).call_method1("add_note", (note,)).map(drop));
            return error;
        }
        JobError::Guessable { .. } => {
            let hint = "use a longer pattern such as \"SPRING-[*]\", or pass allow_guessable=True";
            return invalid_request(&message, Some(hint));
        }
        JobError::Code(_) | JobError::Plan(_) => return invalid_request(&message, None),
        JobError::NotAJob { .. } => Some("pass a file that `issue` made"),
        JobError::Running { .. } => Some("wait until it ends, or stop it"),
        JobError::OtherStore { .. } => Some("use a client of that store"),
        _ => None,
    };
    fork::attach(|py| {
        let error = own(py, "JobError", &message, hint);
        // The class has this attribute.
        let _ = error.value(py).setattr("path", path.as_os_str());
        error
    })
}

/// Converts the error of reading changes. A failed request keeps its class.
pub(crate) fn of_changes(error: ChangesError) -> PyErr {
    let hint = match &error {
        ChangesError::Request(error) => return to_python(error),
        ChangesError::OtherStore { .. } => Some("use a client of that store"),
        ChangesError::TooOld { .. } => Some("pass no cursor"),
        _ => None,
    };
    fork::attach(|py| own(py, "CursorError", &error.to_string(), hint))
}

/// Converts the error of a text that is no cursor of changes.
pub(crate) fn of_cursor(text: &str, error: &ParseChangesCursorError) -> PyErr {
    let message = error.to_string();
    let message = match message.strip_prefix("invalid cursor: ") {
        Some(problem) => format!("invalid cursor: `{text:.100}`: {problem}"),
        None => message,
    };
    fork::attach(|py| own(py, "CursorError", &message, None))
}

/// Converts the error of a webhook request.
pub(crate) fn of_webhook(error: &WebhookError) -> PyErr {
    let (class, reason) = match error {
        WebhookError::EmptySecret => ("ConfigurationError", None),
        WebhookError::MissingSignature => ("WebhookError", Some("missing_signature")),
        WebhookError::UnreadableBody { .. } => ("WebhookError", Some("unreadable_body")),
        _ => ("WebhookError", Some("wrong_signature")),
    };
    fork::attach(|py| {
        let error = own(py, class, &error.to_string(), None);
        if let Some(reason) = reason {
            // The class has this attribute.
            let _ = error.value(py).setattr("reason", reason);
        }
        error
    })
}

/// Makes an `InvalidRequestError`.
pub(crate) fn invalid_request(message: &str, hint: Option<&str>) -> PyErr {
    fork::attach(|py| own(py, "InvalidRequestError", message, hint))
}

/// Makes an exception of the package. The hint becomes a part of the message too.
fn own(py: Python<'_>, class: &str, message: &str, hint: Option<&str>) -> PyErr {
    let make = || {
        let arguments = PyDict::new(py);
        arguments.set_item("hint", hint)?;
        let hint = hint.map_or_else(String::new, |hint| format!("; hint: {hint}"));
        let class = py.import("ecwid_coupons._errors")?.getattr(class)?;
        class.call((format!("{}{hint}", shown_text(message)),), Some(&arguments))
    };
    make().map_or_else(|failure| failure, PyErr::from_value)
}

/// Redacts the message of an error.
pub(crate) fn redacted(py: Python<'_>, error: PyErr, redact: impl Fn(&str) -> String) -> PyErr {
    let text = error.value(py).to_string();
    let shown = redact(&text);
    if shown == text { error } else { PyErr::from_type(error.get_type(py), (shown,)) }
}

pub(crate) fn configuration(py: Python<'_>, message: &str) -> PyErr {
    own(py, "ConfigurationError", message, None)
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
