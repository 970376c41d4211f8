//! Runs `cargo xtask verify`.
//!
//! Pages and the lock both have the claims of pages. `compare` compares either with the document.

use std::{collections::BTreeMap, fs};

use anyhow::{Context as _, ensure};
use xtask::workspace::DOCUMENT;

use crate::{
    compare::{Comparison, Pair},
    document::Document,
    examples::Shown,
    finding::Finding,
    folder::missing_page,
    ledger::{self, Ledger},
    lock::{self, Lock},
    pages::{self, Page},
    report::Report,
    types,
    verifier::{Options, Verifier},
};

pub fn today() -> String {
    chrono::Utc::now().format("%F").to_string()
}

/// Compares the document with the pages or the lock, and with the generated types.
pub fn run(options: &Options) -> anyhow::Result<Report> {
    let read = |path: &str| fs::read_to_string(options.root.join(path)).with_context(|| format!("cannot read {path}"));
    let document = Document::read(&read(DOCUMENT)?).with_context(|| format!("in {DOCUMENT}"))?;
    let ledger = Ledger::read(&read(ledger::PATH)?, &document).with_context(|| format!("in {}", ledger::PATH))?;
    let lock = Lock::read(&options.root)?;
    for operation in &options.operations {
        let known: Vec<_> = document.operations.iter().map(|known| known.id.as_str()).collect();
        ensure!(
            known.contains(&operation.as_str()),
            "unknown operation: `{operation}` (expected one of {})",
            known.join(", ")
        );
    }

    let verifier = Verifier { options, document: &document, ledger: &ledger, lock };
    let mut report = match &options.pages {
        None => verifier.offline()?,
        Some(folder) => verifier.online(&pages::read_folder(folder)?)?,
    };
    if options.types {
        let found = types::printed(&options.root).and_then(|printed| types::compare(&document, &printed));
        report.findings.extend(found.unwrap_or_else(|error| vec![unbuilt(&error)]));
        report.findings.sort_by_key(Finding::order);
    }
    Ok(report)
}

impl Verifier<'_> {
    fn offline(&self) -> anyhow::Result<Report> {
        let mut comparison = Comparison::new(self.document, self.ledger);
        let mut covered = self.nothing_covered();
        self.compare_with_lock(&mut comparison, &mut covered);
        for operation in self.document.operations.iter().filter(|operation| self.wanted(operation)) {
            if covered.get(&operation.id).is_none_or(Vec::is_empty) {
                comparison.findings.push(missing_page(operation, "no page in the lock documents this operation"));
            }
        }
        if self.options.operations.is_empty() {
            comparison.unused_contradictions();
        }
        Ok(self.report(comparison, covered))
    }

    /// Compares the document with the pages and with the lock.
    fn online(mut self, folder: &[Page]) -> anyhow::Result<Report> {
        let mut comparison = Comparison::new(self.document, self.ledger);
        let mut covered = self.nothing_covered();
        let mut report = Vec::new();
        let (mut not_ours, mut examples_only, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for page in folder {
            let Some(known) = self.know(page, &mut comparison) else {
                not_ours.push(page.file.clone());
                continue;
            };
            for (on_page, operation) in &known.operations {
                covered.entry(operation.id.clone()).or_default().push(page.file.clone());
                let copied = page.format == pages::Format::Text;
                let pair = Pair { name: &page.file, copied, page: on_page, operation };
                comparison.operation(pair);
                self.locked_url(&mut comparison, pair);
                self.locked_rows(&mut comparison, pair);
                self.samples(&mut comparison, pair)?;
            }
            if known.operations.is_empty() && !known.examples.is_empty() {
                examples_only.push(page.file.clone());
            }
            for (example, operation) in &known.examples {
                comparison.example(Shown { page: &page.file, example, operation })?;
            }
            report.push(known);
        }
        notes.extend(self.changed(&report));
        notes.extend(self.left_out(folder));
        notes.extend(self.uncovered(&mut comparison, &covered, folder, &report));
        if self.options.operations.is_empty() {
            comparison.unused_contradictions();
        }
        if self.options.update_lock {
            let (lock, changes) = self.new_lock(&report, &comparison.findings);
            lock.write(&self.options.root)?;
            notes.extend(changes);
            notes.push(format!("wrote {}", lock::PATH));
            self.lock = lock;
        }
        // Findings that the pages also have are reported for the pages only.
        let mut offline = Comparison::new(self.document, self.ledger);
        self.compare_with_lock(&mut offline, &mut self.nothing_covered());
        for mut finding in offline.findings {
            let same = |known: &Finding| {
                (&known.kind, &known.operation, &known.subject, &known.pointer)
                    == (&finding.kind, &finding.operation, &finding.subject, &finding.pointer)
            };
            let unread = finding.operation.as_ref().is_some_and(|id| covered.get(id).is_none_or(Vec::is_empty));
            if comparison.findings.iter().any(same) || unread {
                continue;
            }
            finding.message = format!("the lock is out of date: {}", finding.message);
            finding.help = Some("update the lock with `cargo xtask verify --pages DIR --update-lock`".to_owned());
            finding.kind = format!("lock-{}", finding.kind);
            comparison.findings.push(finding);
        }
        let mut report = self.report(comparison, covered);
        (report.not_ours, report.examples_only) = (not_ours, examples_only);
        report.notes.extend(notes);
        Ok(report)
    }

    fn nothing_covered(&self) -> BTreeMap<String, Vec<String>> {
        let wanted = self.document.operations.iter().filter(|operation| self.wanted(operation));
        wanted.map(|operation| (operation.id.clone(), Vec::new())).collect()
    }

    fn report(&self, comparison: Comparison<'_>, covered: BTreeMap<String, Vec<String>>) -> Report {
        let mut findings = comparison.findings;
        findings.sort_by_key(Finding::order);
        findings.dedup();
        Report {
            checked: comparison.checked,
            explained: comparison.explained,
            contradictions: self.ledger.entries.len(),
            covered,
            examples_only: Vec::new(),
            not_ours: Vec::new(),
            notes: self.without_page().collect(),
            findings,
        }
    }
}

fn unbuilt(error: &anyhow::Error) -> Finding {
    let finding = Finding::could_not_check("generated types", format!("{error:#}"));
    finding.help("fix the client, or skip the comparison with its types with `--no-types`")
}
