//! A coupon's row: the coupon that it holds, as a value or as the JSON that it is answered as.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use ecwid_coupons::types::{Coupon, CouponStatus};
use memchr::memmem;
use rusqlite::Row;

use crate::{fidelity::Rule, problem::Problem};

/// The columns that are read here.
pub(super) const COLUMNS: &str = "id, body, status, expires";

/// The status as it stands in the kept JSON, and what it is answered as once the coupon has expired.
///
/// No text has the first in it, since quotes are escaped there; and what could hold a status of its own comes after that of the
/// coupon.
const ACTIVE: &str = r#""status":"ACTIVE""#;
const EXPIRED: &str = r#""status":"EXPIRED""#;

/// The coupon of a row, as it was set.
pub(super) fn coupon(row: &Row<'_>) -> Result<Coupon, Problem> {
    let mut coupon: Coupon = serde_json::from_str(row.get_ref(1)?.as_str().map_err(Problem::internal)?)?;
    coupon.id = Some(row.get(0)?);
    Ok(coupon)
}

/// Writes the coupon of a row as JSON, with its id and its status now. It is not read, which would take most of a search.
pub(super) fn write_json(row: &Row<'_>, now: DateTime<Utc>, text: &mut String) -> Result<(), Problem> {
    let (id, body) = (row.get::<_, i64>(0)?, row.get_ref(1)?.as_str().map_err(Problem::internal)?);
    let fields = body.strip_prefix('{').ok_or_else(|| Problem::internal("a coupon is no object"))?;
    write!(text, r#"{{"id":{id},"#).map_err(Problem::internal)?;
    match if has_expired(row, now)? { memmem::find(fields.as_bytes(), ACTIVE.as_bytes()) } else { None } {
        Some(place) => {
            Rule::CouponsExpireByDate.trace();
            text.extend([&fields[..place], EXPIRED, &fields[place + ACTIVE.len()..]]);
        }
        None => text.push_str(fields),
    }
    Ok(())
}

/// The same of a row as `rules::has_expired` of a coupon.
fn has_expired(row: &Row<'_>, now: DateTime<Utc>) -> Result<bool, Problem> {
    let is_over = row.get::<_, Option<i64>>(3)?.is_some_and(|end| end <= now.timestamp());
    Ok(is_over && row.get_ref(2)?.as_str().map_err(Problem::internal)? == CouponStatus::Active.as_str())
}
