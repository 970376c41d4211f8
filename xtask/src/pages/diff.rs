//! `cargo xtask pages diff`: what changed in the API from one reading of the pages to the next.

mod examples;
mod matching;
mod tables;
mod text;

use std::path::Path;

use serde::Serialize;

use self::matching::Pair;
use super::{Operation, Page, Part, read_folder};

/// What a change does to those who use the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// What worked may not work any more.
    Breaking,
    /// There is more than there was.
    Additive,
    /// The words alone.
    Wording,
}

impl Effect {
    fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::Wording => "wording",
        }
    }
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What kind it is, such as `field-added`.
    pub kind: String,
    /// What it does to those who use the API; nothing when it could not be told.
    pub effect: Option<Effect>,
    /// The page: the new one, or the old one where there is no new one.
    pub page: String,
    /// The line of the new page, from 1.
    pub line: Option<usize>,
    /// The line of the old page, from 1.
    pub old_line: Option<usize>,
    /// The method and the path.
    pub operation: Option<String>,
    /// What it is in, such as `response items`.
    pub place: String,
    /// The name or value at issue.
    pub subject: String,
    /// What the old page says.
    pub old: Option<String>,
    /// What the new page says.
    pub new: Option<String>,
    /// What changed, in words.
    pub message: String,
    /// What to paste into the document, for what is additive.
    pub yaml: Option<String>,
}

/// The kind of what could not be compared.
const COULD_NOT_COMPARE: &str = "could-not-compare";

/// What changed.
#[derive(Debug, Serialize)]
pub struct Diff {
    /// How many operations and tables were compared.
    pub compared: usize,
    /// The changes, in the order of the pages.
    pub changes: Vec<Change>,
}

impl Diff {
    /// 0 when the API is what it was, 1 when it changed, 2 when something could not be compared and nothing changed.
    pub fn exit_code(&self) -> u8 {
        let any = |wanted: fn(&Change) -> bool| self.changes.iter().any(wanted);
        match () {
            () if any(|change| matches!(change.effect, Some(Effect::Breaking | Effect::Additive))) => 1,
            () if any(|change| change.effect.is_none()) => 2,
            () => 0,
        }
    }

    fn count(&self, effect: Effect) -> usize {
        self.changes.iter().filter(|change| change.effect == Some(effect)).count()
    }
}

/// Compares two pages, or two folders of pages.
///
/// # Errors
///
/// When a file or folder cannot be read or holds no page.
pub fn run(old: &Path, new: &Path) -> anyhow::Result<Diff> {
    // Of two files it is said which they are, whatever they are called.
    let single = old.is_file() && new.is_file();
    Ok(compare(&read_folder(old)?, &read_folder(new)?, single))
}

/// Compares two sets of pages; with `single` each has one page, and the two are versions of the same.
fn compare(old: &[Page], new: &[Page], single: bool) -> Diff {
    let mut changes = Changes::default();
    for page in new.iter().chain(old).filter(|page| page.not_a_page.is_some()) {
        let why = page.not_a_page.as_deref().unwrap_or_default();
        changes.could_not_compare(&page.file, None, None, &page.file, &format!("{} cannot be read: {why}", page.file));
    }
    let matched = matching::pages(old, new, single);
    for pair in matched.operations {
        changes.operation(pair);
    }
    for (page, operation, added) in matched.unmatched {
        changes.whole_operation(page, operation, added);
    }
    for (old, new) in matched.listings {
        changes.listings(old, new);
    }
    let mut found = changes.found;
    found.sort_by_cached_key(|change| {
        let Change { page, line, old_line, kind, place, subject, message, .. } = change;
        let line = line.or(*old_line);
        (page.clone(), line, place.clone(), kind.clone(), subject.clone(), message.clone())
    });
    found.dedup();
    Diff { compared: changes.compared, changes: found }
}

/// The changes found so far.
#[derive(Default)]
struct Changes {
    found: Vec<Change>,
    compared: usize,
}

/// A change of an operation, without what is the same for all of them.
struct About<'a> {
    kind: &'a str,
    effect: Effect,
    place: String,
    subject: &'a str,
    old_line: Option<usize>,
    line: Option<usize>,
    old: Option<String>,
    new: Option<String>,
    message: String,
    yaml: Option<String>,
}

impl Changes {
    fn operation(&mut self, pair: Pair<'_>) {
        self.compared += 1;
        self.url(pair);
        self.scopes(pair);
        for part in [Part::Path, Part::Query, Part::Headers, Part::Request, Part::Response] {
            self.part(pair, part);
        }
        self.examples(pair);
    }

