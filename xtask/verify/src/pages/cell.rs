//! Reads the cells of a table: the type, the values of an enum, the default, the maximum, and whether a field is required.
//!
//! Descriptions are prose, so the reader looks for key words. It must also work if the vendor rephrases a sentence, and it must
//! not read an example as a claim.

use std::{fmt, sync::LazyLock};

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::blocks::{Piece, Rich, one_line};

/// The type of a member, as named on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum PageType {
    String,
    /// A number. The pages do not distinguish integers.
    Number,
    Boolean,
    Object,
    /// A list, with the type of the items if the page names it.
    Array(Option<Box<Self>>),
    #[default]
    Json,
    /// One of several types.
    Either(Vec<Self>),
    /// Any other type, by its name on the page.
    Other(String),
}

impl PageType {
    /// Returns whether the type can have fields.
    pub fn is_object(&self) -> bool {
        match self {
            Self::Object | Self::Array(None) | Self::Json => true,
            Self::Array(Some(items)) => items.is_object(),
            _ => false,
        }
    }

    /// Returns whether two types are the same. A list without a type of its items matches any list.
    pub fn agrees_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Array(None), Self::Array(_)) | (Self::Array(_), Self::Array(None)) => true,
            (Self::Array(Some(one)), Self::Array(Some(other))) => one.agrees_with(other),
            (Self::Either(one), Self::Either(other)) => {
                one.len() == other.len() && one.iter().all(|it| other.iter().any(|other| it.agrees_with(other)))
            }
            _ => self == other,
        }
    }
}

impl fmt::Display for PageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("string"),
            Self::Number => f.write_str("number"),
            Self::Boolean => f.write_str("boolean"),
            Self::Object => f.write_str("object"),
            Self::Array(None) => f.write_str("array"),
            Self::Array(Some(items)) => write!(f, "array of {items}s"),
            Self::Json => f.write_str("json"),
            Self::Either(types) => f.write_str(&types.iter().map(Self::to_string).collect::<Vec<_>>().join("/")),
            Self::Other(name) => f.write_str(name),
        }
    }
}

impl From<PageType> for String {
    fn from(value: PageType) -> Self {
        value.to_string()
    }
}

impl<S: AsRef<str>> From<S> for PageType {
    fn from(text: S) -> Self {
        let text = one_line(text.as_ref());
        let lower = text.to_lowercase();
        let choices: Vec<_> = lower.split(['/', '|']).flat_map(|part| part.split(" or ")).map(str::trim).collect();
        if choices.len() > 1 && choices.iter().all(|choice| word(choice).is_some()) {
            return Self::Either(choices.into_iter().filter_map(word).collect());
        }
        for prefix in ["array of ", "list of "] {
            if let Some(items) = lower.strip_prefix(prefix) {
                let items = items.split_whitespace().next().unwrap_or_default();
                return match word(items.trim_end_matches('s')).or_else(|| word(items)) {
                    Some(items) => Self::Array(Some(Box::new(items))),
                    None => Self::Other(text),
                };
            }
        }
        // The name of the table of an object follows the type.
        let mut words = lower.split_whitespace();
        match (words.next().and_then(word), words.next()) {
            (Some(simple), None) => simple,
            (Some(Self::Json), Some("object")) => Self::Json,
            (Some(named @ (Self::Object | Self::Array(_))), Some(_)) => named,
            _ => Self::Other(text),
        }
    }
}

fn word(word: &str) -> Option<PageType> {
    Some(match word {
        "string" => PageType::String,
        "number" | "integer" | "int" | "long" | "float" | "double" | "decimal" => PageType::Number,
        "boolean" | "bool" => PageType::Boolean,
        "object" => PageType::Object,
        "array" | "list" => PageType::Array(None),
        "json" => PageType::Json,
        _ => return None,
    })
}

/// The facts in a description.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Description {
    /// The values of the enum.
    pub(crate) values: Vec<String>,
    pub(crate) default: Option<i64>,
    pub(crate) maximum: Option<i64>,
    /// Whether the field is required, if the description says so.
    pub(crate) required: Option<bool>,
    /// The JSON lists and objects in the description.
    pub(crate) samples: Vec<String>,
}

