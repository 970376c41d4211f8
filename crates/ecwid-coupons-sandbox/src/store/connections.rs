//! [`Connections`]: the connection that writes, and those that read beside it.

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

/// Written into a file, so that the file of another program is not taken for one of the sandbox. It reads `ECWC`.
pub(super) const APPLICATION_ID: i32 = 0x4543_5743;

/// Written into a file, so that the file of another version is not taken for one of this.
pub(super) const SCHEMA_VERSION: i32 = 6;

pub(super) const SCHEMA: &str = include_str!("schema.sql");

/// How long a file may be busy when it is opened. SQLite waits as long for a lock.
const BUSY: Duration = Duration::from_secs(5);

/// How much of a file each connection keeps in memory, in KiB.
const CACHE: i64 = 16 * 1024;

/// How many statements each connection keeps. A search has one for each set of filters.
const STATEMENTS: usize = 64;

/// How a file is opened: its name is that of a file, and no address with settings of SQLite.
const FLAGS: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_CREATE).union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("it is the database of another program, or of another version of the sandbox")]
    OtherFile,
    #[error("it is {0} (expected a regular file)")]
    NoRegularFile(&'static str),
    #[error("it is not a database")]
    NoDatabase,
    #[error("the file is empty, and opening it would delete what its write-ahead log `{}` holds", .0.display())]
    LogAlone(PathBuf),
}

/// What is done with a connection.
pub(super) trait Work<T>: FnOnce(&mut Connection) -> Result<T, Problem> + Send + 'static {}

impl<T, F: FnOnce(&mut Connection) -> Result<T, Problem> + Send + 'static> Work<T> for F {}

/// The connections to a database.
///
/// Who waits for one waits as a task and not as a thread, so that many requests at once do not become as many threads.
pub(super) struct Connections {
    writer: Arc<tokio::sync::Mutex<Connection>>,
    /// Nothing for a database in memory, which has one connection: what it does takes far less time than the request around it.
    readers: Option<Arc<Readers>>,
}

/// Connections that read a file. They see what was committed, and wait for no write.
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
                // SQLite waits for most locks by itself, but several starts at once on one new file were refused now and then.
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

    /// Whether a read holds up nobody, however long it takes, and sees one moment only within a transaction.
    pub(super) fn has_readers(&self) -> bool {
        self.readers.is_some()
    }

    /// Works with the connection that writes, for a moment.
    pub(super) async fn write<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T, Problem> {
        if self.readers.is_none() {
            // In memory it takes less time than to have another thread do it.
            return work(&mut *self.writer.lock().await);
        }
        self.write_much(work).await
    }

    /// Works with the connection that writes, as long as it takes.
    pub(super) async fn write_much<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T, Problem> {
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        tokio::task::spawn_blocking(move || work(&mut writer)).await?
    }

    /// Works with a connection that reads, for a moment.
    pub(super) async fn read<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T, Problem> {
        if self.readers.is_none() { self.write(work).await } else { self.read_much(work).await }
    }

    /// Works with a connection that reads, as long as it takes.
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
    // An answered write outlives a power cut.
    connection.pragma_update(None, "synchronous", "full")?;
    prepare(&connection)?;
    // One transaction: a first start that breaks off leaves an empty file, and of several at once one makes the tables.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match ids(&transaction)? {
        (APPLICATION_ID, SCHEMA_VERSION) => {}
        (0, 0) if transaction.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))? => {
            transaction.execute_batch(SCHEMA)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        }
        _ => return Err(OpenError::OtherFile),
    }
    transaction.commit()?;
    // So that reads need not wait for writes. A file that another sandbox uses just now is switched by the next start.
    match connection.pragma_update(None, "journal_mode", "wal") {
        Err(error) if is_busy(&error) => {}
        done => done?,
    }
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    // Else a statement that is kept is planned anew for each other value, which takes longer than most searches.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "cache_size", -CACHE)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Whose file it is, and of which version.
fn ids(connection: &Connection) -> rusqlite::Result<(i32, i32)> {
    let id = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((id("application_id")?, id("user_version")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answered_write_is_on_the_disk() {
        let file = tempfile::tempdir().unwrap();
        let connections = Connections::open(Some(&file.path().join("store.sqlite"))).unwrap();
        let settings = connections.write(|connection| {
            let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
            let journal: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
            Ok((synchronous, journal))
        });
        // 2 is FULL: the log is written through before a commit returns.
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
