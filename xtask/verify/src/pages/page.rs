//! The claims of a documentation page.

use std::{collections::BTreeMap, sync::LazyLock};

use anyhow::Context as _;
use regex::Regex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    blocks::{Content, Rich, Row},
    cell::{Description, PageType, pattern},
    examples::{self, Example},
    markdown, rendered,
    sections::{Part, Section},
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// The Markdown of the documentation site.
    #[default]
    Markdown,
    /// Text that was copied from a browser.
    Text,
}

#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The path of the file in the folder.
    pub file: String,
    pub format: Format,
    pub sha256: String,
    pub title: String,
    pub operations: Vec<Operation>,
    /// The examples, if the page documents no operation.
    pub examples: Vec<Example>,
    /// Why the file is not a documentation page, for example because it is a sign-in form.
    pub not_a_page: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    pub method: String,
    /// The URL on the page, with its server and query.
    pub url: String,
    /// The line of the method and the URL.
    pub line: usize,
    /// The section of access scopes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Scopes>,
    /// The tables, in the order of the page.
    #[serde(default, rename = "table", skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
    #[serde(skip)]
    pub examples: Vec<Example>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scopes {
    pub line: usize,
    /// The names of the scopes, each with its line.
    pub names: BTreeMap<String, usize>,
}

/// A table of members, or a section without a table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The part that has the members.
    pub part: Part,
    /// The heading of the object that has the members. It is empty for the members of the part itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub object: String,
    /// The line of the table, or of the heading if there is no table.
    pub line: usize,
    /// The anchor of the heading.
    #[serde(skip)]
    pub(crate) slug: String,
    /// Whether all members are required or optional, if the section says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    #[serde(default, rename = "member")]
    pub members: Vec<Member>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub name: String,
    pub line: usize,
    /// The type, if the page has one.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<PageType>,
    /// The heading of the table of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The values of an enum.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<i64>,
    /// Whether the member is required, if the row says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// The JSON samples in the row.
    #[serde(skip)]
    pub(crate) samples: Vec<String>,
    /// The anchor in the link of the type, until the table is found.
    #[serde(skip)]
    pub(crate) link: Option<String>,
}

impl Page {
    /// Reads a page. The extension of `file` determines the format.
    pub fn read(file: &str, bytes: &[u8]) -> anyhow::Result<Self> {
        let format = if file.to_ascii_lowercase().ends_with(".txt") { Format::Text } else { Format::Markdown };
        let mut page = Self { file: file.to_owned(), format, sha256: sha256(bytes), ..Self::default() };
        let Ok(text) = std::str::from_utf8(bytes) else {
            page.not_a_page = Some("it is not UTF-8 text".to_owned());
            return Ok(page);
        };
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
        if text.trim().is_empty() {
            page.not_a_page = Some("it is empty".to_owned());
            return Ok(page);
        }
        let blocks = match format {
            // The parser does not accept tabs after a fence or in the delimiter row of a table.
            Format::Markdown => markdown::read(&text.replace('\t', "    ")).with_context(|| format!("in {file}"))?,
            Format::Text => rendered::read(&text),
        };
        let mut reader = Reader::default();
        for block in blocks {
            reader.block(block.line, block.content);
        }
        // Copied text does not mark headings. If no operation determines the title, it is the first line.
        let is_lost = format == Format::Text && reader.title.is_empty();
        page.title = if is_lost { reader.first } else { reader.title };
        page.operations = reader.operations;
        page.examples = reader.examples;
        for operation in &mut page.operations {
            place_objects(operation);
        }
        if page.operations.is_empty() && page.examples.is_empty() && reader.tables == 0 {
            page.not_a_page = sign_in(&text);
        }
        Ok(page)
    }

    /// Returns the last part of the address that the site generates for the page.
    pub(crate) fn slug(&self) -> String {
        slug(&self.title)
    }
}

impl Operation {
    pub fn table(&self, part: Part) -> Option<&Table> {
        self.tables.iter().find(|table| table.part == part && table.object.is_empty())
    }

    fn table_mut(&mut self, part: Part) -> Option<&mut Table> {
        self.tables.iter_mut().find(|table| table.part == part && table.object.is_empty())
    }

    /// Returns the table of an object in a part.
    pub fn object(&self, part: Part, object: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.part == part && !table.object.is_empty() && table.object == object)
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the slug that the site generates for a heading.
pub(crate) fn slug(heading: &str) -> String {
    let kept: String =
        heading.to_lowercase().chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it)).collect();
    kept.split_whitespace().collect::<Vec<_>>().join("-")
}

