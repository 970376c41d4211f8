//! The deleted coupons and the time of the last change.

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

/// The maximum and the default number of deletions on a page.
const LIMIT: i64 = 100;

/// Lists the coupons that were deleted within a period.
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

/// The parameters that request other statistics, which the sandbox does not have.
const OTHER_STATS: [&str; 5] = [
    "reviewsUpdatesRequired",
    "domainsRequired",
    "subscriptionRequired",
    "productCountRequired",
    "categoryCountRequired",
];

/// Returns when a coupon of the store last changed.
pub(crate) async fn latest_stats(store: &StoreContext, query: &Query) -> JsonResult {
    OTHER_STATS.iter().try_for_each(|name| query.boolean(name, false).map(drop))?;
    let now = store.now();
    let last = store.database.read(move |transaction| transaction.last_change(now)).await?;
    JsonResponse::new(
        &last.map_or_else(|| json!({}), |last| json!({ "discountCouponsUpdated": EcwidDateTime::from(last) })),
    )
}
