//! [`Store`]: the coupons, in SQLite.
//!
//! A coupon is kept as its JSON, so that every field of the document is kept with no column of its own; what a search filters
//! by stands beside it in columns.

mod condition;
mod connections;
mod deleted;
mod dump;
mod file;
mod load;
mod orders;
mod row;
mod search;
mod undo_log;

use std::{cell::RefCell, collections::VecDeque, path::Path, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use ecwid_coupons::{
    EcwidDateTime,
    types::{Coupon, CouponStatus, DiscountType},
};
use rusqlite::{Connection, ErrorCode, Row, ToSql, params};

pub(crate) use connections::OpenError;
use connections::{Connections, SCHEMA};
pub(crate) use deleted::Period;
pub(crate) use dump::Dump;
pub(crate) use orders::History;
use row::COLUMNS;
pub(crate) use search::{Filter, Found};
use undo_log::{KEPT, Past, Undo};

use crate::{coupon_rules, http::problem::Problem, rule::Rule};

/// The largest number that may be put in for one that the store counts up. It leaves more behind it than can be counted.
const MOST_COUNTED: i64 = 999_999_999_999_999_999;

/// Refuses a number that the store counts up from, if there may be none behind it.
fn check_counted(name: &str, number: i64) -> Result<(), Problem> {
    if (1..=MOST_COUNTED).contains(&number) {
        return Ok(());
    }
    Err(Problem::wrong_value(name, number, &format!("an integer from 1 to {MOST_COUNTED}")))
}

/// The coupons of a store.
#[derive(Clone)]
pub(crate) struct Store {
    store_id: i64,
    /// All stores are in one file.
    connections: Arc<Connections>,
    past: Arc<Past>,
    /// How far its reads lag behind.
    lag: Option<Duration>,
}

impl Store {
    /// Opens a file, or a database in memory, for a store and all others that are in it.
    pub(crate) fn open(path: Option<&Path>, store_id: i64) -> Result<Self, OpenError> {
        let connections = Arc::new(Connections::open(path)?);
        Ok(Self { store_id, connections, past: Arc::default(), lag: None })
    }

    /// The store's id.
    pub(crate) fn id(&self) -> i64 {
        self.store_id
    }

    /// Another store of the same file.
    pub(crate) fn of(&self, store_id: i64) -> Self {
        Self { store_id, ..self.clone() }
    }

    /// The same store, whose reads lag behind.
    pub(crate) fn lagging(&self, lag: Option<Duration>) -> Self {
        Self { lag, ..self.clone() }
    }

    /// Reads coupons as they are at one moment; it waits for no write of another process.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Coupons<'_>) -> Result<T, Problem> + Send + 'static,
    {
        let store_id = self.store_id;
        let Some(lag) = self.lag else {
            let has_readers = self.connections.has_readers();
            let work = move |connection: &mut Connection| {
                if has_readers {
                    let transaction = connection.transaction()?;
                    work(&Coupons::new(store_id, &transaction, false))
                } else {
                    // The one connection to a database in memory is alone with it.
                    work(&Coupons::new(store_id, connection, false))
                }
            };
            return self.connections.read(work).await;
        };
        let past = Arc::clone(&self.past);
        // It writes what was, and undoes it again.
        let work = move |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            let coupons = Coupons::new(store_id, &transaction, true);
            coupons.go_back(&past, lag)?;
            work(&coupons)
        };
        self.connections.write(work).await
    }

    /// Does something with few coupons in one transaction, which an error undoes.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Coupons<'_>) -> Result<T, Problem> + Send + 'static,
    {
        self.connections.write(self.in_transaction(work)).await
    }

    /// Does something with any number of coupons in one transaction, which an error undoes.
    pub(crate) async fn write_much<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Coupons<'_>) -> Result<T, Problem> + Send + 'static,
    {
        self.connections.write_much(self.in_transaction(work)).await
    }

    fn in_transaction<T, F>(&self, work: F) -> impl FnOnce(&mut Connection) -> Result<T, Problem> + Send + use<T, F>
    where
        F: FnOnce(&Coupons<'_>) -> Result<T, Problem> + Send + 'static,
    {
        let (store_id, past) = (self.store_id, Arc::clone(&self.past));
        move |connection: &mut Connection| {
            let transaction = WriteTransaction::begin(connection)?;
            let coupons = Coupons::new(store_id, transaction.0, true);
            let result = work(&coupons)?;
            let changes = coupons.changes.into_inner();
            transaction.commit()?;
            past.add(changes);
            Ok(result)
        }
    }

    /// How many coupons a search finds, and those of its page, by id.
    pub(crate) async fn search(&self, filter: Filter, now: DateTime<Utc>) -> Result<Found, Problem> {
        let again = filter.clone();
        if let Some(found) = self.read(move |coupons| coupons.search(&filter, now)).await? {
            return Ok(found);
        }
        let found = self.write_much(move |coupons| coupons.search(&again, now)).await?;
        found.ok_or_else(|| Problem::internal("a search found statuses late that it had brought up to date"))
    }

    /// Empties all stores of the file, as if it were new, and does something with the coupons in the same transaction.
    pub(crate) async fn empty<F>(&self, work: F) -> Result<(), Problem>
    where
        F: FnOnce(&Coupons<'_>) -> Result<(), Problem> + Send + 'static,
    {
        let write = self.write_much(move |coupons| {
            let tables = "DROP TABLE coupons; DROP TABLE tally; DROP TABLE orders; DROP TABLE deleted;";
            coupons.connection.execute_batch(&format!("{tables} {SCHEMA}"))?;
            work(coupons)
        });
        write.await?;
        self.past.forget();
        Ok(())
    }
}

/// A transaction that writes, undone unless it is committed. Its statements are kept, which rusqlite's own does not do.
struct WriteTransaction<'a>(&'a Connection);

impl<'a> WriteTransaction<'a> {
    fn begin(connection: &'a mut Connection) -> rusqlite::Result<Self> {
        // Not upgraded from a read, which would fail when another process has written in between.
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
            // Where it fails too, the connection is of no use, and the next write says so.
            let _ = self.0.execute_batch("ROLLBACK");
        }
    }
}

