//! [`ChangesCursor`].

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The version of the format.
const VERSION: u32 = 1;

/// The state of a copy of a store: up to when it has the changes of the store.
///
/// It is saved as text, which is JSON. It has no token and no coupon. Its size does not depend on the store. A cursor of
/// an older version of the format can be read; the error of a newer one names the version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangesCursor {
    version: u32,
    /// The store's id.
    store: i64,
    /// The last change that the copy has, on the store's clock, as a Unix timestamp. It is missing if the store did not
    /// report one.
    pub(super) watermark: Option<i64>,
    /// Whether the store reports a later change with a later time.
    pub(super) is_settled: bool,
    /// When the store was last read, on its clock, as a Unix timestamp.
    pub(super) as_of: Option<i64>,
    /// When all coupons were last read, on the clock of this machine, as a Unix timestamp.
    pub(super) complete: i64,
    /// The number of coupons when all were last read.
    pub(super) total: u64,
}

impl ChangesCursor {
    /// Returns the cursor of an empty copy.
    pub(super) fn new(store: i64) -> Self {
        Self { version: VERSION, store, watermark: None, is_settled: false, as_of: None, complete: 0, total: 0 }
    }

    /// Returns the id of the store.
    pub fn store_id(&self) -> i64 {
        self.store
    }
}

impl fmt::Display for ChangesCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for ChangesCursor {
    type Err = ParseChangesCursorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let invalid = |error: serde_json::Error| {
            ParseChangesCursorError(format!("invalid cursor: {error} (expected the unchanged text of a cursor)"))
        };
        let Versioned { version } = serde_json::from_str(text).map_err(invalid)?;
        if version != VERSION {
            let problem = format!("unsupported version of a cursor: `{version}` (expected `{VERSION}`)");
            return Err(ParseChangesCursorError(format!("{problem}; start a new copy without a cursor")));
        }
        serde_json::from_str(text).map_err(invalid)
    }
}

/// The error of a text that is not a cursor of changes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseChangesCursorError(String);