impl Description {
    /// Reads a description. `is_limit` is true for the parameter `limit`, for which more words announce a maximum.
    pub(crate) fn read(cell: &Rich, is_limit: bool) -> Self {
        let plain = cell.plain();
        Self {
            values: values(cell),
            default: limit(&plain, &DEFAULT),
            maximum: limit(&plain, if is_limit { &BOUND } else { &MAXIMUM }),
            required: required(cell),
            samples: samples(&plain),
        }
    }
}

fn plain_text(pieces: &[Piece]) -> String {
    Rich { pieces: pieces.to_vec(), links: Vec::new() }.plain()
}

/// The words that announce a list of values.
static LIST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:(?:must|can)\s+be\s+|is\s+)?(?:either\s+)?one\s+of(?:\s+these|\s+the\s+following)?(?:\s+values)?|(?:possible|supported|allowed|available|accepted|valid)(?:\s+enum)?\s+values(?:\s+are|\s+include)?|values\s+are)\b\s*:?",
    )
});

static DEFAULT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\bdefaults?\b|\bif (?:it is )?not (?:specified|set)\b"));

static MAXIMUM: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bmax(?:imum|imal)?\b"));

/// The words that announce the maximum of a limit. In other fields they mean something else, as in "up to 10 digits".
static BOUND: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\bmax(?:imum|imal)?\b|\bup to\b|\bat most\b|\b(?:no|not) more than\b|\bhighest\b"));

static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[\s(\[:=])(\d{1,9})(?:$|[\s).,;:\]])"));

/// Compiles a constant pattern. An invalid pattern is a bug.
pub(super) fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"))
}

fn values(cell: &Rich) -> Vec<String> {
    // Values are marked as code. In text without such marks, they are in capitals.
    let mut found = Vec::new();
    let Some(after) = after_announcement(cell) else { return found };
    if after.iter().any(|piece| matches!(piece, Piece::Code(_))) {
        marked(&after, &mut found);
    } else {
        capitals(&plain_text(&after), &mut found);
        if found.is_empty() {
            found = small_letters(&after);
        }
    }
    found
}

/// Returns values in lowercase without marks. Their paragraph must contain nothing else, because it could be a sentence.
fn small_letters(pieces: &[Piece]) -> Vec<String> {
    let paragraphs = pieces.split(|piece| *piece == Piece::Break);
    let mut texts = paragraphs.map(|it| plain_text(it).trim_start_matches([':', ' ']).to_owned());
    let first = texts.find(|text| !text.is_empty()).unwrap_or_default();
    let words: Vec<_> = first.split([' ', ',']).filter(|word| !matches!(*word, "" | "or" | "and")).collect();
    let is_value = |word: &&str| word.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_');
    if words.len() > 1 && words.iter().all(is_value) {
        words.into_iter().map(str::to_owned).collect()
    } else {
        Vec::new()
    }
}

/// Returns the text after the words that announce a list of values.
///
/// If these words are missing, several marked constants are also read as a list of values.
fn after_announcement(cell: &Rich) -> Option<Vec<Piece>> {
    for (index, piece) in cell.pieces.iter().enumerate() {
        if let Piece::Text(text) = piece
            && let Some(announcement) = LIST.find(text)
        {
            let rest = Piece::Text(text[announcement.end()..].to_owned());
            let after = [&[rest], &cell.pieces[index + 1..]].concat();
            // Prose between the words and the first code means that the sentence does not announce values.
            let to_code = after.iter().take_while(|piece| !matches!(piece, Piece::Code(_)));
            let mut between = to_code.filter_map(|piece| if let Piece::Text(text) = piece { Some(text) } else { None });
            let marked = after.iter().any(|piece| matches!(piece, Piece::Code(_)));
            if !marked || between.all(|text| joins(text)) {
                return Some(after);
            }
        }
    }
    let is_constant = |code: &str| code.len() > 1 && constant(code) == Some(code);
    let first = cell.pieces.iter().position(|piece| matches!(piece, Piece::Code(code) if is_constant(code)))?;
    let constants = cell.codes().filter(|code| is_constant(code)).count();
    (constants > 1).then(|| cell.pieces[first..].to_vec())
}

/// Returns whether the text between two values is only punctuation or a conjunction.
fn joins(text: &str) -> bool {
    let text = text.trim_matches(|it: char| it.is_whitespace() || ",;:/|•*".contains(it));
    text.is_empty() || matches!(text, "or" | "and" | "-" | "–")
}

