//! [`Refusal`]: why a value is not taken, and where it stands in what was given.

use std::fmt;

use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
};

use crate::from_python::{
    fields,
    scalars::{is_conversion_error, text_of},
};

/// Why a value is not taken.
pub(crate) enum Refusal {
    /// It is of a wrong type, or a wrong value of its type.
    Wrong { path: String, problem: String, is_type: bool },
    /// What code of the value's own raised.
    Raised(PyErr),
}

impl Refusal {
    /// A value that is not what is expected.
    pub(crate) fn of_type(value: &Bound<'_, PyAny>, expected: &str) -> Self {
        Self::type_error(value, |value| format!("{value} is not {expected}"))
    }

    /// A value of a wrong type, with a problem that shows it.
    pub(crate) fn type_error(value: &Bound<'_, PyAny>, problem: impl FnOnce(String) -> String) -> Self {
        Self::showing(value, true, problem)
    }

    /// A wrong value of the right type, with a problem that shows it.
    pub(crate) fn value_error(value: &Bound<'_, PyAny>, problem: impl FnOnce(String) -> String) -> Self {
        Self::showing(value, false, problem)
    }

    fn showing(value: &Bound<'_, PyAny>, is_type: bool, problem: impl FnOnce(String) -> String) -> Self {
        match fields::shown(value) {
            Ok(shown) => Self::Wrong { path: String::new(), problem: problem(shown), is_type },
            Err(error) => Self::Raised(error),
        }
    }

    /// A value of the right type with a problem.
    pub(crate) fn of_value(problem: impl fmt::Display) -> Self {
        Self::Wrong { path: String::new(), problem: problem.to_string(), is_type: false }
    }

    /// The same for the member that has the value.
    pub(crate) fn in_member(self, name: &str) -> Self {
        self.behind(name)
    }

    /// The same for the item that has the value.
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

    /// The problem for the column that has the value. What ends the reading, such as Ctrl-C, is handed on.
    pub(crate) fn in_column(self, py: Python<'_>, column: &str) -> PyResult<String> {
        match self {
            Self::Wrong { path, problem, .. } if path.is_empty() => Ok(problem),
            Self::Raised(error) if is_conversion_error(py, &error) => Ok(text_of(&error.value(py).str()?)),
            Self::Raised(error) => Err(error),
            wrong => Ok(wrong.in_member(column).text()),
        }
    }

    fn text(self) -> String {
        match self {
            Self::Wrong { path, problem, .. } if path.is_empty() => problem,
            Self::Wrong { path, problem, .. } => format!("{path}: {problem}"),
            Self::Raised(error) => error.to_string(),
        }
    }
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
