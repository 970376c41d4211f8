//! JSON as it is shown.

use std::io::{self, IsTerminal as _};

use ecwid_coupons::__private::escape_json;
use serde::Serialize;

/// A value as one line of JSON for standard output.
pub(crate) fn line<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string(value).map(shown)
}

/// A value as indented JSON for standard output.
pub(crate) fn pretty<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value).map(shown)
}

/// The JSON as it is; for a terminal, with all escaped that could deceive who reads it.
fn shown(json: String) -> String {
    if io::stdout().is_terminal() { escape_json(&json).into_owned() } else { json }
}