/// Collects values that are marked as code. Each value starts a line, follows another value, or starts its explanation.
fn marked(pieces: &[Piece], found: &mut Vec<String>) {
    let mut before = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Break => before.clear(),
            Piece::Text(text) => before.push_str(text),
            Piece::Code(code) => {
                let behind = pieces.get(index + 1);
                let explained =
                    matches!(behind, Some(Piece::Text(text)) if text.trim_start().starts_with(['-', '–', '—', ':']));
                if joins(&before) || (explained && before.trim().ends_with(['.', ';', ','])) {
                    let value = code.trim_matches(|it: char| it == '"' || it.is_whitespace() || "–—-".contains(it));
                    if !value.is_empty() && !found.iter().any(|known| known == value) {
                        found.push(value.to_owned());
                    }
                    before.clear();
                } else {
                    // Code that is not a value counts as prose.
                    before.push_str(code);
                }
            }
        }
    }
}

/// Collects values without marks: consecutive constants, or constants with an explanation after a dash.
fn capitals(text: &str, found: &mut Vec<String>) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut in_run = true;
    for (index, word) in words.iter().enumerate() {
        let next = words.get(index + 1).copied().unwrap_or_default();
        let explained = matches!(next, "-" | "–" | "—");
        match constant(word) {
            Some(constant) if in_run || explained => {
                if !found.iter().any(|known| known == constant) {
                    found.push(constant.to_owned());
                }
                in_run = !explained;
            }
            _ if in_run && matches!(*word, "or" | "and" | ",") => {}
            // An explanation ends with its sentence.
            _ => in_run = word.ends_with(['.', ';']),
        }
    }
}

/// Returns a word in capitals without its punctuation.
fn constant(word: &str) -> Option<&str> {
    let word = word.trim_matches(|it: char| ",.;:\"'()".contains(it));
    let is_constant = word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_');
    (is_constant && word.len() > 1).then_some(word)
}

/// Returns the number for a key word: the first number after it in its sentence, or else the last number before it.
fn limit(text: &str, key: &Regex) -> Option<i64> {
    for sentence in text.split_inclusive(". ").map(str::trim) {
        let Some(found) = key.find(sentence) else { continue };
        let behind = NUMBER.captures(&sentence[found.end()..]);
        let before = NUMBER.captures_iter(&sentence[..found.start()]).last();
        if let Some(number) = behind.or(before) {
            return number.get(1)?.as_str().parse().ok();
        }
    }
    None
}

fn required(cell: &Rich) -> Option<bool> {
    // The word must be the whole line or sentence, because prose can mention that something else is required.
    let plain = cell.plain();
    // In copied text, the word follows the values of an enum without a period.
    let behind_value =
        plain.rsplit_once(' ').filter(|(before, _)| before.rsplit(' ').next().and_then(constant).is_some());
    let mut lines = cell
        .pieces
        .split(|piece| *piece == Piece::Break)
        .map(plain_text)
        .chain([plain.rsplit(". ").next().unwrap_or_default().to_owned()])
        .chain(behind_value.map(|(_, last)| last.to_owned()));
    lines.find_map(|line| match line.trim_matches(['.', '(', ')', '*', ' ']).to_lowercase().as_str() {
        "required" => Some(true),
        "optional" => Some(false),
        _ => None,
    })
}

