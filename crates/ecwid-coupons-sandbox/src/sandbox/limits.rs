//! [`Limits`]: the rate limits of a sandbox.

use serde::{Deserialize, Serialize};

/// The rate limits of a token.
///
/// A token that exceeds its requests per minute is blocked until it may send a request again. If it sends too many
/// requests while it is blocked, it is blocked for longer. The defaults are those that Ecwid documents, except the
/// length of the longer block, which is assumed.
///
/// # Example
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons_sandbox::{Limits, Sandbox};
/// let sandbox = Sandbox::builder().limits(Limits::default().requests_per_minute(60)).start().await?;
/// // This client stays within the limits. Requests above them get status 429.
/// let coupons = sandbox.client()?;
/// assert!(coupons.search().page().await.is_ok());
///
/// sandbox.set_limits(Limits::none());
/// assert_eq!(sandbox.limits().requests_per_minute, None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Limits {
    /// The maximum number of requests in any 60 seconds, or `None` for no limit. A request above the limit gets a 429
    /// response with `Retry-After`.
    pub requests_per_minute: Option<u32>,
    /// The maximum number of requests in any 60 seconds while the token is blocked. A request above it starts the longer
    /// block.
    pub requests_per_minute_while_blocked: u32,
    /// How many requests a blocked token may send before it is blocked for longer.
    pub requests_while_blocked: u32,
    /// The length of the longer block, in seconds.
    pub longer_block_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_minute: Some(600),
            requests_per_minute_while_blocked: 20,
            requests_while_blocked: 600,
            longer_block_seconds: 600,
        }
    }
}

impl Limits {
    /// Creates limits that accept every request.
    pub fn none() -> Self {
        Self { requests_per_minute: None, ..Self::default() }
    }

    /// Sets the maximum number of requests in any 60 seconds.
    #[must_use]
    pub fn requests_per_minute(mut self, requests: u32) -> Self {
        self.requests_per_minute = Some(requests);
        self
    }
}
