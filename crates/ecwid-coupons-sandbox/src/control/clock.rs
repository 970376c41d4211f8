//! `/_sandbox/clock`: returns, sets and moves the time.

use bytes::Bytes;
use chrono::TimeDelta;
use ecwid_coupons::{DayBound, EcwidDateTime};
use serde::Deserialize;
use serde_json::json;

use crate::{
    clock::{Clock, OutOfRange},
    http::{
        parameters,
        problem::Problem,
        response::{JsonResponse, JsonResult},
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    now: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Step {
    days: i64,
    hours: i64,
    minutes: i64,
    seconds: i64,
}

pub(super) fn state(clock: &Clock) -> JsonResult {
    JsonResponse::new(&json!({ "now": EcwidDateTime::from(clock.now()), "isStopped": clock.is_stopped() }))
}

pub(super) fn set(clock: &Clock, body: &Bytes) -> Result<(), Problem> {
    let Setting { now } = parameters::body(body)?;
    let time = DayBound::Start.parse(&now).ok().and_then(|date| date.to_utc());
    let time = time.ok_or_else(|| Problem::wrong_value("now", &now, "a date such as 2024-06-06 08:00:00 +0000"))?;
    clock.set(time).map_err(refused)
}

pub(super) fn advance(clock: &Clock, body: &Bytes) -> Result<(), Problem> {
    let Step { days, hours, minutes, seconds } = parameters::body(body)?;
    let parts = [
        TimeDelta::try_days(days),
        TimeDelta::try_hours(hours),
        TimeDelta::try_minutes(minutes),
        TimeDelta::try_seconds(seconds),
    ];
    let sum = parts.into_iter().try_fold(TimeDelta::zero(), |sum, part| sum.checked_add(&part?));
    clock.advance(sum.ok_or_else(|| refused(OutOfRange))?).map_err(refused).map(drop)
}

fn refused(error: OutOfRange) -> Problem {
    Problem::wrong_parameter(format!("Wrong body: {error}"))
}
