//! `cargo xtask verify`: the OpenAPI document against the vendor's pages.
//!
//! A page and the lock are the same kind of thing, what a page claims; [`compare`] holds either against the document.

mod compare;
pub(crate) mod document;
mod examples;
mod finding;
pub(crate) mod identify;
mod ledger;
pub mod lock;
mod locked_rows;
mod text;
mod types;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

pub use self::finding::Finding;
use self::{
    compare::{Comparison, Pair},
    document::Document,
    examples::{Schemas, Shown},
    finding::COULD_NOT_CHECK,
    identify::{Identity, UrlParts},
    ledger::Ledger,
    lock::{Lock, LockedExample, LockedPage},
};
use crate::pages::{self, Example, Json, Page, Part};

/// The document, from the workspace's root.
pub const DOCUMENT: &str = "openapi/ecwid-coupons.yaml";
/// The ledger of contradictions, from the workspace's root.
pub const LEDGER: &str = "openapi/contradictions.toml";

/// What is compared, and where.
#[derive(Debug)]
pub struct Options {
    /// The workspace.
    pub root: PathBuf,
    /// The folder of the pages; without it the document is compared with the lock.
    pub pages: Option<PathBuf>,
    /// Write what the pages claim into the lock.
    pub update_lock: bool,
    /// Only these operations, by their ids; all of them when empty.
    pub operations: Vec<String>,
    /// Compare the generated Rust types with the document too, for which the client is built.
    pub types: bool,
    /// The day that is written into the lock, in UTC.
    pub today: String,
}

/// The day, in UTC.
pub fn today() -> String {
    chrono::Utc::now().format("%F").to_string()
}

/// What `verify` found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// How many claims were looked at.
    pub checked: usize,
    /// How many of the pages' claims the document contradicts for a reason that is in the ledger.
    pub explained: usize,
    /// How many contradictions the ledger holds.
    pub contradictions: usize,
    /// The pages of each operation, by its id.
    pub covered: BTreeMap<String, Vec<String>>,
    /// Pages whose examples alone were checked.
    pub examples_only: Vec<String>,
    /// Pages about something else.
    pub not_ours: Vec<String>,
    /// What changed and does not matter, such as other values in an example.
    pub notes: Vec<String>,
    /// What disagrees or could not be checked.
    pub findings: Vec<Finding>,
}

impl Report {
    /// 0 when all agrees, 1 when something disagrees, 2 when something could not be checked and nothing disagrees.
    pub fn exit_code(&self) -> u8 {
        match (self.findings.is_empty(), self.findings.iter().all(Finding::is_could_not_check)) {
            (true, _) => 0,
            (false, true) => 2,
            (false, false) => 1,
        }
    }
}

