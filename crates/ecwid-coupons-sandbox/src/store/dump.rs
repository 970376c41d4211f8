//! [`Dump`]: the contents of some stores as JSON, in parts.

use bytes::Bytes;
use rusqlite::{Connection, Row};
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinHandle,
};

use super::{
    database::Database,
    load::{Deletion, Entry, Order},
    row,
};
use crate::http::problem::Problem;

/// The size of a part in bytes.
const PART: usize = 64 * 1024;

/// The number of parts that are read ahead.
const AHEAD: usize = 4;

/// The contents of some stores at one moment: an array of entries, one on each line. It can be loaded again.
pub(crate) struct Dump {
    parts: mpsc::Receiver<Result<Bytes, Problem>>,
    reader: JoinHandle<()>,
}

impl Dump {
    /// Starts to read stores of one database.
    pub(crate) fn begin(stores: Vec<Database>) -> Self {
        let has_readers = stores.first().is_none_or(|store| store.connections.has_readers());
        // A database in memory has one connection. It must not wait for the reader of the dump, so the channel has no
        // limit.
        let (parts, receiver) = mpsc::channel(if has_readers { AHEAD } else { Semaphore::MAX_PERMITS });
        let reader = tokio::spawn(async move {
            let Some(store) = stores.first() else { return };
            let ids: Vec<_> = stores.iter().map(Database::store_id).collect();
            let writer = Writer { parts: parts.clone(), text: b"[".to_vec(), is_first: true };
            let written = store.connections.read_much(move |connection| {
                let transaction = connection.transaction()?;
                writer.write_all(&ids, &transaction)
            });
            if let Err(problem) = written.await {
                let _ = parts.send(Err(problem)).await;
            }
        });
        Self { parts: receiver, reader }
    }

    /// Returns the next part, or `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Result<Bytes, Problem>> {
        self.parts.recv().await
    }

    /// Waits until the reading has ended. It ends early if not all parts were received.
    pub(crate) async fn end(self) {
        drop(self.parts);
        let _ = self.reader.await;
    }
}

/// Reads an entry from a row.
type Read = fn(&Row<'_>) -> Result<Entry, Problem>;

struct Writer {
    parts: mpsc::Sender<Result<Bytes, Problem>>,
    text: Vec<u8>,
    is_first: bool,
}

impl Writer {
    /// Writes the stores, until the receiver is dropped.
    fn write_all(mut self, stores: &[i64], connection: &Connection) -> Result<(), Problem> {
        for store in stores {
            let entries: [(&str, Read); 3] = [
                (&format!("SELECT {} FROM coupons WHERE store_id = ?1 ORDER BY id", row::COUPON), |row| {
                    Ok(Entry { coupon: Some(row::coupon(row)?), ..Entry::default() })
                }),
                ("SELECT number, email, coupon_id, created FROM orders WHERE store_id = ?1 ORDER BY number", |row| {
                    let (number, email, coupon_id, created) = row.try_into()?;
                    Ok(Entry { order: Some(Order { number, email, coupon_id, created }), ..Entry::default() })
                }),
                ("SELECT coupon_id, date FROM deleted WHERE store_id = ?1 ORDER BY rowid", |row| {
                    let (coupon_id, date) = row.try_into()?;
                    Ok(Entry { deletion: Some(Deletion { coupon_id, date }), ..Entry::default() })
                }),
            ];
            for (statement, read) in entries {
                let mut statement = connection.prepare(statement)?;
                let mut rows = statement.query([store])?;
                while let Some(row) = rows.next()? {
                    if !self.write(&Entry { store_id: Some(*store), ..read(row)? })? {
                        return Ok(());
                    }
                }
            }
        }
        let mut statement = connection.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'coupons'")?;
        let last_id = statement.query_row([], |row| row.get(0))?;
        self.write(&Entry { last_id: Some(last_id), ..Entry::default() })?;
        self.text.extend_from_slice(b"\n]\n");
        self.send();
        Ok(())
    }

    /// Writes an entry, and returns whether the receiver still exists.
    fn write(&mut self, entry: &Entry) -> Result<bool, Problem> {
        self.text.extend_from_slice(if self.is_first { b"\n" } else { b",\n" });
        self.is_first = false;
        serde_json::to_writer(&mut self.text, entry)?;
        Ok(self.text.len() < PART || self.send())
    }

    fn send(&mut self) -> bool {
        self.parts.blocking_send(Ok(std::mem::take(&mut self.text).into())).is_ok()
    }
}
