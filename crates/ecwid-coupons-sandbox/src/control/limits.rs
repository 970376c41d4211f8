//! `/_sandbox/limits`: reads and sets how many requests are taken.

use bytes::Bytes;

use crate::http::{
    parameters,
    rate_limit::RateLimit,
    response::{JsonResponse, JsonResult},
};

pub(super) fn get(rate_limit: &RateLimit) -> JsonResult {
    JsonResponse::new(&rate_limit.limits())
}

/// What is left out is as documented.
pub(super) fn set(rate_limit: &RateLimit, body: &Bytes) -> JsonResult {
    rate_limit.set(parameters::body(body)?);
    get(rate_limit)
}
