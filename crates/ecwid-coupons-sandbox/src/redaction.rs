//! [`Redaction`]: removes tokens from the texts that the sandbox shows.

use std::{
    collections::BTreeSet,
    ops::Range,
    sync::{LazyLock, PoisonError, RwLock, RwLockReadGuard},
};

use regex::bytes::{Regex, RegexBuilder};

/// The replacement for a token.
const MARK: &str = "…";

/// Parts of header names. The values of such headers are never shown.
const SECRET_HEADERS: [&str; 9] =
    ["auth", "cookie", "token", "secret", "password", "api-key", "apikey", "session", "credential"];

/// The number of nested escapes that are decoded, such as JSON inside a JSON string.
const ROUNDS: usize = 4;

/// The shortest beginning of a configured token that is removed from the end of a cut text.
const SHORTEST_BEGINNING: usize = 4;

/// Matches texts that look like a token: by prefix, by scheme, by the name of a parameter or field, or by their place
/// in a URL. The first group that matched is the token.
static TOKENS: LazyLock<Result<Regex, regex::Error>> = LazyLock::new(|| {
    let pattern = r#"((?:secret|public)_[A-Za-z0-9_.~-]+)
        |://([^/?\#\s"'<>]*)@
        |(?i:bearer)[\ +\t]+([^\s"',;&<>\\]+)
        |(?i:token|secret|passw(?:or)?d|authorization|api[_-]?key|credential|cookie|session)[\w.-]*["']?\s*[:=]\s*
            (?:"((?:[^"\\]|\\.)*)|((?:(?i:bearer|basic)[\ +\t]+)?[^\s"'&;,<>\[\]{}\\]+))"#;
    RegexBuilder::new(pattern).ignore_whitespace(true).build()
});

/// Returns a name from the settings for an error message. A name that the sandbox cannot have may be a misplaced token,
/// so it is not shown.
pub(crate) fn shown_name(name: &str) -> &str {
    let could_be = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && name.len() <= 40;
    if could_be && !["secret_", "public_"].iter().any(|prefix| name.starts_with(prefix)) { name } else { MARK }
}

/// Removes tokens from texts: the configured ones, and texts that look like a token.
pub(crate) struct Redaction {
    tokens: RwLock<BTreeSet<String>>,
}

impl Redaction {
    pub(crate) fn new<'a>(tokens: impl Iterator<Item = &'a str>) -> Self {
        Self { tokens: RwLock::new(tokens.map(str::to_owned).collect()) }
    }

    /// Adds a token that is redacted from now on.
    pub(crate) fn add(&self, token: &str) {
        self.tokens.write().unwrap_or_else(PoisonError::into_inner).insert(token.to_owned());
    }

    fn tokens(&self) -> RwLockReadGuard<'_, BTreeSet<String>> {
        self.tokens.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Redacts the value of a header. If the name is that of a secret, at most the scheme is kept.
    pub(crate) fn header(&self, name: &str, value: &str) -> String {
        let name = name.to_ascii_lowercase();
        if !SECRET_HEADERS.iter().any(|part| name.contains(part)) {
            return self.text(value);
        }
        let has_scheme = name.ends_with("authorization");
        match value.split_once(' ').filter(|_| has_scheme) {
            Some((scheme, _)) => format!("{} {MARK}", self.text(scheme)),
            None => MARK.to_owned(),
        }
    }

    /// Redacts a cut text, which can end with the beginning of a token.
    pub(crate) fn cut_text(&self, text: &str) -> String {
        let begun = |token: &String| {
            let lengths = (SHORTEST_BEGINNING..token.len()).rev();
            lengths.filter_map(|length| token.get(..length)).find(|part| text.ends_with(part)).map_or(0, str::len)
        };
        let longest = self.tokens().iter().map(begun).max().unwrap_or_default();
        match longest {
            0 => self.text(text),
            length => self.text(&text[..text.len() - length]) + MARK,
        }
    }

    /// Replaces each token in the text. Finds tokens with percent escapes, as in URLs, and with backslash escapes, as
    /// in JSON.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut found = Vec::new();
        let mut spelling = Spelling::of(text);
        for _ in 0..ROUNDS {
            self.find(&spelling, &mut found);
            let Some(next) = spelling.unescaped() else { break };
            spelling = next;
        }
        replaced(text, found)
    }

    /// Adds the ranges of the tokens in the text.
    fn find(&self, spelling: &Spelling, found: &mut Vec<Range<usize>>) {
        for token in &*self.tokens() {
            let places = memchr::memmem::find_iter(&spelling.bytes, token.as_bytes());
            found.extend(places.map(|start| spelling.in_text(start..start + token.len())));
        }
        let Ok(tokens) = &*TOKENS else {
            // A text that cannot be searched is not shown. The pattern is a constant that the tests use.
            found.push(spelling.in_text(0..spelling.bytes.len()));
            return;
        };
        for groups in tokens.captures_iter(&spelling.bytes) {
            let group = groups.iter().skip(1).flatten().next();
            found.extend(group.filter(|group| !group.is_empty()).map(|group| spelling.in_text(group.range())));
        }
    }
}

/// Replaces each of these ranges with the mark.
fn replaced(text: &str, mut parts: Vec<Range<usize>>) -> String {
    if parts.is_empty() {
        return text.to_owned();
    }
    parts.sort_unstable_by_key(|part| part.start);
    let (mut shown, mut end) = (String::with_capacity(text.len()), 0);
    for part in parts {
        if part.start > end || shown.is_empty() {
            shown.push_str(text.get(end..part.start).unwrap_or_default());
            shown.push_str(MARK);
        }
        end = end.max(part.end);
    }
    shown.push_str(text.get(end..).unwrap_or_default());
    shown
}

/// A text with some of its escapes decoded.
struct Spelling {
    bytes: Vec<u8>,
    /// The position of each byte in the original text, and the end of the text. Empty if nothing was decoded.
    starts: Vec<usize>,
}

impl Spelling {
    fn of(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), starts: Vec::new() }
    }

    /// Returns the range in the original text.
    fn in_text(&self, part: Range<usize>) -> Range<usize> {
        let place = |at: usize| self.starts.get(at).copied().unwrap_or(at);
        place(part.start)..place(part.end)
    }

    /// Decodes one more level of escapes. Returns `None` if there are none.
    fn unescaped(&self) -> Option<Self> {
        memchr::memchr2(b'%', b'\\', &self.bytes)?;
        let mut next = Self { bytes: Vec::with_capacity(self.bytes.len()), starts: Vec::new() };
        let mut at = 0;
        while at < self.bytes.len() {
            let (byte, length) = escaped(&self.bytes[at..]).unwrap_or((self.bytes[at], 1));
            next.bytes.push(byte);
            next.starts.push(self.in_text(at..at).start);
            at += length;
        }
        next.starts.push(self.in_text(at..at).start);
        (next.bytes.len() < self.bytes.len()).then_some(next)
    }
}

