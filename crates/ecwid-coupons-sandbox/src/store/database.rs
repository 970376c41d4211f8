//! [`Database`]: the stores of one SQLite file or of a database in memory.

use std::{path::Path, sync::Arc, time::Duration};

use rusqlite::Connection;

use super::{
    connections::{Connections, OpenError, SCHEMA, Work},
    transaction::StoreTransaction,
    undo_log::UndoLog,
};
use crate::{ChangeSettings, http::problem::Problem};

/// Work with the coupons of a store within a transaction.
pub(crate) trait StoreWork<T>: FnOnce(&StoreTransaction<'_>) -> Result<T, Problem> + Send + 'static {}

impl<T, F: FnOnce(&StoreTransaction<'_>) -> Result<T, Problem> + Send + 'static> StoreWork<T> for F {}

/// A database and one of its stores.
#[derive(Clone)]
pub(crate) struct Database {
    store_id: i64,
    changes: ChangeSettings,
    /// Shared by all stores.
    pub(super) connections: Arc<Connections>,
    undo_log: Arc<UndoLog>,
    /// The lag of reads.
    lag: Option<Duration>,
}

impl Database {
    /// Opens a file, or a database in memory, for a store.
    pub(crate) fn open(path: Option<&Path>, store_id: i64, changes: ChangeSettings) -> Result<Self, OpenError> {
        let connections = Arc::new(Connections::open(path)?);
        Ok(Self { store_id, changes, connections, undo_log: Arc::default(), lag: None })
    }

    /// Returns the id of the store.
    pub(crate) fn store_id(&self) -> i64 {
        self.store_id
    }

    /// Returns the same database for another store.
    pub(crate) fn for_store(&self, store_id: i64) -> Self {
        Self { store_id, ..self.clone() }
    }

    /// Returns the same store with a lag of reads.
    pub(crate) fn with_lag(&self, lag: Option<Duration>) -> Self {
        Self { lag, ..self.clone() }
    }

    /// Reads a snapshot of the store, without waiting for a write of another process.
    pub(crate) async fn read<T: Send + 'static>(&self, work: impl StoreWork<T>) -> Result<T, Problem> {
        let (store_id, changes) = (self.store_id, self.changes);
        let Some(lag) = self.lag else {
            let has_readers = self.connections.has_readers();
            let work = move |connection: &mut Connection| {
                if has_readers {
                    let transaction = connection.transaction()?;
                    work(&StoreTransaction::new(store_id, &transaction, changes))
                } else {
                    // A database in memory has only this connection, so it needs no snapshot.
                    work(&StoreTransaction::new(store_id, connection, changes))
                }
            };
            return self.connections.read(work).await;
        };
        let undo_log = Arc::clone(&self.undo_log);
        // The earlier state is restored in a transaction that is rolled back.
        let work = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            let transaction = StoreTransaction::new(store_id, &transaction, changes);
            transaction.undo(undo_log.since(lag))?;
            work(&transaction)
        };
        self.connections.write(work).await
    }

    /// Changes a few coupons in one transaction. An error rolls it back.
    pub(crate) async fn write<T: Send + 'static>(&self, work: impl StoreWork<T>) -> Result<T, Problem> {
        self.connections.write(self.in_transaction(work)).await
    }

    /// Changes any number of coupons in one transaction. An error rolls it back.
    pub(crate) async fn write_much<T: Send + 'static>(&self, work: impl StoreWork<T>) -> Result<T, Problem> {
        self.connections.write_much(self.in_transaction(work)).await
    }

    fn in_transaction<T, F: StoreWork<T>>(&self, work: F) -> impl Work<T> + use<T, F> {
        let (store_id, settings, undo_log) = (self.store_id, self.changes, Arc::clone(&self.undo_log));
        move |connection: &mut Connection| {
            let transaction = WriteTransaction::begin(connection)?;
            let store = StoreTransaction::new(store_id, transaction.0, settings);
            let result = work(&store)?;
            let changes = store.into_changes();
            transaction.commit()?;
            undo_log.add(changes);
            Ok(result)
        }
    }

    /// Empties all stores, and does the work in the same transaction.
    pub(crate) async fn empty(&self, work: impl StoreWork<()>) -> Result<(), Problem> {
        let write = self.write_much(move |transaction| {
            let tables = "DROP TABLE coupons; DROP TABLE orders; DROP TABLE deleted;";
            transaction.connection.execute_batch(&format!("{tables} {SCHEMA}"))?;
            work(transaction)
        });
        write.await?;
        self.undo_log.clear();
        Ok(())
    }
}

/// A write transaction that is rolled back unless it is committed. Its statements are cached, which rusqlite's own
/// transaction does not do.
struct WriteTransaction<'a>(&'a Connection);

impl<'a> WriteTransaction<'a> {
    fn begin(connection: &'a mut Connection) -> rusqlite::Result<Self> {
        // This is a write transaction from the start. Upgrading a read transaction fails if another process has written
        // in between.
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(Self(connection))
    }

    fn commit(self) -> rusqlite::Result<()> {
        self.0.prepare_cached("COMMIT")?.execute([]).map(drop)
    }
}

impl Drop for WriteTransaction<'_> {
    fn drop(&mut self) {
        if !self.0.is_autocommit() {
            // If this fails too, the connection is unusable, and the next write returns an error.
            let _ = self.0.execute_batch("ROLLBACK");
        }
    }
}
