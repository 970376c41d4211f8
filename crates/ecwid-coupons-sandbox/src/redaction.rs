//! [`Redaction`]: leaves tokens out of what is shown of requests.

use std::{collections::BTreeSet, ops::Range, sync::LazyLock};

use regex::bytes::{Regex, RegexBuilder};

/// What stands in the place of a token.
const MARK: &str = "…";

/// The parts of the names of headers whose values are never shown.
const SECRET_HEADERS: [&str; 9] =
    ["auth", "cookie", "token", "secret", "password", "api-key", "apikey", "session", "credential"];

/// How often escapes inside of escapes are undone, such as JSON in a text of JSON.
const ROUNDS: usize = 4;

/// The shortest beginning of a configured token that is left out where a text was cut.
const SHORTEST_BEGINNING: usize = 4;

/// What looks like a token, in the first group that takes part: by its prefix, by its scheme, by the name of a parameter or a
/// field, or as the user and password of a URL.
static TOKENS: LazyLock<Result<Regex, regex::Error>> = LazyLock::new(|| {
    let pattern = r#"((?:secret|public)_[A-Za-z0-9_.~-]+)
        |://([^/?\#\s"'<>]*)@
        |(?i:bearer)[\ +\t]+([^\s"',;&<>\\]+)
        |(?i:token|secret|passw(?:or)?d|authorization|api[_-]?key|credential|cookie|session)[\w.-]*["']?\s*[:=]\s*
            (?:"((?:[^"\\]|\\.)*)|((?:(?i:bearer|basic)[\ +\t]+)?[^\s"'&;,<>\[\]{}\\]+))"#;
    RegexBuilder::new(pattern).ignore_whitespace(true).build()
});

/// A name out of the settings for a message. What no name of the sandbox could be may be a token in the wrong place.
pub(crate) fn shown_name(name: &str) -> &str {
    let could_be = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && name.len() <= 40;
    if could_be && !["secret_", "public_"].iter().any(|prefix| name.starts_with(prefix)) { name } else { MARK }
}

/// Leaves tokens out of texts: the configured ones, and what looks like one.
pub(crate) struct Redaction {
    tokens: BTreeSet<String>,
}

impl Redaction {
    pub(crate) fn new<'a>(tokens: impl Iterator<Item = &'a str>) -> Self {
        Self { tokens: tokens.map(str::to_owned).collect() }
    }

    /// The value of a header. Where the name says that it is a secret, only its scheme is left.
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

    /// The beginning of a text that was cut, where the beginning of a token may stand at the end.
    pub(crate) fn cut_text(&self, text: &str) -> String {
        let begun = |token: &String| {
            let lengths = (SHORTEST_BEGINNING..token.len()).rev();
            lengths.filter_map(|length| token.get(..length)).find(|part| text.ends_with(part)).map_or(0, str::len)
        };
        match self.tokens.iter().map(begun).max().unwrap_or_default() {
            0 => self.text(text),
            length => self.text(&text[..text.len() - length]) + MARK,
        }
    }

    /// Replaces each token in the text. Finds tokens with percent escapes, as in URLs, and with backslash escapes, as in JSON.
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

    /// Adds where tokens stand in the text.
    fn find(&self, spelling: &Spelling, found: &mut Vec<Range<usize>>) {
        for token in &self.tokens {
            let places = memchr::memmem::find_iter(&spelling.bytes, token.as_bytes());
            found.extend(places.map(|start| spelling.in_text(start..start + token.len())));
        }
        let Ok(tokens) = &*TOKENS else {
            // A text that cannot be looked through is not shown. The pattern is a constant that tests use.
            found.push(spelling.in_text(0..spelling.bytes.len()));
            return;
        };
        for groups in tokens.captures_iter(&spelling.bytes) {
            let group = groups.iter().skip(1).flatten().next();
            found.extend(group.filter(|group| !group.is_empty()).map(|group| spelling.in_text(group.range())));
        }
    }
}

/// The text with a mark in the place of each of these parts.
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

/// A text with some of its escapes undone.
struct Spelling {
    bytes: Vec<u8>,
    /// Where in the text each byte begins, and at last where the text ends. Empty where nothing was undone.
    starts: Vec<usize>,
}

impl Spelling {
    fn of(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), starts: Vec::new() }
    }

    /// Where in the text a part of these bytes stands.
    fn in_text(&self, part: Range<usize>) -> Range<usize> {
        let place = |at: usize| self.starts.get(at).copied().unwrap_or(at);
        place(part.start)..place(part.end)
    }

    /// The same with one more level of escapes undone; nothing where there are none.
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

/// The byte that an escape stands for, and how long the escape is.
fn escaped(bytes: &[u8]) -> Option<(u8, usize)> {
    let hex = |digits: &[u8]| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    match (bytes.first()?, bytes.get(1)?) {
        (b'%', _) => Some((u8::try_from(hex(bytes.get(1..3)?)?).ok()?, 3)),
        // No token has a letter that is not of ASCII.
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
    fn a_token_is_left_out_in_every_spelling() {
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
    fn a_secret_is_known_by_what_stands_before_it() {
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
    fn all_else_is_as_it_was() {
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
    fn headers_are_known_by_their_names() {
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
    fn a_url_has_no_password() {
        let shown = "http://…@localhost:1/hook?token=…&a=1";
        assert_eq!(redaction().text("http://ann:abc@localhost:1/hook?token=abc&a=1"), shown);
        assert_eq!(redaction().text("http://localhost:1/a@b"), "http://localhost:1/a@b");
    }

    #[test]
    fn the_beginning_of_a_token_is_left_out_at_a_cut() {
        assert_eq!(redaction().cut_text("a mine/1"), "a …");
        assert_eq!(redaction().cut_text("a secret_sa"), "a …");
        assert_eq!(redaction().cut_text("a min"), "a min");
    }
}
