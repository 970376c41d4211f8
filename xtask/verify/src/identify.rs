//! Identifies the operation of the document that a page documents.
//!
//! A page is identified by its method and URL. If they are not in the document, the title and the fields of the page decide
//! whether the URL of a known operation has changed, or whether the page is about something else.

use std::{collections::BTreeSet, path::Path};

use crate::{
    document::{Document, Operation, UrlParts},
    lock::Lock,
    pages::{self, Page, Part},
};

/// The identity of an operation on a page.
pub(crate) enum Identity<'a> {
    /// An operation of the document.
    Known(&'a Operation),
    /// An operation of the document whose page now documents something else.
    Lost(&'a Operation),
    /// An operation that is not in the document.
    Other,
}

/// Identifies an operation on a page.
pub(crate) fn identify<'a>(
    page: &Page,
    operation: &pages::Operation,
    document: &'a Document,
    lock: &Lock,
) -> Identity<'a> {
    let by_url = document.operations.iter().find(|known| is_at(operation, known, document));
    let named: Vec<_> = document.operations.iter().filter(|known| is_named(page, known)).collect();
    let likeness = |known: &Operation| likeness(operation, known, lock);
    let best =
        |found: &[&'a Operation]| found.iter().copied().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    match (by_url, best(&named)) {
        // The URL belongs to one operation, and the rest of the page to another.
        (Some(by_url), Some(by_name)) if by_url.id != by_name.id && likeness(by_name) > likeness(by_url) => {
            Identity::Known(by_name)
        }
        (Some(by_url), _) => Identity::Known(by_url),
        (None, Some(by_name)) if likeness(by_name) >= 0.3 => Identity::Known(by_name),
        (None, Some(by_name)) => Identity::Lost(by_name),
        (None, None) => {
            let all: Vec<_> = document.operations.iter().collect();
            match best(&all) {
                Some(alike) if likeness(alike) >= 0.8 => Identity::Known(alike),
                _ => Identity::Other,
            }
        }
    }
}

/// Returns why a page is not the page that was last read from an address, or `None` if it is.
///
/// Other fields or another URL do not matter, because `verify` finds such changes.
pub(crate) fn mismatch(page: &Page, address: &str, document: &Document, lock: &Lock) -> Option<String> {
    let (pages, guides): (Vec<_>, Vec<_>) =
        lock.pages.iter().filter(|locked| locked.address == address).partition(|locked| !locked.operations.is_empty());
    if pages.is_empty() && guides.is_empty() {
        return page.title.is_empty().then(|| "the page has no title".to_owned());
    }
    let wanted: Vec<_> = pages.iter().flat_map(|locked| &locked.operations).collect();
    let is_wanted = |found: &pages::Operation| {
        let moved = match identify(page, found, document, lock) {
            Identity::Known(known) => wanted.iter().any(|wanted| is_at(wanted, known, document)),
            _ => false,
        };
        moved || wanted.iter().any(|wanted| place(wanted, blank) == place(found, blank))
    };
    // A guide is identified by the operations of its examples.
    let shown: BTreeSet<_> = guides.iter().flat_map(|it| &it.examples).map(|it| it.operation.as_str()).collect();
    let is_shown = |example: &pages::Example| {
        let operation = example.request.as_ref().and_then(|request| document.operation_of(request));
        operation.is_some_and(|operation| shown.contains(operation.id.as_str()))
    };
    let mut examples = page.examples.iter().chain(page.operations.iter().flat_map(|operation| &operation.examples));
    if page.operations.iter().any(is_wanted) || examples.any(is_shown) {
        return None;
    }
    if wanted.is_empty() {
        let shown = Vec::from_iter(shown).join(" or ");
        return Some(format!("the page no longer has an example of {shown}"));
    }
    let names = |operations: &mut dyn Iterator<Item = &pages::Operation>| {
        // The lock can contain a page in two formats.
        let names: BTreeSet<_> = operations.map(|operation| place(operation, str::to_owned)).collect();
        if names.is_empty() { "no operation".to_owned() } else { Vec::from_iter(names).join(" and ") }
    };
    let (found, wanted) = (names(&mut page.operations.iter()), names(&mut wanted.into_iter()));
    Some(format!("the page documents {found} (expected {wanted})"))
}

