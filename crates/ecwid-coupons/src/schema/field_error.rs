//! [`FieldError`]: the error of an invalid field.

use std::fmt;

/// The error of an invalid field name or value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    message: String,
    is_unknown: bool,
}

impl FieldError {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), is_unknown: false }
    }

    pub(crate) fn unknown(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), is_unknown: true }
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
