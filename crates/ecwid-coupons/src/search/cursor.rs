//! [`Cursor`]: a place in a search, to go on from later.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::search::seen::Seen;

/// A place in a search: after a page that was read. Taken from a [`Page`](crate::Page) and given to
/// [`Search::after`](crate::Search::after), in another process too.
///
/// It is kept as text, or as a value of serde. The text is JSON and may change from version to version of this crate; what
/// one version wrote, the later ones read. It holds no token and no coupon, but ids: up to a thousand, and all that were given
/// for a search in [`any_order`](crate::Search::any_order).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cursor {
    version: Version,
    /// The store and the filters of the search, which another one cannot go on with.
    pub(crate) search: String,
    /// Where the search began.
    pub(crate) offset: u64,
    /// Where the last coupon of the page stood.
    pub(crate) next: u64,
    pub(crate) seen: Seen,
}

/// The version of the format.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Version {
    #[serde(rename = "1")]
    One,
}

impl Cursor {
    pub(crate) fn new(search: String, offset: u64, next: u64, seen: Seen) -> Self {
        Self { version: Version::One, search, offset, next, seen }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        f.pad(&text)
    }
}

impl FromStr for Cursor {
    type Err = ParseCursorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text).map_err(|error| ParseCursorError { problem: error.to_string() })
    }
}

/// A text that is no cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseCursorError {
    problem: String,
}

impl fmt::Display for ParseCursorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it is no cursor of a search ({}); give the text of one, as it was written", self.problem)
    }
}

impl std::error::Error for ParseCursorError {}
