//! [`StoreSettings`]: a store in a file of settings.

use std::fmt;

use serde::Deserialize;

/// A store in a [`Config`](crate::Config). `Debug` does not show the token.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct StoreSettings {
    /// The id of the store.
    pub store_id: i64,
    /// A token of the store with all scopes. It can be left out if the store has another token.
    pub token: Option<String>,
    /// The number of generated coupons. Defaults to 0.
    #[serde(default)]
    pub seed: u32,
}

impl fmt::Debug for StoreSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreSettings")
            .field("store_id", &self.store_id)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}
