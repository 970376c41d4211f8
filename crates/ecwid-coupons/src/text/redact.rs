//! [`Redactor`] removes the client's tokens from text. [`hide_tokens`] removes everything that looks like a token.

use std::{
    cmp::Reverse,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use zeroize::Zeroizing;

use crate::{JsonObject, RawJson, types::ApiError};

const REDACTED: &str = "…";

/// The prefixes of Ecwid's tokens.
const PREFIXES: [&str; 2] = ["secret_", "public_"];

/// The minimum length of a token that is removed everywhere. A shorter one could be part of a word, so it is removed
/// after `Bearer ` only.
const SHORTEST: usize = 8;

/// The length from which the start of a token must not be shown.
const TELLING: usize = 16;

/// The maximum number of backslashes of an escape. JSON inside of JSON doubles them.
const MOST_BACKSLASHES: usize = 8;

/// The maximum number of tokens that a redactor knows. A token that is replaced each hour is known for days.
const MOST_TOKENS: usize = 100;

/// Removes tokens from text.
///
/// A token is found with any of its characters escaped as in JSON (`\u0073ecret_…`) or in a URL (`%73ecret_…`), and
/// also if the end of the text cuts it off.
#[derive(Clone)]
pub struct Redactor(Arc<RwLock<Vec<Zeroizing<String>>>>);

impl Redactor {
    /// Returns a redactor for this token. An empty token is never removed.
    pub fn new(token: &str) -> Self {
        let redactor = Self(Arc::default());
        redactor.add(token);
        redactor
    }

    /// Adds a token. All clones know it.
    pub(crate) fn add(&self, token: &str) {
        let searched = Zeroizing::new(match token.len() {
            0 => return,
            1..SHORTEST => format!("Bearer {token}"),
            _ => token.to_owned(),
        });
        let mut tokens = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if !tokens.contains(&searched) {
            // The oldest token has not been used for the longest time.
            let surplus = (tokens.len() + 1).saturating_sub(MOST_TOKENS);
            tokens.drain(..surplus);
            tokens.push(searched);
        }
    }

    /// Returns the text without the tokens.
    pub fn redact(&self, text: &str) -> String {
        let tokens = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut tokens: Vec<_> = tokens.iter().map(|token| token.as_bytes()).collect();
        // A token may be the start of another one.
        tokens.sort_by_key(|token| Reverse(token.len()));
        tokens.into_iter().fold(text.to_owned(), |text, token| redact(&text, token))
    }

    /// Returns a body as text without the tokens, because a proxy may return the request that it received.
    pub(crate) fn redact_body(&self, body: &[u8]) -> String {
        self.redact(&String::from_utf8_lossy(body))
    }

    /// Removes the tokens from all decoded members.
    pub(crate) fn redact_response(&self, response: ApiError) -> ApiError {
        let ApiError { error_message, error_code, args, extra } = response;
        let text = |text: Option<String>| text.map(|text| self.redact(&text));
        let members = |members: JsonObject| {
            members.iter().map(|(name, value)| (self.redact(name), self.redact_json(value))).collect()
        };
        ApiError {
            error_message: text(error_message),
            error_code: text(error_code),
            args: args.map(members),
            extra: members(extra),
        }
    }

    /// Removes the tokens from a value. The value becomes a string if it would not be valid JSON.
    pub(crate) fn redact_json(&self, json: &RawJson) -> RawJson {
        let text = self.redact(json.as_str());
        text.parse().or_else(|_| RawJson::from_value(&text)).unwrap_or_else(|_| json.clone())
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

/// Returns the text without this token, which is not empty.
fn redact(text: &str, token: &[u8]) -> String {
    let begins = |byte: &u8| *byte == token[0] || matches!(byte, b'\\' | b'%');
    let mut shown = String::with_capacity(text.len());
    let (mut position, mut kept) = (0, 0);
    while let Some(skipped) = text.as_bytes()[position..].iter().position(begins) {
        position += skipped;
        match end_of_token(token, text.as_bytes(), position) {
            Some(end) => {
                shown.push_str(&text[kept..position]);
                shown.push_str(REDACTED);
                (position, kept) = (end, end);
            }
            None => position += 1,
        }
    }
    shown + &text[kept..]
}

/// Returns the end of the token that starts here, if there is one.
fn end_of_token(token: &[u8], text: &[u8], start: usize) -> Option<usize> {
    // A character has several forms, so each step keeps all possible ends.
    let mut ends = vec![start];
    for (index, &byte) in token.iter().enumerate() {
        // The end of a truncated text may be the first part of the token.
        if index >= SHORTEST && ends.iter().any(|end| is_cut_off(&text[*end..])) {
            return Some(text.len());
        }
        let mut next = Vec::new();
        for &end in &ends {
            for length in lengths(byte, &text[end..]) {
                if length > 0 && !next.contains(&(end + length)) {
                    next.push(end + length);
                }
            }
        }
        if next.is_empty() {
            return ends.into_iter().max().filter(|_| index >= TELLING);
        }
        ends = next;
    }
    ends.into_iter().max()
}

/// Returns the length of this character at the start of the text: unescaped, and escaped. 0 means no match.
fn lengths(byte: u8, text: &[u8]) -> [usize; 2] {
    let is_written_as = |digits: Option<&[u8]>, count: usize| {
        let digits = digits.filter(|digits| digits.len() == count).and_then(|digits| str::from_utf8(digits).ok());
        digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) == Some(byte.into())
    };
    let plain = usize::from(text.first() == Some(&byte));
    let escaped = match text.first() {
        Some(b'%') if is_written_as(text.get(1..3), 2) => 3,
        Some(b'\\') => {
            let backslashes = text.iter().take(MOST_BACKSLASHES).take_while(|byte| **byte == b'\\').count();
            match text.get(backslashes) {
                Some(b'u') if is_written_as(text.get(backslashes + 1..backslashes + 5), 4) => backslashes + 5,
                Some(next) if *next == byte => backslashes + 1,
                _ if byte == b'\\' && backslashes > 1 => 2,
                _ => 0,
            }
        }
        _ => 0,
    };
    [plain, escaped]
}

/// Whether this is the end of the text, or an escape that the end cuts off.
fn is_cut_off(rest: &[u8]) -> bool {
    match rest {
        [] | [b'%'] | [b'%', _] => true,
        [b'\\', escape @ ..] => {
            escape.len() < 5 && escape.iter().all(|byte| b"\\u".contains(byte) || byte.is_ascii_hexdigit())
        }
        _ => false,
    }
}

/// Removes everything that looks like a token of Ecwid, because a token may have been passed as another value.
pub fn hide_tokens(text: &str) -> String {
    let is_of_word = |next: char| next.is_alphanumeric() || next == '_';
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    // Not by word, because a color code may precede a token.
    while let Some(start) = PREFIXES.iter().filter_map(|prefix| rest.find(prefix)).min() {
        let start = start + PREFIXES[0].len();
        let length = rest[start..].find(|next| !is_of_word(next)).unwrap_or(rest.len() - start);
        shown.push_str(&rest[..start]);
        shown.push_str(if length == 0 { "" } else { REDACTED });
        rest = &rest[start + length..];
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "secret_aB/9\"x";

    fn redact(text: &str) -> String {
        Redactor::new(TOKEN).redact(text)
    }

    #[test]
    fn a_token_is_found_in_every_form() {
        for written in [
            TOKEN,
            r#"secret_aB/9\"x"#,
            r#"secret_aB\/9\"x"#,
            r"\u0073ecret_\u0061B\u002F9\u0022x",
            r"\\u0073ecret_aB/9\\\u0022x",
            "secret%5FaB%2f9%22x",
            "%73%65%63%72%65%74%5f%61%42%2F%39%22%78",
        ] {
            assert_eq!(redact(&format!("ä{written}ö{written}")), "ä…ö…", "{written}");
            assert_eq!(redact(&format!("cut: {}", &written[..written.len() - 1])), "cut: …", "{written}");
        }
        assert_eq!(redact(r"cut: secret_aB\u00"), "cut: …");
        assert_eq!(redact("secret_aB%2"), "…");
    }

    #[test]
    fn all_known_tokens_are_redacted() {
        let redactor = Redactor::new("0ld-t0ken");
        redactor.clone().add("0ld-t0ken-2");
        redactor.add("0ld-t0ken");
        redactor.add("");
        assert_eq!(redactor.redact("0ld-t0ken, 0ld-t0ken-2, more"), "…, …, more");
        for number in 0..MOST_TOKENS {
            redactor.add(&format!("t0ken-{number:03}"));
        }
        assert_eq!(redactor.redact("0ld-t0ken-2, t0ken-000, t0ken-099!"), "0ld-t0ken-2, …, …!");
    }

    #[test]
    fn most_of_a_token_is_redacted_too() {
        let redactor = Redactor::new("secret_4i936SRqRp3317MZ51Aa4tVjeUVyGwW7");
        assert_eq!(redactor.redact("'secret_4i936SRqRp' is not a number"), "'…' is not a number");
        assert_eq!(redactor.redact("secret_4i936SRq.."), "secret_4i936SRq..");
    }

    #[test]
    fn other_text_stays() {
        for text in ["", "secret_", "a secret_aB/9x", r"\secret", "%73%", r"\u0073", "\\\\\\\\\\\\\\\\\\\\", "ß\\ß%ß"]
        {
            assert_eq!(redact(text), text);
        }
        assert_eq!(Redactor::new("").redact("Bearer "), "Bearer ");
        let short = Redactor::new("a");
        assert_eq!(short.redact("a banana of Bearer a"), "a banana of …");
        assert_eq!(short.redact(r"Bearer%20a, \u0042earer a"), "…, …");
        assert_eq!(format!("{:?}", Redactor::new(TOKEN)), "Redactor");
    }

    #[test]
    fn hostile_text_takes_no_long_time() {
        for unit in ["\\", "%", "s", "secret_aB", r"\u0073"] {
            let text = unit.repeat(400_000 / unit.len());
            // The first 8 characters may be a token that is cut off.
            assert!(redact(&text).len() <= text.len() + REDACTED.len());
        }
    }

    #[test]
    fn every_member_of_a_response_is_redacted() {
        let response: ApiError = serde_json::from_str(
            r#"{"errorMessage":"%73ecret_aB/9\"x!","errorCode":"secret_aB/9\"x","args":{"secret_aB/9\"x":"\u0073ecret_aB/9\"x"},
                "more":["secret_aB/9\"x",1.50]}"#,
        )
        .unwrap();
        let redacted = serde_json::to_string(&Redactor::new(TOKEN).redact_response(response)).unwrap();
        assert_eq!(redacted, r#"{"errorMessage":"…!","errorCode":"…","args":{"…":"…"},"more":["…",1.50]}"#);
    }

    #[test]
    fn text_that_looks_like_a_token_is_redacted() {
        assert_eq!(
            hide_tokens("argument '\u{1b}[33msecret_aBc_123\u{1b}[0m' and public_x, secret, secret_ and public"),
            "argument '\u{1b}[33msecret_…\u{1b}[0m' and public_…, secret, secret_ and public"
        );
    }
}
