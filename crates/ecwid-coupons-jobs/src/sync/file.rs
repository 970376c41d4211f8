//! [`CopyFile`]: the file of a copy.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Duration,
};

use ecwid_coupons::chrono::Utc;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::{
    SyncError,
    columns::{Column, columns},
    tables, time_text,
};

/// The application id in the header of the file: "eccs".
const APPLICATION_ID: i32 = 0x6563_6373;

/// The version of the tables.
const VERSION: i32 = 1;

/// How long a sync waits for another program that writes the file.
const BUSY: Duration = Duration::from_secs(30);

/// An open copy.
#[derive(Debug)]
pub(super) struct CopyFile {
    pub(super) connection: Connection,
    path: PathBuf,
    pub(super) columns: Vec<Column>,
    /// The stores whose changes are being collected.
    pub(super) staged: BTreeSet<i64>,
}

impl CopyFile {
    pub(super) fn open(path: &Path) -> Result<Self, SyncError> {
        let fail = |error| failed(path, &error);
        create_private(path).map_err(|error| SyncError::File { path: path.to_owned(), reason: error.to_string() })?;
        let connection = Connection::open(path).map_err(fail)?;
        connection.busy_timeout(BUSY).map_err(fail)?;
        let file = Self { connection, path: path.to_owned(), columns: columns(), staged: BTreeSet::new() };
        file.prepare()?;
        Ok(file)
    }

    /// Makes the tables of a new file, and brings those of an old one up to date.
    fn prepare(&self) -> Result<(), SyncError> {
        // Another process may open the same new file.
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate);
        let transaction = self.failing(transaction)?;
        let number = |name: &str| self.failing(transaction.pragma_query_value(None, name, |row| row.get::<_, i32>(0)));
        let (application, version) = (number("application_id")?, number("user_version")?);
        let count = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
        let not_a_copy = |reason: String| SyncError::NotACopy { path: self.path.clone(), reason };
        if self.failing(count)? == 0 {
            self.failing(tables::create(&transaction, &self.columns))?;
            self.failing(transaction.pragma_update(None, "application_id", APPLICATION_ID))?;
            self.failing(transaction.pragma_update(None, "user_version", VERSION))?;
        } else if application != APPLICATION_ID {
            return Err(not_a_copy("another program made it; choose another file".to_owned()));
        } else if version != VERSION {
            return Err(not_a_copy(format!("it has version {version} (expected {VERSION}); use a newer version")));
        } else {
            self.failing(tables::add_columns(&transaction, &self.columns))?;
        }
        self.failing(tables::create_view(&transaction, &self.columns))?;
        self.failing(tables::create_stage(&transaction, &self.columns))?;
        self.failing(transaction.commit())?;
        // Readers then do not wait for a sync.
        self.failing(self.connection.pragma_update(None, "journal_mode", "WAL"))?;
        self.failing(self.connection.pragma_update(None, "synchronous", "FULL"))
    }

    /// Returns the cursor of a store.
    pub(super) fn cursor(&self, store_id: i64) -> Result<Option<String>, SyncError> {
        let select = "SELECT cursor FROM sync_state WHERE store_id = ?1";
        let found = self.connection.query_row(select, [store_id], |row| row.get(0)).optional();
        Ok(self.failing(found)?.flatten())
    }

    pub(super) fn record_failure(&self, store_id: i64, name: Option<&str>, error: &SyncError) -> Result<(), SyncError> {
        let insert = "INSERT INTO sync_state (store_id, name, failed_at, error) VALUES (?1, ?2, ?3, ?4)
                      ON CONFLICT (store_id) DO UPDATE SET name = excluded.name, failed_at = excluded.failed_at,
                      error = excluded.error";
        let values = params![store_id, name, time_text(Utc::now()), error.to_string()];
        self.failing(self.connection.execute(insert, values))?;
        Ok(())
    }

    pub(super) fn failing<T>(&self, result: rusqlite::Result<T>) -> Result<T, SyncError> {
        result.map_err(|error| failed(&self.path, &error))
    }
}

/// Creates the file if it is missing. Coupons are worth money, so other users cannot read it.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn failed(path: &Path, error: &rusqlite::Error) -> SyncError {
    let (path, reason) = (path.to_owned(), error.to_string());
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => SyncError::NotACopy { path, reason },
        _ => SyncError::File { path, reason },
    }
}
