//! [`Changes`]: what changed in a store since a cursor.

mod cursor;
mod error;
mod read;

use std::time::Duration;

use ecwid_coupons::{
    Client,
    types::{Coupon, DeletedCoupon},
};

pub use cursor::{ChangesCursor, ParseChangesCursorError};
pub use error::ChangesError;
pub use read::ChangesReader;

/// How long the coupons are not read completely in [`ChangesMode::Auto`] if nothing else is set.
const REFRESH_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// What to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangesMode {
    /// Reads nothing if the store reports no change and the last complete read is recent. Reads all coupons if the store
    /// has at most 20,000, if the last complete read is not recent, or if only a complete read shows all changes. Reads
    /// the changed coupons and the deletions otherwise.
    #[default]
    Auto,
    /// Reads all coupons.
    Full,
    /// Reads the changed coupons and the deletions, or nothing if the store reports no change. Reads all coupons without
    /// a cursor.
    Incremental,
}

/// What changed in a store since a cursor, made with [`Changes::of`].
///
/// A program that keeps a copy of a store applies the changes in their order and saves the cursor together with them,
/// best in one transaction. If a run fails, the copy and the old cursor are still valid, and the next run repeats it.
///
/// # What is read
///
/// [`ChangesMode`] decides it. An unchanged store costs one request. A store of 10,000 coupons that is read completely
/// costs 102 requests.
///
/// # Volatile fields
///
/// It is unknown whether an order that uses a coupon and the expiry of a coupon change the coupon's `update_date`. If
/// they do not, only a complete read shows the new `order_count` and `status`. Therefore [`ChangesMode::Auto`] reads the
/// store completely once in [`refresh_every`](Self::refresh_every).
///
/// # Example
///
/// ```
/// # ecwid_coupons_sandbox::run_example(async |_sandbox, client| {
/// use ecwid_coupons::types::NewCoupon;
/// use ecwid_coupons_jobs::{Change, Changes};
///
/// client.create(&NewCoupon::percent("10% OFF", "TEN", 10)).await?;
/// let mut changes = Changes::of(&client).read().await?;
/// while let Some(change) = changes.try_next().await? {
///     match change {
///         Change::Upserts(coupons) => assert_eq!(coupons.len(), 1), // insert or replace them in the copy
///         Change::Deletions(deleted) => assert!(deleted.is_empty()), // delete them from the copy
///     }
/// }
/// assert!(changes.is_complete()); // coupons that were not returned no longer exist
/// let cursor = changes.cursor()?.to_string();
///
/// let later = Changes::of(&client).since(cursor.parse()?).read().await?; // on the next day
/// # let _ = later;
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is read until `read` is called"]
pub struct Changes {
    client: Client,
    since: Option<ChangesCursor>,
    mode: ChangesMode,
    refresh_every: Duration,
    lists_deletions: bool,
}

/// A part of the changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Coupons that are new or may have changed.
    Upserts(Vec<Coupon>),
    /// Coupons that were deleted. They come after all upserts. Some may not be in the copy.
    Deletions(Vec<DeletedCoupon>),
}

impl Changes {
    /// Returns the changes of a client's store since the beginning: all coupons.
    pub fn of(client: &Client) -> Self {
        Self {
            client: client.clone(),
            since: None,
            mode: ChangesMode::Auto,
            refresh_every: REFRESH_EVERY,
            lists_deletions: true,
        }
    }

    /// Returns the changes since a cursor only.
    pub fn since(mut self, cursor: ChangesCursor) -> Self {
        self.since = Some(cursor);
        self
    }

    /// Sets what is read. Defaults to [`ChangesMode::Auto`].
    pub fn mode(mut self, mode: ChangesMode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets after how much time [`ChangesMode::Auto`] reads the store completely, even if it reports no change. Defaults
    /// to 24 hours. The time is measured with the clock of this machine.
    pub fn refresh_every(mut self, time: Duration) -> Self {
        self.refresh_every = time;
        self
    }

    /// Does not list the deletions if all coupons are read. The copy then deletes the coupons that were not returned.
    ///
    /// By default, the deletions since the cursor are listed as well, for copies that cannot find missing coupons.
    pub fn without_deletions_if_complete(mut self) -> Self {
        self.lists_deletions = false;
        self
    }
}
