//! The changes of a store, collected in temporary tables and applied in one transaction.

use ecwid_coupons::{
    EcwidDateTime,
    chrono::Utc,
    types::{Coupon, DeletedCoupon},
};
use rusqlite::{Transaction, TransactionBehavior, params, params_from_iter, types::Value};

use super::{
    FEW, SyncError, SyncOptions, SyncSummary,
    columns::{EXTRA, values},
    file::CopyFile,
    time_text,
};
use crate::ChangesReader;

impl CopyFile {
    pub(super) fn clear_stage(&self, store_id: i64) -> Result<(), SyncError> {
        for table in ["staged_coupons", "staged_deletions"] {
            let delete = format!("DELETE FROM temp.{table} WHERE store_id = ?1");
            self.failing(self.connection.execute(&delete, [store_id]))?;
        }
        Ok(())
    }

    pub(super) fn stage_coupons(&self, store_id: i64, coupons: &[Coupon]) -> Result<(), SyncError> {
        let transaction = self.failing(self.connection.unchecked_transaction())?;
        // The store, the fields and the unknown fields.
        let places = vec!["?"; self.columns.len() + 2].join(", ");
        for coupon in coupons {
            let row = [Value::Integer(store_id)].into_iter().chain(values(&self.columns, coupon)?);
            let insert = format!("INSERT OR REPLACE INTO temp.staged_coupons VALUES ({places})");
            let insert = transaction.prepare_cached(&insert);
            self.failing(insert.and_then(|mut insert| insert.execute(params_from_iter(row))))?;
        }
        self.failing(transaction.commit())
    }

    pub(super) fn stage_deletions(&self, store_id: i64, deletions: &[DeletedCoupon]) -> Result<(), SyncError> {
        let transaction = self.failing(self.connection.unchecked_transaction())?;
        for deleted in deletions {
            let date = deleted.date.as_ref().and_then(EcwidDateTime::to_utc).map(time_text);
            let insert = "INSERT OR REPLACE INTO temp.staged_deletions VALUES (?1, ?2, ?3)";
            let insert = transaction.prepare_cached(insert);
            self.failing(insert.and_then(|mut insert| insert.execute(params![store_id, deleted.id, date])))?;
        }
        self.failing(transaction.commit())
    }

