//! [`escape_untrusted`]: makes text of a server safe to display.

use std::borrow::Cow;

/// Escapes characters that could move a cursor, recolor a terminal, forge a log line, or reorder or hide text.
///
/// These are control characters, line and paragraph separators, direction marks and invisible characters. They become
/// `\n`, `\t`, `\r` or `\u{…}`. A zero-width joiner or non-joiner between two characters beyond ASCII is kept, because
/// emoji and several scripts need it. Elsewhere it only makes two names look alike.
pub fn escape_untrusted(text: &str) -> Cow<'_, str> {
    escape(text, |hidden, escaped| escaped.extend(hidden.escape_default()))
}

/// Escapes the same characters as JSON does, which keeps the meaning of the JSON.
pub fn escape_json(json: &str) -> Cow<'_, str> {
    escape(json, |hidden, escaped| match hidden {
        // Strings cannot have these unescaped, so they are whitespace.
        '\n' | '\t' => escaped.push(hidden),
        '\r' => escaped.push('\n'),
        _ => {
            for unit in hidden.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    })
}

fn escape(text: &str, write: impl Fn(char, &mut String)) -> Cow<'_, str> {
    // Most texts have nothing to escape.
    let Some((first, _)) = text.char_indices().find(|&(place, next)| is_hidden(text, place, next)) else {
        return Cow::Borrowed(text);
    };
    let mut escaped = String::with_capacity(text.len() + 16);
    escaped.push_str(&text[..first]);
    for (place, next) in text[first..].char_indices().map(|(place, next)| (first + place, next)) {
        if is_hidden(text, place, next) { write(next, &mut escaped) } else { escaped.push(next) }
    }
    Cow::Owned(escaped)
}

fn is_hidden(text: &str, place: usize, next: char) -> bool {
    match next {
        ' '..='~' => false,
        '\u{200c}' | '\u{200d}' => {
            let joins = |next: Option<char>| next.is_some_and(|next| !next.is_ascii() && !is_invisible(next));
            !(joins(text[..place].chars().next_back()) && joins(text[place + next.len_utf8()..].chars().next()))
        }
        _ => is_invisible(next),
    }
}

/// Whether a character is invisible or changes the characters around it.
///
/// These are Unicode's classes Cc, Cf, Zl and Zp, and its ignorable characters except variation selectors (U+FE00 to
/// U+FE0F), which emoji need.
fn is_invisible(next: char) -> bool {
    next.is_control()
        || matches!(next,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}'
            | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deceptive_characters_are_escaped() {
        for (hidden, shown) in [
            ("\u{1b}[2J", r"\u{1b}[2J"),
            ("\n", r"\n"),
            ("\r", r"\r"),
            ("\t", r"\t"),
            ("\u{0}\u{7}", r"\u{0}\u{7}"),
            ("\u{7f}\u{85}\u{9b}", r"\u{7f}\u{85}\u{9b}"),
            ("\u{202e}\u{2066}\u{2069}", r"\u{202e}\u{2066}\u{2069}"),
            ("\u{61c}\u{200e}\u{200f}", r"\u{61c}\u{200e}\u{200f}"),
            ("\u{2028}\u{2029}", r"\u{2028}\u{2029}"),
            ("\u{200b}\u{2060}\u{feff}\u{ad}", r"\u{200b}\u{2060}\u{feff}\u{ad}"),
            ("\u{e0041}\u{e007f}", r"\u{e0041}\u{e007f}"),
            ("A\u{200d}", r"A\u{200d}"),
        ] {
            assert_eq!(escape_untrusted(&format!("aä{hidden}z")), format!("aä{shown}z"));
            let json = serde_json::to_string(hidden).unwrap();
            let escaped = escape_json(&json);
            assert!(escaped.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{escaped}");
            assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), hidden);
        }
        assert_eq!(escape_json("{\r\n\t\"a\":1}"), "{\n\n\t\"a\":1}");
    }

    #[test]
    fn usual_text_is_not_escaped() {
        for text in [
            "",
            r#"10% "OFF" \ it's"#,
            "e\u{301}",
            "10\u{a0}€",
            "日本\u{3000}語",
            "👨\u{200d}👩\u{200d}👧",
            "❤\u{fe0f}",
            "می\u{200c}خواهم",
        ] {
            assert!(matches!(escape_untrusted(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
