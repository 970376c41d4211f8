//! The claims of a page beside those of the document, in both directions.

use std::collections::BTreeSet;

use crate::{
    document::{self, Document, UrlParts},
    finding::{COULD_NOT_CHECK, Finding},
    ledger::{Fact, Ledger, Place},
    pages::{self, PageType, Part, Table, paste},
};

/// What is compared so far.
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
}

/// An operation on a page, and the one of the document that it is.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    /// The page's name for reports.
    pub(crate) name: &'a str,
    /// Whether it was copied from a browser, which loses the types of objects.
    pub(crate) copied: bool,
    pub(crate) page: &'a pages::Operation,
    pub(crate) operation: &'a document::Operation,
}

/// What a finding is about.
pub(super) struct About<'a> {
    pub(super) kind: String,
    pub(super) line: usize,
    pub(super) pointer: &'a str,
    pub(super) subject: &'a str,
    pub(super) in_page: Option<String>,
    pub(super) in_document: Option<String>,
    pub(super) message: String,
    pub(super) help: String,
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(document: &'a Document, ledger: &'a Ledger) -> Self {
        Self {
            document,
            ledger,
            findings: Vec::new(),
            checked: 0,
            explained: 0,
            used: BTreeSet::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Compares what a page says of an operation with what the document says of it.
    pub(crate) fn operation(&mut self, pair: Pair<'_>) {
        self.url(pair);
        self.scopes(pair);
        for part in [Part::Path, Part::Query, Part::Headers, Part::Request, Part::Response] {
            let members = pair.operation.members(part);
            match pair.page.table(part) {
                Some(table) if !table.members.is_empty() => {
                    self.members(pair, table, "", members, &pair.operation.part_pointer(part));
                }
                // No page has to speak of headers.
                None if part == Part::Headers => {}
                table if !members.is_empty() => {
                    let line = table.map_or(pair.page.line, |table| table.line);
                    let what = match table {
                        Some(_) => "the section has no table any more",
                        None => "the section is not on the page",
                    };
                    self.could_not_check(pair, line, &pair.operation.part_pointer(part), part.name(), what);
                }
                _ => {}
            }
        }
        self.unplaced(pair);
        self.contradictions(pair);
    }

    fn url(&mut self, pair: Pair<'_>) {
        let Pair { page, operation, .. } = pair;
        self.checked += 2;
        if page.method != operation.method {
            self.add(
                pair,
                About {
                    kind: "method".to_owned(),
                    line: page.line,
                    pointer: &operation.pointer,
                    subject: &page.method,
                    in_page: Some(page.method.clone()),
                    in_document: Some(operation.method.clone()),
                    message: format!("the page has the method {}, the document {}", page.method, operation.method),
                    help: "when the vendor moved the operation, move it in the document".to_owned(),
                },
            );
        }
        let (url, known) = (UrlParts::of(&page.url), format!("{}{}", self.document.server, operation.path));
        if url.base != known {
            self.add(
                pair,
                About {
                    kind: "url".to_owned(),
                    line: page.line,
                    pointer: &operation.pointer,
                    subject: &url.base,
                    in_page: Some(page.url.clone()),
                    in_document: Some(known),
                    message: "the page has another URL than the document".to_owned(),
                    help: "when the vendor moved the operation, change `paths` or `servers`".to_owned(),
                },
            );
        }
        for name in &url.query {
            self.checked += 1;
            let place = Place::new(Part::Query, name);
            if operation.query.iter().all(|parameter| parameter.name != *name)
                && !self.explain(pair, &place, &Fact::Present(true))
            {
                let pointer = operation.part_pointer(Part::Query);
                self.added(
                    pair,
                    page.line,
                    &pointer,
                    name,
                    Part::Query,
                    "in the URL",
                    paste::member(Part::Query, name, None, &[]),
                );
            }
        }
    }

    fn scopes(&mut self, pair: Pair<'_>) {
        let Pair { page, operation, .. } = pair;
        let pointer = format!("{}/x-required-scopes", operation.pointer);
        let Some(scopes) = &page.scopes else {
            self.could_not_check(
                pair,
                page.line,
                &pointer,
                "scopes",
                "the section of the access scopes is not on the page",
            );
            return;
        };
        // An operation that needs none is a claim too.
        self.checked += usize::from(scopes.names.is_empty() && operation.scopes.is_empty());
        for (scope, line) in &scopes.names {
            self.checked += 1;
            if !operation.scopes.contains(scope) {
                self.add(
                    pair,
                    About {
                        kind: "scope-added".to_owned(),
                        line: *line,
                        pointer: &pointer,
                        subject: scope,
                        in_page: Some(scope.clone()),
                        in_document: None,
                        message: format!("the page requires the access scope `{scope}`, the document does not"),
                        help: format!("add `{scope}` to x-required-scopes of {}", operation.id),
                    },
                );
            }
        }
        for scope in &operation.scopes {
            if !scopes.names.contains_key(scope) {
                self.checked += 1;
                let line = scopes.names.values().next().copied().unwrap_or(scopes.line);
                self.add(
                    pair,
                    About {
                        kind: "scope-missing".to_owned(),
                        line,
                        pointer: &pointer,
                        subject: scope,
                        in_page: None,
                        in_document: Some(scope.clone()),
                        message: format!("the document requires the access scope `{scope}`, the page does not"),
                        help: format!("take `{scope}` out of x-required-scopes of {}", operation.id),
                    },
                );
            }
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
                None => {
                    let paste = paste::member(part, &row.name, row.type_.as_ref(), &row.values);
                    self.added(pair, row.line, pointer, &row.name, part, "in the table", paste);
                }
            }
        }
        for member in members.iter().filter(|member| table.members.iter().all(|row| row.name != member.name)) {
            self.checked += 1;
            let place = Place::new(part, &format!("{path}{}", member.name));
            if self.explain(pair, &place, &Fact::Present(false)) {
                continue;
            }
            self.add(
                pair,
                About {
                    kind: format!("{}-missing", part.member().replace(' ', "-")),
                    line: table.line,
                    pointer: &member.pointer,
                    subject: &member.name,
                    in_page: None,
                    in_document: Some(member.type_.to_string()),
                    message: format!("the document has the {} `{}`, the page does not", part.member(), member.name),
                    help: "when the vendor took it back, take it out of the document; when another source has it, say so in \
                           openapi/contradictions.toml"
                        .to_owned(),
                },
            );
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
                self.differs(
                    pair,
                    "required",
                    row,
                    member,
                    word(required).to_owned(),
                    word(member.required).to_owned(),
                );
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
                self.could_not_check(
                    pair,
                    line,
                    &member.pointer,
                    &row.name,
                    &format!("the table of the fields of `{}` is not on the page", row.name),
                );
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
                self.differs(pair, "type", row, member, "no type".to_owned(), member.type_.to_string());
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
            self.differs(pair, "type", row, member, type_.to_string(), member.type_.to_string());
        }
    }

    fn values(&mut self, pair: Pair<'_>, row: &pages::Member, member: &document::Member, place: &Place) {
        // What is no string on the page has lost its values with its type, which is said already.
        if row.type_.as_ref().is_some_and(|type_| *type_ != PageType::String) {
            return;
        }
        for value in &row.values {
            self.checked += 1;
            if member.values.contains(value) || self.explain(pair, place, &Fact::Value(value.clone())) {
                continue;
            }
            self.add(
                pair,
                About {
                    kind: "enum-value-added".to_owned(),
                    line: row.line,
                    pointer: &member.values_pointer,
                    subject: value,
                    in_page: Some(value.clone()),
                    in_document: None,
                    message: format!("`{}` can be `{value}` on the page, not in the document", row.name),
                    help: format!("add `{value}` to the enum, with its description"),
                },
            );
        }
        for value in member.values.iter().filter(|value| !row.values.contains(value)) {
            self.checked += 1;
            self.add(
                pair,
                About {
                    kind: "enum-value-missing".to_owned(),
                    line: row.line,
                    pointer: &member.values_pointer,
                    subject: value,
                    in_page: None,
                    in_document: Some(value.clone()),
                    message: format!("`{}` can be `{value}` in the document, not on the page", row.name),
                    help: format!("when the vendor took it back, take `{value}` out of the enum"),
                },
            );
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
            self.differs(pair, kind, row, known, shown(in_page), shown(in_document));
        }
    }

    /// Tables under a heading that no row names.
    fn unplaced(&mut self, pair: Pair<'_>) {
        for table in pair.page.tables.iter().filter(|table| !table.object.is_empty()) {
            let of_part = pair.page.tables.iter().filter(|other| other.part == table.part);
            let mut rows = of_part.flat_map(|other| &other.members);
            if rows.all(|row| row.object.as_deref() != Some(&table.object)) {
                self.could_not_check(
                    pair,
                    table.line,
                    &pair.operation.part_pointer(table.part),
                    &table.object,
                    &format!("the table under the heading `{}` belongs to no field", table.object),
                );
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn added(
        &mut self,
        pair: Pair<'_>,
        line: usize,
        pointer: &str,
        name: &str,
        part: Part,
        place: &str,
        paste: String,
    ) {
        self.add(
            pair,
            About {
                kind: format!("{}-added", part.member().replace(' ', "-")),
                line,
                pointer,
                subject: name,
                in_page: Some(name.to_owned()),
                in_document: None,
                message: format!("the page has the {} `{name}` {place}, the document does not", part.member()),
                help: format!("add to the document at {pointer}:\n{paste}"),
            },
        );
    }

    fn differs(
        &mut self,
        pair: Pair<'_>,
        kind: &str,
        row: &pages::Member,
        member: &document::Member,
        in_page: String,
        in_document: String,
    ) {
        self.add(
            pair,
            About {
                kind: kind.to_owned(),
                line: row.line,
                pointer: &member.pointer,
                subject: &row.name,
                message: format!("`{}`: the page says {in_page}, the document {in_document}", row.name),
                in_page: Some(in_page),
                in_document: Some(in_document),
                help: "change the document; when another source is right, say so in openapi/contradictions.toml"
                    .to_owned(),
            },
        );
    }

    pub(crate) fn could_not_check(&mut self, pair: Pair<'_>, line: usize, pointer: &str, subject: &str, what: &str) {
        self.add(
            pair,
            About {
                kind: COULD_NOT_CHECK.to_owned(),
                line,
                pointer,
                subject,
                in_page: None,
                in_document: None,
                message: what.to_owned(),
                help: "read the page anew; when it is right as it is, the reader in xtask/verify/src/pages needs to learn it"
                    .to_owned(),
            },
        );
    }

    pub(super) fn add(&mut self, pair: Pair<'_>, about: About<'_>) {
        let About { kind, line, pointer, subject, in_page, in_document, message, help } = about;
        self.findings.push(Finding {
            kind,
            page: Some(pair.name.to_owned()),
            line: Some(line),
            operation: Some(pair.operation.id.clone()),
            pointer: Some(pointer.to_owned()),
            subject: subject.to_owned(),
            in_page,
            in_document,
            message,
            help: Some(help),
        });
    }
}
