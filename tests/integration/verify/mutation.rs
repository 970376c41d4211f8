//! The changes of single claims: which changes there are, the expected findings, and the facts after the change.

use xtask_verify::pages::{Member, Operation, PageType, Part, Table};

/// The name of added members, which is on no page.
pub(super) const ADDED: &str = "maxUses";
/// The added value of enums.
pub(super) const ADDED_VALUE: &str = "SCHEDULED";
/// The added scope.
pub(super) const ADDED_SCOPE: &str = "read_orders";

/// A change of one claim.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Method(&'static str),
    Url(String),
    ScopeRenamed(String),
    ScopeRemoved(String),
    ScopeAdded,
    /// Whether all members of a table are required.
    AllRequired(usize),
    /// A row at the end of a table.
    RowAdded(usize),
    /// A change of a row, with the indexes of the table and the row.
    Row(usize, usize, RowChange),
}

/// A change of a row.
#[derive(Clone, Debug)]
pub(super) enum RowChange {
    Renamed,
    Removed,
    Type(&'static str),
    Untyped,
    ValueRenamed(usize),
    ValueRemoved(usize),
    ValueAdded,
    /// The default and the maximum.
    Limits(Option<i64>, Option<i64>),
    Required,
}

/// The expected place of a finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    Operation,
    /// The heading of the scopes.
    Scopes,
    /// The line with the scopes, or their heading if there are none.
    Scope,
    /// A table, or the table of the part around it.
    Table(usize),
    /// A table without rows, or the row that it describes.
    Empty(usize),
    Row(usize, usize),
    /// The added row of a table.
    AddedRow(usize),
}

/// An expected finding.
#[derive(Debug)]
pub(super) struct Expected {
    /// The accepted kinds.
    pub(super) kinds: Vec<String>,
    pub(super) subject: String,
    pub(super) place: Place,
}

impl Change {
    /// Returns all changes of an operation on a page.
    pub(super) fn all(operation: &Operation) -> Vec<Self> {
        let mut all: Vec<_> = ["GET", "POST", "PUT", "DELETE", "PATCH"]
            .into_iter()
            .filter(|method| *method != operation.method)
            .map(Self::Method)
            .collect();
        all.extend(urls(&operation.url).into_iter().map(Self::Url));
        let scopes = operation.scopes.as_ref().unwrap();
        all.extend(scopes.names.keys().cloned().map(Self::ScopeRenamed));
        all.extend(scopes.names.keys().cloned().map(Self::ScopeRemoved));
        all.push(Self::ScopeAdded);
        for (at, table) in operation.tables.iter().enumerate() {
            all.extend(table.required.map(|_| Self::AllRequired(at)));
            all.push(Self::RowAdded(at));
            for (row, member) in table.members.iter().enumerate() {
                all.extend(row_changes(table, member).into_iter().map(|change| Self::Row(at, row, change)));
            }
        }
        all
    }

