//! [`Cursor`]: a position in a search.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{search::seen::Seen, value::message_error};

/// A position in a search: the end of a [`Page`](crate::Page). [`Search::after`](crate::Search::after) continues there,
/// also in another process.
///
/// A cursor is saved as text or with serde. The text is JSON. Its format may change in a new version of this crate, but
/// new versions read the cursors of older versions. It has no token and no coupons. It has up to 1,000 ids, and the ids
/// of all returned coupons if the search allows [any order](crate::Search::any_order).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cursor {
    version: Version,
    /// The store and the filters of the search.
    pub(crate) search: String,
    /// The offset of the search.
    pub(crate) offset: u64,
    /// The offset of the last coupon of the page.
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
        serde_json::from_str(text).map_err(|error| {
            ParseCursorError(format!("invalid cursor: {error} (expected the unchanged text of a cursor)"))
        })
    }
}

message_error! {
    /// The error of a text that is not a cursor.
    ParseCursorError
}