    fn url(&mut self, pair: Pair<'_>) {
        let Pair { old, new, .. } = pair;
        for (kind, was, is) in [("method", &old.method, &new.method), ("url", &old.url, &new.url)] {
            if was == is {
                continue;
            }
            self.add(
                pair,
                About {
                    kind,
                    effect: Effect::Breaking,
                    place: "operation".to_owned(),
                    subject: is,
                    old_line: Some(old.line),
                    line: Some(new.line),
                    old: Some(was.clone()),
                    new: Some(is.clone()),
                    message: format!("the {kind} was {was} and is {is}"),
                    yaml: None,
                },
            );
        }
    }

    fn scopes(&mut self, pair: Pair<'_>) {
        let (Some(old), Some(new)) = (&pair.old.scopes, &pair.new.scopes) else {
            if pair.old.scopes.is_some() {
                let what = "the section of the access scopes is not on the new page";
                self.could_not_compare(pair.page, Some(pair.new.line), Some(pair.new), "scopes", what);
            }
            return;
        };
        for (name, line) in new.names.iter().filter(|(name, _)| !old.names.contains_key(*name)) {
            let all: Vec<_> = new.names.keys().map(String::as_str).collect();
            self.add(
                pair,
                About {
                    kind: "scope-added",
                    // A token that was enough is enough no more.
                    effect: Effect::Breaking,
                    place: "scopes".to_owned(),
                    subject: name,
                    old_line: None,
                    line: Some(*line),
                    old: None,
                    new: Some(name.clone()),
                    message: format!("the access scope `{name}` is required now"),
                    yaml: Some(format!("x-required-scopes: [{}]", all.join(", "))),
                },
            );
        }
        for (name, line) in old.names.iter().filter(|(name, _)| !new.names.contains_key(*name)) {
            self.add(
                pair,
                About {
                    kind: "scope-removed",
                    effect: Effect::Additive,
                    place: "scopes".to_owned(),
                    subject: name,
                    old_line: Some(*line),
                    line: None,
                    old: Some(name.clone()),
                    new: None,
                    message: format!("the access scope `{name}` is required no more"),
                    yaml: None,
                },
            );
        }
    }

    /// An operation that is on one side alone.
    fn whole_operation(&mut self, page: &Page, operation: &Operation, added: bool) {
        self.compared += 1;
        let shown = name(operation);
        let (kind, effect, word) = match added {
            true => ("operation-added", Effect::Additive, "is documented now"),
            false => ("operation-removed", Effect::Breaking, "is documented no more"),
        };
        let line = Some(operation.line);
        self.found.push(Change {
            kind: kind.to_owned(),
            effect: Some(effect),
            page: page.file.clone(),
            line: line.filter(|_| added),
            old_line: line.filter(|_| !added),
            operation: Some(shown.clone()),
            place: "operation".to_owned(),
            old: (!added).then(|| shown.clone()),
            new: added.then(|| shown.clone()),
            message: format!("{shown} {word}"),
            subject: shown,
            yaml: None,
        });
    }

    fn add(&mut self, pair: Pair<'_>, about: About<'_>) {
        let About { kind, effect, place, subject, old_line, line, old, new, message, yaml } = about;
        self.found.push(Change {
            kind: kind.to_owned(),
            effect: Some(effect),
            page: pair.page.to_owned(),
            line,
            old_line,
            operation: Some(name(pair.new)),
            place,
            subject: subject.to_owned(),
            old,
            new,
            message,
            yaml,
        });
    }

    fn could_not_compare(
        &mut self,
        page: &str,
        line: Option<usize>,
        operation: Option<&Operation>,
        subject: &str,
        message: &str,
    ) {
        self.found.push(Change {
            kind: COULD_NOT_COMPARE.to_owned(),
            effect: None,
            page: page.to_owned(),
            line,
            old_line: None,
            operation: operation.map(name),
            place: "page".to_owned(),
            subject: subject.to_owned(),
            old: None,
            new: None,
            message: message.to_owned(),
            yaml: None,
        });
    }
}

/// The method and the path below the server.
fn name(operation: &Operation) -> String {
    let path = matching::path(&operation.url);
    format!("{} {path}", operation.method)
}

/// The letters and digits of a text: what is left when it is laid out anew.
fn letters(text: &str) -> String {
    text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
