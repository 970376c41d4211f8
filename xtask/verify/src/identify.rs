//! Which operation of the document a page is about.
//!
//! A page is known by the method and the URL it documents. When those are not in the document, its title and what it
//! describes tell whether it is a page that was known and changed its URL, or one about something else.

use std::{collections::BTreeSet, path::Path};

use crate::{
    document::{Document, Operation, UrlParts},
    lock::Lock,
    pages::{self, Page, Part},
};

/// What a page's operation is.
pub(crate) enum Identity<'a> {
    /// One of the document.
    Known(&'a Operation),
    /// One of the document whose page documents something else by now.
    Lost(&'a Operation),
    /// None of the document.
    Other,
}

/// Finds out which operation a page documents.
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
        // The URL is that of one operation and the rest of the page is of another.
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

/// Why a page is not the one that an address had when it was last read; nothing when it is.
///
/// An operation with other fields or at another URL is still that page: to find what changed is the task of `verify`.
pub(crate) fn mismatch(page: &Page, address: &str, document: &Document, lock: &Lock) -> Option<String> {
    let (pages, guides): (Vec<_>, Vec<_>) =
        lock.pages.iter().filter(|locked| locked.address == address).partition(|locked| !locked.operations.is_empty());
    if pages.is_empty() && guides.is_empty() {
        return page.title.is_empty().then(|| "it has no title".to_owned());
    }
    let wanted: Vec<_> = pages.iter().flat_map(|locked| &locked.operations).collect();
    let is_wanted = |found: &pages::Operation| {
        let moved = match identify(page, found, document, lock) {
            Identity::Known(known) => wanted.iter().any(|wanted| is_at(wanted, known, document)),
            _ => false,
        };
        moved || wanted.iter().any(|wanted| place(wanted, blank) == place(found, blank))
    };
    // A guide is known by the operations that it shows examples of.
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
        return Some(format!("it shows no example of {shown}, as it did when it was last read"));
    }
    let names = |operations: &mut dyn Iterator<Item = &pages::Operation>| {
        // The lock may have a page twice, in two formats.
        let names: BTreeSet<_> = operations.map(|operation| place(operation, str::to_owned)).collect();
        if names.is_empty() { "no operation".to_owned() } else { Vec::from_iter(names).join(" and ") }
    };
    let (found, wanted) = (names(&mut page.operations.iter()), names(&mut wanted.into_iter()));
    Some(format!("it documents {found}, and not {wanted} as when it was last read"))
}

/// The method and the URL of an operation, without its query.
fn place(operation: &pages::Operation, written: impl Fn(&str) -> String) -> String {
    format!("{} {}", operation.method, written(&UrlParts::of(&operation.url).base))
}

/// Whether a page that documents nothing has the name of one that documented an operation.
pub(crate) fn named<'a>(page: &Page, document: &'a Document) -> Option<&'a Operation> {
    document.operations.iter().find(|known| is_named(page, known))
}

/// The last part of a page's address, which is also the name of its file and, in other words, its title.
pub(crate) fn stem(address: &str) -> &str {
    address.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// Whether a page has the title, or the file name, that belongs to an address.
pub(crate) fn has_name_of(page: &Page, address: &str) -> bool {
    let stem = stem(address);
    let file = Path::new(&page.file).file_stem().map(|it| it.to_string_lossy().into_owned());
    !stem.is_empty() && (page.slug() == stem || file.as_deref() == Some(stem))
}

fn is_named(page: &Page, known: &Operation) -> bool {
    known.address.as_deref().is_some_and(|address| has_name_of(page, address))
}

/// Whether the method and the URL are those of the operation.
fn is_at(page: &pages::Operation, known: &Operation, document: &Document) -> bool {
    let url = UrlParts::of(&page.url);
    page.method == known.method
        && blank(&url.base) == blank(&format!("{}{}", document.server, known.path))
        // Several operations may share a path and differ in what their queries ask for.
        && (url.query.is_empty() || url.query.iter().any(|name| known.query.iter().any(|known| known.name == *name)))
}

/// A path whose parameters have no names.
pub(crate) fn blank(path: &str) -> String {
    let blank = |segment: &str| if segment.starts_with('{') { "{}".to_owned() } else { segment.to_owned() };
    path.split('/').map(blank).collect::<Vec<_>>().join("/")
}

/// Whether the method and the path are those of the operation, on whatever server.
pub(crate) fn is_at_path(page: &pages::Operation, known: &Operation) -> bool {
    page.method == known.method && blank(&UrlParts::of(&page.url).base).ends_with(&blank(&known.path))
}

/// What the pages said of an operation when they were last read.
pub(crate) fn locked<'a>(lock: &'a Lock, known: &'a Operation) -> impl Iterator<Item = &'a pages::Operation> {
    lock.pages.iter().flat_map(|page| &page.operations).filter(|locked| is_at_path(locked, known))
}

/// How much of what a page describes is of an operation, from 0 to 1.
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