/// The coupons of a store within a transaction.
pub(crate) struct Coupons<'a> {
    store_id: i64,
    connection: &'a Connection,
    can_write: bool,
    /// What undoes the last changes that were made here.
    changes: RefCell<VecDeque<Undo>>,
}

impl<'a> Coupons<'a> {
    fn new(store_id: i64, connection: &'a Connection, can_write: bool) -> Self {
        Self { store_id, connection, can_write, changes: RefCell::default() }
    }

    /// Puts a coupon in and gives its id: its own, or a new one.
    pub(crate) fn insert(&self, mut coupon: Coupon) -> Result<i64, Problem> {
        let statement = "INSERT INTO coupons (id, store_id, code_key, discount_type, status, shown, expires,
                         created, updated, body) VALUES (?1, ?2, ?3, ?4, ?5, ?10, ?6, ?7, ?8, ?9)";
        coupon.id.map_or(Ok(()), |id| check_counted("id", id))?;
        self.write(statement, coupon.id.take(), &coupon)?;
        let id = self.connection.last_insert_rowid();
        self.remember(id, None);
        Ok(id)
    }

    /// Puts a coupon in the place of the one with this id.
    pub(crate) fn replace(&self, id: i64, mut coupon: Coupon) -> Result<(), Problem> {
        let statement = "UPDATE coupons SET code_key = ?3, discount_type = ?4, status = ?5, shown = ?10,
                         expires = ?6, created = ?7, updated = ?8, body = ?9 WHERE id = ?1 AND store_id = ?2";
        let before = self.find_by_id(id)?;
        coupon.id = None;
        self.write(statement, Some(id), &coupon)?;
        self.remember(id, before);
        Ok(())
    }

    /// Whether the store has no coupon.
    pub(crate) fn is_empty(&self) -> Result<bool, Problem> {
        let statement = "SELECT NOT EXISTS (SELECT 1 FROM tally WHERE store_id = ?1)";
        Ok(self.connection.prepare_cached(statement)?.query_row([self.store_id], |row| row.get(0))?)
    }

    /// How many coupons the store has.
    pub(crate) fn len(&self) -> Result<i64, Problem> {
        let statement = "SELECT coalesce(sum(coupons), 0) FROM tally WHERE store_id = ?1";
        Ok(self.connection.prepare_cached(statement)?.query_row([self.store_id], |row| row.get(0))?)
    }

    /// Keeps what a coupon was before a change.
    fn remember(&self, id: i64, before: Option<Coupon>) {
        self.keep(Undo { store_id: self.store_id, id, before: before.map(Box::new) });
    }

    fn keep(&self, change: Undo) {
        let mut changes = self.changes.borrow_mut();
        if changes.len() == KEPT {
            changes.pop_front();
        }
        changes.push_back(change);
    }

    /// Writes a coupon, which has its id beside it.
    fn write(&self, statement: &str, id: Option<i64>, coupon: &Coupon) -> Result<(), Problem> {
        let code = coupon.code.as_deref().unwrap_or_default();
        let seconds =
            |date: &Option<EcwidDateTime>| date.as_ref().and_then(EcwidDateTime::to_utc).map(|date| date.timestamp());
        let status = coupon.status.as_ref().map(CouponStatus::as_str).unwrap_or_default();
        // The sandbox may have another time; a search by status sets right what is wrong, which takes long where all of many are.
        let has_expired = coupon_rules::has_expired(coupon, Utc::now());
        let body = serde_json::to_string(coupon)?;
        coupon_rules::check_size(&body)?;
        let parameters = params![
            id,
            self.store_id,
            coupon_rules::code_key(code),
            coupon.discount_type.as_ref().map(DiscountType::as_str).unwrap_or_default(),
            status,
            seconds(&coupon.expiration_date),
            seconds(&coupon.creation_date).unwrap_or_default(),
            seconds(&coupon.update_date).unwrap_or_default(),
            body,
            if has_expired { CouponStatus::Expired.as_str() } else { status },
        ];
        match self.connection.prepare_cached(statement)?.execute(parameters) {
            Ok(_) => Ok(()),
            Err(rusqlite::Error::SqliteFailure(error, _))
                if error.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY =>
            {
                Err(Problem::wrong_value("id", id.unwrap_or_default(), "an id that no other coupon has"))
            }
            Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == ErrorCode::ConstraintViolation => {
                Err(Problem::code_taken(code))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The coupon that a path names: digits are an id first, then a code; all else is a code.
    pub(crate) fn find(&self, reference: &str) -> Result<Option<Coupon>, Problem> {
        self.find_as(reference, row::coupon)
    }

    /// The coupon that a path names, as JSON with its status now.
    pub(crate) fn find_json(&self, reference: &str, now: DateTime<Utc>) -> Result<Option<Vec<u8>>, Problem> {
        self.find_as(reference, |row| {
            let mut json = Vec::new();
            row::write_json(row, now, &mut json).map(|()| json)
        })
    }

    fn find_as<T>(&self, reference: &str, read: impl Fn(&Row<'_>) -> Result<T, Problem>) -> Result<Option<T>, Problem> {
        Rule::IdOrCode.trace();
        let is_id = reference.bytes().all(|byte| byte.is_ascii_digit());
        if let (true, Ok(id)) = (is_id, reference.parse::<i64>())
            && let Some(coupon) = self.one("id", &id, &read)?
        {
            Rule::DigitsAreAnIdFirst.trace();
            return Ok(Some(coupon));
        }
        Rule::CodesInAnyCase.trace();
        self.one("code_key", &coupon_rules::code_key(reference), read)
    }

    /// The coupon of an id.
    fn find_by_id(&self, id: i64) -> Result<Option<Coupon>, Problem> {
        self.one("id", &id, row::coupon)
    }

    /// The coupon of a code.
    pub(crate) fn find_by_code(&self, code: &str) -> Result<Option<Coupon>, Problem> {
        Rule::CodesInAnyCase.trace();
        self.one("code_key", &coupon_rules::code_key(code), row::coupon)
    }

    /// The coupon whose column has a value that no other of the store has.
    fn one<T>(
        &self,
        column: &str,
        value: &dyn ToSql,
        read: impl Fn(&Row<'_>) -> Result<T, Problem>,
    ) -> Result<Option<T>, Problem> {
        let statement = format!("SELECT {COLUMNS} FROM coupons WHERE store_id = ?1 AND {column} = ?2");
        let mut statement = self.connection.prepare_cached(&statement)?;
        let mut rows = statement.query(params![self.store_id, value])?;
        rows.next()?.map(read).transpose()
    }
}
