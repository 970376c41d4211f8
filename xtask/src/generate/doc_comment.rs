//! Rust doc comments.

use std::fmt::Write as _;

pub(super) fn write_doc(out: &mut String, indent: &str, text: &str) {
    for line in text.lines() {
        let _ = writeln!(out, "{}", format!("{indent}/// {line}").trim_end());
    }
}
