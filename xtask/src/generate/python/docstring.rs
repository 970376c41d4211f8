//! Python docstrings.

use crate::generate::{deprecated::described, document::Member};

/// Writes a text as a docstring. Each line gets the indent.
pub(super) fn docstring(indent: &str, text: &str) -> String {
    let text = text.trim().replace('\\', "\\\\");
    if !text.contains('\n') {
        return format!("{indent}\"\"\"{text}\"\"\"\n");
    }
    let mut out = format!("{indent}\"\"\"");
    for (index, line) in text.lines().enumerate() {
        let indent = if index == 0 || line.is_empty() { "" } else { indent };
        out.push_str(&format!("{indent}{line}\n"));
    }
    format!("{out}{indent}\"\"\"\n")
}

pub(super) fn description(member: &Member) -> String {
    described(member.description.as_deref().unwrap_or("A field of the API."), member.deprecated.as_deref())
}
