//! `/_sandbox/dump`, `/_sandbox/load` and `/_sandbox/reset`: all that is in the stores.

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, stream};
use http::{StatusCode, header};
use serde_json::json;

use crate::{
    app::App,
    http::{
        problem::Problem,
        response::{JsonResponse, JsonResult},
    },
};

/// The stores as JSON, sent as it is read.
pub(super) fn dump(app: &App) -> Response {
    let parts = stream::unfold(app.dump(), async |mut dump| {
        let part = dump.next().await?;
        // What fails on the way breaks the answer off, since its status is out.
        Some((part.map_err(Problem::into_message), dump))
    });
    let headers = [(header::CONTENT_TYPE, "application/json;charset=utf-8")];
    (StatusCode::OK, headers, Body::from_stream(Box::pin(parts.fuse()))).into_response()
}

/// How many coupons each store has.
pub(super) async fn count(app: &App) -> JsonResult {
    let mut stores = Vec::new();
    for store_id in app.access.stores() {
        let coupons = app.database.for_store(store_id).read(|transaction| transaction.len()).await?;
        stores.push(json!({ "storeId": store_id, "coupons": coupons }));
    }
    JsonResponse::new(&json!({ "stores": stores }))
}
