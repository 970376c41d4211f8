//! Compares the claims of a page with the claims of the document, in both directions.

use std::collections::BTreeSet;

use crate::{
    document::{self, Document, UrlParts},
    examples::Schemas,
    finding::Finding,
    ledger::{Fact, Ledger, Place},
    pages::{self, PageType, Part, Table, paste},
};

pub(crate) struct Comparison<'a> {
    pub(crate) document: &'a Document,
    pub(crate) ledger: &'a Ledger,
    pub(crate) findings: Vec<Finding>,
    /// The number of compared claims.
    pub(crate) checked: usize,
    /// The number of differences that are explained in `contradictions.toml`.
    pub(crate) explained: usize,
    /// The entries of `contradictions.toml` that explained a difference.
    pub(super) used: BTreeSet<(usize, usize)>,
    /// The entries of `contradictions.toml` whose claim is on a page.
    pub(super) seen: BTreeSet<(usize, usize)>,
    pub(super) schemas: Schemas,
}

/// An operation on a page, and the matching operation of the document.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) name: &'a str,
    /// Whether the page was copied from a browser. Such text lacks the types of objects.
    pub(crate) copied: bool,
    pub(crate) page: &'a pages::Operation,
    pub(crate) operation: &'a document::Operation,
}

/// A row of a table on a page, and the matching member of the document.
pub(crate) struct Row<'a> {
    /// The name, after the names of the objects around it.
    pub(crate) path: String,
    pub(crate) row: &'a pages::Member,
    pub(crate) member: Option<&'a document::Member>,
}