/// Compares.
///
/// # Errors
///
/// When a file cannot be read or is not what it should be.
pub fn run(options: &Options) -> anyhow::Result<Report> {
    let read = |path: &str| fs::read_to_string(options.root.join(path)).with_context(|| format!("cannot read {path}"));
    let document = Document::read(&read(DOCUMENT)?).with_context(|| format!("in {DOCUMENT}"))?;
    let ledger = Ledger::read(&read(LEDGER)?, &document).with_context(|| format!("in {LEDGER}"))?;
    let lock = Lock::read(&options.root)?;
    for operation in &options.operations {
        let known: Vec<_> = document.operations.iter().map(|known| known.id.as_str()).collect();
        ensure!(
            known.contains(&operation.as_str()),
            "there is no operation `{operation}`; there are {}",
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

struct Verifier<'a> {
    options: &'a Options,
    document: &'a Document,
    ledger: &'a Ledger,
    lock: Lock,
}

/// A page and what it turned out to be.
struct Known<'a> {
    page: &'a Page,
    /// Its operations that are the document's.
    operations: Vec<(&'a pages::Operation, &'a document::Operation)>,
    /// Its examples of operations of the document.
    examples: Vec<(&'a Example, &'a document::Operation)>,
}

impl Verifier<'_> {
    fn wanted(&self, operation: &document::Operation) -> bool {
        self.options.operations.is_empty() || self.options.operations.contains(&operation.id)
    }

    /// The document against the lock.
    fn offline(&self) -> anyhow::Result<Report> {
        let mut comparison = Comparison::new(self.document, self.ledger);
        let mut covered = self.nothing_covered();
        self.compare_with_lock(&mut comparison, &mut covered);
        for operation in self.document.operations.iter().filter(|operation| self.wanted(operation)) {
            if covered.get(&operation.id).is_none_or(Vec::is_empty) {
                comparison.findings.push(missing_page(operation, "the lock knows no page of this operation"));
            }
        }
        if self.options.operations.is_empty() {
            comparison.unused_contradictions();
        }
        Ok(self.report(comparison, covered))
    }

    /// The document against pages, and against the lock.
    fn online(mut self, folder: &[Page]) -> anyhow::Result<Report> {
        let mut comparison = Comparison::new(self.document, self.ledger);
        let mut schemas = Schemas::of(self.document)?;
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
                let pair = Pair { name: &page.file, page: on_page, operation };
                comparison.operation(pair);
                self.locked_url(&mut comparison, pair);
                self.locked_rows(&mut comparison, pair);
                self.samples(&mut comparison, pair, &mut schemas)?;
            }
            if known.operations.is_empty() && !known.examples.is_empty() {
                examples_only.push(page.file.clone());
            }
            for (example, operation) in &known.examples {
                comparison.example(Shown { page: &page.file, example, operation }, &mut schemas)?;
            }
            report.push(known);
        }
        notes.extend(self.changed(&report));
        notes.extend(self.left_out(folder));
        self.uncovered(&mut comparison, &covered, folder, &report);
        if self.options.operations.is_empty() {
            comparison.unused_contradictions();
        }
        if self.options.update_lock {
            let (lock, kept) = self.new_lock(&report, &comparison.findings);
            lock.write(&self.options.root)?;
            notes.extend(
                kept.iter().map(|address| format!("kept in the lock as it was, for want of its page: {address}")),
            );
            notes.push(format!("wrote {}", lock::PATH));
            self.lock = lock;
        }
        // What the pages say too is said by them.
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
            finding.message = format!("the lock is not what the pages say by now: {}", finding.message);
            finding.help = Some("write what they say with `cargo xtask verify --pages DIR --update-lock`".to_owned());
            finding.kind = format!("lock-{}", finding.kind);
            comparison.findings.push(finding);
        }
        let mut report = self.report(comparison, covered);
        (report.not_ours, report.examples_only, report.notes) = (not_ours, examples_only, notes);
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
            notes: Vec::new(),
            findings,
        }
    }

    fn compare_with_lock(&self, comparison: &mut Comparison<'_>, covered: &mut BTreeMap<String, Vec<String>>) {
        for page in &self.lock.pages {
            let name = if page.address.is_empty() { lock::PATH } else { &page.address };
            for on_page in &page.operations {
                let base = UrlParts::of(&on_page.url).base;
                let operation = self.document.operations.iter().find(|known| {
                    known.method == on_page.method && identify::blank(&base).ends_with(&identify::blank(&known.path))
                });
                match operation {
                    Some(operation) if self.wanted(operation) => {
                        let pages = covered.entry(operation.id.clone()).or_default();
                        // The same page may have been read in two formats.
                        if !pages.iter().any(|known| known == name) {
                            pages.push(name.to_owned());
                        }
                        comparison.operation(Pair { name, page: on_page, operation });
                    }
                    Some(_) => {}
                    None => comparison.findings.push(Finding {
                        kind: "operation-added".to_owned(),
                        page: Some(name.to_owned()),
                        line: Some(on_page.line),
                        operation: None,
                        pointer: Some("/paths".to_owned()),
                        subject: format!("{} {}", on_page.method, base),
                        in_page: Some(format!("{} {}", on_page.method, on_page.url)),
                        in_document: None,
                        message: "the page documents an operation that is not in the document".to_owned(),
                        help: Some("add it to `paths`, or write the lock anew".to_owned()),
                    }),
                }
            }
            for example in &page.examples {
                let Some(operation) = self.document.operation(&example.operation) else { continue };
                if self.wanted(operation) {
                    comparison.locked_example(name, example, operation);
                }
            }
        }
    }

    /// What a page is; nothing when it is about something else.
    fn know<'p>(&'p self, page: &'p Page, comparison: &mut Comparison<'_>) -> Option<Known<'p>> {
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
                        "it documents {} {} by now, and nothing of what it was known for",
                        operation.method, operation.url
                    );
                    comparison.findings.push(unreadable(page, Some(found), &why));
                }
                Identity::Other => {}
            }
        }
        for example in &page.examples {
            let found = example.request.as_ref().and_then(|request| examples::operation_of(request, self.document));
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
            comparison.findings.push(unreadable(page, Some(found), "it documents no operation any more"));
        }
        ours.then_some(known)
    }

    /// The pages of the lock that document no operation and show examples.
    fn guides(&self) -> impl Iterator<Item = &LockedPage> {
        self.lock.pages.iter().filter(|page| page.operations.is_empty() && !page.address.is_empty())
    }

    /// A URL that is not in the lock is a change, even where the document would take it for the same.
    fn locked_url(&self, comparison: &mut Comparison<'_>, pair: Pair<'_>) {
        let locked: Vec<_> = self
            .lock
            .operations()
            .filter(|(_, locked)| {
                locked.method == pair.operation.method && identify::is_path_of(&locked.url, pair.operation)
            })
            .map(|(_, locked)| &locked.url)
            .collect();
        let told = comparison.findings.iter().any(|finding| {
            finding.kind == "url" && finding.page.as_deref() == Some(pair.name) && finding.line == Some(pair.page.line)
        });
        if locked.is_empty() || locked.contains(&&pair.page.url) || told || self.options.update_lock {
            return;
        }
        comparison.findings.push(Finding {
            kind: "url".to_owned(),
            page: Some(pair.name.to_owned()),
            line: Some(pair.page.line),
            operation: Some(pair.operation.id.clone()),
            pointer: Some(pair.operation.pointer.clone()),
            subject: UrlParts::of(&pair.page.url).base,
            in_page: Some(pair.page.url.clone()),
            in_document: Some(locked[0].clone()),
            message: "the page has another URL than when it was last read".to_owned(),
            help: Some("mend the document when the operation moved, and write the lock anew".to_owned()),
        });
    }

    /// The JSON that rows of tables show.
    fn samples(&self, comparison: &mut Comparison<'_>, pair: Pair<'_>, schemas: &mut Schemas) -> anyhow::Result<()> {
        fn visit<'m>(
            page: &'m pages::Operation,
            table: &'m pages::Table,
            members: &'m [document::Member],
            found: &mut Vec<(&'m pages::Member, &'m document::Member)>,
        ) {
            for row in &table.members {
                let Some(member) = members.iter().find(|member| member.name == row.name) else { continue };
                found.push((row, member));
                if let Some(object) = row.object.as_deref().and_then(|object| page.object(table.part, object)) {
                    visit(page, object, &member.members, found);
                }
            }
        }
        let mut found = Vec::new();
        for part in [Part::Request, Part::Response] {
            if let Some(table) = pair.page.table(part) {
                visit(pair.page, table, pair.operation.members(part), &mut found);
            }
        }
        for (row, member) in found {
            for text in &row.samples {
                let example = Example { line: row.line, ..Example::default() };
                let shown = Shown { page: pair.name, example: &example, operation: pair.operation };
                comparison.sample(shown, &Json { line: row.line, text: text.clone() }, member, schemas)?;
            }
        }
        Ok(())
    }

    /// What was covered before and is not now.
    fn uncovered(
        &self,
        comparison: &mut Comparison<'_>,
        covered: &BTreeMap<String, Vec<String>>,
        folder: &[Page],
        pages: &[Known<'_>],
    ) {
        for operation in self.document.operations.iter().filter(|operation| self.wanted(operation)) {
            let told = comparison
                .findings
                .iter()
                .any(|finding| finding.is_could_not_check() && finding.operation.as_deref() == Some(&operation.id));
            if covered.get(&operation.id).is_none_or(Vec::is_empty) && !told {
                comparison.findings.push(missing_page(operation, "no page in the folder documents this operation"));
            }
        }
        if !self.options.operations.is_empty() {
            return;
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
                    let why = format!("it shows none of the examples that {} showed", guide.address);
                    comparison.findings.push(unreadable(page, None, &why));
                }
                Some(_) => {}
                None => comparison.findings.push(Finding {
                    kind: COULD_NOT_CHECK.to_owned(),
                    page: Some(guide.address.clone()),
                    line: None,
                    operation: None,
                    pointer: None,
                    subject: guide.address.clone(),
                    in_page: None,
                    in_document: None,
                    message: "no page in the folder shows the examples of this one".to_owned(),
                    help: Some("fetch the pages anew with `cargo xtask pages fetch`".to_owned()),
                }),
            }
        }
    }

    /// What is not as it was when the pages were last read, and yet no claim of the API.
    fn changed(&self, pages: &[Known<'_>]) -> Vec<String> {
        let mut notes = Vec::new();
        for Known { page, operations, examples } in pages {
            let ours = !operations.is_empty() || !examples.is_empty();
            if !ours || self.lock.pages.iter().any(|locked| locked.sha256 == page.sha256) {
                continue;
            }
            notes.push(format!("{} is not the page that the lock was written from", page.file));
            for example in examples.iter().flat_map(|(example, operation)| locked(example, operation)) {
                let mut known = self.lock.pages.iter().flat_map(|locked| &locked.examples);
                if known.all(|known| known.sha256 != example.sha256) {
                    let (file, line, operation) = (&page.file, example.line, &example.operation);
                    notes.push(format!(
                        "{file}:{line} shows another example of {operation} than the lock was written from"
                    ));
                }
            }
        }
        notes
    }

    /// Operations beside those of the document, which it leaves out.
    fn left_out(&self, folder: &[Page]) -> Vec<String> {
        let mut notes = Vec::new();
        for page in folder {
            for operation in &page.operations {
                let base = UrlParts::of(&operation.url).base;
                let beside = self.document.operations.iter().any(|known| {
                    let root = format!("{}{}", self.document.server, known.path);
                    let (root, base) = (identify::blank(&root), identify::blank(&base));
                    base == root || base.starts_with(&format!("{root}/"))
                });
                let other = matches!(identify::identify(page, operation, self.document, &self.lock), Identity::Other);
                if beside && other {
                    let (file, line, method) = (&page.file, operation.line, &operation.method);
                    notes.push(format!(
                        "{file}:{line} documents {method} {}, which the document leaves out",
                        operation.url
                    ));
                }
            }
        }
        notes
    }

    /// The lock of these pages; pages that could not be read keep what the lock has of them.
    fn new_lock(&self, pages: &[Known<'_>], findings: &[Finding]) -> (Lock, Vec<String>) {
        let addresses = self.document.addresses();
        let failed: BTreeSet<_> = findings
            .iter()
            .filter(|finding| finding.is_could_not_check())
            .filter_map(|finding| finding.page.as_deref())
            .collect();
        let mut lock = Lock::default();
        for known in pages.iter().filter(|known| !failed.contains(known.page.file.as_str())) {
            if known.operations.is_empty() && known.examples.is_empty() {
                continue;
            }
            let page = known.page;
            let before = self.lock.pages.iter().find(|locked| locked.sha256 == page.sha256);
            let address = known
                .operations
                .iter()
                .find_map(|(_, operation)| operation.address.clone())
                .or_else(|| addresses.iter().find(|address| identify::has_name_of(page, address)).cloned())
                .or_else(|| before.map(|locked| locked.address.clone()))
                .unwrap_or_default();
            lock.pages.push(LockedPage {
                address,
                format: page.format,
                sha256: page.sha256.clone(),
                read: before.map_or_else(|| self.options.today.clone(), |locked| locked.read.clone()),
                operations: known.operations.iter().map(|(on_page, _)| (*on_page).clone()).collect(),
                examples: known.examples.iter().flat_map(|(example, operation)| locked(example, operation)).collect(),
            });
        }
        let mut kept = Vec::new();
        for old in &self.lock.pages {
            if !lock.pages.iter().any(|new| new.address == old.address) {
                kept.push(old.address.clone());
                lock.pages.push(old.clone());
            }
        }
        let order = |page: &LockedPage| (page.address.clone(), page.format, page.sha256.clone());
        lock.pages.sort_by_key(order);
        (lock, kept)
    }
}

impl Comparison<'_> {
    /// The fields that an example showed when it was last read.
    fn locked_example(&mut self, name: &str, example: &LockedExample, operation: &document::Operation) {
        let body = match example.part {
            Part::Request => &operation.request,
            _ => &operation.response,
        };
        let Some(body) = body else { return };
        for path in &example.members {
            self.checked += 1;
            let mut members: &[document::Member] = &body.members;
            let mut known = true;
            for part in path.split('.') {
                match members.iter().find(|member| member.name == part) {
                    // What may be any JSON is not looked into.
                    Some(member) if member.members.is_empty() => break,
                    Some(member) => members = &member.members,
                    None => known = false,
                }
            }
            let place = ledger::Place::new(example.part, path);
            let pair = Pair { name, page: &pages::Operation::default(), operation };
            if known || self.explain(pair, &place, &ledger::Fact::Present(true)) {
                continue;
            }
            self.findings.push(Finding {
                kind: "example".to_owned(),
                page: Some(name.to_owned()),
                line: Some(example.line),
                operation: Some(operation.id.clone()),
                pointer: Some(body.pointer.clone()),
                subject: place.name().to_owned(),
                in_page: Some(path.clone()),
                in_document: None,
                message: format!("an example of the page has the field `{path}`, the document does not"),
                help: Some("add to the document what the vendor's answer has".to_owned()),
            });
        }
    }
}

