//! [`StoreTransaction`]: reads and writes the coupons of one store within a transaction.

use std::{cell::RefCell, collections::VecDeque};

use chrono::{DateTime, Utc};
use ecwid_coupons::{
    EcwidDateTime,
    types::{Coupon, CouponStatus, DiscountType},
};
use rusqlite::{Connection, Row, ToSql, params, params_from_iter};

use super::{
    row,
    undo_log::{KEPT, Undo},
};
use crate::{
    ChangeSettings, coupon_rules,
    http::{error_code::ErrorCode, problem::Problem},
    rule::Rule,
};

/// The largest id or order number that can be loaded. Enough numbers are left above it for new ones.
const MOST_COUNTED: i64 = 999_999_999_999_999_999;

/// Refuses an id or order number that leaves too few numbers for new ones.
pub(super) fn check_counted(name: &str, number: i64) -> Result<(), Problem> {
    if (1..=MOST_COUNTED).contains(&number) {
        return Ok(());
    }
    Err(Problem::wrong_value(name, number, &format!("an integer from 1 to {MOST_COUNTED}")))
}

/// The coupons of a store within a transaction.
pub(crate) struct StoreTransaction<'a> {
    pub(super) store_id: i64,
    pub(super) connection: &'a Connection,
    pub(crate) settings: ChangeSettings,
    /// The latest changes, in a form that can be undone.
    changes: RefCell<VecDeque<Undo>>,
}

impl<'a> StoreTransaction<'a> {
    pub(super) fn new(store_id: i64, connection: &'a Connection, settings: ChangeSettings) -> Self {
        Self { store_id, connection, settings, changes: RefCell::default() }
    }

    /// Returns the changes to undo, the oldest first.
    pub(super) fn into_changes(self) -> VecDeque<Undo> {
        self.changes.into_inner()
    }

    /// Returns the id of the store.
    pub(crate) fn store_id(&self) -> i64 {
        self.store_id
    }

