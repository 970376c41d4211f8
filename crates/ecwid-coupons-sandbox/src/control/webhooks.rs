//! `/_sandbox/webhook`: where events go, and what became of them.

use bytes::Bytes;
use serde::Serialize;

use crate::{
    Error,
    app::App,
    http::{
        parameters,
        problem::Problem,
        response::{JsonResponse, JsonResult},
    },
    webhooks::Delivery,
};

#[derive(Serialize)]
struct State {
    url: Option<String>,
    deliveries: Vec<Delivery>,
}

pub(super) fn get(app: &App) -> JsonResult {
    let url = app.webhooks.url().map(|url| app.redaction.url(&url));
    JsonResponse::new(&State { url, deliveries: app.webhooks.deliveries() })
}

pub(super) fn set(app: &App, body: &Bytes) -> JsonResult {
    app.webhooks.set(Some(parameters::body(body)?)).map_err(refused)?;
    get(app)
}

pub(super) fn remove(app: &App) -> JsonResult {
    app.webhooks.set(None).map_err(refused)?;
    get(app)
}

fn refused(error: Error) -> Problem {
    Problem::wrong_parameter(format!("Wrong parameter 'url': {error}"))
}
