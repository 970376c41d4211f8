//! `/_sandbox/limits`: reads and sets how many requests are taken.

use bytes::Bytes;
use ecwid_coupons::Json;

use crate::{parameters, problem::Problem, rate_limit::RateLimit};

pub(super) fn get(rate_limit: &RateLimit) -> Result<Json, Problem> {
    super::answer(&rate_limit.limits())
}

/// What is left out is as documented.
pub(super) fn set(rate_limit: &RateLimit, body: &Bytes) -> Result<Json, Problem> {
    rate_limit.set(parameters::body(body)?);
    get(rate_limit)
}
