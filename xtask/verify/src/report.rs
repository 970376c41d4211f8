//! The report of a run, and its formats.

mod github;
mod yaml;

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use anyhow::Context as _;
use clap::ValueEnum;
use serde::Serialize;
use xtask::workspace::DOCUMENT;

use self::yaml::YamlLines;
use crate::finding::Finding;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// As JSON
    Json,
    /// As annotations of GitHub Actions
    Github,
}

#[derive(Debug, Serialize)]
pub struct Report {
    /// The number of compared claims.
    pub checked: usize,
    /// The number of differences that are explained in `contradictions.toml`.
    pub explained: usize,
    pub contradictions: usize,
    /// The pages of each operation, by the id of the operation.
    pub covered: BTreeMap<String, Vec<String>>,
    /// Pages of which only the examples were checked.
    pub examples_only: Vec<String>,
    /// Pages that are not about an operation of the document.
    pub not_ours: Vec<String>,
    /// Changes that are not claims about the API, such as other values in an example.
    pub notes: Vec<String>,
    /// The differences, and the claims that could not be checked.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Returns 0 if everything agrees, 1 if there are differences, and 2 if there are none but a claim could not be checked.
    pub fn exit_code(&self) -> u8 {
        match (self.findings.is_empty(), self.findings.iter().all(Finding::is_could_not_check)) {
            (true, _) => 0,
            (false, true) => 2,
            (false, false) => 1,
        }
    }

    /// Returns the report in a format.
    pub fn write(&self, format: Format, root: &Path) -> anyhow::Result<String> {
        let document = fs::read_to_string(root.join(DOCUMENT)).with_context(|| format!("cannot read {DOCUMENT}"))?;
        let lines = YamlLines::read(&document).with_context(|| format!("in {DOCUMENT}"))?;
        Ok(match format {
            Format::Text => self.text(&lines),
            Format::Json => serde_json::to_string_pretty(self)? + "\n",
            Format::Github => github::write(&self.findings, &lines),
        })
    }

    fn text(&self, lines: &YamlLines<'_>) -> String {
        let mut out = String::new();
        for finding in &self.findings {
            write_finding(&mut out, finding, lines);
        }
        let covered = self.covered.values().filter(|pages| !pages.is_empty()).count();
        let width = self.covered.keys().map(String::len).max().unwrap_or_default();
        for (operation, pages) in &self.covered {
            let pages = if pages.is_empty() { "NOT COVERED".to_owned() } else { pages.join(", ") };
            let _ = writeln!(out, "{operation:width$}  {pages}");
        }
        for (title, pages) in [("examples only", &self.examples_only), ("other pages", &self.not_ours)] {
            if !pages.is_empty() {
                let _ = writeln!(out, "{title:width$}  {}", pages.join(", "));
            }
        }
        for note in &self.notes {
            let _ = writeln!(out, "note: {note}");
        }
        let _ = writeln!(
            out,
            "{covered} of {} operations covered, {} claims checked, {} differences explained by the {} entries of \
             openapi/contradictions.toml",
            self.covered.len(),
            self.checked,
            self.explained,
            self.contradictions
        );
        let unchecked = self.findings.iter().filter(|finding| finding.is_could_not_check()).count();
        let drift = self.findings.len() - unchecked;
        let verdict = match (drift, unchecked) {
            (0, 0) => "no differences".to_owned(),
            (0, unchecked) => format!("{unchecked} NOT CHECKED"),
            (drift, 0) => format!("{drift} DIFFERENCES"),
            (drift, unchecked) => format!("{drift} DIFFERENCES, {unchecked} NOT CHECKED"),
        };
        let _ = writeln!(out, "{verdict}");
        out
    }
}

fn write_finding(out: &mut String, finding: &Finding, lines: &YamlLines<'_>) {
    let Finding { kind, page, line, operation, pointer, subject, in_page, in_document, message, help } = finding;
    let place = match (page, line) {
        (Some(page), Some(line)) => format!("{page}:{line}"),
        (Some(page), None) => page.clone(),
        (None, _) => DOCUMENT.to_owned(),
    };
    let of = operation.as_ref().map(|operation| format!(" ({operation})")).unwrap_or_default();
    let _ = writeln!(out, "{place}: {kind} `{subject}`{of}");
    let _ = writeln!(out, "  {message}");
    let document = pointer.as_ref().map(|pointer| format!("{DOCUMENT}:{} {pointer}", lines.line(pointer)));
    let left = if kind.starts_with("generated-") { "in Rust" } else { "page" };
    if in_page.is_some() || in_document.is_some() {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let _ = writeln!(out, "  {left:9} {}", shown(in_page));
        let _ = writeln!(out, "  document  {}", shown(in_document));
    }
    if let Some(document) = document {
        let _ = writeln!(out, "  at        {document}");
    }
    if let Some(help) = help {
        let _ = writeln!(out, "  hint      {}", help.replace('\n', "\n            "));
    }
    out.push('\n');
}
