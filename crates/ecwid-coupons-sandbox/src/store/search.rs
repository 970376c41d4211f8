//! The search: how many coupons it finds, and those of its page, in a store of a million coupons too.
//!
//! Coupons are not counted one by one where that can be helped. A block of ids has a tally of its coupons by status and type,
//! with the bounds of their dates; a block whose dates are within those of the filter counts as a whole, and so says which
//! blocks a page is in. A block that is partly within them is counted by itself. Where dates leave few coupons at all, these are
//! looked at instead.

use chrono::{DateTime, Utc};
use rusqlite::{ToSql, params};

use super::{
    Coupons,
    condition::Condition,
    row::{self, COLUMNS},
};
use crate::{coupon_rules, http::problem::Problem, rule::Rule};

/// How many bits of an id are those within its block.
const BLOCK: u32 = 12;

/// Up to how many coupons are looked at one by one.
const FEW: i64 = 10_000;

/// The room that most pages fit in, in bytes: text that grows is copied each time.
const ROOM: usize = 48 * 1024;

/// What a search looks for.
#[derive(Clone, Default)]
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

/// What a search finds.
pub(crate) struct Found {
    /// How many coupons in all.
    pub(crate) total: i64,
    /// How many of them are on the page.
    pub(crate) count: i64,
    /// Those of the page by id, as JSON with commas between.
    pub(crate) items: Vec<u8>,
}

/// How many coupons a page has, and their JSON.
type Page = (i64, Vec<u8>);

fn found(total: i64, (count, items): Page) -> Found {
    Found { total, count, items }
}

/// The coupons of a block that a search finds.
struct Block {
    block: i64,
    coupons: i64,
    /// Whether that many are not all, since dates of the block are outside of the filter's.
    is_partial: bool,
}

impl Filter {
    fn has_kinds(&self) -> bool {
        self.statuses.is_some() || self.discount_types.is_some()
    }

    fn has_dates(&self) -> bool {
        [self.created_from, self.created_to, self.updated_from, self.updated_to].iter().any(Option::is_some)
    }

    /// What a coupon must be, as far as it has a column in each index of a search.
    fn condition(&self, store_id: i64) -> Condition {
        let mut condition = Condition::default();
        condition.and("store_id = ?", store_id);
        if let Some(statuses) = &self.statuses {
            condition.any_of("shown", statuses);
        }
        if let Some(types) = &self.discount_types {
            condition.any_of("discount_type", types);
        }
        for (bound, value) in [
            ("created >= ?", self.created_from),
            ("created <= ?", self.created_to),
            ("updated >= ?", self.updated_from),
            ("updated <= ?", self.updated_to),
        ] {
            if let Some(value) = value {
                condition.and(bound, value);
            }
        }
        condition
    }
}

