//! JSON of results.

use ecwid_coupons::__private::escape_json;
use serde::Serialize;

/// Formats a value as one line of JSON.
pub(crate) fn line<T: Serialize + ?Sized>(value: &T, is_terminal: bool) -> Result<String, serde_json::Error> {
    serde_json::to_string(value).map(|json| shown(json, is_terminal))
}

/// Formats a value as indented JSON.
pub(crate) fn pretty<T: Serialize + ?Sized>(value: &T, is_terminal: bool) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value).map(|json| shown(json, is_terminal))
}

/// Returns the JSON unchanged, or escaped for a terminal, where control characters could mislead the reader.
fn shown(json: String, is_terminal: bool) -> String {
    if is_terminal { escape_json(&json).into_owned() } else { json }
}
