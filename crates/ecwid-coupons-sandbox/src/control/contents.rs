//! `/_sandbox/dump`, `/_sandbox/load` and `/_sandbox/reset`: all that is in the stores.

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{StatusCode, header};
use serde::Serialize;

use crate::{
    app::App,
    http::{
        problem::Problem,
        response::{JsonResponse, JsonResult},
    },
};

#[derive(Serialize)]
struct Stores {
    stores: Vec<Contents>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Contents {
    store_id: i64,
    coupons: i64,
}

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

/// Puts coupons in, beside those that are there.
pub(super) async fn load(app: &App, body: Bytes) -> JsonResult {
    app.load(std::io::Cursor::new(body)).await?;
    contents(app).await
}

/// Takes the sandbox back to what it started with.
pub(super) async fn reset(app: &App) -> JsonResult {
    app.reset().await.map_err(|error| Problem::wrong_parameter(error.to_string()))?;
    contents(app).await
}

async fn contents(app: &App) -> JsonResult {
    let mut stores = Vec::new();
    for store_id in app.access.stores() {
        let coupons = app.database.for_store(store_id).read(|transaction| transaction.len()).await?;
        stores.push(Contents { store_id, coupons });
    }
    JsonResponse::new(&Stores { stores })
}
