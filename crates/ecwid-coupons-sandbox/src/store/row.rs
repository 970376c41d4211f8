//! A coupon's row: the coupon that it holds, as a value or as the JSON that it is answered as.

use chrono::{DateTime, Utc};
use ecwid_coupons::types::{Coupon, CouponStatus};
use memchr::memmem;
use rusqlite::Row;

use crate::{http::problem::Problem, rule::Rule};

/// The columns that are read here.
pub(super) const COLUMNS: &str = "id, body, status, expires";

/// The status as it stands in the kept JSON, and what it is answered as once the coupon has expired.
///
/// No text has the first in it, since quotes are escaped there; and what could hold a status of its own comes after that of the
/// coupon.
const ACTIVE: &[u8] = br#""status":"ACTIVE""#;
const EXPIRED: &[u8] = br#""status":"EXPIRED""#;

/// The coupon of a row, as it was set.
pub(super) fn coupon(row: &Row<'_>) -> Result<Coupon, Problem> {
    let mut coupon: Coupon = serde_json::from_slice(text(row, 1)?)?;
    coupon.id = Some(row.get(0)?);
    Ok(coupon)
}

/// Writes the coupon of a row as JSON, with its id and its status now. It is not read, which would take most of a search.
pub(super) fn write_json(row: &Row<'_>, now: DateTime<Utc>, json: &mut Vec<u8>) -> Result<(), Problem> {
    json.extend_from_slice(br#"{"id":"#);
    serde_json::to_writer(&mut *json, &row.get::<_, i64>(0)?)?;
    json.push(b',');
    let fields = text(row, 1)?.strip_prefix(b"{").ok_or_else(|| Problem::internal("a coupon is no object"))?;
    let status = if has_expired(row, now)? { memmem::find(fields, ACTIVE) } else { None };
    match status {
        Some(place) => {
            Rule::CouponsExpireByDate.trace();
            json.extend_from_slice(&fields[..place]);
            json.extend_from_slice(EXPIRED);
            json.extend_from_slice(&fields[place + ACTIVE.len()..]);
        }
        None => json.extend_from_slice(fields),
    }
    Ok(())
}

/// The same of a row as `coupon_rules::has_expired` of a coupon.
fn has_expired(row: &Row<'_>, now: DateTime<Utc>) -> Result<bool, Problem> {
    let is_over = row.get::<_, Option<i64>>(3)?.is_some_and(|end| end <= now.timestamp());
    Ok(is_over && text(row, 2)? == CouponStatus::Active.as_str().as_bytes())
}

/// The text of a column, which only this program writes, so that it is not looked at whether it is one.
fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a [u8], Problem> {
    row.get_ref(column)?.as_bytes().map_err(Problem::internal)
}
