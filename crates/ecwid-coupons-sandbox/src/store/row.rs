//! How a coupon is read from a row: as a value, or as the JSON of a response.

use ecwid_coupons::types::Coupon;
use rusqlite::Row;

use crate::http::problem::Problem;

/// The columns of [`coupon`].
pub(super) const COUPON: &str = "id, body";

/// The columns of [`write_json`], with the time now as `?1`. `json_set` leaves all other values as they are written.
pub(super) const JSON: &str =
    "id, iif(status = 'ACTIVE' AND expires <= ?1, json_set(body, '$.status', 'EXPIRED'), body)";

/// The status that a coupon has at the time `?1`, as `coupon_rules::status_now` says it.
pub(super) const STATUS: &str = "iif(status = 'ACTIVE' AND expires <= ?1, 'EXPIRED', status)";

/// Reads the coupon of a row, with the status that was set.
pub(super) fn coupon(row: &Row<'_>) -> Result<Coupon, Problem> {
    let mut coupon: Coupon = serde_json::from_slice(body(row)?)?;
    coupon.id = Some(row.get(0)?);
    Ok(coupon)
}

/// Writes the coupon of a row as JSON with its id. It is not parsed, which would take most of the time of a search.
pub(super) fn write_json(row: &Row<'_>, json: &mut Vec<u8>) -> Result<(), Problem> {
    json.extend_from_slice(br#"{"id":"#);
    serde_json::to_writer(&mut *json, &row.get::<_, i64>(0)?)?;
    json.push(b',');
    json.extend_from_slice(body(row)?.strip_prefix(b"{").ok_or_else(|| Problem::internal("a coupon is no object"))?);
    Ok(())
}

/// The body, which is not checked to be UTF-8, because only this program writes it.
fn body<'a>(row: &'a Row<'_>) -> Result<&'a [u8], Problem> {
    Ok(row.get_ref(1)?.as_bytes()?)
}
