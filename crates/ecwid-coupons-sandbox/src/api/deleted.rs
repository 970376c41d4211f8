//! The deleted coupons, and the time of the last change.

use ecwid_coupons::EcwidDateTime;
use serde_json::json;

use crate::{
    api::store_context::StoreContext,
    http::{
        parameters::Query,
        response::{JsonResponse, JsonResult},
    },
    store::{Deleted, Period},
};

/// The most deletions of a page, and how many there are unless the request says.
const LIMIT: i64 = 100;

/// The coupons that were deleted in a time.
pub(crate) async fn list(store: &StoreContext, query: &Query) -> JsonResult {
    let period = Period {
        from: query.time("from_date")?,
        to: query.time("to_date")?,
        offset: query.number("offset")?.unwrap_or(0),
        limit: query.number("limit")?.unwrap_or(LIMIT).min(LIMIT),
    };
    let now = store.now();
    let (total, deleted) = store.database.read(move |transaction| transaction.deleted(period, now)).await?;
    let item = |deleted: &Deleted| json!({ "id": deleted.id, "date": EcwidDateTime::from(deleted.date) });
    JsonResponse::new(&json!({
        "total": total,
        "count": deleted.len(),
        "offset": period.offset,
        "limit": period.limit,
        "items": deleted.iter().map(item).collect::<Vec<_>>(),
    }))
}

/// When the coupons of the store changed last.
pub(crate) async fn latest_stats(store: &StoreContext) -> JsonResult {
    let last = store.database.read(|transaction| transaction.last_change()).await?;
    JsonResponse::new(
        &last.map_or_else(|| json!({}), |last| json!({ "discountCouponsUpdated": EcwidDateTime::from(last) })),
    )
}
