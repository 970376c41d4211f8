//! `cargo xtask verify`: what it finds, what it ignores, and what it reports as not checked.
//!
//! Most tests write pages from the facts of the lock. Tests on the vendor's documentation pages are skipped if there are none.

mod command;
mod convert;
mod document;
#[cfg(unix)]
mod drift;
mod edit;
mod examples;
mod harmless;
mod ledger;
mod lock;
mod mutants;
mod mutation;
mod unchecked;
mod written;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Once,
};

use ecwid_coupons_tests::{
    page_writer::{Style, Writer},
    skipped, workspace,
};
use serde_json::Value;
use tempfile::TempDir;
use xtask_verify::{
    Finding, Options, Report,
    lock::{Lock, LockedPage},
    run,
};

/// The options of a comparison without the generated types, which other tests compare.
fn options(root: &Path, pages: Option<&Path>) -> Options {
    Options {
        root: root.to_owned(),
        pages: pages.map(Path::to_owned),
        update_lock: false,
        skip_missing_pages: false,
        operations: Vec::new(),
        types: false,
        today: "2001-02-03".to_owned(),
    }
}

/// Compares the files of the workspace with a folder of pages.
fn verify(pages: &Path) -> Report {
    run(&options(&workspace(), Some(pages))).unwrap()
}

/// Compares the files of the workspace with one page of an operation, which is many times faster.
fn verify_alone(file: &str, text: &str, operation: &str) -> Report {
    let folder = Folder::new();
    folder.write(file, text);
    let mut options = options(&workspace(), Some(folder.path()));
    options.operations.push(operation.to_owned());
    run(&options).unwrap()
}

/// Returns the findings for the message of an assertion.
fn shown(report: &Report) -> String {
    let line = |it: &Finding| {
        let line = it.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("  {}{line} {} `{}`: {}\n", it.page.as_deref().unwrap_or("-"), it.kind, it.subject, it.message)
    };
    format!("exit code {}\n{}", report.exit_code(), report.findings.iter().map(line).collect::<String>())
}

#[track_caller]
fn assert_agrees(report: &Report, what: &str) {
    assert_eq!(report.exit_code(), 0, "{what}: {}", shown(report));
}

fn lock() -> Lock {
    Lock::read(&workspace()).unwrap()
}

/// Returns the id of the operation of a page, derived from the address of the page.
fn operation_of(page: &LockedPage) -> String {
    camel_case(page.address.rsplit('/').next().unwrap().split('-'))
}

fn camel_case<'a>(mut words: impl Iterator<Item = &'a str>) -> String {
    let first = words.next().unwrap().to_lowercase();
    words.fold(first, |id, word| format!("{id}{}{}", word[..1].to_uppercase(), &word[1..]))
}

/// A folder of pages.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Returns copies of the vendor's pages, if there are any.
    fn of_vendor(test: &str) -> Option<Self> {
        let Some(pages) = xtask::workspace::pages() else {
            skipped(test, "no documentation pages of the vendor; set ECWID_PAGES to their folder");
            return None;
        };
        Some(Self::copied(&pages))
    }

    fn copied(pages: &Path) -> Self {
        let folder = Self::new();
        for page in xtask_verify::pages::read_folder(pages).unwrap() {
            folder.write(&page.file, &fs::read_to_string(pages.join(&page.file)).unwrap());
        }
        folder
    }

    /// Returns the pages of the lock whose operations no page of this folder documents.
    fn missing(&self, lock: &Lock) -> Vec<LockedPage> {
        let pages = xtask_verify::pages::read_folder(self.path()).unwrap();
        let known: Vec<_> = pages.iter().flat_map(|page| &page.operations).map(|operation| &operation.url).collect();
        let is_missing = |page: &&LockedPage| page.operations.iter().any(|operation| !known.contains(&&operation.url));
        lock.pages.iter().filter(is_missing).cloned().collect()
    }

    /// Writes the missing pages from the lock.
    fn completed(self, test: &str) -> Self {
        let lock = lock();
        let writer = Writer::new(Style::Html, &lock);
        for mut page in self.missing(&lock) {
            skipped(test, &format!("no vendor's page of {}; a generated page is used", operation_of(&page)));
            self.write(&writer.file(&page), &writer.write(&mut page));
        }
        self
    }

    /// Returns pages that are written from the lock.
    fn written(lock: &Lock, style: Style) -> Self {
        let folder = Self::new();
        for page in &lock.pages {
            let writer = Writer::new(style, lock);
            folder.write(&writer.file(page), &writer.write(&mut page.clone()));
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn remove(&self, file: &str) {
        fs::remove_file(self.path().join(file)).unwrap();
    }

    /// Returns the names of the pages.
    fn files(&self) -> Vec<String> {
        xtask_verify::pages::read_folder(self.path()).unwrap().into_iter().map(|page| page.file).collect()
    }
}

/// The layouts of tables that `edit` and `convert` support.
const LAYOUTS: [Style; 3] = [Style::Pipe, Style::Html, Style::Text];
/// One style of each format, for tests that do not depend on tables.
const FORMATS: [Style; 2] = [Style::Html, Style::Text];

/// Returns the vendor's pages, if there are any, and pages that are written in these styles.
fn folders(styles: &[Style]) -> Vec<(String, Folder)> {
    static SKIPPED: Once = Once::new();

    let lock = lock();
    let mut all: Vec<_> = styles.iter().map(|it| (format!("{it:?}"), Folder::written(&lock, *it))).collect();
    match xtask::workspace::pages() {
        Some(pages) => all.push(("the vendor's pages".to_owned(), Folder::copied(&pages).completed("verify"))),
        None => SKIPPED.call_once(|| skipped("verify", "its tests use only generated pages; set ECWID_PAGES")),
    }
    all
}

/// A copy of the files of the workspace that `verify` reads.
struct Root(TempDir);

impl Root {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("openapi")).unwrap();
        for file in [xtask::workspace::DOCUMENT, xtask_verify::LEDGER, xtask_verify::lock::PATH] {
            fs::copy(workspace().join(file), root.path().join(file)).unwrap();
        }
        Self(root)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }
    fn document(&self) -> Value {
        serde_norway::from_str(&fs::read_to_string(self.file(xtask::workspace::DOCUMENT)).unwrap()).unwrap()
    }

    /// Changes the document. The result is JSON, which is valid YAML.
    fn change_document(&self, change: impl FnOnce(&mut Value)) {
        let mut document = self.document();
        change(&mut document);
        fs::write(self.file(xtask::workspace::DOCUMENT), document.to_string()).unwrap();
    }
}
