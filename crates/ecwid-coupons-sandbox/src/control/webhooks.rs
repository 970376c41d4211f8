//! `/_sandbox/webhook`: where events go, and what became of them.

use bytes::Bytes;
use ecwid_coupons::Json;
use serde::Serialize;

use crate::{
    Error, parameters,
    problem::Problem,
    webhooks::{Delivery, Webhooks},
};

#[derive(Serialize)]
struct State {
    url: Option<String>,
    deliveries: Vec<Delivery>,
}

pub(super) fn get(webhooks: &Webhooks) -> Result<Json, Problem> {
    super::answer(&State { url: webhooks.url(), deliveries: webhooks.deliveries() })
}

pub(super) fn set(webhooks: &Webhooks, body: &Bytes) -> Result<Json, Problem> {
    webhooks.set(Some(parameters::body(body)?)).map_err(refused)?;
    get(webhooks)
}

pub(super) fn remove(webhooks: &Webhooks) -> Result<Json, Problem> {
    webhooks.set(None).map_err(refused)?;
    get(webhooks)
}

fn refused(error: Error) -> Problem {
    Problem::wrong_parameter(format!("Wrong parameter 'url': {error}"))
}
