//! [`Config`]: settings of a sandbox as they stand in a file.

use serde::Deserialize;

use crate::{Fault, Limits, Token, Webhook};

/// Settings of a sandbox as they stand in a file, whichever format serde reads it by. A name that it does not know is an error.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons_sandbox::{Config, Sandbox};
/// let config: Config = serde_json::from_str(
///     r#"{
///         "seed": 20,
///         "tokens": [{"storeId": 1004, "token": "secret_other", "scopes": ["read_discount_coupons"]}],
///         "limits": {"requestsPerMinute": 60},
///         "faults": [{"operations": ["get_discount_coupon"], "times": 2, "effect": {"kind": "status", "status": 503}}]
///     }"#,
/// )?;
/// let sandbox = Sandbox::builder().config(config).start().await?;
/// assert_eq!(sandbox.limits().requests_per_minute, Some(60));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Config {
    /// Tokens beside the first one, and with them their stores.
    pub tokens: Vec<Token>,
    /// How many coupons there are at first, of the kind that a store has.
    pub seed: Option<u32>,
    /// How many requests are taken.
    pub limits: Option<Limits>,
    /// Where events go.
    pub webhook: Option<Webhook>,
    /// What goes wrong on demand.
    pub faults: Vec<Fault>,
}