    /// Returns the kind of the change for the table of counts.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Method(_) => "method",
            Self::Url(_) => "URL",
            Self::ScopeRenamed(_) => "scope renamed",
            Self::ScopeRemoved(_) => "scope removed",
            Self::ScopeAdded => "scope added",
            Self::AllRequired(_) => "required of a table flipped",
            Self::RowAdded(_) => "row added",
            Self::Row(_, _, change) => match change {
                RowChange::Renamed => "row renamed",
                RowChange::Removed => "row removed",
                RowChange::Type(to) if PageType::from(*to) == PageType::Other((*to).to_owned()) => "type unknown",
                RowChange::Type(_) => "type changed",
                RowChange::Untyped => "type removed",
                RowChange::ValueRenamed(_) => "value renamed",
                RowChange::ValueRemoved(_) => "value removed",
                RowChange::ValueAdded => "value added",
                RowChange::Limits(..) => "default or maximum",
                RowChange::Required => "required of a row flipped",
            },
        }
    }

    /// Returns the expected findings.
    pub(super) fn expected(&self, operation: &Operation) -> Vec<Expected> {
        let mut all = Vec::new();
        let mut expect = |kinds: &[&str], subject: &str, place| {
            let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
            all.push(Expected { kinds, subject: subject.to_owned(), place });
        };
        match self {
            Self::Method(to) => expect(&["method"], to, Place::Operation),
            Self::Url(to) => match to.strip_suffix(&format!("{ADDED}={{{ADDED}}}")) {
                Some(_) => expect(&["query-parameter-added"], ADDED, Place::Operation),
                None => expect(&["url"], to.split('?').next().unwrap(), Place::Operation),
            },
            Self::ScopeRenamed(from) => {
                expect(&["scope-added"], &renamed_scope(from), Place::Scope);
                expect(&["scope-missing"], from, Place::Scope);
            }
            Self::ScopeRemoved(name) => expect(&["scope-missing"], name, Place::Scopes),
            Self::ScopeAdded => expect(&["scope-added"], ADDED_SCOPE, Place::Scope),
            Self::AllRequired(at) => {
                for (row, member) in operation.tables[*at].members.iter().enumerate() {
                    if member.required.is_none() {
                        expect(&["required"], &member.name, Place::Row(*at, row));
                    }
                }
            }
            Self::RowAdded(at) => {
                expect(&[&format!("{}-added", member_of(operation.tables[*at].part))], ADDED, Place::AddedRow(*at));
            }
            Self::Row(at, row, change) => {
                let (table, member) = (&operation.tables[*at], &operation.tables[*at].members[*row]);
                let (name, here) = (member.name.as_str(), Place::Row(*at, *row));
                let missing = missing(table.part);
                match change {
                    RowChange::Renamed => {
                        expect(&[&format!("{}-added", member_of(table.part))], &renamed(name), here);
                        expect(&[&missing, "stale", "could-not-check"], name, Place::Table(*at));
                    }
                    // A table without rows is no table.
                    RowChange::Removed if table.members.len() == 1 => {
                        expect(&["could-not-check"], &owner(operation, table).1, Place::Empty(*at));
                    }
                    RowChange::Removed => {
                        expect(&[&missing, "stale", "could-not-check"], name, Place::Table(*at));
                    }
                    RowChange::Type(_) | RowChange::Untyped => expect(&["type"], name, here),
                    RowChange::ValueRenamed(value) => {
                        expect(&["enum-value-added"], &renamed(&member.values[*value]), here);
                        expect(&["enum-value-missing"], &member.values[*value], here);
                    }
                    RowChange::ValueRemoved(value) => expect(&["enum-value-missing"], &member.values[*value], here),
                    RowChange::ValueAdded => expect(&["enum-value-added"], ADDED_VALUE, here),
                    RowChange::Limits(default, maximum) => {
                        if *default != member.default {
                            expect(&["default"], name, here);
                        }
                        if *maximum != member.maximum {
                            expect(&["maximum"], name, here);
                        }
                    }
                    RowChange::Required => expect(&["required"], name, here),
                }
            }
        }
        all
    }

    /// Returns whether the page cannot be checked after the change.
    pub(super) fn leaves_nothing(&self, operation: &Operation) -> bool {
        matches!(self, Self::Row(at, _, RowChange::Removed) if operation.tables[*at].members.len() == 1)
    }

    /// Returns the facts after the change.
    pub(super) fn of_facts(&self, operation: &Operation) -> Operation {
        let mut operation = operation.clone();
        let scopes = &mut operation.scopes.as_mut().unwrap().names;
        match self {
            Self::Method(to) => operation.method = (*to).to_owned(),
            Self::Url(to) => operation.url.clone_from(to),
            Self::ScopeRenamed(from) => {
                let line = scopes.remove(from).unwrap();
                scopes.insert(renamed_scope(from), line);
            }
            Self::ScopeRemoved(name) => drop(scopes.remove(name)),
            Self::ScopeAdded => drop(scopes.insert(ADDED_SCOPE.to_owned(), 0)),
            Self::AllRequired(at) => {
                let required = &mut operation.tables[*at].required;
                *required = required.map(|it| !it);
            }
            Self::RowAdded(at) => {
                let mut added = Member::default();
                (added.name, added.type_) = (ADDED.to_owned(), Some(PageType::Number));
                operation.tables[*at].members.push(added);
            }
            Self::Row(at, row, RowChange::Removed) => drop(operation.tables[*at].members.remove(*row)),
            Self::Row(at, row, change) => {
                let member = &mut operation.tables[*at].members[*row];
                match change {
                    RowChange::Renamed => member.name = renamed(&member.name),
                    RowChange::Removed => {}
                    RowChange::Type(to) => {
                        member.type_ = Some((*to).into());
                        member.object = None;
                    }
                    RowChange::Untyped => member.type_ = None,
                    RowChange::ValueRenamed(value) => member.values[*value] = renamed(&member.values[*value]),
                    RowChange::ValueRemoved(value) => drop(member.values.remove(*value)),
                    RowChange::ValueAdded => member.values.push(ADDED_VALUE.to_owned()),
                    RowChange::Limits(default, maximum) => (member.default, member.maximum) = (*default, *maximum),
                    RowChange::Required => member.required = member.required.map(|it| !it),
                }
            }
        }
        operation
    }
}

