//! JSON as text: objects whose values keep their digits, and the layout of what is shown.

use std::collections::BTreeMap;

use ecwid_coupons::Json;
use serde::Serialize;

/// An object whose values are the JSON text they came as.
pub(crate) type Object = BTreeMap<String, Json>;

/// A value as JSON text that is laid out for reading.
pub(crate) fn pretty<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string(value).map(|text| lay_out(&text))
}

/// Lays valid JSON out for reading, with lists of plain values on one line. No digit is touched.
///
/// serde_json would do it by way of its own numbers, which round.
pub(crate) fn lay_out(json: &str) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let mut rest = json.trim_ascii();
    let mut closings: Vec<(char, bool)> = Vec::new();
    while let Some(next) = rest.chars().next() {
        let mut length = next.len_utf8();
        match next {
            '"' => {
                length = string_length(rest);
                text.push_str(&rest[..length]);
            }
            '{' | '[' => {
                let (closing, inside) = (if next == '{' { '}' } else { ']' }, &rest[1..]);
                text.push(next);
                if inside.trim_ascii_start().starts_with(closing) {
                    text.push(closing);
                    length += inside.find(closing).unwrap_or_default() + 1;
                } else {
                    let is_plain = next == '[' && !inside.trim_ascii_start().starts_with(['{', '[']);
                    closings.push((closing, is_plain));
                    break_line(&mut text, &closings);
                }
            }
            '}' | ']' => {
                let was = closings.pop();
                if !was.is_some_and(|(_, is_plain)| is_plain) {
                    text.push('\n');
                    text.extend(std::iter::repeat_n("  ", closings.len()));
                }
                text.push(next);
            }
            ',' => {
                text.push(',');
                if closings.last().is_some_and(|(_, is_plain)| *is_plain) {
                    text.push(' ');
                }
                break_line(&mut text, &closings);
            }
            ':' => text.push_str(": "),
            _ if next.is_ascii_whitespace() => {}
            _ => text.push(next),
        }
        rest = &rest[length..];
    }
    text
}

fn break_line(text: &mut String, closings: &[(char, bool)]) {
    if !closings.last().is_some_and(|(_, is_plain)| *is_plain) {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", closings.len()));
    }
}

/// How long the string is that the text begins with, its quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return index + 1,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::lay_out;

    #[test]
    fn json_is_laid_out_and_nothing_else() {
        let json = r#" {"a":[1, 2.50],"b":{"c":"x, [\"y\"] {z:\\","d":[ ]},"e":[{"f":1e3},{}],"g":"ü"} "#;
        let text = lay_out(json);
        assert_eq!(
            text,
            "{\n  \"a\": [1, 2.50],\n  \"b\": {\n    \"c\": \"x, [\\\"y\\\"] {z:\\\\\",\n    \"d\": []\n  },\n  \
             \"e\": [\n    {\n      \"f\": 1e3\n    },\n    {}\n  ],\n  \"g\": \"ü\"\n}"
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            serde_json::from_str::<serde_json::Value>(json).unwrap()
        );
        assert_eq!(lay_out("[]"), "[]");
        assert_eq!(lay_out("\"a\""), "\"a\"");
    }
}
