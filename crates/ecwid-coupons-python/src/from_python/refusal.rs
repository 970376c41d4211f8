//! [`Refusal`]: the reason why a value is refused, and its path in the argument.

use std::fmt;

use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
};

use crate::from_python::{
    fields,
    scalars::{is_conversion_error, text_of},
};

/// The reason why a value is refused.
pub(crate) enum Refusal {
    /// The type or the value is wrong.
    Wrong { path: String, problem: Problem, is_type: bool },
    /// Code of the value raised an exception.
    Raised(PyErr),
}

pub(crate) enum Problem {
    /// The value, and what is expected.
    Unexpected(String),
    Other(String),
}

impl Refusal {
    /// Refuses a value of another type.
    pub(crate) fn of_type(value: &Bound<'_, PyAny>, expected: &str) -> Self {
        Self::showing(value, true, |value| Problem::Unexpected(format!("`{value}` (expected {expected})")))
    }

    /// Refuses a wrong value of the right type.
    pub(crate) fn of_value(value: &Bound<'_, PyAny>, expected: &str) -> Self {
        Self::showing(value, false, |value| Problem::Unexpected(format!("`{value}` (expected {expected})")))
    }

    /// Refuses a wrong value of the right type, with a message that shows it.
    pub(crate) fn with_message(value: &Bound<'_, PyAny>, message: impl FnOnce(String) -> String) -> Self {
        Self::showing(value, false, |value| Problem::Other(message(value)))
    }

    fn showing(value: &Bound<'_, PyAny>, is_type: bool, problem: impl FnOnce(String) -> Problem) -> Self {
        match fields::shown(value) {
            Ok(shown) => Self::Wrong { path: String::new(), problem: problem(shown), is_type },
            Err(error) => Self::Raised(error),
        }
    }

    /// Refuses a wrong value of the right type, with a message that does not show it.
    pub(crate) fn message(message: impl fmt::Display) -> Self {
        Self::Wrong { path: String::new(), problem: Problem::Other(message.to_string()), is_type: false }
    }

    /// Adds the name of a member to the path.
    pub(crate) fn in_member(self, name: &str) -> Self {
        self.behind(name)
    }

    /// Adds the index of an item to the path.
    pub(crate) fn in_item(self, index: usize) -> Self {
        self.behind(&format!("[{index}]"))
    }

    fn behind(self, part: &str) -> Self {
        match self {
            Self::Wrong { path, problem, is_type } => {
                let separator = if path.is_empty() || path.starts_with('[') { "" } else { "." };
                Self::Wrong { path: format!("{part}{separator}{path}"), problem, is_type }
            }
            raised => raised,
        }
    }

    /// Returns the problem for a column. Returns an exception that ends the reading, such as `KeyboardInterrupt`, as an error.
    pub(crate) fn in_column(self, py: Python<'_>, column: &str) -> PyResult<String> {
        match self {
            Self::Raised(error) if is_conversion_error(py, &error) => Ok(text_of(&error.value(py).str()?)),
            Self::Raised(error) => Err(error),
            Self::Wrong { ref path, .. } if path.is_empty() => Ok(self.text()),
            wrong => Ok(wrong.in_member(column).text()),
        }
    }

    fn text(self) -> String {
        match self {
            Self::Wrong { path, problem: Problem::Unexpected(value), .. } if path.is_empty() => {
                format!("invalid value: {value}")
            }
            Self::Wrong { path, problem: Problem::Unexpected(value), .. } => format!("invalid {path}: {value}"),
            Self::Wrong { path, problem: Problem::Other(message), .. } if path.is_empty() => message,
            Self::Wrong { path, problem: Problem::Other(message), .. } => about(&path, &message),
            Self::Raised(error) => error.to_string(),
        }
    }
}

/// Returns the message about an argument. The name of the argument replaces the subject of the message.
pub(crate) fn about(path: &str, message: &str) -> String {
    if let Some(rest) = message.strip_prefix("unknown field") {
        return format!("unknown field: `{path}`{rest}");
    }
    format!("invalid {path}: {}", message.strip_prefix("invalid date: ").unwrap_or(message))
}

impl From<PyErr> for Refusal {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

impl From<Refusal> for PyErr {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Raised(error) => error,
            Refusal::Wrong { is_type: true, .. } => PyTypeError::new_err(refusal.text()),
            Refusal::Wrong { .. } => PyValueError::new_err(refusal.text()),
        }
    }
}
