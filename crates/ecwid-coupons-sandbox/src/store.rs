//! The coupons, orders and deletions, stored in SQLite.
//!
//! A coupon is stored as JSON, so a new field in the document needs no column. Fields that a search filters by are in
//! columns too.

mod connections;
mod database;
mod deleted;
mod dump;
mod file;
mod load;
mod orders;
mod row;
mod search;
mod transaction;
mod undo_log;

pub(crate) use database::Database;
pub(crate) use deleted::{Deleted, Period};
pub(crate) use dump::Dump;
pub(crate) use orders::History;
pub(crate) use search::{Filter, Found};
pub(crate) use transaction::StoreTransaction;
