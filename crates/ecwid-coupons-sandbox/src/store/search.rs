//! The search: counts the matching coupons, and returns one page of them.
//!
//! The index `coupons_in_order` contains all columns that a search filters by, so only the coupons of the page are read
//! from the table.

use chrono::{DateTime, Utc};
use rusqlite::{params_from_iter, types::Value};

use super::{row, transaction::StoreTransaction};
use crate::{ChangeSettings, coupon_rules, http::problem::Problem, rule::Rule};

/// The initial capacity for the coupons of a page, in bytes. Most pages fit in it, and a buffer that grows is copied.
const PAGE_CAPACITY: usize = 48 * 1024;

/// The filters of a search.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) code: Option<String>,
    pub(crate) discount_types: Option<Vec<String>>,
    pub(crate) statuses: Option<Vec<String>>,
    pub(crate) created_from: Option<i64>,
    pub(crate) created_to: Option<i64>,
    pub(crate) updated_from: Option<i64>,
    pub(crate) updated_to: Option<i64>,
    pub(crate) offset: i64,
    pub(crate) limit: i64,
}

/// The result of a search.
pub(crate) struct Found {
    /// The number of matching coupons.
    pub(crate) total: i64,
    /// The number of coupons on the page.
    pub(crate) count: i64,
    /// The coupons of the page ordered by id, as comma-separated JSON.
    pub(crate) items: Vec<u8>,
}

impl Filter {
    /// Returns the WHERE clause and its values.
    fn condition(&self, store_id: i64, now: DateTime<Utc>, settings: ChangeSettings) -> (String, Vec<Value>) {
        let mut conditions = vec!["store_id = ?2".to_owned()];
        let mut values = vec![Value::from(now.timestamp()), store_id.into()];
        if let Some(code) = &self.code {
            Rule::CodeFilterFindsWholeCodes.trace();
            conditions.push("code_key = ?".to_owned());
            values.push(coupon_rules::code_key(code).into());
        }
        for (column, wanted) in [(row::STATUS, &self.statuses), ("discount_type", &self.discount_types)] {
            if let Some(wanted) = wanted {
                conditions.push(format!("{column} IN ({})", vec!["?"; wanted.len()].join(", ")));
                values.extend(wanted.iter().cloned().map(Value::from));
            }
        }
        let updated = row::updated(settings);
        for (column, bound, value) in [
            ("created", ">=", self.created_from),
            ("created", "<=", self.created_to),
            (updated, ">=", self.updated_from),
            (updated, "<=", self.updated_to),
        ] {
            if let Some(value) = value {
                conditions.push(format!("{column} {bound} ?"));
                values.push(value.into());
            }
        }
        (format!("WHERE {}", conditions.join(" AND ")), values)
    }
}

impl StoreTransaction<'_> {
    /// Finds coupons by their current status.
    pub(crate) fn search(&self, filter: &Filter, now: DateTime<Utc>) -> Result<Found, Problem> {
        Rule::OrderIsById.trace();
        let (clause, mut values) = filter.condition(self.store_id, now, self.settings);
        let mut statement = self.connection.prepare_cached(&format!("SELECT count(*) FROM coupons {clause}"))?;
        let total = statement.query_row(params_from_iter(&values), |row| row.get(0))?;

        let page = format!(
            "SELECT {} FROM coupons WHERE id IN (SELECT id FROM coupons {clause} ORDER BY id LIMIT ? OFFSET ?) ORDER BY id",
            row::json(self.settings)
        );
        values.extend([filter.limit.into(), filter.offset.into()]);
        let mut statement = self.connection.prepare_cached(&page)?;
        let mut rows = statement.query(params_from_iter(&values))?;
        let (mut count, mut items) = (0, Vec::with_capacity(PAGE_CAPACITY));
        while let Some(row) = rows.next()? {
            if count > 0 {
                items.push(b',');
            }
            row::write_json(row, &mut items)?;
            count += 1;
        }
        Ok(Found { total, count, items })
    }
}
