//! The deleted coupons of a store, and the time of its last change.

use chrono::{DateTime, Months, Utc};

use super::{row, transaction::StoreTransaction};
use crate::{http::problem::Problem, rule::Rule};

/// How long the store lists a deletion.
const REMEMBERED: Months = Months::new(6);

/// A deleted coupon.
pub(crate) struct Deleted {
    pub(crate) id: i64,
    pub(crate) date: DateTime<Utc>,
}

/// The deletions to return.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    /// The bounds as Unix timestamps.
    pub(crate) from: Option<i64>,
    pub(crate) to: Option<i64>,
    pub(crate) offset: i64,
    pub(crate) limit: i64,
}

impl StoreTransaction<'_> {
    /// Deletes a coupon, and records the deletion.
    pub(crate) fn delete(&self, id: i64, now: DateTime<Utc>) -> Result<(), Problem> {
        let before = self.find_by_id(id)?;
        self.connection
            .prepare_cached("DELETE FROM coupons WHERE id = ?1 AND store_id = ?2")?
            .execute([id, self.store_id])?;
        self.add_deletion(id, now.timestamp())?;
        self.remember(id, before);
        Ok(())
    }

    pub(super) fn add_deletion(&self, coupon_id: i64, date: i64) -> Result<(), Problem> {
        let statement = "INSERT INTO deleted (store_id, coupon_id, date) VALUES (?1, ?2, ?3)";
        self.connection.prepare_cached(statement)?.execute([self.store_id, coupon_id, date])?;
        Ok(())
    }

    /// Returns the number of deletions within a period, and one page of them, the oldest first.
    pub(crate) fn deleted(&self, period: Period, now: DateTime<Utc>) -> Result<(i64, Vec<Deleted>), Problem> {
        Rule::DeletionsAreRememberedForSixMonths.trace();
        let oldest = now.checked_sub_months(REMEMBERED).unwrap_or(DateTime::UNIX_EPOCH).timestamp();
        let from = period.from.unwrap_or(oldest).max(oldest);
        let to = period.to.unwrap_or(i64::MAX);
        let condition = "FROM deleted WHERE store_id = ?1 AND date BETWEEN ?2 AND ?3";
        let total = self.connection.prepare_cached(&format!("SELECT count(*) {condition}"))?;
        let total = { total }.query_row([self.store_id, from, to], |row| row.get(0))?;
        let page = format!("SELECT coupon_id, date {condition} ORDER BY date, coupon_id LIMIT ?4 OFFSET ?5");
        let mut page = self.connection.prepare_cached(&page)?;
        let rows = page.query_map([self.store_id, from, to, period.limit, period.offset], |row| {
            Ok(Deleted { id: row.get(0)?, date: DateTime::from_timestamp(row.get(1)?, 0).unwrap_or_default() })
        })?;
        Ok((total, rows.collect::<Result<_, _>>()?))
    }

    /// Returns when a coupon was last created, updated or deleted, or `None` if the store never had a coupon.
    pub(crate) fn last_change(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Problem> {
        let statement = format!(
            "SELECT max(at) FROM (SELECT max({}) AS at FROM coupons WHERE store_id = ?2
             UNION ALL SELECT max(date) FROM deleted WHERE store_id = ?2)",
            row::updated(self.settings)
        );
        let mut statement = self.connection.prepare_cached(&statement)?;
        let last: Option<i64> = statement.query_row([now.timestamp(), self.store_id], |row| row.get(0))?;
        Ok(last.and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
    }
}
