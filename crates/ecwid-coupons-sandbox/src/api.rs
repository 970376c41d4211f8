//! The operations of the store's API.

pub(crate) mod batch;
pub(crate) mod coupons;
mod deleted;
pub(crate) mod store_context;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http_body_util::BodyExt as _;

use crate::{
    app::App,
    faults,
    http::{
        parameters::{self, Query},
        problem::{method_not_allowed, no_such_path},
        response::JsonResult,
        route::{ApiRoute, Endpoint, router},
    },
    rule::Rule,
};

/// Serves a request of the API and applies the faults that match it. A request inside a batch has no connection of its
/// own.
pub(crate) async fn serve(
    app: Arc<App>,
    route: ApiRoute,
    endpoint: Endpoint,
    request: Request,
    has_connection: bool,
) -> Response {
    let plan = app.faults.plan(route, has_connection);
    let work = |request, lag| {
        let app = Arc::clone(&app);
        async move { respond(&app, route, endpoint, lag, request).await.into_response() }
    };
    faults::apply(plan, request, work).await
}

/// Performs the operation of a request. If `lag` is set, reads return the state of that long ago.
async fn respond(
    app: &Arc<App>,
    route: ApiRoute,
    endpoint: Endpoint,
    lag: Option<Duration>,
    request: Request,
) -> JsonResult {
    let (parts, body) = request.into_parts();
    // The path is split before it is decoded, so a code with a slash stays one segment.
    let mut segments = parts.uri.path().split('/').skip(3);
    let store_id = parameters::path_segment(segments.next().unwrap_or_default())?;
    let store_id = app.access.check(&parts.headers, &store_id, endpoint.scopes)?;
    let store = &app.store(store_id, lag);
    let coupon = parameters::path_segment(segments.nth(1).unwrap_or_default())?;
    let query = Query::read(parts.uri.query())?;
    let body = match endpoint.method {
        "POST" | "PUT" if route != ApiRoute::CancelBatchGroup => {
            parameters::check_content_type(&parts.headers)?;
            body.collect().await?.to_bytes()
        }
        _ => Bytes::new(),
    };
    match route {
        ApiRoute::SearchDiscountCoupons => coupons::search(store, &query).await,
        ApiRoute::GetDiscountCoupon => coupons::get(store, coupon, &query).await,
        ApiRoute::CreateDiscountCoupon => coupons::create(store, &body).await,
        ApiRoute::UpdateDiscountCoupon => coupons::update(store, coupon, body).await,
        ApiRoute::DeleteDiscountCoupon => coupons::delete(store, coupon).await,
        ApiRoute::CreateBatchRequest => {
            Rule::BatchesCountAsOne.trace();
            batch::create(app, operations(app), store_id, store.now(), &parts.headers, &query, &body)
        }
        ApiRoute::GetBatchStatus => batch::get(&app.batches, store_id, store.now(), &query),
        ApiRoute::CancelBatchGroup => batch::cancel_group(&app.batches, store_id, store.now(), &query),
        ApiRoute::DeleteBatch => batch::delete(&app.batches, store_id, store.now(), &query),
        ApiRoute::GetDeletedItemsHistory | ApiRoute::ListDeletedCoupons => deleted::list(store, &query).await,
        ApiRoute::GetLatestStoreUpdateStats => deleted::latest_stats(store, &query).await,
    }
}

/// Routes the requests inside a batch.
fn operations(app: &Arc<App>) -> Router {
    router(
        |route: ApiRoute| !route.is_of_batches(),
        |app, route, endpoint, request| serve(app, route, endpoint, request, false),
    )
    .method_not_allowed_fallback(method_not_allowed)
    .fallback(no_such_path)
    .with_state(Arc::clone(app))
}
