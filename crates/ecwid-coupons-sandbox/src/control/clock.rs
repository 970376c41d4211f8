//! `/_sandbox/clock`: reads, sets and moves the time.

use bytes::Bytes;
use chrono::TimeDelta;
use ecwid_coupons::{DayBound, EcwidDateTime};
use serde::{Deserialize, Serialize};

use crate::{
    clock::{Clock, OutOfRange},
    http::{
        parameters,
        problem::Problem,
        response::{JsonResponse, JsonResult},
    },
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Time {
    now: EcwidDateTime,
    is_stopped: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    now: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    #[serde(default)]
    days: i64,
    #[serde(default)]
    hours: i64,
    #[serde(default)]
    minutes: i64,
    #[serde(default)]
    seconds: i64,
}

pub(super) fn get(clock: &Clock) -> JsonResult {
    JsonResponse::new(&Time { now: clock.now().into(), is_stopped: clock.is_stopped() })
}

pub(super) fn set(clock: &Clock, body: &Bytes) -> JsonResult {
    let Setting { now } = parameters::body(body)?;
    let time = DayBound::Start.parse(&now).ok().and_then(|date| date.to_utc());
    let time = time.ok_or_else(|| Problem::wrong_value("now", &now, "a date like 2024-06-06 08:00:00 +0000"))?;
    clock.set(time).map_err(refused)?;
    get(clock)
}

pub(super) fn advance(clock: &Clock, body: &Bytes) -> JsonResult {
    let Step { days, hours, minutes, seconds } = parameters::body(body)?;
    let parts = [
        TimeDelta::try_days(days),
        TimeDelta::try_hours(hours),
        TimeDelta::try_minutes(minutes),
        TimeDelta::try_seconds(seconds),
    ];
    let sum = parts.into_iter().try_fold(TimeDelta::zero(), |sum, part| sum.checked_add(&part?));
    clock.advance(sum.ok_or_else(|| refused(OutOfRange))?).map_err(refused)?;
    get(clock)
}

pub(super) fn reset(clock: &Clock) -> JsonResult {
    clock.reset();
    get(clock)
}

fn refused(error: OutOfRange) -> Problem {
    Problem::wrong_parameter(format!("Wrong time: {error}"))
}