impl Coupons<'_> {
    /// What a search finds; nothing where statuses are to be brought up to date first, which a read cannot.
    pub(super) fn search(&self, filter: &Filter, now: DateTime<Utc>) -> Result<Option<Found>, Problem> {
        if filter.statuses.is_some() && self.is_any_status_late(now)? {
            if !self.can_write {
                return Ok(None);
            }
            self.bring_statuses_up_to_date(now)?;
        }
        Rule::OrderIsById.trace();
        let mut condition = filter.condition(self.store_id);
        if let Some(code) = &filter.code {
            Rule::CodeFilterFindsWholeCodes.trace();
            condition.and("code_key = ?", coupon_rules::code_key(code));
            return self.counted_and_page("coupons_by_code", &condition, filter, now).map(Some);
        }
        if !filter.has_kinds() && !filter.has_dates() && filter.offset <= FEW {
            return Ok(Some(found(self.len()?, self.first_page(filter, now)?)));
        }
        for (index, column, from, to) in [
            ("coupons_by_creation", "created", filter.created_from, filter.created_to),
            ("coupons_by_update", "updated", filter.updated_from, filter.updated_to),
        ] {
            if (from.is_some() || to.is_some()) && self.are_few(index, column, from, to)? {
                return self.counted_and_page(index, &condition, filter, now).map(Some);
            }
        }
        self.search_by_blocks(filter, now).map(Some)
    }

    /// Whether time has made a status another than the one that its column shows.
    fn is_any_status_late(&self, now: DateTime<Utc>) -> Result<bool, Problem> {
        let statement = "SELECT
            EXISTS (SELECT 1 FROM coupons WHERE store_id = ?1 AND shown = 'ACTIVE' AND expires <= ?2) OR
            EXISTS (SELECT 1 FROM coupons WHERE store_id = ?1 AND shown = 'EXPIRED' AND status = 'ACTIVE' AND expires > ?2)";
        let mut statement = self.connection.prepare_cached(statement)?;
        Ok(statement.query_row([self.store_id, now.timestamp()], |row| row.get(0))?)
    }

    /// Shows each status as `coupon_rules::status_now` does.
    fn bring_statuses_up_to_date(&self, now: DateTime<Utc>) -> Result<(), Problem> {
        for statement in [
            "UPDATE coupons SET shown = 'EXPIRED' WHERE store_id = ?1 AND shown = 'ACTIVE' AND expires <= ?2",
            "UPDATE coupons SET shown = 'ACTIVE' WHERE store_id = ?1 AND shown = 'EXPIRED' AND status = 'ACTIVE' AND expires > ?2",
        ] {
            self.connection.prepare_cached(statement)?.execute([self.store_id, now.timestamp()])?;
        }
        Ok(())
    }

    /// Whether few coupons are of a time.
    fn are_few(&self, index: &str, column: &str, from: Option<i64>, to: Option<i64>) -> Result<bool, Problem> {
        let statement = format!(
            "SELECT count(*) <= ?4 FROM (SELECT 1 FROM coupons INDEXED BY {index}
             WHERE store_id = ?1 AND {column} BETWEEN ?2 AND ?3 LIMIT ?4 + 1)"
        );
        let (from, to) = (from.unwrap_or(i64::MIN), to.unwrap_or(i64::MAX));
        let mut statement = self.connection.prepare_cached(&statement)?;
        Ok(statement.query_row([self.store_id, from, to, FEW], |row| row.get(0))?)
    }

    fn counted_and_page(
        &self,
        index: &str,
        condition: &Condition,
        filter: &Filter,
        now: DateTime<Utc>,
    ) -> Result<Found, Problem> {
        let total = self.count(index, condition)?;
        Ok(found(total, self.page(index, condition, (filter.offset, filter.limit), now)?))
    }

    fn count(&self, index: &str, condition: &Condition) -> Result<i64, Problem> {
        let statement = format!("SELECT count(*) FROM coupons INDEXED BY {index} {}", condition.text());
        let mut statement = self.connection.prepare_cached(&statement)?;
        Ok(statement.query_row(condition.values().as_slice(), |row| row.get(0))?)
    }

    /// The coupons of a condition from an offset on. Their bodies are read last, so that none is read to be skipped.
    fn page(
        &self,
        index: &str,
        condition: &Condition,
        (offset, limit): (i64, i64),
        now: DateTime<Utc>,
    ) -> Result<Page, Problem> {
        let statement = format!(
            "SELECT {COLUMNS} FROM coupons WHERE id IN (SELECT id FROM coupons INDEXED BY {index} {} ORDER BY id LIMIT ? OFFSET ?)
             ORDER BY id",
            condition.text()
        );
        let mut values = condition.values();
        values.extend([&limit as &dyn ToSql, &offset]);
        self.coupons(&statement, &values, now)
    }

    /// A page of all coupons that is not far from the first.
    fn first_page(&self, filter: &Filter, now: DateTime<Utc>) -> Result<Page, Problem> {
        let statement = format!(
            "SELECT {COLUMNS} FROM coupons INDEXED BY coupons_in_order
             WHERE store_id = ?1 ORDER BY id LIMIT ?2 OFFSET ?3"
        );
        self.coupons(&statement, params![self.store_id, filter.limit, filter.offset], now)
    }

    /// The coupons of a statement.
    fn coupons(&self, statement: &str, values: &[&dyn ToSql], now: DateTime<Utc>) -> Result<Page, Problem> {
        let mut statement = self.connection.prepare_cached(statement)?;
        let mut rows = statement.query(values)?;
        let (mut count, mut items) = (0, Vec::with_capacity(ROOM));
        while let Some(row) = rows.next()? {
            if count > 0 {
                items.push(b',');
            }
            row::write_json(row, now, &mut items)?;
            count += 1;
        }
        Ok((count, items))
    }

    fn search_by_blocks(&self, filter: &Filter, now: DateTime<Utc>) -> Result<Found, Problem> {
        let mut filter = filter.clone();
        let index = if filter.has_kinds() {
            // With all kinds named, the index leads to the ids of each.
            filter.statuses = Some(self.kinds("shown", filter.statuses.take())?);
            filter.discount_types = Some(self.kinds("discount_type", filter.discount_types.take())?);
            "coupons_by_kind"
        } else {
            "coupons_in_order"
        };
        let within = |first: i64, last: i64| {
            let mut condition = filter.condition(self.store_id);
            condition.and("id >= ?", first << BLOCK);
            condition.and("id <= ?", last << BLOCK | ((1 << BLOCK) - 1));
            condition
        };
        let mut blocks = self.blocks(&filter)?;
        for block in blocks.iter_mut().filter(|block| block.is_partial) {
            block.coupons = self.count(index, &within(block.block, block.block))?;
        }
        let total = blocks.iter().map(|block| block.coupons).sum();

        let (mut before, mut first, mut last) = (0, None, 0);
        let mut skipped = 0;
        for Block { block, coupons, .. } in blocks.into_iter().filter(|block| block.coupons > 0) {
            if before >= filter.offset.saturating_add(filter.limit) {
                break;
            }
            if before + coupons > filter.offset {
                if first.is_none() {
                    (first, skipped) = (Some(block), before);
                }
                last = block;
            }
            before += coupons;
        }
        let page = match first {
            Some(first) => self.page(index, &within(first, last), (filter.offset - skipped, filter.limit), now)?,
            None => Page::default(),
        };
        Ok(found(total, page))
    }

    /// The values of a column of the tally, or those of them that are asked for.
    fn kinds(&self, column: &str, asked: Option<Vec<String>>) -> Result<Vec<String>, Problem> {
        if let Some(asked) = asked {
            return Ok(asked);
        }
        let statement = format!("SELECT DISTINCT {column} FROM tally WHERE store_id = ?1");
        let mut statement = self.connection.prepare_cached(&statement)?;
        let kinds = statement.query_map(params![self.store_id], |row| row.get(0))?;
        Ok(kinds.collect::<Result<_, _>>()?)
    }

    /// The blocks that may have what a search finds, by id.
    fn blocks(&self, filter: &Filter) -> Result<Vec<Block>, Problem> {
        let mut condition = Condition::default();
        condition.and("store_id = ?", self.store_id);
        for (column, kinds) in [("shown", &filter.statuses), ("discount_type", &filter.discount_types)] {
            if let Some(kinds) = kinds {
                condition.any_of(column, kinds);
            }
        }
        let (from, to) = (|time: Option<i64>| time.unwrap_or(i64::MIN), |time: Option<i64>| time.unwrap_or(i64::MAX));
        let bounds =
            [from(filter.created_from), to(filter.created_to), from(filter.updated_from), to(filter.updated_to)];
        // All dates of a row are within the bounds; or none is.
        let is_within = "first_created >= ?1 AND last_created <= ?2 AND first_updated >= ?3 AND last_updated <= ?4";
        let is_outside = "last_created < ?1 OR first_created > ?2 OR last_updated < ?3 OR first_updated > ?4";
        let statement = format!(
            "SELECT block, sum(iif({is_within}, coupons, 0)), max(NOT ({is_within}) AND NOT ({is_outside})) FROM tally {}
             GROUP BY block ORDER BY block",
            condition.text()
        );
        let mut values: Vec<&dyn ToSql> = bounds.iter().map(|bound| bound as &dyn ToSql).collect();
        values.extend(condition.values());
        let mut statement = self.connection.prepare_cached(&statement)?;
        let blocks = statement.query_map(values.as_slice(), |row| {
            Ok(Block { block: row.get(0)?, coupons: row.get(1)?, is_partial: row.get(2)? })
        })?;
        Ok(blocks.collect::<Result<_, _>>()?)
    }
}
