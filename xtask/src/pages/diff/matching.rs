//! Which page of the one side is which of the other.

use std::path::Path;

use super::super::{Operation, Page};

/// An operation on both sides.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    /// The new page's file.
    pub(super) page: &'a str,
    pub(super) old: &'a Operation,
    pub(super) new: &'a Operation,
}

/// What is compared with what.
#[derive(Default)]
pub(super) struct Matched<'a> {
    pub(super) operations: Vec<Pair<'a>>,
    /// Operations of one side alone, and whether it is the new one.
    pub(super) unmatched: Vec<(&'a Page, &'a Operation, bool)>,
    /// Pages whose tables belong to no operation.
    pub(super) listings: Vec<(&'a Page, &'a Page)>,
}

/// Matches pages by what they document; then by where they are and what they are called.
pub(super) fn pages<'a>(old: &'a [Page], new: &'a [Page], single: bool) -> Matched<'a> {
    let mut matched = Matched::default();
    let mut olds: Vec<_> = operations(old).collect();
    let mut rest = Vec::new();
    for (page, operation) in operations(new) {
        // The same page in another format is another reading of it: the one in the same format goes first.
        let same = |(old_page, known): &(&Page, &Operation)| {
            (known.method == operation.method && key(&known.url) == key(&operation.url))
                .then_some(old_page.format == page.format)
        };
        let found = olds.iter().enumerate().filter_map(|(at, old)| same(old).map(|format| (format, at)));
        match found.max_by_key(|(format, at)| (*format, usize::MAX - at)) {
            Some((_, at)) => {
                let (_, old) = olds.remove(at);
                matched.operations.push(Pair { page: &page.file, old, new: operation });
            }
            None => rest.push((page, operation)),
        }
    }
    for (page, operation) in rest {
        let alike = olds.iter().position(|(old_page, _)| {
            single || file(old_page) == file(page) || (!page.title.is_empty() && old_page.title == page.title)
        });
        match alike {
            Some(at) => {
                let (_, old) = olds.remove(at);
                matched.operations.push(Pair { page: &page.file, old, new: operation });
            }
            None => matched.unmatched.push((page, operation, true)),
        }
    }
    // A page that is there in two formats, of which one was not read again, is not gone.
    olds.retain(|(_, old)| {
        !operations(new).any(|(_, known)| known.method == old.method && key(&known.url) == key(&old.url))
    });
    // What stands on a page that cannot be read now is not gone either: nobody knows.
    olds.retain(|(page, _)| {
        !new.iter().any(|other| other.not_a_page.is_some() && (single || file(other) == file(page)))
    });
    matched.unmatched.extend(olds.into_iter().map(|(page, operation)| (page, operation, false)));
    for page in new.iter().filter(|page| !page.listings.is_empty()) {
        let found = old.iter().find(|known| single || file(known) == file(page) || known.title == page.title);
        matched.listings.extend(found.map(|found| (found, page)));
    }
    matched
}

fn operations(pages: &[Page]) -> impl Iterator<Item = (&Page, &Operation)> {
    pages.iter().flat_map(|page| page.operations.iter().map(move |operation| (page, operation)))
}

fn file(page: &Page) -> String {
    Path::new(&page.file).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The path of a URL below the server and its version.
pub(super) fn path(url: &str) -> String {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    let path = path.strip_prefix("api/v3/").unwrap_or(path);
    format!("/{path}")
}

/// What tells the operations at a URL apart: its path without the names of parameters, and the names in its query.
fn key(url: &str) -> (String, Vec<String>) {
    let path = path(url);
    let (path, query) = path.split_once('?').unwrap_or((&path, ""));
    let segments: Vec<_> = path.split('/').map(|it| if it.starts_with('{') { "{}" } else { it }).collect();
    let mut names: Vec<_> = query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect();
    names.sort();
    (segments.join("/"), names)
}
