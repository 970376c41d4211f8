//! [`BatchSettings`]: what Ecwid does not document about batches.

use serde::Deserialize;

/// How a sandbox treats batches, as far as Ecwid does not document it. The defaults are assumptions.
///
/// Test your program with other settings too, because the real store may have them.
///
/// # Example
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons_sandbox::{BatchSettings, Limits, Sandbox};
/// # use ecwid_coupons::{BatchItem, types::NewCoupon};
/// let batches = BatchSettings::default().count_items();
/// let limits = Limits::default().requests_per_minute(3);
/// let sandbox = Sandbox::builder().batches(batches).limits(limits).start().await?;
/// let coupons = sandbox.client()?;
/// let ten = (1..=10).map(|number| BatchItem::create(NewCoupon::percent("Ten", format!("TEN-{number}"), 10)));
/// let sent = coupons.batch(ten).send().await?;
/// # sandbox.set_limits(Limits::none());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct BatchSettings {
    /// Whether the store accepts batches. If not, a batch gets status 403. Defaults to true.
    pub accepted: bool,
    /// Whether each request of a batch counts towards the rate limit. If it exceeds the limit, it gets status 429 within
    /// the batch. Defaults to false.
    pub count_items: bool,
    /// How long the store knows a batch and its deduplication key, in minutes. Defaults to 60.
    pub remembered_minutes: u32,
    /// Whether the responses of a parallel batch are in random order. Defaults to false.
    pub shuffled: bool,
    /// Whether parallel batches of a store run at the same time. Defaults to false: they run one after the other.
    pub concurrent: bool,
    /// How many seconds a batch of another app runs before each batch. Defaults to 0.
    pub foreign_seconds: u32,
    /// How many finished batches the store keeps. Defaults to 1000.
    pub kept: u32,
}

impl Default for BatchSettings {
    fn default() -> Self {
        Self {
            accepted: true,
            count_items: false,
            remembered_minutes: 60,
            shuffled: false,
            concurrent: false,
            foreign_seconds: 0,
            kept: 1000,
        }
    }
}

impl BatchSettings {
    /// Refuses every batch with status 403.
    #[must_use]
    pub fn refuse(mut self) -> Self {
        self.accepted = false;
        self
    }

    /// Counts each request of a batch towards the rate limit.
    #[must_use]
    pub fn count_items(mut self) -> Self {
        self.count_items = true;
        self
    }

    /// Sets how long the store knows a batch, in minutes.
    #[must_use]
    pub fn remembered_minutes(mut self, minutes: u32) -> Self {
        self.remembered_minutes = minutes;
        self
    }

    /// Puts the responses of parallel batches in random order.
    #[must_use]
    pub fn shuffled(mut self) -> Self {
        self.shuffled = true;
        self
    }

    /// Runs parallel batches of a store at the same time.
    #[must_use]
    pub fn concurrent(mut self) -> Self {
        self.concurrent = true;
        self
    }

    /// Runs a batch of another app for this many seconds before each batch.
    #[must_use]
    pub fn foreign_seconds(mut self, seconds: u32) -> Self {
        self.foreign_seconds = seconds;
        self
    }

    /// Sets how many finished batches the store keeps.
    #[must_use]
    pub fn kept(mut self, batches: u32) -> Self {
        self.kept = batches;
        self
    }
}
