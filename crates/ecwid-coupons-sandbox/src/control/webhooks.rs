//! `/_sandbox/webhook`: where events go, and what became of them.

use bytes::Bytes;
use serde::Serialize;

use crate::{
    Error,
    answer::Answer,
    parameters,
    problem::Problem,
    webhooks::{Delivery, Webhooks},
};

#[derive(Serialize)]
struct State {
    url: Option<String>,
    deliveries: Vec<Delivery>,
}

pub(super) fn get(webhooks: &Webhooks) -> Result<Answer, Problem> {
    Answer::of(&State { url: webhooks.url(), deliveries: webhooks.deliveries() })
}

pub(super) fn set(webhooks: &Webhooks, body: &Bytes) -> Result<Answer, Problem> {
    webhooks.set(Some(parameters::body(body)?)).map_err(refused)?;
    get(webhooks)
}

pub(super) fn remove(webhooks: &Webhooks) -> Result<Answer, Problem> {
    webhooks.set(None).map_err(refused)?;
    get(webhooks)
}

fn refused(error: Error) -> Problem {
    Problem::wrong_parameter(format!("Wrong parameter 'url': {error}"))
}