    /// Applies the collected changes of a store and its cursor. `before` is the cursor from which the changes were read.
    pub(super) fn apply(
        &self,
        store_id: i64,
        before: Option<&str>,
        changes: &ChangesReader,
        options: &SyncOptions,
    ) -> Result<SyncSummary, SyncError> {
        let cursor = changes.cursor()?.to_string();
        let transaction = self.failing(Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate))?;
        if self.cursor(store_id)?.as_deref() != before {
            return Err(SyncError::Concurrent { store_id });
        }
        if changes.is_complete() {
            self.check_missing(store_id, options)?;
        }
        // Without the store's time, that of this machine is the best estimate.
        let as_of = changes.as_of().unwrap_or_else(Utc::now);
        let summary = self.failing(self.write(store_id, changes.is_complete(), &time_text(as_of)))?;
        let Written { read, new, deleted, coupons } = summary;
        let insert = "INSERT INTO sync_state (store_id, name, cursor, as_of, complete_as_of, coupons, finished_at)
                      VALUES (?1, ?2, ?3, ?4, iif(?5, ?4, NULL), ?6, ?7)
                      ON CONFLICT (store_id) DO UPDATE SET name = excluded.name, cursor = excluded.cursor,
                      as_of = excluded.as_of, complete_as_of = coalesce(excluded.complete_as_of, complete_as_of),
                      coupons = excluded.coupons, finished_at = excluded.finished_at, failed_at = NULL, error = NULL";
        let (is_complete, finished) = (changes.is_complete(), time_text(Utc::now()));
        let values = params![store_id, options.name, cursor, time_text(as_of), is_complete, coupons, finished];
        self.failing(transaction.execute(insert, values))?;
        self.failing(transaction.commit())?;
        let name = options.name.clone();
        let is_unchanged = changes.is_unchanged();
        Ok(SyncSummary { store_id, name, as_of, is_complete, is_unchanged, read, new, deleted, coupons })
    }

    /// Fails if too many coupons of the copy are missing.
    fn check_missing(&self, store_id: i64, options: &SyncOptions) -> Result<(), SyncError> {
        let coupons =
            self.count("SELECT count(*) FROM coupons WHERE store_id = ?1 AND deleted_at IS NULL", store_id)?;
        let missing = self.count(&format!("SELECT count(*) FROM coupons WHERE {MISSING}"), store_id)?;
        let share = (coupons as f64 * options.max_delete.clamp(0.0, 1.0)).floor() as i64;
        let limit = if missing == coupons { share } else { share.max(FEW) };
        if missing > limit {
            return Err(SyncError::TooManyDeletions { store_id, missing, coupons, limit });
        }
        Ok(())
    }

    fn count(&self, select: &str, store_id: i64) -> Result<i64, SyncError> {
        self.failing(self.connection.query_row(select, [store_id], |row| row.get(0)))
    }

    fn write(&self, store_id: i64, is_complete: bool, as_of: &str) -> rusqlite::Result<Written> {
        let connection = &self.connection;
        let count = |select: &str| connection.query_row(select, [store_id], |row| row.get::<_, i64>(0));
        let all = "SELECT count(*) FROM coupons WHERE store_id = ?1";
        let before = count(all)?;
        let names: Vec<_> = self.columns.iter().map(|column| column.name.as_str()).chain([EXTRA]).collect();
        let updates = names.iter().filter(|name| **name != "id").map(|name| format!("{name} = excluded.{name}"));
        let upsert = format!(
            "INSERT INTO coupons (store_id, {names}, first_seen, as_of)
             SELECT store_id, {names}, ?2, ?2 FROM temp.staged_coupons WHERE store_id = ?1
             ON CONFLICT (store_id, id) DO UPDATE SET {updates}, as_of = excluded.as_of, deleted_at = NULL",
            names = names.join(", "),
            updates = updates.collect::<Vec<_>>().join(", "),
        );
        let read = connection.execute(&upsert, params![store_id, as_of])?;
        let new = count(all)? - before;
        let listed = "UPDATE coupons SET deleted_at = coalesce(staged.date, ?2), as_of = ?2
                      FROM temp.staged_deletions AS staged WHERE coupons.store_id = ?1 AND coupons.deleted_at IS NULL
                      AND staged.store_id = coupons.store_id AND staged.id = coupons.id";
        let mut deleted = connection.execute(listed, params![store_id, as_of])?;
        if is_complete {
            let missing = format!("UPDATE coupons SET deleted_at = ?2, as_of = ?2 WHERE {MISSING}");
            deleted += connection.execute(&missing, params![store_id, as_of])?;
        }
        let coupons = count("SELECT count(*) FROM coupons WHERE store_id = ?1 AND deleted_at IS NULL")?;
        Ok(Written { read: read as i64, new, deleted: deleted as i64, coupons })
    }
}

/// The condition of the coupons that the copy has and the store has not.
const MISSING: &str = "store_id = ?1 AND deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM temp.staged_coupons AS staged
                       WHERE staged.store_id = coupons.store_id AND staged.id = coupons.id)";

/// What changed in the tables.
struct Written {
    read: i64,
    new: i64,
    deleted: i64,
    coupons: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A copy of a million coupons needs this, because SQLite would compare each with all others.
    #[test]
    fn missing_coupons_are_found_with_the_primary_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = CopyFile::open(&folder.path().join("copy.sqlite")).unwrap();
        let explain = format!("EXPLAIN QUERY PLAN SELECT count(*) FROM coupons WHERE {MISSING}");
        let mut explain = file.connection.prepare(&explain).unwrap();
        let plan = explain.query_map([1003], |row| row.get(3)).unwrap().collect::<rusqlite::Result<Vec<String>>>();
        let plan = plan.unwrap().join("; ");
        assert!(plan.contains("staged USING PRIMARY KEY (store_id=? AND id=?)"), "{plan}");
    }
}
