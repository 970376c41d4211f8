//! [`Limits`]: how many requests a sandbox takes.

use serde::{Deserialize, Serialize};

/// How many requests a token may send, and what happens to one that sends more.
///
/// The default is what the vendor documents; how long the longer block is no page says.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons_sandbox::{Limits, Sandbox};
/// let sandbox = Sandbox::builder().limits(Limits::default().requests_per_minute(60)).start().await?;
/// // Its client keeps to them, and one of another pace is answered with 429.
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
    /// The most requests of a token in any 60 seconds; nothing for no limit. What is above it is answered with 429 and
    /// `Retry-After`, until there is room again.
    pub requests_per_minute: Option<u32>,
    /// The most requests in any 60 seconds of a token that was told to wait, before the longer block.
    pub requests_per_minute_while_blocked: u32,
    /// The same, of all requests while it was told to wait.
    pub requests_while_blocked: u32,
    /// How long the longer block is, in seconds.
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
    /// No limit: as many requests as come are answered.
    pub fn none() -> Self {
        Self { requests_per_minute: None, ..Self::default() }
    }

    /// So many requests of a token in any 60 seconds.
    #[must_use]
    pub fn requests_per_minute(mut self, requests: u32) -> Self {
        self.requests_per_minute = Some(requests);
        self
    }
}
