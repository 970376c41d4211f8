//! `/_sandbox/limits`: reads and sets how many requests are taken.

use bytes::Bytes;

use crate::http::{parameters, problem::Problem, rate_limit::RateLimit, response::JsonResponse};

pub(super) fn get(rate_limit: &RateLimit) -> Result<JsonResponse, Problem> {
    JsonResponse::new(&rate_limit.limits())
}

/// What is left out is as documented.
pub(super) fn set(rate_limit: &RateLimit, body: &Bytes) -> Result<JsonResponse, Problem> {
    rate_limit.set(parameters::body(body)?);
    get(rate_limit)
}
