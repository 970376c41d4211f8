//! [`Cursor`]: a position in a search.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{search::seen::Seen, value::message_error};

/// The version of the format.
const VERSION: &str = "2";

/// A position in a search: the end of a [`Page`](crate::Page). [`Client::resume`](crate::Client::resume) continues
/// there, also in another process.
///
/// A cursor has the settings of its search: the store's id, the filters, the selected fields, the limit, and whether
/// [any order](crate::Search::any_order) is allowed and [unreadable coupons](crate::Search::skip_unreadable) are
/// skipped. It has no token and no coupons. It has up to 1,000 ids of coupons, and the ids of all returned coupons if
/// the search allows any order.
///
/// # Storing cursors
///
/// A cursor is saved as text or with serde. The text is JSON. Its format may change in a new version of this crate.
/// After the first release, new versions read the cursors of all released versions. The error of any other cursor names
/// the version of its format.
///
/// A cursor is not signed. If you pass it through an untrusted program, such as a browser, that program can change the
/// filters and the position.
///
/// # Example
///
/// ```
/// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
/// use ecwid_coupons::{Cursor, types::NewCoupon};
///
/// for code in ["A", "B", "C"] {
///     coupons.create(&NewCoupon::percent("10% OFF", code, 10)).await?;
/// }
/// let mut pages = coupons.search().status("ACTIVE").limit(2).pages();
/// let mut saved = None::<String>;
/// if let Some(page) = pages.try_next().await? {
///     // Export `page.coupons` first, so that no coupon is missing if the program ends here.
///     saved = Some(page.cursor.to_string());
/// }
///
/// // In another process:
/// let cursor: Cursor = saved.unwrap().parse()?;
/// let rest = coupons.resume(cursor).all().await?;
/// assert_eq!(rest[0].code.as_deref(), Some("C"));
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cursor {
    pub(crate) version: Version,
    /// The store's id.
    pub(crate) store: i64,
    /// The filters, by their names.
    pub(crate) filters: BTreeMap<String, String>,
    /// The selected fields, in Ecwid's notation.
    pub(crate) fields: Option<String>,
    pub(crate) limit: u32,
    pub(crate) any_order: bool,
    pub(crate) skip_unreadable: bool,
    /// The offset of the search.
    pub(crate) offset: u64,
    /// The offset of the last coupon of the page.
    pub(crate) next: u64,
    pub(crate) seen: Seen,
}

/// The version of the format. Only the current version can be read.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Version;

impl From<Version> for String {
    fn from(Version: Version) -> Self {
        VERSION.to_owned()
    }
}

impl TryFrom<String> for Version {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == VERSION {
            return Ok(Self);
        }
        let text: String = text.chars().take(20).collect();
        Err(format!("unsupported format version: `{text}` (expected `{VERSION}`; start a new search)"))
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