fn samples(text: &str) -> Vec<String> {
    let mut samples = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['[', '{']) {
        rest = &rest[at..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<serde_json::Value>();
        let length = match values.next() {
            Some(Ok(_)) => values.byte_offset(),
            _ => 1,
        };
        if length > 1 {
            samples.push(rest[..length].to_owned());
        }
        rest = &rest[length..];
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Piece {
        Piece::Code(text.to_owned())
    }

    fn prose(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    fn read(pieces: Vec<Piece>) -> Description {
        Description::read(&Rich { pieces, links: Vec::new() }, true)
    }

    fn read_text(text: &str) -> Description {
        read(vec![prose(text)])
    }

    #[test]
    fn types_are_read_in_the_notation_of_the_pages() {
        for (text, shown) in [
            ("number", "number"),
            ("integer", "number"),
            ("object catalogLimit", "object"),
            ("array of numbers", "array of numbers"),
            ("array of objects items", "array of objects"),
            ("array items", "array"),
            ("number/string", "number/string"),
            ("string or boolean", "string/boolean"),
            ("json object", "json"),
            ("text", "text"),
            ("Bearer secret_ab***cd", "Bearer secret_ab***cd"),
        ] {
            assert_eq!(PageType::from(text).to_string(), shown);
            assert_eq!(PageType::from(shown), PageType::from(text), "{shown} is read back");
        }
    }

    #[test]
    fn types_with_unnamed_items_agree() {
        let agree = |one: &str, other: &str| PageType::from(one).agrees_with(&PageType::from(other));
        assert!(agree("array", "array of strings") && agree("number/string", "string/number"));
        assert!(!agree("array of numbers", "array of strings") && !agree("object", "array of objects"));
        assert!(!agree("number", "number/string"));
    }

    #[test]
    fn values_are_found_in_all_notations() {
        let lines = vec![prose("A state.\nOne of: "), Piece::Break, code("ACTIVE"), Piece::Break, code("PAUSED")];
        let explained = vec![
            prose("One of:"),
            code("ACTIVE"),
            prose(" - at work, unlike "),
            code("200 OK"),
            prose(". "),
            code("PAUSED"),
            prose(" – not."),
        ];
        let commas = vec![prose("Supported values: "), code("\"ACTIVE\""), prose(", or "), code("\"PAUSED\"")];
        let unannounced = vec![prose("Which state:"), Piece::Break, code("ACTIVE"), Piece::Break, code("PAUSED")];
        for pieces in [lines, explained, commas, unannounced] {
            assert_eq!(read(pieces.clone()).values, ["ACTIVE", "PAUSED"], "{pieces:?}");
        }
        for text in [
            "A state. One of: ACTIVE PAUSED",
            "One of: ACTIVE - at work in the API. PAUSED - not.",
            "Possible values are ACTIVE, or PAUSED.",
        ] {
            assert_eq!(read_text(text).values, ["ACTIVE", "PAUSED"], "{text}");
        }
        assert_eq!(read_text("One of: pick_up, delivery").values, ["pick_up", "delivery"]);
        assert_eq!(read_text("One of the methods that the store offers.").values, [""; 0]);
    }

    #[test]
    fn other_lists_and_codes_are_not_values() {
        let prose_first = vec![
            prose("Must be one of the languages of the store."),
            Piece::Break,
            prose("See "),
            code("GET"),
            prose(" "),
            code("/profile"),
            prose(" for them."),
        ];
        assert_eq!(read(prose_first).values, [""; 0]);
        assert_eq!(read_text("A UNIX timestamp or an ID, as in the REST API.").values, [""; 0]);
        let example = vec![prose("For example: "), code("?responseFields=id,name")];
        assert_eq!(read(example).values, [""; 0]);
    }

    #[test]
    fn limits_are_found_in_all_wordings() {
        for (text, default, maximum) in [
            ("The maximum, and the default where none is sent: 100.", Some(100), Some(100)),
            ("100 is default and maximum at once", Some(100), Some(100)),
            ("Its maximum: 1000. Its default: 10.", Some(10), Some(1000)),
            ("The default is 10, the maximum is 50", Some(10), Some(50)),
            ("At most 100 items; 100 is the default.", Some(100), Some(100)),
            ("Up to 20.", None, Some(20)),
            ("How many there are in all, with 20 or more of them elsewhere.", None, None),
            ("Offset 100 for the second request.", None, None),
        ] {
            let description = read_text(text);
            assert_eq!((description.default, description.maximum), (default, maximum), "{text}");
        }
    }

    #[test]
    fn other_fields_need_the_word_maximum() {
        let read = |text: &str| Description::read(&Rich::text(text), false).maximum;
        assert_eq!(read("A number of up to 10 digits."), None);
        assert_eq!(read("How many uses. The maximum is 10."), Some(10));
    }

    #[test]
    fn required_must_be_a_separate_word() {
        assert_eq!(read(vec![prose("The path. "), Piece::Break, prose("Required")]).required, Some(true));
        assert_eq!(read_text("The path. Optional").required, Some(false));
        assert_eq!(read_text("The method. One of: GET PUT Required").required, Some(true));
        assert_eq!(read_text("A body that is required for some requests.").required, None);
    }

    #[test]
    fn samples_of_json_are_found_in_prose() {
        assert_eq!(read_text("Ids, such as [1,2] or [\"a\"], of {store}").samples, ["[1,2]", "[\"a\"]"]);
    }
}
