//! Environment variables.

use std::env;

use crate::Error;

/// Returns the trimmed value of a variable. `None` if it is unset or blank.
///
/// # Errors
///
/// The value is not valid Unicode.
pub fn read_variable(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) => Ok(Some(value.trim().to_owned()).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => {
            Err(Error::configuration(format!("invalid variable: `{name}` is not valid Unicode")))
        }
    }
}

/// Reads the value of a variable that turns something on or off.
///
/// # Errors
///
/// The value is neither. It is not in the error.
pub fn read_switch(name: &str, text: &str) -> Result<bool, Error> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "" | "0" | "false" | "no" | "off" => Ok(false),
        _ => Err(Error::configuration(format!("invalid value of `{name}` (expected `1` or `0`)"))),
    }
}
