//! [`Config`]: settings of a sandbox as they stand in a file.

use serde::Deserialize;

use crate::{Fault, Limits, Token, Webhook};

/// Settings of a sandbox as they stand in a file, whichever format serde reads it by.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// Tokens beside the first one, and with them their stores.
    #[serde(default)]
    pub tokens: Vec<Token>,
    /// How many coupons there are at first, of the kind that a store has.
    pub seed: Option<u32>,
    /// How many requests are taken.
    pub limits: Option<Limits>,
    /// Where events go.
    pub webhook: Option<Webhook>,
    /// What goes wrong on demand.
    #[serde(default)]
    pub faults: Vec<Fault>,
}