fn locked(example: &Example, operation: &document::Operation) -> Vec<LockedExample> {
    let bodies = [(Part::Request, &example.body), (Part::Response, &example.answer)];
    bodies
        .into_iter()
        .filter_map(|(part, json)| Some((part, json.as_ref()?)))
        .map(|(part, json)| LockedExample {
            operation: operation.id.clone(),
            part,
            line: json.line,
            sha256: Sha256::digest(json.text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect(),
            members: examples::members(json),
        })
        .collect()
}

fn unreadable(page: &Page, operation: Option<&document::Operation>, why: &str) -> Finding {
    Finding {
        kind: COULD_NOT_CHECK.to_owned(),
        page: Some(page.file.clone()),
        line: Some(1),
        operation: operation.map(|operation| operation.id.clone()),
        pointer: operation.map(|operation| operation.pointer.clone()),
        subject: page.file.clone(),
        in_page: None,
        in_document: None,
        message: format!("{} cannot be checked: {why}", page.file),
        help: Some("fetch the page anew with `cargo xtask pages fetch`, or take it out of the folder".to_owned()),
    }
}

fn missing_page(operation: &document::Operation, why: &str) -> Finding {
    let address = operation.address.as_deref().unwrap_or("an address that the document does not name");
    Finding {
        kind: COULD_NOT_CHECK.to_owned(),
        page: None,
        line: None,
        operation: Some(operation.id.clone()),
        pointer: Some(operation.pointer.clone()),
        subject: operation.id.clone(),
        in_page: None,
        in_document: Some(format!("{} {}", operation.method, operation.path)),
        message: format!("{why}: {} {}", operation.method, operation.path),
        help: Some(format!("its page is {address}; `--operation` checks some operations alone")),
    }
}

fn unbuilt(error: &anyhow::Error) -> Finding {
    Finding {
        kind: COULD_NOT_CHECK.to_owned(),
        page: None,
        line: None,
        operation: None,
        pointer: None,
        subject: "generated types".to_owned(),
        in_page: None,
        in_document: None,
        message: format!("{error:#}"),
        help: Some("mend the client, or leave its types out with `--no-types`".to_owned()),
    }
}

/// The folder that the pages are in beside a workspace, for tests.
pub fn default_pages(root: &Path) -> PathBuf {
    std::env::var_os("ECWID_PAGES").map_or_else(|| root.join("../shared/docs"), PathBuf::from)
}
