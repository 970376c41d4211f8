//! Reads path segments, query parameters and JSON bodies.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use ecwid_coupons::{__private::read_json, TimeFilter};
use http::{HeaderMap, header};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use crate::{http::problem::Problem, rule::Rule};

/// The maximum depth of nested lists and objects in JSON. A page of such coupons stays within serde_json's limit of
/// 128.
const MAX_DEPTH: usize = 100;

/// The maximum number of query parameters. No operation has this many.
const MAX_PARAMETERS: usize = 100;

/// Decodes a path segment like the store: percent escapes, and `+` as a space.
///
/// Ecwid's own client documents that path segments are decoded like query strings.
pub(crate) fn path_segment(segment: &str) -> Result<String, Problem> {
    let wrong = || Problem::wrong_value("path", segment, "percent-encoded UTF-8");
    let bytes = segment.as_bytes();
    let is_broken = |at: usize| !bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
    if (0..bytes.len()).any(|at| bytes[at] == b'%' && is_broken(at)) {
        return Err(wrong());
    }
    if segment.contains('+') {
        Rule::PlusInAPathIsASpace.trace();
    }
    let spaced = segment.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().map(|text| text.into_owned()).map_err(|_| wrong())
}

/// The query parameters of a request. An empty parameter counts as missing.
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Parses a query string. A repeated parameter is refused, because one of its values would be lost.
    pub(crate) fn read(query: Option<&str>) -> Result<Self, Problem> {
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if parameters.len() == MAX_PARAMETERS {
                return Err(Problem::wrong_parameter(format!("The query has more than {MAX_PARAMETERS} parameters")));
            }
            if parameters.iter().any(|(known, _)| *known == name) {
                return Err(Problem::wrong_parameter(format!(
                    "The query has the parameter '{name}' more than once; separate several values with commas"
                )));
            }
            parameters.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(parameters))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, Problem> {
        let parse = |text: &str| match text.parse() {
            Ok(number) if number >= 0 => Ok(number),
            _ => Err(Problem::wrong_value(name, text, "an integer that is not negative")),
        };
        self.text(name).map(parse).transpose()
    }

    pub(crate) fn boolean(&self, name: &str, default: bool) -> Result<bool, Problem> {
        match self.text(name) {
            None => Ok(default),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(other) => Err(Problem::wrong_value(name, other, "true or false")),
        }
    }

    /// Parses a comma-separated list of enum values.
    pub(crate) fn list(&self, name: &str, known: &[&str]) -> Result<Option<Vec<String>>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        if text.contains(',') {
            Rule::FiltersTakeLists.trace();
        }
        let check = |value: &str| match value.trim() {
            value if known.contains(&value) => Ok(value.to_owned()),
            value => Err(Problem::wrong_value(name, value, &format!("one of {}", known.join(", ")))),
        };
        text.split(',').map(check).collect::<Result<_, _>>().map(Some)
    }

    /// Parses a time, and returns it as a Unix timestamp.
    pub(crate) fn time(&self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let time = text.trim().parse().map(TimeFilter::Unix).or_else(|_| text.parse());
        let time: Option<DateTime<Utc>> = time.ok().and_then(TimeFilter::to_utc);
        match time {
            Some(time) => {
                Rule::TimeBoundsAreInclusive.trace();
                Ok(Some(time.timestamp()))
            }
            None => Err(Problem::wrong_value(name, text, "a Unix timestamp or a date such as 2023-01-15 19:27:50")),
        }
    }
}

/// Refuses a body whose content type is not JSON.
pub(crate) fn check_content_type(headers: &HeaderMap) -> Result<(), Problem> {
    if let Some(encoding) = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok())
        && encoding != "identity"
    {
        return Err(Problem::unsupported_media_type(&format!("with Content-Encoding '{encoding}'")));
    }
    let found = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = found.split(';').next().unwrap_or_default().trim();
    if ["application/json", "text/json"].iter().any(|known| media_type.eq_ignore_ascii_case(known)) {
        return Ok(());
    }
    Err(Problem::unsupported_media_type(&format!("of type '{found}'")))
}

/// Parses a JSON body. The error names the invalid field.
pub(crate) fn body<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    check_depth("body", body)?;
    read_json(body).map_err(|wrong| match wrong.path() {
        Some(path) => Problem::wrong_parameter(format!("Wrong parameter '{path}' value: {}", wrong.without_path())),
        None => Problem::wrong_parameter(format!("Wrong body: {wrong}")),
    })
}

/// Refuses JSON that is nested too deeply, before it is parsed or stored.
pub(crate) fn check_depth(what: &str, json: &[u8]) -> Result<(), Problem> {
    if is_deeper(json, MAX_DEPTH) {
        Rule::NestingIsLimited.trace();
        return Err(Problem::wrong_parameter(format!("The {what} is nested deeper than {MAX_DEPTH} levels")));
    }
    Ok(())
}

/// Returns whether lists and objects are nested deeper than `levels`.
fn is_deeper(json: &[u8], levels: usize) -> bool {
    // Counting brackets is fast, and most JSON has fewer brackets than levels.
    if json.iter().filter(|byte| matches!(byte, b'[' | b'{')).count() <= levels {
        return false;
    }
    let (mut depth, mut is_in_text, mut bytes) = (0_usize, false, json.iter());
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => is_in_text = !is_in_text,
            b'\\' if is_in_text => drop(bytes.next()),
            b'[' | b'{' if !is_in_text => depth += 1,
            b']' | b'}' if !is_in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > levels {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_deeper;

    #[test]
    fn depth_counts_nested_brackets_outside_of_strings() {
        let lists = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(!is_deeper(lists(3).as_bytes(), 3) && is_deeper(lists(4).as_bytes(), 3));
        assert!(is_deeper(br#"{"a":[{"b":[1"#, 3), "the JSON can be incomplete");
        assert!(!is_deeper(format!("[{0},{0},{0}]", lists(2)).as_bytes(), 3));
        assert!(!is_deeper(br#"["[[[[","\"[[[[","\\",[[1]]]"#, 3));
        assert!(is_deeper(br#"["\\",[[[1]]]]"#, 3));
    }
}