/// Returns the method and the URL of an operation, without the query.
fn place(operation: &pages::Operation, written: impl Fn(&str) -> String) -> String {
    format!("{} {}", operation.method, written(&UrlParts::of(&operation.url).base))
}

/// Returns the operation whose documentation page has the name of this page.
pub(crate) fn named<'a>(page: &Page, document: &'a Document) -> Option<&'a Operation> {
    document.operations.iter().find(|known| is_named(page, known))
}

/// Returns the last part of an address. It is also the name of the file, and the slug of the title.
pub(crate) fn stem(address: &str) -> &str {
    address.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// Returns whether the title or the file name of a page matches an address.
pub(crate) fn has_name_of(page: &Page, address: &str) -> bool {
    let stem = stem(address);
    let file = Path::new(&page.file).file_stem().map(|it| it.to_string_lossy().into_owned());
    !stem.is_empty() && (page.slug() == stem || file.as_deref() == Some(stem))
}

fn is_named(page: &Page, known: &Operation) -> bool {
    known.address.as_deref().is_some_and(|address| has_name_of(page, address))
}

/// Returns whether the method and the URL match the operation.
fn is_at(page: &pages::Operation, known: &Operation, document: &Document) -> bool {
    let url = UrlParts::of(&page.url);
    page.method == known.method
        && blank(&url.base) == blank(&format!("{}{}", document.server, known.path))
        // Operations with the same path differ in their query parameters.
        && (url.query.is_empty() || url.query.iter().any(|name| known.query.iter().any(|known| known.name == *name)))
}

/// Removes the names of the parameters from a path.
pub(crate) fn blank(path: &str) -> String {
    let blank = |segment: &str| if segment.starts_with('{') { "{}".to_owned() } else { segment.to_owned() };
    path.split('/').map(blank).collect::<Vec<_>>().join("/")
}

/// Returns whether the method and the path match the operation, on any server.
pub(crate) fn is_at_path(page: &pages::Operation, known: &Operation) -> bool {
    page.method == known.method && blank(&UrlParts::of(&page.url).base).ends_with(&blank(&known.path))
}

/// Returns the entries of the lock for an operation.
pub(crate) fn locked<'a>(lock: &'a Lock, known: &'a Operation) -> impl Iterator<Item = &'a pages::Operation> {
    lock.pages.iter().flat_map(|page| &page.operations).filter(|locked| is_at_path(locked, known))
}

/// Returns how similar the fields of a page and of an operation are, from 0 to 1.
fn likeness(page: &pages::Operation, known: &Operation, lock: &Lock) -> f64 {
    let mut names = BTreeSet::new();
    for table in page.tables.iter().filter(|table| table.part != Part::Headers) {
        names.extend(table.members.iter().map(|member| (table.part, member.name.as_str())));
    }
    let mut wanted = BTreeSet::new();
    let mut tables = locked(lock, known).flat_map(|locked| &locked.tables).peekable();
    if tables.peek().is_some() {
        for table in tables.filter(|table| table.part != Part::Headers) {
            wanted.extend(table.members.iter().map(|member| (table.part, member.name.as_str())));
        }
    } else {
        for part in [Part::Path, Part::Query, Part::Request, Part::Response] {
            let mut open: Vec<_> = known.members(part).iter().collect();
            while let Some(member) = open.pop() {
                wanted.insert((part, member.name.as_str()));
                open.extend(&member.members);
            }
        }
    }
    let both = names.intersection(&wanted).count();
    let either = names.union(&wanted).count();
    if either == 0 { 0.0 } else { both as f64 / either as f64 }
}
