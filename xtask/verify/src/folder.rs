//! A folder of pages: which operations the pages document, and which pages are missing.

use std::collections::BTreeMap;

use crate::{
    compare::{Comparison, Pair, Row},
    document::{self, UrlParts},
    examples::{self, Shown},
    finding::Finding,
    identify::{self, Identity},
    lock::{LockedExample, LockedPage},
    pages::{self, Example, Json, Page, Part, sha256},
    verifier::Verifier,
};

/// A page with its operations and examples of the document.
pub(super) struct Known<'a> {
    pub(super) page: &'a Page,
    /// The operations of the page that are in the document.
    pub(super) operations: Vec<(&'a pages::Operation, &'a document::Operation)>,
    /// The examples of the page for operations of the document.
    pub(super) examples: Vec<(&'a Example, &'a document::Operation)>,
}

impl Verifier<'_> {
    /// Identifies the operations of a page. Returns `None` if the page is about something else.
    pub(super) fn know<'p>(&'p self, page: &'p Page, comparison: &mut Comparison<'_>) -> Option<Known<'p>> {
        if let Some(why) = &page.not_a_page {
            comparison.findings.push(unreadable(page, identify::named(page, self.document), why));
            return Some(Known { page, operations: Vec::new(), examples: Vec::new() });
        }
        let mut known = Known { page, operations: Vec::new(), examples: Vec::new() };
        let mut ours = false;
        for operation in &page.operations {
            match identify::identify(page, operation, self.document, &self.lock) {
                Identity::Known(found) => {
                    ours = true;
                    if self.wanted(found) {
                        known.operations.push((operation, found));
                        known.examples.extend(operation.examples.iter().map(|example| (example, found)));
                    }
                }
                Identity::Lost(found) => {
                    ours = true;
                    let why = format!(
                        "it now documents {} {}, and none of the operations that it documented before",
                        operation.method, operation.url
                    );
                    comparison.findings.push(unreadable(page, Some(found), &why));
                }
                Identity::Other => {}
            }
        }
        for example in &page.examples {
            let found = example.request.as_ref().and_then(|request| self.document.operation_of(request));
            if let Some(found) = found {
                ours = true;
                if self.wanted(found) {
                    known.examples.push((example, found));
                }
            }
        }
        if !ours
            && page.operations.is_empty()
            && let Some(found) = identify::named(page, self.document)
        {
            ours = true;
            comparison.findings.push(unreadable(page, Some(found), "it no longer documents an operation"));
        }
        ours.then_some(known)
    }

    /// Returns the pages of the lock that document no operation but have examples.
    fn guides(&self) -> impl Iterator<Item = &LockedPage> {
        self.lock.pages.iter().filter(|page| page.operations.is_empty() && !page.address.is_empty())
    }

    /// Checks the JSON samples in the rows of tables.
    pub(super) fn samples(&self, comparison: &mut Comparison<'_>, pair: Pair<'_>) -> anyhow::Result<()> {
        for Row { row, member, .. } in [Part::Request, Part::Response].into_iter().flat_map(|part| pair.rows(part)) {
            let Some(member) = member else { continue };
            for text in &row.samples {
                let example = Example { line: row.line, ..Example::default() };
                let shown = Shown { page: pair.name, example: &example, operation: pair.operation };
                comparison.sample(shown, &Json { line: row.line, text: text.clone() }, member)?;
            }
        }
        Ok(())
    }

    /// Reports operations and guides that no page in the folder covers, and returns notes about the skipped ones.
    pub(super) fn uncovered(
        &self,
        comparison: &mut Comparison<'_>,
        covered: &BTreeMap<String, Vec<String>>,
        folder: &[Page],
        pages: &[Known<'_>],
    ) -> Vec<String> {
        let mut skipped = Vec::new();
        for operation in self.document.operations.iter().filter(|operation| self.wanted(operation)) {
            let told = comparison
                .findings
                .iter()
                .any(|finding| finding.is_could_not_check() && finding.operation.as_deref() == Some(&operation.id));
            if covered.get(&operation.id).is_some_and(|pages| !pages.is_empty()) || told {
                continue;
            }
            if self.options.skip_missing_pages && identify::locked(&self.lock, operation).next().is_some() {
                skipped.push(format!("SKIPPED: no page in the folder documents {}", operation.id));
            } else {
                comparison.findings.push(missing_page(operation, "no page in the folder documents this operation"));
            }
        }
        if !self.options.operations.is_empty() {
            return skipped;
        }
        for guide in self.guides() {
            let shown = guide.examples.iter().all(|example| {
                let guides = pages.iter().filter(|known| known.operations.is_empty());
                guides.flat_map(|known| &known.examples).any(|(_, operation)| operation.id == example.operation)
            });
            if shown {
                continue;
            }
            let named = folder.iter().find(|page| identify::has_name_of(page, &guide.address));
            let told = |page: &&Page| !comparison.findings.iter().any(|it| it.page.as_ref() == Some(&page.file));
            match named {
                Some(page) if told(&page) => {
                    let why = format!("it has none of the examples of {}", guide.address);
                    comparison.findings.push(unreadable(page, None, &why));
                }
                Some(_) => {}
                None => {
                    let what = "no page in the folder has the examples of this page";
                    let finding = Finding::could_not_check(&guide.address, what);
                    let finding = finding.help("download the pages with `cargo xtask pages fetch`");
                    comparison.findings.push(Finding { page: Some(guide.address.clone()), ..finding });
                }
            }
        }
        skipped
    }

    /// Returns notes about changes since the last lock that are not claims about the API.
    pub(super) fn changed(&self, pages: &[Known<'_>]) -> Vec<String> {
        let mut notes = Vec::new();
        for Known { page, operations, examples } in pages {
            let ours = !operations.is_empty() || !examples.is_empty();
            if !ours || self.lock.pages.iter().any(|locked| locked.sha256 == page.sha256) {
                continue;
            }
            notes.push(format!("{} has changed since the lock was written", page.file));
            for example in examples.iter().flat_map(|(example, operation)| locked(example, operation)) {
                let mut known = self.lock.pages.iter().flat_map(|locked| &locked.examples);
                if known.all(|known| known.sha256 != example.sha256) {
                    let (file, line, operation) = (&page.file, example.line, &example.operation);
                    notes.push(format!(
                        "{file}:{line}: the example of {operation} has changed since the lock was written"
                    ));
                }
            }
        }
        notes
    }

    /// Returns notes about related operations that are not in the document.
    pub(super) fn left_out(&self, folder: &[Page]) -> Vec<String> {
        let mut notes = Vec::new();
        for page in folder {
            for operation in &page.operations {
                let base = UrlParts::of(&operation.url).base;
                let beside = self.document.operations.iter().any(|known| {
                    let root = format!("{}{}", self.document.server, known.path);
                    let (root, base) = (identify::blank(&root), identify::blank(&base));
                    base == root || base.starts_with(&format!("{root}/"))
                });
                let other = || identify::identify(page, operation, self.document, &self.lock);
                if beside && matches!(other(), Identity::Other) {
                    let (file, line, method) = (&page.file, operation.line, &operation.method);
                    notes.push(format!(
                        "{file}:{line} documents {method} {}, which is not in the document",
                        operation.url
                    ));
                }
            }
        }
        notes
    }
}

fn unreadable(page: &Page, operation: Option<&document::Operation>, why: &str) -> Finding {
    let file = &page.file;
    let finding = Finding::could_not_check(file, format!("cannot check {file}: {why}")).on(file, 1);
    let finding = finding.help("download the page again with `cargo xtask pages fetch`, or remove it from the folder");
    operation.iter().fold(finding, |finding, operation| finding.of(operation).at(&operation.pointer))
}

pub(super) fn missing_page(operation: &document::Operation, why: &str) -> Finding {
    let address = operation.address.as_deref().unwrap_or("not in the document");
    let place = format!("{} {}", operation.method, operation.path);
    let finding = Finding::could_not_check(&operation.id, format!("{why}: {place}")).of(operation);
    let finding = finding.at(&operation.pointer).says(None, Some(&place));
    finding
        .help(format!("add its page to the folder (address: {address}), or select other operations with `--operation`"))
}

/// Returns the entries of the lock for an example, one for each body.
pub(super) fn locked(example: &Example, operation: &document::Operation) -> Vec<LockedExample> {
    let bodies = [(Part::Request, &example.body), (Part::Response, &example.response)];
    bodies
        .into_iter()
        .filter_map(|(part, json)| Some((part, json.as_ref()?)))
        .map(|(part, json)| LockedExample {
            operation: operation.id.clone(),
            part,
            line: json.line,
            sha256: sha256(json.text.as_bytes()),
            members: examples::members(json),
        })
        .collect()
}
