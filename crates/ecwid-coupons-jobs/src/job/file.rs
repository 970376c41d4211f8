//! [`JobFile`]: the SQLite file of a job.

use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use ecwid_coupons::{__private::Unchecked, JsonObject, RawJson};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, params};

use super::{JobError, RowChange};

/// The application id in the header of the file: "eccj".
const APPLICATION_ID: i32 = 0x6563_636a;

/// The version of the tables.
const VERSION: i32 = 1;

const TABLES: &str = "
CREATE TABLE job (
    store_id INTEGER NOT NULL,
    base_url TEXT NOT NULL,
    template TEXT,
    pattern TEXT,
    pid INTEGER
) STRICT;
CREATE TABLE rows (row INTEGER PRIMARY KEY, code TEXT NOT NULL, change TEXT, columns TEXT) STRICT;
CREATE TABLE batches (
    batch INTEGER PRIMARY KEY,
    deduplication_key TEXT NOT NULL,
    rows TEXT NOT NULL,
    intended INTEGER NOT NULL,
    ticket TEXT,
    since INTEGER,
    is_settled INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE outcomes (row INTEGER PRIMARY KEY, outcome TEXT NOT NULL, id INTEGER, error TEXT) STRICT;
CREATE TABLE undone (row INTEGER PRIMARY KEY, outcome TEXT NOT NULL) STRICT;
";

/// The file of a job, open and locked.
#[derive(Debug)]
pub(super) struct JobFile {
    pub(super) connection: Connection,
    path: PathBuf,
    pub(super) store_id: i64,
    pub(super) base_url: String,
    /// The fields of the coupons that the rows without a change of their own create.
    template: JsonObject,
    /// The pattern of generated codes.
    pub(super) pattern: Option<String>,
}

/// A row as it was planned.
pub(super) struct Planned {
    pub(super) row: i64,
    pub(super) code: String,
    pub(super) change: RowChange,
}

/// A batch that was intended and whose results are not in the file.
pub(super) struct OpenBatch {
    pub(super) batch: i64,
    pub(super) deduplication_key: String,
    pub(super) rows: Vec<i64>,
    pub(super) intended: SystemTime,
    pub(super) ticket: Option<String>,
    pub(super) since: Option<SystemTime>,
}

/// A created coupon that was not undone yet.
pub(super) struct Created {
    pub(super) row: i64,
    pub(super) id: i64,
    pub(super) code: String,
}

impl JobFile {
    /// Opens a file and locks it.
    pub(super) fn open(path: &Path) -> Result<Self, JobError> {
        let fail = |error| failed(path, error);
        // SQLite does not say why it cannot open a file.
        std::fs::metadata(path).map_err(|error| JobError::File { path: path.to_owned(), reason: error.to_string() })?;
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(fail)?;
        // The lock is kept until the connection is closed. Another process does not wait for it.
        connection.busy_timeout(Duration::ZERO).map_err(fail)?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE").map_err(fail)?;
        connection.execute_batch("BEGIN EXCLUSIVE; COMMIT").map_err(fail)?;
        let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        let not_a_job = |reason: String| JobError::NotAJob { path: path.to_owned(), reason };
        if number("application_id").map_err(fail)? != APPLICATION_ID {
            return Err(not_a_job("another program made it".to_owned()));
        }
        let version = number("user_version").map_err(fail)?;
        if version != VERSION {
            return Err(not_a_job(format!("it has version {version} (expected {VERSION}); use a newer version")));
        }
        let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(fail)?;
        if found != "ok" {
            return Err(not_a_job(format!("it is damaged: {found}; restore it from a copy")));
        }
        connection.pragma_update(None, "synchronous", "FULL").map_err(fail)?;
        connection.execute("UPDATE job SET pid = ?1", [std::process::id()]).map_err(fail)?;
        Self::read(connection, path)
    }

    /// Makes the tables of a new file.
    pub(super) fn tables(connection: &Connection) -> rusqlite::Result<()> {
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", VERSION)?;
        connection.execute_batch(TABLES)
    }

    /// Reads the settings of a job.
    pub(super) fn read(connection: Connection, path: &Path) -> Result<Self, JobError> {
        let select = "SELECT store_id, base_url, template, pattern FROM job";
        let settings = connection
            .query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<String>>(2)?, row.get(3)?)));
        let (store_id, base_url, template, pattern) = settings.map_err(|error| failed(path, error))?;
        let damaged = |error: serde_json::Error| JobError::NotAJob { path: path.to_owned(), reason: error.to_string() };
        let template = template.as_deref().map(serde_json::from_str).transpose().map_err(damaged)?.unwrap_or_default();
        Ok(Self { connection, path: path.to_owned(), store_id, base_url, template, pattern })
    }

    /// Converts an error of the file.
    pub(super) fn failed(&self, error: rusqlite::Error) -> JobError {
        failed(&self.path, error)
    }

    /// Returns a row as it was planned.
    pub(super) fn planned(&self, row: i64) -> Result<Planned, JobError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT code, change FROM rows WHERE row = ?1")
            .map_err(|error| self.failed(error))?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?));
        let (code, change) = select.query_row([row], read).map_err(|error| self.failed(error))?;
        let change = change.map_or_else(|| self.of_template(&code), |json| RowChange::from_json(&json));
        let damaged =
            |error: serde_json::Error| JobError::NotAJob { path: self.path.clone(), reason: error.to_string() };
        Ok(Planned { row, code, change: change.map_err(damaged)? })
    }

    /// Returns the creation of the template's coupon with a code.
    fn of_template(&self, code: &str) -> serde_json::Result<RowChange> {
        let mut members = self.template.clone();
        let code = RawJson::from_value(code).map_err(serde::de::Error::custom)?;
        members.insert("code".to_owned(), code);
        // The template was checked when the job was planned.
        serde_json::from_str(&serde_json::to_string(&members)?).map(|Unchecked(coupon)| RowChange::Create(coupon))
    }

    /// Returns the batches without results, the oldest first.
    pub(super) fn open_batches(&self) -> Result<Vec<OpenBatch>, JobError> {
        let read = || {
            let mut select = self.connection.prepare(
                "SELECT batch, deduplication_key, rows, intended, ticket, since FROM batches WHERE NOT is_settled ORDER BY batch",
            )?;
            let batches = select.query_map([], |row| {
                Ok(OpenBatch {
                    batch: row.get(0)?,
                    deduplication_key: row.get(1)?,
                    rows: rows_of(&row.get::<_, String>(2)?),
                    intended: time(row.get(3)?),
                    ticket: row.get(4)?,
                    since: row.get::<_, Option<i64>>(5)?.map(time),
                })
            })?;
            batches.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|error| self.failed(error))
    }

    /// Returns up to this many rows without an outcome, in order, from a row on.
    pub(super) fn pending(&self, from: i64, limit: usize) -> Result<Vec<i64>, JobError> {
        let read = || {
            let mut select = self.connection.prepare_cached(
                "SELECT row FROM rows WHERE row >= ?1 AND NOT EXISTS (SELECT 1 FROM outcomes WHERE outcomes.row = rows.row)
                 ORDER BY row LIMIT ?2",
            )?;
            select
                .query_map(params![from, i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|error| self.failed(error))
    }

    /// Writes the intent to send a batch, before it is sent.
    pub(super) fn intend(&self, key: &str, rows: &[i64], intended: SystemTime) -> Result<i64, JobError> {
        let insert = "INSERT INTO batches (deduplication_key, rows, intended) VALUES (?1, ?2, ?3)";
        self.connection
            .execute(insert, params![key, rows_text(rows), milliseconds(intended)])
            .map_err(|error| self.failed(error))?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Writes the ticket of a batch that the store has received.
    pub(super) fn received(&self, batch: i64, ticket: &str, since: Option<SystemTime>) -> Result<(), JobError> {
        let update = "UPDATE batches SET ticket = ?2, since = ?3 WHERE batch = ?1";
        self.connection
            .execute(update, params![batch, ticket, since.map(milliseconds)])
            .map(|_| ())
            .map_err(|error| self.failed(error))
    }

    /// Returns up to this many created coupons after a row that were not undone.
    pub(super) fn created_after(&self, after: i64, limit: usize) -> Result<Vec<Created>, JobError> {
        let read = || {
            let mut select = self.connection.prepare_cached(
                "SELECT row, id, code FROM outcomes JOIN rows USING (row)
                 WHERE outcome = 'created' AND id IS NOT NULL AND row > ?1 AND row NOT IN (SELECT row FROM undone)
                 ORDER BY row LIMIT ?2",
            )?;
            select
                .query_map(params![after, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
                    Ok(Created { row: row.get(0)?, id: row.get(1)?, code: row.get(2)? })
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|error| self.failed(error))
    }

    /// Whether a row of the job has the code, in any letter case.
    pub(super) fn has_code(&self, code: &str) -> Result<bool, JobError> {
        let select = "SELECT 1 FROM rows WHERE lower(code) = lower(?1)";
        let found = self.connection.query_row(select, [code], |_| Ok(())).optional();
        found.map(|found| found.is_some()).map_err(|error| self.failed(error))
    }
}

/// Converts an error of a file.
pub(super) fn failed(path: &Path, error: rusqlite::Error) -> JobError {
    let reason = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            JobError::Running { path: path.to_owned(), pid: pid_of_other(path) }
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            JobError::NotAJob { path: path.to_owned(), reason }
        }
        _ => JobError::File { path: path.to_owned(), reason },
    }
}

/// Reads the process that runs a locked job. The lock is ignored, so the answer is only for a message.
fn pid_of_other(path: &Path) -> Option<u32> {
    let uri =
        format!("file:{}?immutable=1", path.to_str()?.replace('%', "%25").replace('?', "%3f").replace('#', "%23"));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri, flags).ok()?;
    connection.query_row("SELECT pid FROM job", [], |row| row.get(0)).ok()
}

/// Writes rows as ranges, such as `0-499,505`.
fn rows_text(rows: &[i64]) -> String {
    let runs = rows.chunk_by(|one, next| one + 1 == *next);
    let text = |run: &[i64]| match run {
        [one] => one.to_string(),
        _ => format!("{}-{}", run[0], run[run.len() - 1]),
    };
    runs.map(text).collect::<Vec<_>>().join(",")
}

fn rows_of(text: &str) -> Vec<i64> {
    let number = |text: &str| text.parse::<i64>().unwrap_or(-1);
    let run = |text: &str| match text.split_once('-') {
        Some((first, last)) => number(first)..=number(last),
        None => number(text)..=number(text),
    };
    text.split(',').flat_map(run).collect()
}

fn milliseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn time(milliseconds: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(milliseconds).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_as_ranges() {
        for (rows, text) in [(vec![0], "0"), (vec![0, 1, 2], "0-2"), (vec![3, 5, 6, 9], "3,5-6,9")] {
            assert_eq!(rows_text(&rows), text);
            assert_eq!(rows_of(text), rows);
        }
    }
}
