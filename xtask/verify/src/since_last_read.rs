//! Compares the lock with the document, and the current pages with the lock.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    compare::{Comparison, Pair, Row},
    document::{self, UrlParts},
    finding::Finding,
    identify, ledger,
    lock::{self, LockedExample},
    pages::{self, Part},
    verifier::Verifier,
};

/// A fact about the member of a row.
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
    /// Compares the claims in the lock with the document.
    pub(super) fn compare_with_lock(
        &self,
        comparison: &mut Comparison<'_>,
        covered: &mut BTreeMap<String, Vec<String>>,
    ) {
        for page in &self.lock.pages {
            let name = if page.address.is_empty() { lock::PATH } else { &page.address };
            for on_page in &page.operations {
                match self.document.operations.iter().find(|it| identify::is_at_path(on_page, it)) {
                    Some(operation) if self.wanted(operation) => {
                        let pages = covered.entry(operation.id.clone()).or_default();
                        // The lock can contain a page in two formats.
                        if !pages.iter().any(|known| known == name) {
                            pages.push(name.to_owned());
                        }
                        let copied = page.format == pages::Format::Text;
                        comparison.operation(Pair { name, copied, page: on_page, operation });
                    }
                    Some(_) => {}
                    None => {
                        let (method, url) = (&on_page.method, &on_page.url);
                        let message = "the operation of the page is not in the document";
                        let subject = format!("{method} {}", UrlParts::of(url).base);
                        let finding = Finding::new("operation-added", subject, message).on(name, on_page.line);
                        let finding = finding.at("/paths").says(Some(&format!("{method} {url}")), None);
                        comparison.findings.push(finding.help("add it to `paths`, or update the lock"));
                    }
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

    /// Reports a URL that has changed since the lock was written, even if the document matches it.
    pub(super) fn locked_url(&self, comparison: &mut Comparison<'_>, pair: Pair<'_>) {
        let locked: Vec<_> = identify::locked(&self.lock, pair.operation).map(|locked| &locked.url).collect();
        let told = comparison.findings.iter().any(|finding| {
            finding.kind == "url" && finding.page.as_deref() == Some(pair.name) && finding.line == Some(pair.page.line)
        });
        if locked.is_empty() || locked.contains(&&pair.page.url) || told || self.options.update_lock {
            return;
        }
        let message = "the URL has changed since the lock was written";
        let finding = Finding::new("url", UrlParts::of(&pair.page.url).base, message).at(&pair.operation.pointer);
        let finding = finding.says(Some(&pair.page.url), Some(locked[0]));
        let help = "if the operation moved, change the document; then update the lock";
        comparison.add(pair, pair.page.line, finding.help(help));
    }

    /// Compares rows that are not in the document with the lock. `contradictions.toml` has the reasons why they are not in the
    /// document, so only the lock shows their changes.
    pub(super) fn locked_rows(&self, comparison: &mut Comparison<'_>, pair: Pair<'_>) {
        if self.options.update_lock {
            return;
        }
        for part in Part::ALL {
            for Row { path, row, .. } in pair.rows(part).into_iter().filter(|row| row.member.is_none()) {
                let before = identify::locked(&self.lock, pair.operation);
                let before: Vec<_> =
                    before.filter_map(|locked| ledger::member(locked, part, &path).flatten()).collect();
                for (kind, claim) in CLAIMS {
                    // Copied text lacks the types of objects.
                    let says = |row: &pages::Member| kind != "type" || row.object.is_none() || row.type_.is_some();
                    let now = claim(row);
                    let before: Vec<_> = before.iter().filter(|row| says(row)).map(|row| claim(row)).collect();
                    if says(row) && !before.is_empty() && !before.contains(&now) {
                        let (name, nothing) = (&row.name, "nothing");
                        let message = format!(
                            "`{name}`, which is not in the document, has changed: {} on the page, {} in the lock",
                            now.as_deref().unwrap_or(nothing),
                            before[0].as_deref().unwrap_or(nothing)
                        );
                        let finding = Finding::new(kind, name, message).at(pair.operation.part_pointer(part));
                        let help = "check its entry in openapi/contradictions.toml, and update the lock";
                        comparison.add(pair, row.line, finding.says(now.as_deref(), None).help(help));
                    }
                }
            }
        }
    }
}

impl Comparison<'_> {
    /// Compares the fields of an example in the lock with the document.
    fn locked_example(&mut self, name: &str, example: &LockedExample, operation: &document::Operation) {
        let body = match example.part {
            Part::Request => &operation.request,
            _ => &operation.response,
        };
        let Some(body) = body else { return };
        for path in &example.members {
            self.checked += 1;
            let place = ledger::Place::new(example.part, path);
            let pair = Pair { name, copied: false, page: &pages::Operation::default(), operation };
            if knows(&body.members, path) || self.explain(pair, &place, &ledger::Fact::Present(true)) {
                continue;
            }
            let message = format!("the field `{path}` is in an example of the page, but not in the document");
            let finding = Finding::new("example", place.name(), message).at(&body.pointer).says(Some(path), None);
            self.add(pair, example.line, finding.help("if the example is right, change the document"));
        }
    }
}

/// Returns whether the document has the field at a path. A member that can be any JSON has all fields.
fn knows(members: &[document::Member], path: &str) -> bool {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let member = members.iter().find(|member| member.name == name);
    member.is_some_and(|it| it.members.is_empty() || rest.is_none_or(|rest| knows(&it.members, rest)))
}
