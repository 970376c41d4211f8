//! `/_sandbox/dump`, `/_sandbox/load` and `/_sandbox/reset`: the contents of the stores.

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, stream};
use http::header;
use serde_json::json;

use crate::{
    app::App,
    http::{
        problem::Problem,
        response::{JsonResponse, JsonResult},
    },
};

/// Streams a dump of all stores.
pub(super) fn dump(app: &App) -> Response {
    let parts = stream::unfold(app.dump(), async |mut dump| {
        let part = dump.next().await?;
        // The status has been sent, so an error can only break off the body.
        Some((part.map_err(Problem::into_message), dump))
    });
    let headers = [(header::CONTENT_TYPE, "application/json;charset=utf-8")];
    (headers, Body::from_stream(Box::pin(parts.fuse()))).into_response()
}

/// Returns the number of coupons in each store.
pub(super) async fn count(app: &App) -> JsonResult {
    let mut stores = Vec::new();
    for store_id in app.access.stores() {
        let coupons = app.database.for_store(store_id).read(|transaction| transaction.len()).await?;
        stores.push(json!({ "storeId": store_id, "coupons": coupons }));
    }
    JsonResponse::new(&json!({ "stores": stores }))
}
