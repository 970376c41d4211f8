//! [`FieldError`]: the error of an invalid field.

use std::fmt;

use crate::schema::field_path::FieldPath;

/// The error of an invalid field name or value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    message: String,
    is_unknown: bool,
    field: Option<&'static str>,
}

impl FieldError {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), is_unknown: false, field: None }
    }

    pub(crate) fn unknown(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), is_unknown: true, field: None }
    }

    /// Adds the field that has the problem.
    pub(crate) fn of(self, field: FieldPath<'_>) -> Self {
        Self { field: Some(field.outermost()), ..self }
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