fn row_changes(table: &Table, member: &Member) -> Vec<RowChange> {
    let other = if member.type_ == Some(PageType::Boolean) { "number" } else { "boolean" };
    let mut all = vec![RowChange::Renamed, RowChange::Removed, RowChange::Type(other), RowChange::Type("thing")];
    // Copied text lacks the types of objects, so these types are optional.
    if member.type_.is_some() && member.object.is_none() {
        all.push(RowChange::Untyped);
    }
    all.extend((0..member.values.len()).map(RowChange::ValueRenamed));
    all.extend((0..member.values.len()).map(RowChange::ValueRemoved));
    if !member.values.is_empty() {
        all.push(RowChange::ValueAdded);
    }
    if let (Some(default), Some(maximum)) = (member.default, member.maximum) {
        all.push(RowChange::Limits(Some(200), Some(200)));
        all.push(RowChange::Limits(Some(10), Some(maximum)));
        all.push(RowChange::Limits(Some(default), Some(1000)));
        // In a response, the field repeats a parameter, so its limits are optional.
        if table.part != Part::Response {
            all.push(RowChange::Limits(None, Some(maximum)));
            all.push(RowChange::Limits(Some(default), None));
        }
    }
    all.extend(member.required.map(|_| RowChange::Required));
    all
}

/// Returns URLs with a changed server, version, segment or parameter, and with an added segment or parameter.
fn urls(url: &str) -> Vec<String> {
    let (base, query) = url.split_once('?').map_or((url, String::new()), |(base, query)| (base, format!("?{query}")));
    let mut all: Vec<_> = [
        ("https:", "http:"),
        ("app.ecwid.com", "api.ecwid.com"),
        ("/v3/", "/v4/"),
        ("{storeId}", "{shopId}"),
        ("{discountCouponId}", "{couponId}"),
        ("discount_coupons", "coupons"),
        ("/batch", "/batches"),
    ]
    .into_iter()
    .filter(|(from, _)| base.contains(from))
    .map(|(from, to)| format!("{}{query}", base.replacen(from, to, 1)))
    .collect();
    all.push(format!("{base}/archived{query}"));
    // The URL of another operation.
    all.extend(base.strip_suffix("/{discountCouponId}").map(str::to_owned));
    all.extend(base.ends_with("coupons").then(|| format!("{base}/{{discountCouponId}}")));
    all.push(format!("{url}{}{ADDED}={{{ADDED}}}", if query.is_empty() { '?' } else { '&' }));
    all
}

/// A name that no page has.
pub(super) fn renamed(name: &str) -> String {
    format!("{name}2")
}

pub(super) fn renamed_scope(name: &str) -> String {
    format!("{name}_again")
}

/// Returns the kind of a finding about a missing member.
pub(super) fn missing(part: Part) -> String {
    format!("{}-missing", member_of(part))
}

/// Returns the name of a member in kinds of findings.
fn member_of(part: Part) -> &'static str {
    match part {
        Part::Path => "path-parameter",
        Part::Query => "query-parameter",
        Part::Headers => "header",
        Part::Request => "request-field",
        Part::Response => "response-field",
    }
}

/// Returns the field or the part that a table describes, with its line.
pub(super) fn owner(operation: &Operation, table: &Table) -> (usize, String) {
    let members = operation.tables.iter().filter(|other| other.part == table.part).flat_map(|other| &other.members);
    let mut owners = members.filter(|member| member.object.as_deref() == Some(&table.object));
    match owners.next() {
        Some(member) => (member.line, member.name.clone()),
        None => (table.line, table.part.name().to_owned()),
    }
}
