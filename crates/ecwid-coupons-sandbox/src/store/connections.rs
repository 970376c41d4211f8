//! [`Connections`]: one connection that writes, and several that read.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, config::DbConfig};
use tokio::sync::Semaphore;

use super::file;
use crate::{http::problem::Problem, lock::lock};

/// Marks a file as one of the sandbox. The bytes spell `ECWC`.
pub(super) const APPLICATION_ID: i32 = 0x4543_5743;

/// The version of the schema. A file with another version is refused.
pub(super) const SCHEMA_VERSION: i32 = 7;

pub(super) const SCHEMA: &str = include_str!("schema.sql");

/// How long opening waits for a busy file. SQLite waits this long for a lock.
const BUSY: Duration = Duration::from_secs(5);

/// The cache of each connection, in KiB.
const CACHE: i64 = 16 * 1024;

/// The number of cached statements of each connection. A search has one statement for each set of filters.
const STATEMENTS: usize = 64;

/// The path is always that of a file, and never a URI with settings of SQLite.
const FLAGS: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_CREATE).union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("the file belongs to another program")]
    OtherFile,
    #[error(
        "the file has version {0} of the schema (expected {SCHEMA_VERSION}); \
         dump it with the version of the sandbox that created it, and load the dump into a new file"
    )]
    OtherVersion(i32),
    #[error("the path is {0} (expected a regular file)")]
    NoRegularFile(&'static str),
    #[error("the file is not a database")]
    NoDatabase,
    #[error("the file is empty, and opening it would delete the contents of its write-ahead log `{}`", .0.display())]
    LogAlone(PathBuf),
}

/// Work with a connection.
pub(super) trait Work<T>: FnOnce(&mut Connection) -> Result<T, Problem> + Send + 'static {}

impl<T, F: FnOnce(&mut Connection) -> Result<T, Problem> + Send + 'static> Work<T> for F {}

/// The connections to a database.
///
/// Callers wait for a connection as tasks and not as threads, so many concurrent requests do not create many threads.
pub(super) struct Connections {
    writer: Arc<tokio::sync::Mutex<Connection>>,
    /// `None` for a database in memory, which has one connection. Its work takes far less time than the rest of a
    /// request.
    readers: Option<Arc<Readers>>,
}

/// Connections that read a file. They see committed data and do not wait for writes.
struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    room: Arc<Semaphore>,
}

impl Connections {
    /// Opens a file, or a database in memory.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, OpenError> {
        let path = path.map(file::prepare).transpose()?;
        let since = Instant::now();
        let writer = loop {
            match open_once(path.as_deref()) {
                // SQLite waits for most locks, but several concurrent starts on a new file were sometimes refused.
                Err(OpenError::Sqlite(error)) if is_busy(&error) && since.elapsed() < BUSY => {
                    thread::sleep(Duration::from_millis(10));
                }
                done => break done?,
            }
        };
        let at_once = thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 8));
        let readers =
            path.map(|path| Readers { path, idle: Mutex::default(), room: Arc::new(Semaphore::new(at_once)) });
        Ok(Self { writer: Arc::new(tokio::sync::Mutex::new(writer)), readers: readers.map(Arc::new) })
    }

    /// Returns whether there are connections for reading. A read then blocks no other work, and it needs a transaction
    /// to see a snapshot.
    pub(super) fn has_readers(&self) -> bool {
        self.readers.is_some()
    }

    /// Runs short work on the connection that writes.
    pub(super) async fn write<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T, Problem> {
        if self.readers.is_none() {
            // A database in memory is faster than another thread.
            return work(&mut *self.writer.lock().await);
        }
        self.write_much(work).await
    }

    /// Runs work of any length on the connection that writes.
    pub(super) async fn write_much<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T, Problem> {
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        tokio::task::spawn_blocking(move || work(&mut writer)).await?
    }

    /// Runs short work on a connection that reads.
    pub(super) async fn read<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T, Problem> {
        if self.readers.is_none() { self.write(work).await } else { self.read_much(work).await }
    }

    /// Runs work of any length on a connection that reads.
    pub(super) async fn read_much<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T, Problem> {
        let Some(readers) = &self.readers else { return self.write_much(work).await };
        let readers = Arc::clone(readers);
        let room = Arc::clone(&readers.room).acquire_owned().await?;
        let task = tokio::task::spawn_blocking(move || {
            let _room = room;
            let mut connection = readers.take()?;
            let result = work(&mut connection);
            lock(&readers.idle).push(connection);
            result
        });
        task.await?
    }
}

impl Readers {
    fn take(&self) -> rusqlite::Result<Connection> {
        if let Some(connection) = lock(&self.idle).pop() {
            return Ok(connection);
        }
        let connection = Connection::open_with_flags(&self.path, FLAGS)?;
        connection.pragma_update(None, "query_only", true)?;
        prepare(&connection)?;
        Ok(connection)
    }
}

fn open_once(path: Option<&Path>) -> Result<Connection, OpenError> {
    let mut connection = match path {
        None => Connection::open_in_memory()?,
        Some(path) => Connection::open_with_flags(path, FLAGS)?,
    };
    // An acknowledged write survives a power failure.
    connection.pragma_update(None, "synchronous", "full")?;
    prepare(&connection)?;
    // This is one transaction, so an aborted first start leaves an empty file, and only one of several concurrent
    // starts creates the tables.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match ids(&transaction)? {
        (APPLICATION_ID, SCHEMA_VERSION) => {}
        (0, 0) if transaction.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))? => {
            transaction.execute_batch(SCHEMA)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        }
        (APPLICATION_ID, version) => return Err(OpenError::OtherVersion(version)),
        _ => return Err(OpenError::OtherFile),
    }
    transaction.commit()?;
    // With a write-ahead log, reads do not wait for writes. If another sandbox is using the file, the next start
    // switches it.
    match connection.pragma_update(None, "journal_mode", "wal") {
        Err(error) if is_busy(&error) => {}
        done => done?,
    }
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    // Otherwise SQLite plans a cached statement again for each new value, which takes longer than most searches.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "cache_size", -CACHE)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Returns the application id and the schema version of a file.
fn ids(connection: &Connection) -> rusqlite::Result<(i32, i32)> {
    let id = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((id("application_id")?, id("user_version")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_acknowledged_write_is_on_disk() {
        let file = tempfile::tempdir().unwrap();
        let connections = Connections::open(Some(&file.path().join("store.sqlite"))).unwrap();
        let settings = connections.write(|connection| {
            let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
            let journal: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
            Ok((synchronous, journal))
        });
        // 2 is FULL: the log is synced before a commit returns.
        assert_eq!(settings.await.unwrap(), (2, "wal".to_owned()));
    }

    #[tokio::test]
    async fn readers_cannot_write() {
        let file = tempfile::tempdir().unwrap();
        let connections = Connections::open(Some(&file.path().join("store.sqlite"))).unwrap();
        let write = connections.read(|connection| Ok(connection.execute("DELETE FROM coupons", [])?));
        assert!(write.await.unwrap_err().into_message().contains("readonly"));
    }
}