/// Returns the byte of an escape and the length of the escape.
fn escaped(bytes: &[u8]) -> Option<(u8, usize)> {
    let hex = |digits: &[u8]| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    match (bytes.first()?, bytes.get(1)?) {
        (b'%', _) => Some((u8::try_from(hex(bytes.get(1..3)?)?).ok()?, 3)),
        // Tokens are ASCII, so other characters do not matter.
        (b'\\', b'u') => Some((u8::try_from(hex(bytes.get(2..6)?)?).unwrap_or(b'?'), 6)),
        (b'\\', b'n' | b'r' | b't' | b'f' | b'b') => Some((b' ', 2)),
        (b'\\', other) => Some((*other, 2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redaction() -> Redaction {
        Redaction::new(["mine/1+2%", "secret_sandbox"].into_iter())
    }

    #[test]
    fn a_token_is_redacted_in_every_spelling() {
        for text in [
            "mine/1+2%",
            "mine%2F1%2B2%25",
            "%6d%69%6E%65%2f1%2B2%25",
            r"mine\/1+2%",
            r"\u006dine/1\u002b2%",
            r"\\u006dine\\/1+2%",
            "mine%252F1%252B2%2525",
            "secret_sandbox",
            "secret%5Fsandbox",
            r"\u0073ecret_sandbox",
            "secret_OfAnother-Store.1",
            "public_abc",
        ] {
            assert_eq!(redaction().text(&format!("a {text} b")), "a … b", "{text}");
            assert_eq!(redaction().text(&format!("é{text}")), "é…", "{text}");
        }
        assert_eq!(redaction().text("secret_sandboxsecret_sandbox"), "…");
        assert_eq!(redaction().text("secret_a,secret_b"), "…,…");
    }

    #[test]
    fn secrets_are_recognized_by_their_context() {
        for (text, shown) in [
            ("/a?token=abc&limit=1", "/a?token=…&limit=1"),
            ("/a?access_token=abc", "/a?access_token=…"),
            ("/a?%74oken=abc#x", "/a?%74oken=…"),
            ("client_secret=a%26b", "client_secret=…"),
            (r#"{"token": "a\"b", "code":"C"}"#, r#"{"token": "…", "code":"C"}"#),
            (r#"{"clientSecret":"abc"#, r#"{"clientSecret":"…"#),
            (r#"{"body":"{\"apiKey\":\"abc\"}"}"#, r#"{"body":"{\"apiKey\":\"…\"}"}"#),
            ("Authorization: Bearer abc", "Authorization: …"),
            ("BEARER+abc", "BEARER+…"),
            (r#"{"tokens":["a"],"token":null}"#, r#"{"tokens":["a"],"token":…}"#),
        ] {
            assert_eq!(redaction().text(text), shown, "{text}");
        }
    }

    #[test]
    fn other_text_is_unchanged() {
        for text in [
            "",
            "/api/v3/1003/discount_coupons/5%25%20OFF?limit=10&code=%C3%A9",
            r#"{"name":"The secret sale: 10 % off \"now\" é","code":"SECRET_SALE","discountType":"PERCENT","discount":10.50}"#,
            r"\ % %4 \u12 %zz",
        ] {
            assert_eq!(redaction().text(text), text);
        }
    }

    #[test]
    fn secret_headers_are_recognized_by_name() {
        for (name, value, shown) in [
            ("authorization", "Bearer abc", "Bearer …"),
            ("Proxy-Authorization", "Basic dTpw", "Basic …"),
            ("authorization", "abc", "…"),
            ("cookie", "a=b c", "…"),
            ("x-ecwid-app-secret-key", "abc", "…"),
            ("x-auth-token", "abc d", "…"),
            ("referer", "http://localhost/?token=abc", "http://localhost/?token=…"),
            ("x-ecwid-api-request-id", "abc", "abc"),
        ] {
            assert_eq!(redaction().header(name, value), shown, "{name}");
        }
    }

    #[test]
    fn passwords_in_urls_are_redacted() {
        let shown = "http://…@localhost:1/hook?token=…&a=1";
        assert_eq!(redaction().text("http://ann:abc@localhost:1/hook?token=abc&a=1"), shown);
        assert_eq!(redaction().text("http://localhost:1/a@b"), "http://localhost:1/a@b");
    }

    #[test]
    fn a_cut_off_token_is_redacted() {
        assert_eq!(redaction().cut_text("a mine/1"), "a …");
        assert_eq!(redaction().cut_text("a secret_sa"), "a …");
        assert_eq!(redaction().cut_text("a min"), "a min");
    }
}
