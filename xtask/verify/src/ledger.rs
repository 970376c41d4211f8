//! Reads `openapi/contradictions.toml`: the contradictions between sources, the chosen reading, and its reason.

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
    /// The place in the document, as a JSON pointer.
    pub(crate) shows: String,
    /// The claims of the pages. If a page no longer makes them, the entry is stale.
    #[serde(default)]
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
    /// Whether the document contradicts the claim. If it does not, another source disagrees.
    pub(crate) differs: bool,
    /// The type in the document, if the claim is a type that differs.
    pub(crate) document: Option<PageType>,
}

/// The place of a member or a scope.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Place {
    /// `None` for the access scopes.
    pub(crate) part: Option<Part>,
    /// The name, after the names of the objects around it.
    pub(crate) path: String,
}

/// A fact about a member on a page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Fact {
    /// Whether the member is in the tables of the page.
    Present(bool),
    Type(PageType),
    /// A value of the enum.
    Value(String),
    Default(i64),
    Maximum(i64),
    Required(bool),
}

/// A claim in the file, which has one fact.
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
            format!("invalid fact: [{found}] (expected {known}): {}", error.message())
        })?;
        if matches!(fact, Fact::Type(_)) && differs != document.is_some() {
            return Err(
                "invalid `document` (expected if `type` is present and `differs` is true, and only then)".to_owned()
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
        let (part, path) =
            text.split_once(' ').ok_or_else(|| format!("invalid place: `{text}` (expected a part and a name)"))?;
        let known = Part::ALL.into_iter().find(|known| known.name() == part);
        if known.is_none() && part != "scope" {
            return Err(format!("unknown part: `{part}` (expected scope, path, query, headers, request or response)"));
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
    /// Reads the contradictions, and checks that the sources and operations are in the document.
    pub(crate) fn read(text: &str, document: &Document) -> anyhow::Result<Self> {
        let File { entries } = toml::from_str(text)?;
        let known = document.value["x-sources"].as_object();
        let mut ids = BTreeSet::new();
        for entry in &entries {
            let id = &entry.id;
            ensure!(ids.insert(id), "duplicate id: `{id}`");
            for text in [&entry.claim, &entry.reading, &entry.why] {
                ensure!(!text.trim().is_empty(), "`{id}`: empty claim, reading or why");
            }
            for source in entry.sources.keys() {
                ensure!(
                    source == "pages" || known.is_some_and(|known| known.contains_key(source)),
                    "`{id}`: unknown source: `{source}` (expected a source in x-sources of the document)"
                );
            }
            ensure!(
                entry.pages.is_empty() != entry.sources.contains_key("pages"),
                "`{id}`: claims of pages without the source `pages`, or the source without claims (expected both, to \
                 detect a stale entry, or none)"
            );
            for operation in entry.pages.iter().flat_map(|selector| &selector.operations) {
                document.operation(operation).with_context(|| format!("`{id}`: unknown operation: `{operation}`"))?;
            }
        }
        Ok(Self { entries })
    }

    /// Returns the entry that explains a difference between the document and a page.
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

    /// Returns all claims of all entries, with the indexes of the entry and the claim.
    pub(crate) fn selectors(&self) -> impl Iterator<Item = ((usize, usize), &Selector)> {
        self.entries
            .iter()
            .enumerate()
            .flat_map(|(entry, it)| it.pages.iter().enumerate().map(move |(selector, it)| ((entry, selector), it)))
    }
}

/// Returns whether a page makes a claim, or `None` if the page does not show it.
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
        // Copied text lacks types.
        Fact::Type(wanted) => member.type_.as_ref()? == wanted,
        Fact::Value(value) => member.values.contains(value),
        Fact::Default(value) => member.default == Some(*value),
        Fact::Maximum(value) => member.maximum == Some(*value),
        Fact::Required(value) => member.required? == *value,
    })
}

/// Returns the member at a path in the tables of a page. The outer `None` means that the table is missing.
pub(crate) fn member<'a>(page: &'a Operation, part: Part, path: &str) -> Option<Option<&'a Member>> {
    let mut table = page.table(part)?;
    let (objects, name) = path.rsplit_once('.').unwrap_or(("", path));
    for object in objects.split('.').filter(|object| !object.is_empty()) {
        let member = table.members.iter().find(|member| member.name == object)?;
        table = page.object(part, member.object.as_deref()?)?;
    }
    (!table.members.is_empty()).then(|| table.members.iter().find(|member| member.name == name))
}
