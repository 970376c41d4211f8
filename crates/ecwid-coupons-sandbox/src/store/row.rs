//! Reads a coupon from a row: as a value, or as the JSON of a response.

use ecwid_coupons::types::Coupon;
use rusqlite::Row;

use crate::http::problem::Problem;

/// The columns of [`coupon`].
pub(super) const COUPON: &str = "id, status, body";

/// The status of a coupon at the time `?1`, like `coupon_rules::status_now`.
macro_rules! status_now {
    () => {
        "iif(status = 'ACTIVE' AND expires <= ?1, 'EXPIRED', status)"
    };
}

/// The status as a condition of a search. `?1` is the current time.
pub(super) const STATUS: &str = status_now!();

/// The columns of [`write_json`]. `?1` is the current time.
pub(super) const JSON: &str = concat!("id, ", status_now!(), ", body");

/// Reads the coupon of a row, with its stored status.
pub(super) fn coupon(row: &Row<'_>) -> Result<Coupon, Problem> {
    let mut coupon: Coupon = serde_json::from_slice(body(row)?)?;
    coupon.id = Some(row.get(0)?);
    coupon.status = Some(status(row)?.to_owned()).filter(|status| !status.is_empty()).map(Into::into);
    Ok(coupon)
}

/// Writes the coupon of a row as JSON with its id and its status, which have columns of their own. The rest of the JSON is
/// not parsed, because that would take most of the time of a search.
pub(super) fn write_json(row: &Row<'_>, json: &mut Vec<u8>) -> Result<(), Problem> {
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
