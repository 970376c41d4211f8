//! What the pages claimed when they were last read, beside the document and beside what they claim now.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    compare::{Comparison, Pair},
    document::{self, UrlParts},
    finding::Finding,
    identify, ledger,
    lock::{self, LockedExample},
    pages::{self, Part},
    verifier::Verifier,
};

/// What a row says of its member, apart from its name.
type Claim = (&'static str, fn(&pages::Member) -> Option<String>);

const CLAIMS: [Claim; 5] = [
    ("type", |row| row.type_.as_ref().map(ToString::to_string)),
    ("required", |row| row.required.map(|required| required.to_string())),
    ("enum-values", |row| {
        let values: BTreeSet<_> = row.values.iter().map(String::as_str).collect();
        (!values.is_empty()).then(|| values.into_iter().collect::<Vec<_>>().join(", "))
    }),
    ("default", |row| row.default.map(|default| default.to_string())),
    ("maximum", |row| row.maximum.map(|maximum| maximum.to_string())),
];

impl Verifier<'_> {
    /// Holds what the pages claimed when they were last read against the document.
    pub(super) fn compare_with_lock(
        &self,
        comparison: &mut Comparison<'_>,
        covered: &mut BTreeMap<String, Vec<String>>,
    ) {
        for page in &self.lock.pages {
            let name = if page.address.is_empty() { lock::PATH } else { &page.address };
            for on_page in &page.operations {
                let base = UrlParts::of(&on_page.url).base;
                let mut known = self.document.operations.iter();
                let operation = known.find(|it| it.method == on_page.method && identify::is_path_of(&on_page.url, it));
                match operation {
                    Some(operation) if self.wanted(operation) => {
                        let pages = covered.entry(operation.id.clone()).or_default();
                        // The same page may have been read in two formats.
                        if !pages.iter().any(|known| known == name) {
                            pages.push(name.to_owned());
                        }
                        let copied = page.format == pages::Format::Text;
                        comparison.operation(Pair { name, copied, page: on_page, operation });
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

    /// A URL that is not in the lock is a change, even where the document would take it for the same.
    pub(super) fn locked_url(&self, comparison: &mut Comparison<'_>, pair: Pair<'_>) {
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

    /// Compares the rows that the document leaves out, for a reason in the ledger, with what they said when they were last
    /// read: only the lock can tell that one of them changed.
    pub(super) fn locked_rows(&self, comparison: &mut Comparison<'_>, pair: Pair<'_>) {
        if self.options.update_lock {
            return;
        }
        for part in [Part::Path, Part::Query, Part::Headers, Part::Request, Part::Response] {
            let mut rows = Vec::new();
            if let Some(table) = pair.page.table(part) {
                collect(pair.page, table, pair.operation.members(part), "", &mut rows);
            }
            for (path, row) in rows {
                let before = self.lock.operations().filter(|(_, locked)| {
                    locked.method == pair.operation.method && identify::is_path_of(&locked.url, pair.operation)
                });
                let before: Vec<_> =
                    before.filter_map(|(_, locked)| ledger::member(locked, part, &path).flatten()).collect();
                for (kind, claim) in CLAIMS {
                    // Copied text loses the types of objects.
                    let says = |row: &pages::Member| kind != "type" || row.object.is_none() || row.type_.is_some();
                    let now = claim(row);
                    let before: Vec<_> = before.iter().filter(|row| says(row)).map(|row| claim(row)).collect();
                    if says(row) && !before.is_empty() && !before.contains(&now) {
                        comparison.findings.push(changed(pair, part, row, kind, now, before[0].clone()));
                    }
                }
            }
        }
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
            let pair = Pair { name, copied: false, page: &pages::Operation::default(), operation };
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

/// The rows that are no members of the document, each with its path.
fn collect<'p>(
    page: &'p pages::Operation,
    table: &'p pages::Table,
    members: &[document::Member],
    path: &str,
    rows: &mut Vec<(String, &'p pages::Member)>,
) {
    for row in &table.members {
        let path = format!("{path}{}", row.name);
        match members.iter().find(|member| member.name == row.name) {
            None => rows.push((path, row)),
            Some(member) => {
                if let Some(object) = row.object.as_deref().and_then(|object| page.object(table.part, object)) {
                    collect(page, object, &member.members, &format!("{path}."), rows);
                }
            }
        }
    }
}

fn changed(
    pair: Pair<'_>,
    part: Part,
    row: &pages::Member,
    kind: &str,
    now: Option<String>,
    before: Option<String>,
) -> Finding {
    Finding {
        kind: kind.to_owned(),
        page: Some(pair.name.to_owned()),
        line: Some(row.line),
        operation: Some(pair.operation.id.clone()),
        pointer: Some(pair.operation.part_pointer(part)),
        subject: row.name.clone(),
        message: format!(
            "`{}`, which the document leaves out: the page says {}, and {} when it was last read",
            row.name,
            now.as_deref().unwrap_or("nothing"),
            before.as_deref().unwrap_or("nothing")
        ),
        in_page: now,
        in_document: None,
        help: Some("see what openapi/contradictions.toml says of it, and write the lock anew".to_owned()),
    }
}
