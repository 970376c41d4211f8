//! The marks of what is deprecated, in Rust and in texts.

/// Returns the attribute of a deprecated item in Rust, as a line with this indent. Returns an empty string for other items.
pub(super) fn attribute(indent: &str, deprecated: Option<&str>) -> String {
    deprecated.map_or_else(String::new, |note| format!("{indent}#[deprecated(note = {note:?})]\n"))
}

/// Returns the attribute of a generated function in Rust that uses these items, as a line with this indent. Returns an empty
/// string if none of them is deprecated.
pub(super) fn allow<'a>(indent: &str, used: impl IntoIterator<Item = &'a Option<String>>) -> String {
    if used.into_iter().any(Option::is_some) { format!("{indent}#[allow(deprecated)]\n") } else { String::new() }
}

/// Returns a description with what to use instead.
pub(super) fn described(description: &str, deprecated: Option<&str>) -> String {
    deprecated.map_or_else(|| description.to_owned(), |note| format!("{description} Deprecated: {note}."))
}
