//! Reads a coupon from a row: as a value, or as the JSON of a response.

use chrono::DateTime;
use ecwid_coupons::types::Coupon;
use rusqlite::Row;

use crate::{ChangeSettings, http::problem::Problem, rule::Rule};

/// The columns of [`coupon`].
pub(super) const COUPON: &str = "id, status, body";

/// The status of a coupon at the time `?1`, like `coupon_rules::status_now`.
macro_rules! status_now {
    () => {
        "iif(status = 'ACTIVE' AND expires <= ?1, 'EXPIRED', status)"
    };
}

/// Whether a coupon has expired at the time `?1`, and was last updated before.
macro_rules! expired_after_update {
    () => {
        "status = 'ACTIVE' AND expires <= ?1 AND expires > updated"
    };
}

/// The status as a condition of a search. `?1` is the current time.
pub(super) const STATUS: &str = status_now!();

/// Returns the columns of [`write_json`]. `?1` is the current time.
pub(super) fn json(settings: ChangeSettings) -> &'static str {
    if settings.expiries_update {
        concat!("id, ", status_now!(), ", body, iif(", expired_after_update!(), ", expires, NULL)")
    } else {
        concat!("id, ", status_now!(), ", body, NULL")
    }
}

/// Returns the time of the last update as an expression of a search. `?1` is the current time.
pub(super) fn updated(settings: ChangeSettings) -> &'static str {
    if settings.expiries_update { concat!("iif(", expired_after_update!(), ", expires, updated)") } else { "updated" }
}

/// Reads the coupon of a row, with its stored status.
pub(super) fn coupon(row: &Row<'_>) -> Result<Coupon, Problem> {
    let mut coupon: Coupon = serde_json::from_slice(body(row)?)?;
    coupon.id = Some(row.get(0)?);
    coupon.status = Some(status(row)?.to_owned()).filter(|status| !status.is_empty()).map(Into::into);
    Ok(coupon)
}

/// Writes the coupon of a row as JSON with its id and its status, which have columns of their own. The rest of the JSON is
/// not parsed, because that would take most of the time of a search, unless the expiration has changed the `updateDate`.
pub(super) fn write_json(row: &Row<'_>, json: &mut Vec<u8>) -> Result<(), Problem> {
    if let Some(expired) = row.get::<_, Option<i64>>(3)?.and_then(|expired| DateTime::from_timestamp(expired, 0)) {
        Rule::ExpiriesCanBeUpdates.trace();
        let mut coupon = coupon(row)?;
        coupon.update_date = Some(expired.into());
        return Ok(serde_json::to_writer(json, &coupon)?);
    }
    json.extend_from_slice(br#"{"id":"#);
    serde_json::to_writer(&mut *json, &row.get::<_, i64>(0)?)?;
    let status = status(row)?;
    if !status.is_empty() {
        json.extend_from_slice(br#","status":"#);
        serde_json::to_writer(&mut *json, status)?;
    }
    json.push(b',');
    json.extend_from_slice(
        body(row)?.strip_prefix(b"{").ok_or_else(|| Problem::internal("a coupon is not an object"))?,
    );
    Ok(())
}

fn status<'a>(row: &'a Row<'_>) -> Result<&'a str, Problem> {
    Ok(row.get_ref(1)?.as_str()?)
}

/// Returns the body. It is not checked to be UTF-8, because only the sandbox writes it.
fn body<'a>(row: &'a Row<'_>) -> Result<&'a [u8], Problem> {
    Ok(row.get_ref(2)?.as_bytes()?)
}
