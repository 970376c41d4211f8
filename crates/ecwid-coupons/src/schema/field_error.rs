//! [`FieldError`]: the error of an invalid field.

use std::fmt;

use crate::schema::field_path::FieldPath;

/// The error of an invalid field name or value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    message: String,
    is_unknown: bool,
    field: Option<&'static str>,
    path: Option<String>,
}

impl FieldError {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), is_unknown: false, field: None, path: None }
    }

    pub(crate) fn unknown(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), is_unknown: true, field: None, path: None }
    }

    /// Adds the field that has the problem.
    pub(crate) fn of(self, field: FieldPath<'_>) -> Self {
        Self { field: Some(field.outermost()), ..self }
    }

    /// Adds the path of the value that has the problem, unless it is known already.
    pub(crate) fn at(self, path: Option<String>) -> Self {
        Self { path: self.path.or(path), ..self }
    }

    /// Returns the path of the value that has the problem, such as `catalogLimit.products[0]`, if it is known.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// Returns the outermost field that has the problem, if it is known.
    pub(crate) fn field(&self) -> Option<&'static str> {
        self.field
    }

    /// Whether the name or the value is unknown, so that
    /// [`FieldInput::allow_unknown`](crate::FieldInput::allow_unknown) would accept it.
    pub fn is_unknown(&self) -> bool {
        self.is_unknown
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for FieldError {}
