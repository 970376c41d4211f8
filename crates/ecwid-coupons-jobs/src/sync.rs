//! [`SqliteCopy`]: a copy of the coupons of stores in an SQLite file.

mod columns;
mod error;
mod file;
mod stage;
mod tables;

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ecwid_coupons::{
    Client,
    chrono::{DateTime, SecondsFormat, Utc},
};

use self::file::CopyFile;
use crate::{Change, Changes, ChangesMode, ChangesReader};

pub use error::SyncError;

/// The share of a store's coupons that may be missing at once if nothing else is set.
const MAX_DELETE: f64 = 0.2;

/// How many coupons may always be missing at once, unless all are.
const FEW: i64 = 20;

/// A copy of the coupons of stores in an SQLite file.
///
/// [`sync`](Self::sync) brings the copy of one store up to date. Several stores can be synced at the same time.
///
/// # Tables
///
/// | table or view | content |
/// | --- | --- |
/// | view `current_coupons` | the coupons that exist, as of the last sync |
/// | table `coupons` | the same with the deleted coupons, whose `deleted_at` is not null |
/// | table `sync_state` | for each store the cursor, the last successful and the last failed sync |
///
/// The primary key is `store_id` and `id`. Each field of a coupon has a column, such as `catalog_limit_products`, and
/// the column `extra` has unknown fields as JSON. Dates are texts such as `2026-11-29T10:00:00Z`. Amounts are texts with
/// all digits; the view also has them as numbers, such as `discount_real`. Lists are JSON.
///
/// The column `first_seen` has the time of the sync that found the coupon first, and `as_of` the time of the sync that
/// read it last. The view's column `as_of` is not older than the last complete read. Times of syncs are on the store's
/// clock. The view's column `expired_now` is computed from the expiration date.
///
/// # Guarantees
///
/// - The coupons and the cursor of a store change in one transaction. After a failure, the copy and the cursor are those
///   of the last successful sync.
/// - If many coupons are missing at once, the sync fails and changes nothing: see
///   [`SyncOptions::max_delete`].
/// - The file has no token.
///
/// # Example
///
/// ```
/// # ecwid_coupons_sandbox::run_example(async |_sandbox, client| {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("coupons.sqlite");
/// use ecwid_coupons::types::NewCoupon;
/// use ecwid_coupons_jobs::{SqliteCopy, SyncOptions};
///
/// client.create(&NewCoupon::percent("10% OFF", "TEN", 10)).await?;
/// let copy = SqliteCopy::open(&path)?;
/// let summary = copy.sync(&client, &SyncOptions::default()).await?;
/// assert_eq!((summary.coupons, summary.new, summary.deleted), (1, 1, 0));
/// # Ok(())
/// # });
/// ```
#[derive(Debug)]
pub struct SqliteCopy {
    file: Mutex<CopyFile>,
}

/// How a store is synced.
#[derive(Clone, Debug)]
pub struct SyncOptions {
    /// The name of the store for `sync_state`, if it has one.
    pub name: Option<String>,
    /// What is read. Defaults to [`ChangesMode::Auto`].
    pub mode: ChangesMode,
    /// After how much time all coupons are read again: see [`Changes::refresh_every`]. Defaults to 24 hours.
    pub refresh_every: Duration,
    /// The share of the coupons in the copy that may be missing at once, from 0 to 1. Defaults to 0.2.
    ///
    /// If more are missing from a complete read, the sync fails, because the store may have sent an incomplete list. Up
    /// to 20 coupons may always be missing, unless these are all.
    pub max_delete: f64,
}

impl Default for SyncOptions {
    fn default() -> Self {
        let refresh_every = Duration::from_secs(24 * 60 * 60);
        Self { name: None, mode: ChangesMode::Auto, refresh_every, max_delete: MAX_DELETE }
    }
}

/// The result of a sync.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncSummary {
    /// The id of the store.
    pub store_id: i64,
    /// The name of the store, if it has one.
    pub name: Option<String>,
    /// When the sync began, on the store's clock.
    pub as_of: DateTime<Utc>,
    /// Whether all coupons were read.
    pub is_complete: bool,
    /// Whether nothing was read, because the store reported no change.
    pub is_unchanged: bool,
    /// The number of coupons that were read.
    pub read: i64,
    /// The number of coupons that the copy did not have.
    pub new: i64,
    /// The number of coupons that were deleted since the last sync.
    pub deleted: i64,
    /// The number of coupons in the copy that exist.
    pub coupons: i64,
}

impl SyncSummary {
    /// Returns [`as_of`](Self::as_of) as text, such as `2026-11-29T10:00:00Z`.
    pub fn as_of_text(&self) -> String {
        time_text(self.as_of)
    }
}

impl SqliteCopy {
    /// Opens a copy. A missing file is created, readable for this user only.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, or another program made it.
    pub fn open(path: &Path) -> Result<Self, SyncError> {
        Ok(Self { file: Mutex::new(CopyFile::open(path)?) })
    }

    /// Brings the copy of a client's store up to date.
    ///
    /// A failure is recorded in `sync_state`, and the copy is unchanged.
    ///
    /// # Errors
    ///
    /// A request failed, too many coupons are missing, another sync has changed the copy of this store in the meantime,
    /// or the file cannot be written.
    pub async fn sync(&self, client: &Client, options: &SyncOptions) -> Result<SyncSummary, SyncError> {
        let result = self.sync_unrecorded(client, options).await;
        if let Err(error) = &result {
            // The error of the sync is more useful than a second one.
            let _ = self.file().record_failure(client.store_id(), options.name.as_deref(), error);
        }
        result
    }

    async fn sync_unrecorded(&self, client: &Client, options: &SyncOptions) -> Result<SyncSummary, SyncError> {
        let store_id = client.store_id();
        let before = self.file().cursor(store_id)?;
        let mut changes =
            Changes::of(client).mode(options.mode).refresh_every(options.refresh_every).without_deletions_if_complete();
        if let Some(cursor) = &before {
            changes = changes.since(cursor.parse().map_err(|error| SyncError::Cursor { store_id, error })?);
        }
        let mut changes = changes.read().await?;
        let _stage = Stage::of(self, store_id)?;
        self.stage(store_id, &mut changes).await?;
        self.file().apply(store_id, before.as_deref(), &changes, options)
    }

    /// Collects the changes of a store, so that the transaction is short.
    async fn stage(&self, store_id: i64, changes: &mut ChangesReader) -> Result<(), SyncError> {
        while let Some(change) = changes.try_next().await? {
            match change {
                Change::Upserts(coupons) => self.file().stage_coupons(store_id, &coupons)?,
                Change::Deletions(deletions) => self.file().stage_deletions(store_id, &deletions)?,
            }
        }
        Ok(())
    }

    fn file(&self) -> MutexGuard<'_, CopyFile> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The collected changes of a store. They are removed when it is dropped, also if the sync is canceled.
struct Stage<'a> {
    copy: &'a SqliteCopy,
    store_id: i64,
}

impl<'a> Stage<'a> {
    /// Fails if the changes of the store are being collected already.
    fn of(copy: &'a SqliteCopy, store_id: i64) -> Result<Self, SyncError> {
        if !copy.file().staged.insert(store_id) {
            return Err(SyncError::Concurrent { store_id });
        }
        Ok(Self { copy, store_id })
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        let mut file = self.copy.file();
        // The rows are temporary. If they cannot be removed, the next sync of the store replaces them and fails if it cannot.
        let _ = file.clear_stage(self.store_id);
        file.staged.remove(&self.store_id);
    }
}

/// Returns a time as text, such as `2026-11-29T10:00:00Z`.
fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
