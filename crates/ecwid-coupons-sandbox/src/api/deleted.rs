//! The deleted coupons, and the time of the last change.

use ecwid_coupons::EcwidDateTime;
use serde::Serialize;

use crate::{
    api::store_context::StoreContext,
    http::{
        parameters::Query,
        response::{JsonResponse, JsonResult},
    },
    store::Period,
};

/// The most deletions of a page, and how many there are unless the request says.
const LIMIT: i64 = 100;

#[derive(Serialize)]
struct DeletedPage {
    total: i64,
    count: usize,
    offset: i64,
    limit: i64,
    items: Vec<DeletedCoupon>,
}

#[derive(Serialize)]
struct DeletedCoupon {
    id: i64,
    date: EcwidDateTime,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LatestStats {
    #[serde(skip_serializing_if = "Option::is_none")]
    discount_coupons_updated: Option<EcwidDateTime>,
}

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
    let items: Vec<_> =
        deleted.into_iter().map(|deleted| DeletedCoupon { id: deleted.id, date: deleted.date.into() }).collect();
    let page = DeletedPage { total, count: items.len(), offset: period.offset, limit: period.limit, items };
    JsonResponse::new(&page)
}

/// When the coupons of the store changed last.
pub(crate) async fn latest_stats(store: &StoreContext) -> JsonResult {
    let last = store.database.read(|transaction| transaction.last_change()).await?;
    JsonResponse::new(&LatestStats { discount_coupons_updated: last.map(Into::into) })
}
