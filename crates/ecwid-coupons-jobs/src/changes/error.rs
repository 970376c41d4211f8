//! [`ChangesError`].

/// The error of reading changes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangesError {
    /// The cursor is from another store.
    #[error("the cursor is from another store: `{given}` (expected `{wanted}`)")]
    OtherStore {
        /// The store of the client.
        wanted: i64,
        /// The store of the cursor.
        given: i64,
    },
    /// The store no longer lists all deletions since the cursor, because it lists them for six months.
    #[error("the cursor is too old to list the deleted coupons: {days} days (expected at most 180); start a new copy")]
    TooOld {
        /// The age of the cursor.
        days: i64,
    },
    /// The changes were not read to their end, so there is no cursor after them.
    #[error("the changes were not read to their end, so there is no cursor after them")]
    Unfinished,
    /// A request failed.
    #[error(transparent)]
    Request(#[from] ecwid_coupons::Error),
}
