//! Text of any length, of which a page shows the beginning.

use std::borrow::Cow;

use jsonxf::Formatter;
use serde::de::IgnoredAny;

/// The first bytes of a text, and how long it is where there are more.
pub(super) fn text(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return text.into();
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    cut(&text[..end], text).into()
}

/// JSON with a line for each value, as far as it is shown; other text as it is.
pub(super) fn json(json: &str, most: usize) -> Cow<'_, str> {
    if serde_json::from_str::<IgnoredAny>(json).is_err() {
        return text(json, most);
    }
    // No more is laid out than is shown: the indents of what is nested deep are longer than any text.
    let mut shown = vec![0; most];
    let mut room = shown.as_mut_slice();
    let is_whole = Formatter::pretty_printer().format_buf(json.as_bytes(), &mut room).is_ok();
    let length = most - room.len();
    let shown = String::from_utf8_lossy(&shown[..length]);
    if is_whole { shown.into_owned().into() } else { cut(shown.trim_end_matches('\u{fffd}'), json).into() }
}

fn cut(shown: &str, whole: &str) -> String {
    format!("{shown}\n… ({} bytes in all)", whole.len())
}

#[cfg(test)]
mod tests {
    use super::{json, text};

    #[test]
    fn the_beginning_is_shown_and_how_long_the_rest_is() {
        assert_eq!(text("four", 4), "four");
        assert_eq!(text("aéé", 2), "a\n… (5 bytes in all)");
        assert_eq!(json(r#"{"a":[1]}"#, 100), "{\n  \"a\": [\n    1\n  ]\n}");
        assert_eq!(json(r#"["éé"]"#, 6), "[\n  \"\n… (8 bytes in all)");
        assert_eq!(json("{", 100), "{");
        let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        assert!(json(&deep, 1000).len() < 1100);
    }
}
