//! Writes findings as annotations of GitHub Actions, which appear next to the code.

use std::fmt::Write as _;

use xtask::workspace::DOCUMENT;

use super::yaml::YamlLines;
use crate::finding::Finding;

/// Writes a line for each finding. Its place is in the document, or on the page if it has no place in the document.
pub(super) fn write(findings: &[Finding], lines: &YamlLines<'_>) -> String {
    let mut out = String::new();
    for finding in findings {
        let Finding { kind, page, line, pointer, subject, message, .. } = finding;
        let page = page.as_deref().map(|page| (page, line.unwrap_or(1)));
        let document = pointer.as_deref().map(|pointer| (DOCUMENT, lines.line(pointer)));
        let mut properties = Vec::new();
        if let Some((file, line)) = document.or(page) {
            properties.push(format!("file={}", property(file)));
            properties.push(format!("line={line}"));
        }
        properties.push(format!("title={}", property(&format!("{kind}: {subject}"))));
        let related = page.filter(|_| document.is_some()).map(|(file, line)| format!(" (the page: {file}:{line})"));
        let message = data(&format!("{message}{}", related.unwrap_or_default()));
        let level = if finding.is_could_not_check() { "warning" } else { "error" };
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
