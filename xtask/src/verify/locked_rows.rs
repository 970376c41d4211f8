//! Rows that the document leaves out, for a reason in the ledger: only the lock can tell that one of them changed.

use std::collections::BTreeSet;

use super::{Finding, Pair, Verifier, compare::Comparison, document, identify, ledger};
use crate::pages::{self, Part};

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
    /// Compares the rows that the document leaves out with what they said when they were last read.
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