    /// Works with another store in the same transaction.
    pub(crate) fn in_store<T>(
        &self,
        store_id: i64,
        work: impl FnOnce(&StoreTransaction<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let store = StoreTransaction::new(store_id, self.connection, self.settings);
        let result = work(&store)?;
        store.into_changes().into_iter().for_each(|change| self.keep(change));
        Ok(result)
    }

    /// Inserts a coupon, and returns its id. A coupon without an id gets a new one.
    pub(crate) fn insert(&self, mut coupon: Coupon) -> Result<i64, Problem> {
        let statement =
            "INSERT INTO coupons (id, store_id, code_key, discount_type, status, expires, created, updated, body)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        coupon.id.map_or(Ok(()), |id| check_counted("id", id))?;
        self.write(statement, coupon.id.take(), coupon)?;
        let id = self.connection.last_insert_rowid();
        self.remember(id, None);
        Ok(id)
    }

    /// Replaces the coupon with this id.
    pub(crate) fn replace(&self, id: i64, mut coupon: Coupon) -> Result<(), Problem> {
        let statement = "UPDATE coupons SET code_key = ?3, discount_type = ?4, status = ?5, expires = ?6, created = ?7,
                         updated = ?8, body = ?9 WHERE id = ?1 AND store_id = ?2";
        let before = self.find_by_id(id)?;
        coupon.id = None;
        self.write(statement, Some(id), coupon)?;
        self.remember(id, before);
        Ok(())
    }

    /// Returns the number of coupons.
    pub(crate) fn len(&self) -> Result<i64, Problem> {
        let statement = "SELECT count(*) FROM coupons WHERE store_id = ?1";
        Ok(self.connection.prepare_cached(statement)?.query_row([self.store_id], |row| row.get(0))?)
    }

    /// Records the state of a coupon before a change.
    pub(super) fn remember(&self, id: i64, before: Option<Coupon>) {
        self.keep(Undo { store_id: self.store_id, id, before: before.map(Box::new) });
    }

    pub(super) fn keep(&self, change: Undo) {
        let mut changes = self.changes.borrow_mut();
        if changes.len() == KEPT {
            changes.pop_front();
        }
        changes.push_back(change);
    }

    /// Undoes changes of this store. The newest change is first.
    pub(super) fn undo(&self, changes: Vec<Undo>) -> Result<(), Problem> {
        for Undo { id, before, .. } in changes.into_iter().filter(|change| change.store_id == self.store_id) {
            self.connection.prepare_cached("DELETE FROM coupons WHERE id = ?1")?.execute([id])?;
            if let Some(coupon) = before {
                self.insert(*coupon)?;
            }
        }
        Ok(())
    }

    /// Writes a coupon. Its id and its status are in separate columns.
    fn write(&self, statement: &str, id: Option<i64>, mut coupon: Coupon) -> Result<(), Problem> {
        let status = coupon.status.take();
        let code = coupon.code.as_deref().unwrap_or_default();
        let seconds =
            |date: &Option<EcwidDateTime>| date.as_ref().and_then(EcwidDateTime::to_utc).map(|date| date.timestamp());
        let body = serde_json::to_string(&coupon)?;
        coupon_rules::check_size(&body)?;
        let parameters = params![
            id,
            self.store_id,
            coupon_rules::code_key(code),
            coupon.discount_type.as_ref().map(DiscountType::as_str).unwrap_or_default(),
            status.as_ref().map(CouponStatus::as_str).unwrap_or_default(),
            seconds(&coupon.expiration_date),
            seconds(&coupon.creation_date).unwrap_or_default(),
            seconds(&coupon.update_date).unwrap_or_default(),
            body,
        ];
        match self.connection.prepare_cached(statement)?.execute(parameters) {
            Ok(_) => Ok(()),
            Err(rusqlite::Error::SqliteFailure(error, _))
                if error.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY =>
            {
                Err(Problem::wrong_value("id", id.unwrap_or_default(), "an id that no other coupon has"))
            }
            Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == rusqlite::ErrorCode::ConstraintViolation => {
                let message = format!("A discount coupon with the code '{code}' already exists");
                Err(Problem::new(ErrorCode::ConstraintViolation, message))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the coupon that a path names, with its stored status. Digits are an id first and then a code. Everything
    /// else is a code.
    pub(crate) fn find(&self, reference: &str) -> Result<Option<Coupon>, Problem> {
        by_reference(reference, |column, value| self.coupon(column, value))
    }

    /// Returns the coupon that a path names, as the JSON of a response.
    pub(crate) fn find_json(&self, reference: &str, now: DateTime<Utc>) -> Result<Option<Vec<u8>>, Problem> {
        by_reference(reference, |column, value| {
            let statement =
                format!("SELECT {} FROM coupons WHERE store_id = ?2 AND {column} = ?3", row::json(self.settings));
            self.one(&statement, &[&now.timestamp(), &self.store_id, value], |row| {
                let mut json = Vec::new();
                row::write_json(row, &mut json).map(|()| json)
            })
        })
    }

    /// Returns the coupon with this id.
    pub(super) fn find_by_id(&self, id: i64) -> Result<Option<Coupon>, Problem> {
        self.coupon("id", &id)
    }

    /// Returns the coupon with this code.
    pub(crate) fn find_by_code(&self, code: &str) -> Result<Option<Coupon>, Problem> {
        Rule::CodesInAnyCase.trace();
        self.coupon("code_key", &coupon_rules::code_key(code))
    }

    /// Returns the coupon with this value in a column that is unique within the store.
    fn coupon(&self, column: &str, value: &dyn ToSql) -> Result<Option<Coupon>, Problem> {
        let statement = format!("SELECT {} FROM coupons WHERE store_id = ?1 AND {column} = ?2", row::COUPON);
        self.one(&statement, &[&self.store_id, value], row::coupon)
    }

    fn one<T>(
        &self,
        statement: &str,
        values: &[&dyn ToSql],
        read: impl Fn(&Row<'_>) -> Result<T, Problem>,
    ) -> Result<Option<T>, Problem> {
        let mut statement = self.connection.prepare_cached(statement)?;
        let mut rows = statement.query(params_from_iter(values))?;
        rows.next()?.map(read).transpose()
    }
}

/// Looks up a coupon by its id or its code.
fn by_reference<T>(
    reference: &str,
    find: impl Fn(&str, &dyn ToSql) -> Result<Option<T>, Problem>,
) -> Result<Option<T>, Problem> {
    Rule::IdOrCode.trace();
    let is_id = reference.bytes().all(|byte| byte.is_ascii_digit());
    if let (true, Ok(id)) = (is_id, reference.parse::<i64>())
        && let Some(found) = find("id", &id)?
    {
        Rule::DigitsAreAnIdFirst.trace();
        return Ok(Some(found));
    }
    Rule::CodesInAnyCase.trace();
    find("code_key", &coupon_rules::code_key(reference))
}
