//! [`SyncError`].

use std::path::PathBuf;

use crate::{ChangesError, ParseChangesCursorError};

/// The error of a sync.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// The file cannot be read or written.
    #[error("cannot use the copy `{}`: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The file is not a copy of coupons, or it is damaged.
    #[error("`{}` is not a copy of coupons: {reason}", path.display())]
    NotACopy {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The cursor in the file cannot be read.
    #[error("cannot continue the copy of the store {store_id}: {error}")]
    Cursor {
        /// The store.
        store_id: i64,
        /// Why not.
        error: ParseChangesCursorError,
    },
    /// A response cannot be written to a table.
    #[error("invalid coupon: {0}")]
    Coupon(String),
    /// More coupons are missing than may be deleted at once. The copy is unchanged.
    #[error(
        "the store {store_id} no longer has {missing} of {coupons} coupons, and at most {limit} may be deleted at once; \
         nothing was changed"
    )]
    TooManyDeletions {
        /// The store.
        store_id: i64,
        /// The number of missing coupons.
        missing: i64,
        /// The number of coupons in the copy.
        coupons: i64,
        /// The maximum number of deletions.
        limit: i64,
    },
    /// Another sync has changed the copy of the store since this one began.
    #[error("another sync has changed the copy of the store {store_id} in the meantime; nothing was changed")]
    Concurrent {
        /// The store.
        store_id: i64,
    },
    /// The changes cannot be read.
    #[error(transparent)]
    Changes(#[from] ChangesError),
}
