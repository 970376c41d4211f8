//! [`JsonProblem`]: a problem in JSON, with the field and the position.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

/// Names of JSON kinds: serde's and the standard ones.
const KINDS: [(&str, &str); 4] =
    [("integer ", "number "), ("floating point ", "number "), ("sequence", "list"), ("map", "object")];

/// A problem in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonProblem {
    /// The coupon that has the problem, if it is known.
    pub(crate) coupon: Option<String>,
    path: Option<String>,
    /// The problem, without coupon, field and position.
    pub(crate) problem: String,
    /// The line and the column, counted from 1.
    place: Option<(usize, usize)>,
    /// Whether the text ends too early.
    pub(crate) is_truncated: bool,
}

/// Reads JSON.
///
/// # Errors
///
/// The text is not JSON, or its value is not a `T`.
pub fn read_json<T: DeserializeOwned>(json: &[u8]) -> Result<T, JsonProblem> {
    // A single check of the whole text is faster than a check of each string.
    let text = std::str::from_utf8(json)
        .map_err(|error| JsonProblem { problem: error.to_string(), ..JsonProblem::default() })?;
    serde_json::from_str(text).map_err(|error| {
        if error.is_eof() {
            // The field in which a text ends is not the cause.
            return JsonProblem::new(&error, None);
        }
        // Tracking the path is slow. It is done after an error only.
        let mut deserializer = serde_json::Deserializer::from_str(text);
        match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Err(error) => JsonProblem::new(error.inner(), known(error.path())),
            // The problem is after the value.
            Ok(_) => JsonProblem::new(&error, None),
        }
    })
}

fn shown(place: Option<(usize, usize)>) -> String {
    place.map_or_else(String::new, |(line, column)| format!(" at line {line} column {column}"))
}

/// The path, unless the error is between two fields.
fn known(path: &Path) -> Option<String> {
    let is_known = path.iter().next().is_some() && !path.iter().any(|segment| matches!(segment, Segment::Unknown));
    is_known.then(|| path.to_string())
}

impl JsonProblem {
    fn new(error: &serde_json::Error, path: Option<String>) -> Self {
        let text = error.to_string();
        let place = (error.line() > 0).then(|| (error.line(), error.column()));
        let problem = text.strip_suffix(&shown(place)).unwrap_or(&text);
        Self { coupon: None, path, problem: in_words(problem), place, is_truncated: error.is_eof() }
    }

    /// Returns the field with the problem, such as `catalogLimit.products[0]`. `None` if the whole value is wrong.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// Returns the problem and its position, without the field.
    pub fn without_path(&self) -> String {
        Self { path: None, ..self.clone() }.to_string()
    }

    /// Returns the line and the column, counted from 1. `None` if they are not known.
    pub fn place(&self) -> Option<(usize, usize)> {
        self.place
    }

    /// Returns the problem and its field, without the position.
    pub fn without_place(&self) -> String {
        self.clone().placeless().to_string()
    }

    /// Drops the position, for text that the caller never saw.
    pub(crate) fn placeless(self) -> Self {
        Self { place: None, ..self }
    }

    /// Whether both have the same problem in the same field.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        (&self.path, &self.problem) == (&other.path, &other.problem)
    }
}

impl fmt::Display for JsonProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(coupon) = &self.coupon {
            write!(f, "{coupon}: ")?;
        }
        if let Some(path) = &self.path {
            write!(f, "{path}: ")?;
        }
        write!(f, "{}{}", self.problem, shown(self.place))
    }
}

/// Rewrites a message of serde, so that it names JSON types instead of Rust types.
pub fn in_words(problem: &str) -> String {
    if let Some(inside) = problem.strip_prefix("EOF while parsing ") {
        let place = if inside.starts_with("a value") { "before" } else { "inside" };
        return format!("the text ends {place} {inside}");
    }
    let Some((found, expected)) = problem.rsplit_once(", expected ") else { return problem.to_owned() };
    let expected = match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number of at most 19 digits that is not negative",
        "i32" => "a whole number from -2147483648 to 2147483647",
        "i64" | "isize" => "a whole number of at most 18 digits",
        "f32" | "f64" => "a number",
        "a sequence" => "a list",
        "a map" => "an object",
        other if other.starts_with("struct ") || other.starts_with("internally tagged enum ") => "an object",
        other => other,
    };
    let found = ["invalid type: ", "invalid value: "]
        .iter()
        .find_map(|prefix| {
            let kind = found.strip_prefix(prefix)?;
            KINDS.iter().find_map(|(serde, json)| Some(format!("{prefix}{json}{}", kind.strip_prefix(serde)?)))
        })
        .unwrap_or_else(|| found.to_owned());
    format!("{found}, expected {expected}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Coupon, NewCoupon};

    fn problem<T: DeserializeOwned + fmt::Debug>(json: &str) -> String {
        read_json::<T>(json.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_problem_names_no_rust_types() {
        for (json, expected) in [
            (
                r#"{"orderCount":"x"}"#,
                r#"orderCount: invalid type: string "x", expected a whole number of at most 18 digits at line 1 column 17"#,
            ),
            (
                r#"{"catalogLimit":{"products":[1,1.5]}}"#,
                "catalogLimit.products[1]: invalid type: number `1.5`, expected a whole number of at most 18 digits at line 1 column 34",
            ),
            (
                r#"{"catalogLimit":{"products":7}}"#,
                "catalogLimit.products: invalid type: number `7`, expected a list at line 1 column 29",
            ),
            (r#"{"catalogLimit":[]}"#, "catalogLimit: invalid type: list, expected an object at line 1 column 16"),
            ("[1]", "invalid type: list, expected an object at line 1 column 0"),
            (r#"{"id":1e999}"#, "id: number out of range at line 1 column 11"),
            (r#"{"catalogLimit":{"products":[x]}}"#, "catalogLimit.products[0]: expected value at line 1 column 30"),
            (r#"{"id":"#, "the text ends before a value at line 1 column 6"),
            (r#"{"id":1"#, "the text ends inside an object at line 1 column 7"),
            (r#"{"catalogLimit":{"products":[1"#, "the text ends inside a list at line 1 column 30"),
            (r#"{"code":"TE"#, "the text ends inside a string at line 1 column 11"),
            (r#"{"id":1,}"#, "trailing comma at line 1 column 9"),
            ("{} {}", "trailing characters at line 1 column 4"),
        ] {
            assert_eq!(problem::<Coupon>(json), expected);
        }
        assert_eq!(problem::<NewCoupon>(r#"{"name":"N"}"#), "missing field `code`");
        assert_eq!(
            problem::<u16>("70000"),
            "invalid value: number `70000`, expected a whole number from 0 to 65535 at line 1 column 5"
        );
        assert_eq!(
            problem::<u64>("-1"),
            "invalid value: number `-1`, expected a whole number of at most 19 digits that is not negative at line 1 column 2"
        );
        let of_bytes = read_json::<Coupon>(b"{\"name\":\"\xff\"}").unwrap_err().to_string();
        assert_eq!(of_bytes, "invalid utf-8 sequence of 1 bytes from index 9");
    }
}