static OPERATION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\s+(https?://\S+)"));

static SCOPE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[a-z]+(?:_[a-z]+)+\b"));

static INCLUDE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\{%\s*include\s+"[^"]*?/(?:rest-api-)?([a-z-]+)\.md"\s*%\}"#));

/// Collects the claims of a page from its blocks.
#[derive(Default)]
struct Reader {
    title: String,
    first: String,
    /// The last paragraph, which can be the title or the label of an example.
    above: String,
    operations: Vec<Operation>,
    examples: Vec<Example>,
    section: Option<Section>,
    /// The heading within a section to which the next table belongs.
    object: Option<String>,
    /// The number of headings by slug, because the site numbers repeated slugs.
    headings: BTreeMap<String, usize>,
    tables: usize,
}

impl Reader {
    fn block(&mut self, line: usize, content: Content) {
        match content {
            Content::Heading(text) => self.heading(line, text),
            Content::Paragraph(text) => self.paragraph(line, &text),
            Content::Table { header, rows } => self.table(line, &header, &rows),
            Content::Code(code) => {
                let examples = match self.operations.last_mut() {
                    Some(operation) => &mut operation.examples,
                    None => &mut self.examples,
                };
                examples::add(examples, line, &code, &self.above);
            }
        }
    }

    fn heading(&mut self, line: usize, text: String) {
        if self.title.is_empty() {
            self.title.clone_from(&text);
        }
        *self.headings.entry(slug(&text)).or_default() += 1;
        match Section::of(&text) {
            Some(section) => self.open_section(line, section),
            // Within a section of members, the heading is the name of an object. Otherwise it ends the section.
            None if matches!(self.section, Some(Section::Members(_))) => self.object = Some(text),
            None => self.section = None,
        }
    }

    fn open_section(&mut self, line: usize, section: Section) {
        self.section = Some(section);
        self.object = None;
        let Some(operation) = self.operations.last_mut() else { return };
        match section {
            Section::Scopes => operation.scopes = Some(Scopes { line, names: BTreeMap::new() }),
            // A table without members means that the section has no table.
            Section::Members(part) if operation.table(part).is_none() => {
                operation.tables.push(Table { part, line, ..Table::default() });
            }
            _ => {}
        }
    }

    fn paragraph(&mut self, line: usize, rich: &Rich) {
        let text = rich.plain();
        if let Some(found) = OPERATION.captures(&text) {
            let group = |index| found.get(index).map_or("", |it| it.as_str()).to_owned();
            if self.title.is_empty() {
                self.title.clone_from(&self.above);
            }
            self.operations.push(Operation { method: group(1), url: group(2), line, ..Operation::default() });
            self.section = None;
            self.object = None;
        } else if let Some(include) = INCLUDE.captures(&text) {
            // The site includes a file here. Its name is the name of the section.
            let name = include.get(1).map_or("", |it| it.as_str()).replace('-', " ");
            if let Some(section) = Section::of(&name) {
                self.open_section(line, section);
            }
        } else if let Some(operation) = self.operations.last_mut() {
            match self.section {
                Some(Section::Scopes) => {
                    if let Some(scopes) = &mut operation.scopes {
                        for name in SCOPE.find_iter(&text) {
                            scopes.names.entry(name.as_str().to_owned()).or_insert(line);
                        }
                    }
                }
                // Below the heading of an object, the sentence is about the fields of the object.
                Some(Section::Members(part)) if self.object.is_none() => {
                    if let (Some(required), Some(table)) = (all_required(&text), operation.table_mut(part)) {
                        table.required = Some(required);
                    }
                }
                _ => {}
            }
        }
        if self.first.is_empty() {
            self.first.clone_from(&text);
        }
        self.above = text;
    }

    fn table(&mut self, line: usize, header: &[String], rows: &[Row]) {
        self.tables += 1;
        let (Some(Section::Members(part)), Some(operation)) = (self.section, self.operations.last_mut()) else {
            return;
        };
        let members: Vec<Member> = rows.iter().filter_map(|row| member(header, row)).collect();
        let Some(heading) = self.object.take() else {
            if let Some(table) = operation.table_mut(part) {
                // The rows can be in several tables. The line of the first one is used.
                if table.members.is_empty() {
                    table.line = line;
                }
                table.members.extend(members);
            }
            return;
        };
        // The site numbers repeated slugs.
        let repeated = self.headings.get(&slug(&heading)).copied().unwrap_or(1);
        let slug = if repeated > 1 { format!("{}-{}", slug(&heading), repeated - 1) } else { slug(&heading) };
        let taken = operation.tables.iter().filter(|table| table.part == part && table.object == heading).count();
        let object = if taken > 0 { slug.clone() } else { heading };
        operation.tables.push(Table { part, object, line, slug, required: None, members });
    }
}

/// Returns whether a sentence says that all members of a section are required or optional.
fn all_required(text: &str) -> Option<bool> {
    let text = text.to_lowercase();
    let words: Vec<_> = text.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |word: &str| words.contains(&word);
    if words.len() > 12 || !(has("all") || has("every") || has("each")) {
        return None;
    }
    match (has("required") || has("mandatory"), has("optional")) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// Reads a row. The header determines the meaning of the columns, or else their positions.
fn member(header: &[String], row: &Row) -> Option<Member> {
    let column = |names: &[&str]| header.iter().position(|cell| names.contains(&cell.to_lowercase().as_str()));
    let cell = row.cells.first()?.plain();
    // A remark in parentheses can follow the name. The name can be marked as struck out.
    let name = cell.split(" (").next().unwrap_or_default().trim_matches(['~', '*', '`', ' ']).to_owned();
    if name.is_empty() {
        return None;
    }
    let type_at = column(&["type", "format", "data type"]).or((row.cells.len() > 2).then_some(1));
    let prose_at = column(&["description", "details", "meaning"]).unwrap_or(row.cells.len() - 1);
    let type_cell = type_at.and_then(|at| row.cells.get(at)).cloned().unwrap_or_default();
    let type_text = type_cell.plain();
    let type_ = (!type_text.is_empty()).then(|| PageType::from(type_text.as_str()));
    let empty = Rich::default();
    let prose = row.cells.get(prose_at).filter(|_| prose_at > 0 && Some(prose_at) != type_at).unwrap_or(&empty);
    let mut said = Description::read(prose, name.eq_ignore_ascii_case("limit"));
    // Only strings have values, and only numbers have limits.
    if !matches!(type_, Some(PageType::String)) {
        said.values.clear();
    }
    if !matches!(type_, Some(PageType::Number)) {
        (said.default, said.maximum) = (None, None);
    }
    Some(Member {
        name,
        line: row.line,
        link: type_.as_ref().filter(|type_| type_.is_object()).map(|_| {
            let target =
                type_cell.links.first().and_then(|link| link.split_once('#')).map(|(_, anchor)| anchor.to_owned());
            target.unwrap_or_else(|| slug(type_text.split_whitespace().last().unwrap_or_default()))
        }),
        type_,
        object: None,
        values: said.values,
        default: said.default,
        maximum: said.maximum,
        required: said.required,
        samples: said.samples,
    })
}

/// Finds the table of each object by the link of its type, or else by its name.
fn place_objects(operation: &mut Operation) {
    let tables: Vec<_> = operation
        .tables
        .iter()
        .filter(|table| !table.object.is_empty())
        .map(|table| (table.part, table.object.clone(), table.slug.clone()))
        .collect();
    let named = |name: &str, part: Part| {
        let of_part = tables.iter().filter(|(table, ..)| *table == part);
        let wanted = slug(name);
        let plain = wanted.trim_end_matches(|it: char| it.is_ascii_digit()).trim_end_matches('-');
        of_part
            .clone()
            .find(|(_, _, slug)| *slug == wanted)
            .or_else(|| of_part.clone().find(|(_, object, _)| slug(object) == wanted || slug(object) == plain))
            .map(|(_, object, _)| object.clone())
    };
    for table in &mut operation.tables {
        let part = table.part;
        for member in &mut table.members {
            // Copied text lacks the types of objects, but has their tables.
            if member.type_.as_ref().is_none_or(PageType::is_object) {
                member.object = member
                    .link
                    .take()
                    .and_then(|link| named(&link, part))
                    .or_else(|| named(&member.name, part))
                    // A table is not the table of its own rows.
                    .filter(|object| *object != table.object);
            }
        }
    }
}

/// Returns why a text without operations, tables and examples is not a page.
fn sign_in(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let is_html = ["<!doctype", "<html"].iter().any(|start| lower.trim_start().starts_with(start));
    let asks = has(&["sign in", "sign-in", "signin", "log in", "login", "log-in"]);
    let form = has(&["password", "e-mail", "email", "single sign-on"]);
    // A long text can be a guide about signing in.
    if asks && form && (is_html || text.split_whitespace().count() < 150) {
        return Some("it is a sign-in form".to_owned());
    }
    is_html.then(|| "it is HTML without tables or examples".to_owned())
}
