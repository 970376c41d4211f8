//! [`Config`]: settings of a sandbox in a file.

use serde::Deserialize;

use crate::{BatchSettings, ChangeSettings, Fault, Limits, StoreSettings, Token, Webhook};

/// Settings of a sandbox in a file of any format that serde supports. Unknown names are an error.
///
/// # Example
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons_sandbox::{Config, Sandbox};
/// let config: Config = serde_json::from_str(
///     r#"{
///         "seed": 20,
///         "stores": [{"storeId": 1005, "token": "secret_of_1005", "seed": 30}],
///         "tokens": [{"storeId": 1004, "token": "secret_other", "scopes": ["read_discount_coupons"]}],
///         "limits": {"requestsPerMinute": 60},
///         "faults": [{"operations": ["get_discount_coupon"], "times": 2, "effect": {"kind": "status", "status": 503}}]
///     }"#,
/// )?;
/// let sandbox = Sandbox::builder().config(config).start().await?;
/// assert_eq!(sandbox.limits().requests_per_minute, Some(60));
/// assert_eq!(sandbox.client_with("secret_of_1005")?.search().count().await?, 30);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Config {
    /// Stores, each with a token and a number of generated coupons.
    pub stores: Vec<StoreSettings>,
    /// Tokens besides the first one.
    pub tokens: Vec<Token>,
    /// The number of generated coupons of the first store; see [`SandboxBuilder::seed`](crate::SandboxBuilder::seed).
    pub seed: Option<u32>,
    /// The rate limits.
    pub limits: Option<Limits>,
    /// How batches are treated.
    pub batches: Option<BatchSettings>,
    /// What changes the date of a coupon.
    pub changes: Option<ChangeSettings>,
    /// The URL that receives events.
    pub webhook: Option<Webhook>,
    /// The faults.
    pub faults: Vec<Fault>,
}
