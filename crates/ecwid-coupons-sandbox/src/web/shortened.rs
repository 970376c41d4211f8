//! Shortens long texts for the page.

use std::borrow::Cow;

use jsonxf::Formatter;
use serde::de::IgnoredAny;

/// Returns the beginning of a text, followed by its size if it is longer than `most` bytes.
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

/// Returns the beginning of JSON with one value on each line. Other text is returned like [`text()`].
pub(super) fn json(json: &str, most: usize) -> Cow<'_, str> {
    if serde_json::from_str::<IgnoredAny>(json).is_err() {
        return text(json, most);
    }
    // Only the part that is shown is formatted, because the indentation of deeply nested JSON can be very long.
    let mut shown = vec![0; most];
    let mut room = shown.as_mut_slice();
    let is_whole = Formatter::pretty_printer().format_buf(json.as_bytes(), &mut room).is_ok();
    let length = most - room.len();
    let shown = String::from_utf8_lossy(&shown[..length]);
    if is_whole { shown.into_owned().into() } else { cut(shown.trim_end_matches('\u{fffd}'), json).into() }
}

fn cut(shown: &str, whole: &str) -> String {
    format!("{shown}\n… ({} bytes in total)", whole.len())
}

#[cfg(test)]
mod tests {
    use super::{json, text};

    #[test]
    fn long_text_is_cut_and_its_size_is_shown() {
        assert_eq!(text("four", 4), "four");
        assert_eq!(text("aéé", 2), "a\n… (5 bytes in total)");
        assert_eq!(json(r#"{"a":[1]}"#, 100), "{\n  \"a\": [\n    1\n  ]\n}");
        assert_eq!(json(r#"["éé"]"#, 6), "[\n  \"\n… (8 bytes in total)");
        assert_eq!(json("{", 100), "{");
        let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        assert!(json(&deep, 1000).len() < 1100);
    }
}
