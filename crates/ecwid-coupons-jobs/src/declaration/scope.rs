//! [`CodeScope`]: patterns of codes.

use regex::{RegexSet, RegexSetBuilder};

use crate::wanted::key;

/// Patterns of codes such as `SUMMER-*`, where `*` is any text. Letter case does not matter.
///
/// # Example
///
/// ```
/// use ecwid_coupons_jobs::CodeScope;
///
/// let scope = CodeScope::new(["SUMMER-*", "VIP"]).unwrap();
/// assert!(scope.contains("summer-10") && scope.contains("VIP"));
/// assert!(!scope.contains("VIP-2"));
/// assert_eq!(CodeScope::new([""]), Err("a pattern is empty (expected a code, or a pattern such as `SUMMER-*`)".to_owned()));
/// ```
#[derive(Clone, Debug)]
pub struct CodeScope {
    patterns: Vec<String>,
    set: RegexSet,
}

impl PartialEq for CodeScope {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

impl CodeScope {
    /// Returns the scope of these patterns.
    ///
    /// # Errors
    ///
    /// There is no pattern, or one is empty or far too long.
    pub fn new(patterns: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, String> {
        let patterns: Vec<String> = patterns.into_iter().map(Into::into).collect();
        if patterns.is_empty() {
            return Err("there is no pattern (expected one such as `SUMMER-*`)".to_owned());
        }
        if patterns.iter().any(|pattern| pattern.trim().is_empty()) {
            return Err("a pattern is empty (expected a code, or a pattern such as `SUMMER-*`)".to_owned());
        }
        let regex = |pattern: &String| format!("^(?:{})$", regex::escape(&key(pattern)).replace(r"\*", ".*"));
        let set = RegexSetBuilder::new(patterns.iter().map(regex)).dot_matches_new_line(true).build();
        Ok(Self { patterns, set: set.map_err(|error| error.to_string())? })
    }

    /// Whether a pattern matches a code.
    pub fn contains(&self, code: &str) -> bool {
        self.set.is_match(&key(code))
    }

    /// Returns the patterns.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Returns the patterns as codes, if none has a `*`.
    pub fn codes(&self) -> Option<&[String]> {
        (!self.patterns.iter().any(|pattern| pattern.contains('*'))).then_some(&self.patterns)
    }
}
