//! `openapi/contradictions.toml`: where the sources disagree, the reading that was chosen, and why.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use crate::{
    document::Document,
    pages::{Member, Operation, PageType, Part},
};

pub const PATH: &str = "openapi/contradictions.toml";

#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) claim: String,
    pub(crate) sources: BTreeMap<String, String>,
    pub(crate) reading: String,
    pub(crate) why: String,
    /// Where it shows in the document, as a JSON pointer.
    pub(crate) shows: String,
    /// What the pages claim for as long as the contradiction is there.
    pub(crate) pages: Vec<Selector>,
}

/// A claim of a page.
#[derive(Debug, Deserialize)]
#[serde(try_from = "WrittenSelector")]
pub(crate) struct Selector {
    pub(crate) operations: Vec<String>,
    /// The part and the member, such as `query limit` or `response items.status`.
    pub(crate) at: Place,
    pub(crate) fact: Fact,
    /// Whether the document says otherwise. Where it agrees with the page, another source is what disagrees.
    pub(crate) differs: bool,
    /// The type that the document has, where that is what differs: another one is another contradiction.
    pub(crate) document: Option<PageType>,
}

/// A member, or a scope.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Place {
    /// Nothing is the access scopes.
    pub(crate) part: Option<Part>,
    /// The name, behind those of the objects around it.
    pub(crate) path: String,
}

/// What a page says of a member.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Fact {
    /// Whether it is in the page's tables.
    Present(bool),
    Type(PageType),
    /// A value of its enum.
    Value(String),
    Default(i64),
    Maximum(i64),
    Required(bool),
}

/// A claim as it is written: with one of the facts.
#[derive(Deserialize)]
struct WrittenSelector {
    operations: Vec<String>,
    at: Place,
    differs: bool,
    document: Option<PageType>,
    #[serde(flatten)]
    fact: toml::Table,
}

impl TryFrom<WrittenSelector> for Selector {
    type Error = String;

    fn try_from(written: WrittenSelector) -> Result<Self, Self::Error> {
        let WrittenSelector { operations, at, differs, document, fact } = written;
        let found = fact.keys().cloned().collect::<Vec<_>>().join(", ");
        let fact = fact.try_into().map_err(|error| {
            let known = "one of present, type, value, default, maximum, required";
            format!("a claim has {known}; here are [{found}]: {}", error.message())
        })?;
        if matches!(fact, Fact::Type(_)) && differs != document.is_some() {
            return Err(
                "a type that differs comes with the `document`'s type, and one that does not without".to_owned()
            );
        }
        Ok(Self { operations, at, fact, differs, document })
    }
}

impl Place {
    pub(crate) fn new(part: Part, path: &str) -> Self {
        Self { part: Some(part), path: path.to_owned() }
    }

    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }
}

impl TryFrom<String> for Place {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (part, path) = text.split_once(' ').ok_or_else(|| format!("`{text}` is no part and name"))?;
        let known = Part::ALL.into_iter().find(|known| known.name() == part);
        if known.is_none() && part != "scope" {
            return Err(format!("`{part}` is none of scope, path, query, headers, request, response"));
        }
        Ok(Self { part: known, path: path.to_owned() })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "contradiction", default)]
    entries: Vec<Entry>,
}

impl Ledger {
    /// Reads the ledger, and checks that what it names is in the document.
    pub(crate) fn read(text: &str, document: &Document) -> anyhow::Result<Self> {
        let File { entries } = toml::from_str(text)?;
        let known = document.value["x-sources"].as_object();
        let mut ids = BTreeSet::new();
        for entry in &entries {
            let id = &entry.id;
            ensure!(ids.insert(id), "two entries are called `{id}`");
            for text in [&entry.claim, &entry.reading, &entry.why] {
                ensure!(!text.trim().is_empty(), "`{id}` leaves a text empty");
            }
            ensure!(!entry.pages.is_empty(), "`{id}` names no claim of a page, so nobody would see when it is over");
            for source in entry.sources.keys() {
                ensure!(
                    source == "pages" || known.is_some_and(|known| known.contains_key(source)),
                    "`{id}` names the source `{source}`, which is not in the document's x-sources"
                );
            }
            for operation in entry.pages.iter().flat_map(|selector| &selector.operations) {
                document.operation(operation).with_context(|| {
                    format!("`{id}` names the operation `{operation}`, which is not in the document")
                })?;
            }
        }
        Ok(Self { entries })
    }

    /// The entry that explains why the document says otherwise than a page does here.
    pub(crate) fn explains(
        &self,
        operation: &str,
        place: &Place,
        fact: &Fact,
        document: Option<&PageType>,
    ) -> Option<(usize, usize)> {
        self.selectors().find_map(|(at, selector)| {
            let named = selector.operations.iter().any(|name| name == operation);
            let same = selector.at == *place && selector.fact == *fact && selector.document.as_ref() == document;
            (named && selector.differs && same).then_some(at)
        })
    }

    /// Every claim of every entry, with the indexes of the two.
    pub(crate) fn selectors(&self) -> impl Iterator<Item = ((usize, usize), &Selector)> {
        self.entries
            .iter()
            .enumerate()
            .flat_map(|(entry, it)| it.pages.iter().enumerate().map(move |(selector, it)| ((entry, selector), it)))
    }
}

/// Whether a page makes a claim; nothing when the page cannot tell.
pub(crate) fn holds(selector: &Selector, page: &Operation) -> Option<bool> {
    let Some(part) = selector.at.part else {
        let scopes = page.scopes.as_ref()?;
        let present = scopes.names.contains_key(&selector.at.path);
        return Some(selector.fact == Fact::Present(present));
    };
    let Some(member) = member(page, part, &selector.at.path)? else {
        return Some(selector.fact == Fact::Present(false));
    };
    Some(match &selector.fact {
        Fact::Present(present) => *present,
        // Copied text loses types.
        Fact::Type(wanted) => member.type_.as_ref()? == wanted,
        Fact::Value(value) => member.values.contains(value),
        Fact::Default(value) => member.default == Some(*value),
        Fact::Maximum(value) => member.maximum == Some(*value),
        Fact::Required(value) => member.required? == *value,
    })
}

/// A member of a page's tables by its path; nothing at all when the table it would be in is not there.
pub(crate) fn member<'a>(page: &'a Operation, part: Part, path: &str) -> Option<Option<&'a Member>> {
    let mut table = page.table(part)?;
    let (objects, name) = path.rsplit_once('.').unwrap_or(("", path));
    for object in objects.split('.').filter(|object| !object.is_empty()) {
        let member = table.members.iter().find(|member| member.name == object)?;
        table = page.object(part, member.object.as_deref()?)?;
    }
    (!table.members.is_empty()).then(|| table.members.iter().find(|member| member.name == name))
}
