//! The claims of a page beside those of the document, in both directions.

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
    /// How many claims were looked at.
    pub(crate) checked: usize,
    /// How many of them the document contradicts for a reason that is in the ledger.
    pub(crate) explained: usize,
    /// The ledger's claims that explained something.
    pub(super) used: BTreeSet<(usize, usize)>,
    /// The ledger's claims that some page makes.
    pub(super) seen: BTreeSet<(usize, usize)>,
    pub(super) schemas: Schemas,
}

/// An operation on a page, and the one of the document that it is.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) name: &'a str,
    /// Whether it was copied from a browser, which loses the types of objects.
    pub(crate) copied: bool,
    pub(crate) page: &'a pages::Operation,
    pub(crate) operation: &'a document::Operation,
}

/// A row of a page's tables, and the member of the document that it is.
pub(crate) struct Row<'a> {
    /// The name, behind those of the objects around it.
    pub(crate) path: String,
    pub(crate) row: &'a pages::Member,
    pub(crate) member: Option<&'a document::Member>,
}

impl<'a> Pair<'a> {
    /// The rows of a part, and of the objects in it that the document has too.
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

    /// Compares what a page says of an operation with what the document says of it.
    pub(crate) fn operation(&mut self, pair: Pair<'_>) {
        self.url(pair);
        self.scopes(pair);
        for part in Part::ALL {
            let members = pair.operation.members(part);
            let pointer = pair.operation.part_pointer(part);
            match pair.page.table(part) {
                Some(table) if !table.members.is_empty() => self.members(pair, table, "", members, &pointer),
                // No page has to speak of headers.
                None if part == Part::Headers => {}
                _ if members.is_empty() => {}
                Some(table) => {
                    self.could_not_check(pair, table.line, &pointer, part.name(), "the section has no table any more");
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
            let message = format!("the page has the method {}, the document {}", page.method, operation.method);
            let finding = Finding::new("method", &page.method, message).at(&operation.pointer);
            let finding = finding.says(Some(&page.method), Some(&operation.method));
            self.add(pair, page.line, finding.help("when the vendor moved the operation, move it in the document"));
        }
        let (url, known) = (UrlParts::of(&page.url), format!("{}{}", self.document.server, operation.path));
        if url.base != known {
            let finding = Finding::new("url", &url.base, "the page has another URL than the document");
            let finding = finding.at(&operation.pointer).says(Some(&page.url), Some(&known));
            self.add(pair, page.line, finding.help("when the vendor moved the operation, change `paths` or `servers`"));
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
            let what = "the section of the access scopes is not on the page";
            return self.could_not_check(pair, page.line, &pointer, "scopes", what);
        };
        // An operation that needs none is a claim too.
        self.checked += usize::from(scopes.names.is_empty() && operation.scopes.is_empty());
        for (scope, line) in &scopes.names {
            self.checked += 1;
            if !operation.scopes.contains(scope) {
                let message = format!("the page requires the access scope `{scope}`, the document does not");
                let finding = Finding::new("scope-added", scope, message).at(&pointer).says(Some(scope), None);
                self.add(pair, *line, finding.help(format!("add `{scope}` to x-required-scopes of {}", operation.id)));
            }
        }
        for scope in operation.scopes.iter().filter(|scope| !scopes.names.contains_key(*scope)) {
            self.checked += 1;
            let line = scopes.names.values().next().copied().unwrap_or(scopes.line);
            let message = format!("the document requires the access scope `{scope}`, the page does not");
            let finding = Finding::new("scope-missing", scope, message).at(&pointer).says(None, Some(scope));
            self.add(pair, line, finding.help(format!("take `{scope}` out of x-required-scopes of {}", operation.id)));
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
            let message = format!("the document has the {kind} `{name}`, the page does not");
            let finding = Finding::new(format!("{}-missing", kind.replace(' ', "-")), name, message);
            let finding = finding.at(&member.pointer).says(None, Some(&member.type_.to_string())).help(
                "when the vendor took it back, take it out of the document; when another source has it, say so in \
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
        // What may be any JSON has no members to compare.
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
            // Their tables show what the objects are whose types are lost; a table that is gone is told of.
            let lost = pair.copied && (row.object.is_some() || !member.members.is_empty());
            if !lost {
                self.checked += 1;
                self.differs(pair, "type", row, member, ["no type", &member.type_.to_string()]);
            }
            return;
        };
        self.checked += 1;
        let agrees = match (&member.type_, place.part) {
            // A header's format begins with the scheme that the document names.
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
        // What is no string on the page has lost its values with its type, which is said already.
        if row.type_.as_ref().is_some_and(|type_| *type_ != PageType::String) {
            return;
        }
        let name = &row.name;
        for value in &row.values {
            self.checked += 1;
            if member.values.contains(value) || self.explain(pair, place, &Fact::Value(value.clone())) {
                continue;
            }
            let message = format!("`{name}` can be `{value}` on the page, not in the document");
            let finding = Finding::new("enum-value-added", value, message).at(&member.values_pointer);
            let help = format!("add `{value}` to the enum, with its description");
            self.add(pair, row.line, finding.says(Some(value), None).help(help));
        }
        for value in member.values.iter().filter(|value| !row.values.contains(value)) {
            self.checked += 1;
            let message = format!("`{name}` can be `{value}` in the document, not on the page");
            let finding = Finding::new("enum-value-missing", value, message).at(&member.values_pointer);
            let help = format!("when the vendor took it back, take `{value}` out of the enum");
            self.add(pair, row.line, finding.says(None, Some(value)).help(help));
        }
    }

    fn limits(&mut self, pair: Pair<'_>, part: Part, row: &pages::Member, member: &document::Member, place: &Place) {
        // A field of an answer that is called like a parameter tells what was sent in it.
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

    /// Tables under a heading that no row names.
    fn unplaced(&mut self, pair: Pair<'_>) {
        for table in pair.page.tables.iter().filter(|table| !table.object.is_empty()) {
            let of_part = pair.page.tables.iter().filter(|other| other.part == table.part);
            let mut rows = of_part.flat_map(|other| &other.members);
            if rows.all(|row| row.object.as_deref() != Some(&table.object)) {
                let what = format!("the table under the heading `{}` belongs to no field", table.object);
                let pointer = pair.operation.part_pointer(table.part);
                self.could_not_check(pair, table.line, &pointer, &table.object, &what);
            }
        }
    }

    fn added(&mut self, pair: Pair<'_>, part: Part, row: &pages::Member, pointer: &str, place: &str) {
        let (name, kind) = (&row.name, part.member());
        let message = format!("the page has the {kind} `{name}` {place}, the document does not");
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
        let message = format!("`{}`: the page says {in_page}, the document {in_document}", row.name);
        let finding = Finding::new(kind, &row.name, message).at(&member.pointer);
        let help = "change the document; when another source is right, say so in openapi/contradictions.toml";
        self.add(pair, row.line, finding.says(Some(in_page), Some(in_document)).help(help));
    }

    fn could_not_check(&mut self, pair: Pair<'_>, line: usize, pointer: &str, subject: &str, what: &str) {
        let help =
            "read the page anew; when it is right as it is, the reader in xtask/verify/src/pages needs to learn it";
        self.add(pair, line, Finding::could_not_check(subject, what).at(pointer).help(help));
    }

    pub(super) fn add(&mut self, pair: Pair<'_>, line: usize, finding: Finding) {
        self.findings.push(finding.on(pair.name, line).of(pair.operation));
    }
}