impl<'a> Pair<'a> {
    /// Returns the rows of a part and of its objects. Skips the rows of objects that are not in the document.
    pub(crate) fn rows(self, part: Part) -> Vec<Row<'a>> {
        fn collect<'a>(
            page: &'a pages::Operation,
            table: &'a Table,
            members: &'a [document::Member],
            path: &str,
            rows: &mut Vec<Row<'a>>,
        ) {
            for row in &table.members {
                let path = format!("{path}{}", row.name);
                let member = members.iter().find(|member| member.name == row.name);
                let object = row.object.as_deref().and_then(|object| page.object(table.part, object));
                rows.push(Row { path: path.clone(), row, member });
                if let (Some(member), Some(object)) = (member, object) {
                    collect(page, object, &member.members, &format!("{path}."), rows);
                }
            }
        }
        let mut rows = Vec::new();
        if let Some(table) = self.page.table(part) {
            collect(self.page, table, self.operation.members(part), "", &mut rows);
        }
        rows
    }
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(document: &'a Document, ledger: &'a Ledger) -> Self {
        let (used, seen, schemas) = (BTreeSet::new(), BTreeSet::new(), Schemas::default());
        Self { document, ledger, findings: Vec::new(), checked: 0, explained: 0, used, seen, schemas }
    }

    /// Compares an operation on a page with the operation of the document.
    pub(crate) fn operation(&mut self, pair: Pair<'_>) {
        self.url(pair);
        self.scopes(pair);
        for part in Part::ALL {
            let members = pair.operation.members(part);
            let pointer = pair.operation.part_pointer(part);
            match pair.page.table(part) {
                Some(table) if !table.members.is_empty() => self.members(pair, table, "", members, &pointer),
                // Pages need not mention headers.
                None if part == Part::Headers => {}
                _ if members.is_empty() => {}
                Some(table) => {
                    self.could_not_check(pair, table.line, &pointer, part.name(), "the section has no table");
                }
                None => {
                    let line = pair.page.line;
                    self.could_not_check(pair, line, &pointer, part.name(), "the section is not on the page");
                }
            }
        }
        self.unplaced(pair);
        self.contradictions(pair);
    }

    fn url(&mut self, pair: Pair<'_>) {
        let Pair { page, operation, .. } = pair;
        self.checked += 2;
        if page.method != operation.method {
            let message =
                format!("the methods differ: {} on the page, {} in the document", page.method, operation.method);
            let finding = Finding::new("method", &page.method, message).at(&operation.pointer);
            let finding = finding.says(Some(&page.method), Some(&operation.method));
            self.add(pair, page.line, finding.help("if the vendor moved the operation, move it in the document"));
        }
        let (url, known) = (UrlParts::of(&page.url), format!("{}{}", self.document.server, operation.path));
        if url.base != known {
            let finding = Finding::new("url", &url.base, "the URLs differ");
            let finding = finding.at(&operation.pointer).says(Some(&page.url), Some(&known));
            self.add(pair, page.line, finding.help("if the vendor moved the operation, change `paths` or `servers`"));
        }
        for name in &url.query {
            self.checked += 1;
            if operation.query.iter().all(|parameter| parameter.name != *name)
                && !self.explain(pair, &Place::new(Part::Query, name), &Fact::Present(true))
            {
                let row = pages::Member { name: name.clone(), line: page.line, ..pages::Member::default() };
                self.added(pair, Part::Query, &row, &operation.part_pointer(Part::Query), "in the URL");
            }
        }
    }

    fn scopes(&mut self, pair: Pair<'_>) {
        let Pair { page, operation, .. } = pair;
        let pointer = format!("{}/x-required-scopes", operation.pointer);
        let Some(scopes) = &page.scopes else {
            let what = "the section of access scopes is not on the page";
            return self.could_not_check(pair, page.line, &pointer, "scopes", what);
        };
        // No required scope is also a claim.
        self.checked += usize::from(scopes.names.is_empty() && operation.scopes.is_empty());
        for (scope, line) in &scopes.names {
            self.checked += 1;
            if !operation.scopes.contains(scope) {
                let message = format!("the access scope `{scope}` is required by the page, but not by the document");
                let finding = Finding::new("scope-added", scope, message).at(&pointer).says(Some(scope), None);
                self.add(pair, *line, finding.help(format!("add `{scope}` to x-required-scopes of {}", operation.id)));
            }
        }
        for scope in operation.scopes.iter().filter(|scope| !scopes.names.contains_key(*scope)) {
            self.checked += 1;
            let line = scopes.names.values().next().copied().unwrap_or(scopes.line);
            let message = format!("the access scope `{scope}` is required by the document, but not by the page");
            let finding = Finding::new("scope-missing", scope, message).at(&pointer).says(None, Some(scope));
            self.add(pair, line, finding.help(format!("remove `{scope}` from x-required-scopes of {}", operation.id)));
        }
    }

    /// Compares the rows of a table with the members of the same object in the document.
    fn members(&mut self, pair: Pair<'_>, table: &Table, path: &str, members: &[document::Member], pointer: &str) {
        let part = table.part;
        for row in &table.members {
            self.checked += 1;
            let place = Place::new(part, &format!("{path}{}", row.name));
            match members.iter().find(|member| member.name == row.name) {
                Some(member) => self.member(pair, table, row, member, &place),
                None if self.explain(pair, &place, &Fact::Present(true)) => {}
                None => self.added(pair, part, row, pointer, "in the table"),
            }
        }
        for member in members.iter().filter(|member| table.members.iter().all(|row| row.name != member.name)) {
            self.checked += 1;
            let place = Place::new(part, &format!("{path}{}", member.name));
            if self.explain(pair, &place, &Fact::Present(false)) {
                continue;
            }
            let (name, kind) = (&member.name, part.member());
            let message = format!("the {kind} `{name}` is in the document, but not on the page");
            let finding = Finding::new(format!("{}-missing", kind.replace(' ', "-")), name, message);
            let finding = finding.at(&member.pointer).says(None, Some(&member.type_.to_string())).help(
                "if the vendor removed it, remove it from the document; if another source has it, add it to \
                 openapi/contradictions.toml",
            );
            self.add(pair, table.line, finding);
        }
    }

    fn member(&mut self, pair: Pair<'_>, table: &Table, row: &pages::Member, member: &document::Member, place: &Place) {
        self.type_(pair, row, member, place);
        self.values(pair, row, member, place);
        self.limits(pair, table.part, row, member, place);
        if let Some(required) = row.required.or(table.required) {
            self.checked += 1;
            if required != member.required && !self.explain(pair, place, &Fact::Required(required)) {
                let word = |required| if required { "required" } else { "optional" };
                self.differs(pair, "required", row, member, [word(required), word(member.required)]);
            }
        }
        // A member that can be any JSON has no members to compare.
        if member.type_ == PageType::Json {
            return;
        }
        let object = row.object.as_deref().and_then(|object| pair.page.object(table.part, object));
        match object {
            Some(object) if !object.members.is_empty() => {
                self.members(pair, object, &format!("{}.", place.path), &member.members, &member.pointer);
            }
            _ if !member.members.is_empty() => {
                let line = object.map_or(row.line, |object| object.line);
                let what = format!("the table of the fields of `{}` is not on the page", row.name);
                self.could_not_check(pair, line, &member.pointer, &row.name, &what);
            }
            _ => {}
        }
    }

    fn type_(&mut self, pair: Pair<'_>, row: &pages::Member, member: &document::Member, place: &Place) {
        let Some(type_) = &row.type_ else {
            // Copied text lacks the types of objects, but has their tables. A missing table is reported elsewhere.
            let lost = pair.copied && (row.object.is_some() || !member.members.is_empty());
            if !lost {
                self.checked += 1;
                self.differs(pair, "type", row, member, ["no type", &member.type_.to_string()]);
            }
            return;
        };
        self.checked += 1;
        let agrees = match (&member.type_, place.part) {
            // The format of a header starts with the scheme in the document.
            (PageType::Other(scheme), Some(Part::Headers)) => {
                type_.to_string().to_lowercase().starts_with(&scheme.to_lowercase())
            }
            (known, _) => type_.agrees_with(known),
        };
        if !agrees && !self.explain_type(pair, place, type_, &member.type_) {
            self.differs(pair, "type", row, member, [&type_.to_string(), &member.type_.to_string()]);
        }
    }

    fn values(&mut self, pair: Pair<'_>, row: &pages::Member, member: &document::Member, place: &Place) {
        // If the type on the page is not string, its values cannot be read. The difference of the types is reported already.
        if row.type_.as_ref().is_some_and(|type_| *type_ != PageType::String) {
            return;
        }
        let name = &row.name;
        for value in &row.values {
            self.checked += 1;
            if member.values.contains(value) || self.explain(pair, place, &Fact::Value(value.clone())) {
                continue;
            }
            let message = format!("the value `{value}` of `{name}` is on the page, but not in the document");
            let finding = Finding::new("enum-value-added", value, message).at(&member.values_pointer);
            let help = format!("add `{value}` to the enum, with a description");
            self.add(pair, row.line, finding.says(Some(value), None).help(help));
        }
        for value in member.values.iter().filter(|value| !row.values.contains(value)) {
            self.checked += 1;
            let message = format!("the value `{value}` of `{name}` is in the document, but not on the page");
            let finding = Finding::new("enum-value-missing", value, message).at(&member.values_pointer);
            let help = format!("if the vendor removed it, remove `{value}` from the enum");
            self.add(pair, row.line, finding.says(None, Some(value)).help(help));
        }
    }

    fn limits(&mut self, pair: Pair<'_>, part: Part, row: &pages::Member, member: &document::Member, place: &Place) {
        // A response field with the name of a parameter repeats the value of the parameter.
        let echoed = (part == Part::Response && !place.path.contains('.'))
            .then(|| pair.operation.query.iter().find(|parameter| parameter.name == member.name))
            .flatten();
        let known = echoed.unwrap_or(member);
        for (kind, in_page, in_document, fact) in [
            ("default", row.default, known.default, Fact::Default as fn(i64) -> Fact),
            ("maximum", row.maximum, known.maximum, Fact::Maximum as fn(i64) -> Fact),
        ] {
            let sourced =
                in_page.is_none() && (echoed.is_some() || known.sourced.iter().any(|claim| claim.ends_with(kind)));
            if in_page == in_document || sourced || (part == Part::Request && in_page.is_none()) {
                self.checked += usize::from(in_page.is_some());
                continue;
            }
            self.checked += 1;
            if in_page.is_some_and(|value| self.explain(pair, place, &fact(value))) {
                continue;
            }
            let shown = |value: Option<i64>| value.map_or_else(|| "none".to_owned(), |value| value.to_string());
            self.differs(pair, kind, row, known, [&shown(in_page), &shown(in_document)]);
        }
    }

    /// Reports tables whose heading is not the name of a field.
    fn unplaced(&mut self, pair: Pair<'_>) {
        for table in pair.page.tables.iter().filter(|table| !table.object.is_empty()) {
            let of_part = pair.page.tables.iter().filter(|other| other.part == table.part);
            let mut rows = of_part.flat_map(|other| &other.members);
            if rows.all(|row| row.object.as_deref() != Some(&table.object)) {
                let what = format!("the table under the heading `{}` does not belong to a field", table.object);
                let pointer = pair.operation.part_pointer(table.part);
                self.could_not_check(pair, table.line, &pointer, &table.object, &what);
            }
        }
    }

    fn added(&mut self, pair: Pair<'_>, part: Part, row: &pages::Member, pointer: &str, place: &str) {
        let (name, kind) = (&row.name, part.member());
        let message = format!("the {kind} `{name}` is on the page ({place}), but not in the document");
        let finding = Finding::new(format!("{}-added", kind.replace(' ', "-")), name, message);
        let paste = paste::member(part, name, row.type_.as_ref(), &row.values);
        let help = format!("add to the document at {pointer}:\n{paste}");
        self.add(pair, row.line, finding.at(pointer).says(Some(name), None).help(help));
    }

    fn differs(
        &mut self,
        pair: Pair<'_>,
        kind: &str,
        row: &pages::Member,
        member: &document::Member,
        [in_page, in_document]: [&str; 2],
    ) {
        let message = format!("`{}` differs: {in_page} on the page, {in_document} in the document", row.name);
        let finding = Finding::new(kind, &row.name, message).at(&member.pointer);
        let help = "change the document; if another source is right, add an entry to openapi/contradictions.toml";
        self.add(pair, row.line, finding.says(Some(in_page), Some(in_document)).help(help));
    }

    fn could_not_check(&mut self, pair: Pair<'_>, line: usize, pointer: &str, subject: &str, what: &str) {
        let help = "download the page again; if it is complete, extend the reader in xtask/verify/src/pages";
        self.add(pair, line, Finding::could_not_check(subject, what).at(pointer).help(help));
    }

    pub(super) fn add(&mut self, pair: Pair<'_>, line: usize, finding: Finding) {
        self.findings.push(finding.on(pair.name, line).of(pair.operation));
    }
}
