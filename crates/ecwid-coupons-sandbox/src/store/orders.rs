//! The parts of orders that matter for coupons.

use rusqlite::params;

use super::transaction::StoreTransaction;
use crate::http::problem::Problem;

/// What a customer has done before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct History {
    pub(crate) has_ordered: bool,
    pub(crate) has_used_the_coupon: bool,
}

impl StoreTransaction<'_> {
    /// Returns whether a customer has ordered and has used a coupon.
    pub(crate) fn history(&self, email: &str, coupon_id: i64) -> Result<History, Problem> {
        let statement =
            "SELECT count(*) > 0, coalesce(max(coupon_id = ?3), 0) FROM orders WHERE store_id = ?1 AND email = ?2";
        let history =
            self.connection.prepare_cached(statement)?.query_row(params![self.store_id, email, coupon_id], |row| {
                Ok(History { has_ordered: row.get(0)?, has_used_the_coupon: row.get(1)? })
            });
        Ok(history?)
    }

    /// Adds an order, and returns its number. Without a number, the order gets the next one.
    pub(crate) fn add_order(
        &self,
        number: Option<i64>,
        email: Option<&str>,
        coupon_id: Option<i64>,
        created: i64,
    ) -> Result<i64, Problem> {
        let statement = "INSERT INTO orders (number, store_id, email, coupon_id, created) VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = params![number, self.store_id, email, coupon_id, created];
        self.connection.prepare_cached(statement)?.execute(values)?;
        Ok(self.connection.last_insert_rowid())
    }
}
