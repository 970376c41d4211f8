//! Recognizes text that is not only an access token, such as a line of a settings file.

/// Returns what the text has in addition to an access token. The result does not contain the text.
pub(crate) fn token_problem(text: &str) -> Option<&'static str> {
    const QUOTES: [char; 7] = ['"', '\'', '`', '“', '”', '‘', '’'];
    let text = text.trim();
    let before = ["secret_", "public_"].iter().filter_map(|kind| text.find(kind)).min().map(|start| &text[..start]);
    let is_named = |(name, value): (&str, &str)| {
        // A token may end with `=`.
        let is_name = |next: char| next.is_ascii_alphanumeric() || "_-$:. ".contains(next);
        name.starts_with(|first: char| first.is_ascii_alphabetic() || "_$".contains(first))
            && name.chars().all(is_name)
            && (name.contains("TOKEN") || !value.trim_start_matches('=').is_empty())
    };
    if text.lines().nth(1).is_some() {
        Some("several lines")
    } else if text.starts_with(['{', '[']) {
        Some("JSON")
    } else if text.split_once('=').is_some_and(is_named) {
        Some("an assignment such as `NAME=…`")
    } else if text.starts_with(QUOTES) || text.ends_with(QUOTES) {
        Some("quotes")
    } else if before.is_some_and(|before| !before.is_empty()) {
        Some("something before the token, such as `Bearer` or a name")
    } else if text.ends_with([',', ';']) {
        Some("a comma or semicolon after the token")
    } else {
        None
    }
}

/// Reads a token from a text that contains only the token.
///
/// # Errors
///
/// What the text contains instead. The error does not contain the text.
pub fn read_token(text: &str) -> Result<String, &'static str> {
    let token = text.trim();
    match token_problem(token) {
        _ if token.is_empty() => Err("nothing (expected the token)"),
        Some(problem) => Err(problem),
        None => Ok(token.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::token_problem;

    #[test]
    fn text_around_a_token_is_named() {
        for (text, expected) in [
            ("ECWID_TOKEN=secret_x", "assignment"),
            ("ECWID_TOKEN=", "assignment"),
            ("ECWID_TOKEN = \"secret_x\"", "assignment"),
            ("export ECWID_TOKEN='secret_x'", "assignment"),
            ("set ECWID_TOKEN=secret_x", "assignment"),
            ("$env:ECWID_TOKEN = \"secret_x\"", "assignment"),
            ("token=x", "assignment"),
            ("\"secret_x\"", "quotes"),
            ("'x'", "quotes"),
            ("“secret_x”", "quotes"),
            ("secret_x\"", "quotes"),
            ("{\"token\": \"secret_x\"}", "JSON"),
            ("[\"secret_x\"]", "JSON"),
            ("secret_x\nsecret_y", "several lines"),
            ("# the token\r\nsecret_x\r\n", "several lines"),
            ("Bearer secret_x", "before the token"),
            ("token: secret_x", "before the token"),
            ("secret_x;", "semicolon"),
        ] {
            assert!(token_problem(text).is_some_and(|problem| problem.contains(expected)), "{text}");
        }
        for text in ["secret_x", " secret_aB12\n", "public_x", "x", "eyJhbGciOi.J9-_", "QUJD==", "1003"] {
            assert_eq!(token_problem(text), None, "{text}");
        }
    }
}
