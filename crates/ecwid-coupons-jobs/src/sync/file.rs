//! [`CopyFile`]: the tables of a copy.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Duration,
};

use ecwid_coupons::chrono::Utc;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};

use super::{
    SyncError,
    columns::{Column, EXTRA, columns},
    time_text,
};

/// The application id in the header of the file: "eccs".
const APPLICATION_ID: i32 = 0x6563_6373;

/// The version of the tables.
const VERSION: i32 = 1;

/// How long a sync waits for another program that writes the file.
const BUSY: Duration = Duration::from_secs(30);

const STATE: &str = "
CREATE TABLE sync_state (
    store_id INTEGER PRIMARY KEY,
    name TEXT,
    cursor TEXT,
    as_of TEXT,
    complete_as_of TEXT,
    coupons INTEGER,
    finished_at TEXT,
    failed_at TEXT,
    error TEXT
) STRICT;
";

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
        let mut file = Self { connection, path: path.to_owned(), columns: columns(), staged: BTreeSet::new() };
        file.prepare()?;
        Ok(file)
    }

    /// Makes the tables of a new file, and adds the columns of new fields to an old one.
    fn prepare(&mut self) -> Result<(), SyncError> {
        let number = |name: &str| self.connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        let (application, version) = (self.failing(number("application_id"))?, self.failing(number("user_version"))?);
        let tables = "SELECT count(*) FROM sqlite_schema";
        let tables: i64 = self.failing(self.connection.query_row(tables, [], |row| row.get(0)))?;
        let not_a_copy = |reason: String| SyncError::NotACopy { path: self.path.clone(), reason };
        if tables > 0 && application != APPLICATION_ID {
            return Err(not_a_copy("another program made it; choose another file".to_owned()));
        }
        if tables > 0 && version != VERSION {
            return Err(not_a_copy(format!("it has version {version} (expected {VERSION}); use a newer version")));
        }
        self.failing(self.make_tables(tables == 0))
    }

    fn make_tables(&self, is_new: bool) -> rusqlite::Result<()> {
        let connection = &self.connection;
        // Readers then do not wait for a sync.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let names: Vec<_> = self.columns.iter().map(|column| column.name.as_str()).chain([EXTRA]).collect();
        let types: Vec<_> = self.columns.iter().map(Column::sql_type).chain(["TEXT"]).collect();
        let definitions = names.iter().zip(&types).filter(|(name, _)| **name != "id");
        let definitions: Vec<_> = definitions.map(|(name, sql_type)| format!("{name} {sql_type}")).collect();
        let transaction = connection.unchecked_transaction()?;
        if is_new {
            transaction.execute_batch(STATE)?;
            transaction.execute_batch(&format!(
                "CREATE TABLE coupons (store_id INTEGER NOT NULL, id INTEGER NOT NULL, {}, first_seen TEXT NOT NULL,
                 as_of TEXT NOT NULL, deleted_at TEXT, PRIMARY KEY (store_id, id)) STRICT",
                definitions.join(", ")
            ))?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
        } else {
            let known = transaction
                .prepare("SELECT name FROM pragma_table_info('coupons')")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()?;
            let is_known = |definition: &&String| known.iter().any(|it| definition.split(' ').next() == Some(it));
            for definition in definitions.iter().filter(|definition| !is_known(definition)) {
                transaction.execute_batch(&format!("ALTER TABLE coupons ADD COLUMN {definition}"))?;
            }
        }
        let numbers = self.columns.iter().filter(|column| column.is_decimal());
        let numbers = numbers.map(|column| format!("CAST({0} AS REAL) AS {0}_real", column.name));
        let shown: Vec<_> = names.iter().map(|name| format!("coupons.{name}")).chain(numbers).collect();
        transaction.execute_batch(&format!(
            "DROP VIEW IF EXISTS current_coupons;
             CREATE VIEW current_coupons AS SELECT coupons.store_id, {}, coupons.first_seen,
             max(coupons.as_of, coalesce(sync_state.complete_as_of, coupons.as_of)) AS as_of,
             coalesce(coupons.expiration_date < strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 0) AS expired_now
             FROM coupons LEFT JOIN sync_state USING (store_id) WHERE coupons.deleted_at IS NULL;
             CREATE TEMP TABLE staged_coupons (store_id INTEGER NOT NULL, {}, PRIMARY KEY (store_id, id))
             STRICT, WITHOUT ROWID;
             CREATE TEMP TABLE staged_deletions (store_id INTEGER NOT NULL, id INTEGER NOT NULL, date TEXT,
             PRIMARY KEY (store_id, id)) STRICT, WITHOUT ROWID;",
            shown.join(", "),
            // Without the types of the columns, SQLite would not use the primary key to compare ids.
            names
                .iter()
                .zip(&types)
                .map(|(name, sql_type)| format!("{name} {sql_type}"))
                .collect::<Vec<_>>()
                .join(", "),
        ))?;
        transaction.commit()
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
