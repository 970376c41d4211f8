//! Annotations of GitHub Actions: lines that the runner shows beside the code.

use std::fmt::Write as _;

use super::{Findings, Item, Level};

pub(super) fn write(findings: &Findings) -> String {
    let mut out = String::new();
    for Item { level, kind, subject, message, place, related, .. } in &findings.items {
        let level = match level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        let mut properties = Vec::new();
        if let Some((file, line)) = place {
            properties.push(format!("file={}", property(file)));
            properties.push(format!("line={line}"));
        }
        properties.push(format!("title={}", property(&format!("{kind}: {subject}"))));
        let related = related.as_ref().map(|(file, line, what)| format!(" ({what}: {file}:{line})"));
        let message = data(&format!("{message}{}", related.unwrap_or_default()));
        let _ = writeln!(out, "::{level} {}::{message}", properties.join(","));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
