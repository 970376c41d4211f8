//! [`TimeFilter`]: a point in time to filter by.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use serde::{Serialize, Serializer};

use crate::{
    DayBound, EcwidDateTime,
    value::{
        date_time::{ParseDateError, parse_day, parse_local},
        try_from_text,
    },
};

/// The time of a search filter such as [`created_from`](crate::Search::created_from).
///
/// An instant is sent as a Unix timestamp, which does not depend on a time zone. A date and time without a zone is sent
/// as it is, in one of the documented formats. The sandbox reads it as UTC, and the store is assumed to do the same.
///
/// # Example
///
/// ```
/// use ecwid_coupons::TimeFilter;
///
/// assert_eq!(TimeFilter::from(1447804800).to_string(), "1447804800");
/// assert_eq!("2023-01-15 19:27:50".parse::<TimeFilter>()?.to_string(), "2023-01-15 19:27:50");
/// assert_eq!("2023-01-15 19:27:50 +0100".parse::<TimeFilter>()?.to_string(), "1673807270");
/// # Ok::<(), ecwid_coupons::ParseDateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeFilter {
    /// Seconds since 1970-01-01 00:00:00 UTC.
    Unix(i64),
    /// A date and a time without a zone.
    Local(NaiveDateTime),
    /// A date. The setters of [`Search`](crate::Search) send its first second as an earliest time, and its last second
    /// as a latest time, in UTC. A generated builder sends the date, which the store reads as its first second.
    Date(NaiveDate),
    /// An [`EcwidDateTime`] that is not a date. A search with it fails, and no request is sent.
    Invalid,
}

impl TimeFilter {
    /// Replaces a date by the second of the day that it means as this bound.
    pub(crate) fn bounded(self, bound: DayBound) -> Self {
        match self {
            Self::Date(day) => bound.of(day).to_utc().map_or(self, Self::from),
            other => other,
        }
    }

    /// Returns the instant as the store reads it: a date is its first second, and a local time is in UTC. `None` if it
    /// is invalid or out of range.
    pub fn to_utc(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Unix(seconds) => DateTime::from_timestamp(seconds, 0),
            Self::Local(time) => Some(time.and_utc()),
            Self::Date(date) => Some(date.and_time(chrono::NaiveTime::MIN).and_utc()),
            Self::Invalid => None,
        }
    }
}

impl fmt::Display for TimeFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(seconds) => seconds.fmt(f),
            Self::Local(time) => time.format("%Y-%m-%d %H:%M:%S").fmt(f),
            Self::Date(date) => date.format("%Y-%m-%d").fmt(f),
            Self::Invalid => f.write_str("invalid date"),
        }
    }
}

impl From<i64> for TimeFilter {
    fn from(seconds: i64) -> Self {
        Self::Unix(seconds)
    }
}

impl<Tz: TimeZone> From<DateTime<Tz>> for TimeFilter {
    fn from(instant: DateTime<Tz>) -> Self {
        Self::Unix(instant.timestamp())
    }
}

impl From<EcwidDateTime> for TimeFilter {
    /// Returns the instant, or [`TimeFilter::Invalid`] if the store sent text that is not a date.
    fn from(date: EcwidDateTime) -> Self {
        date.instant().map_or(Self::Invalid, Self::from)
    }
}

impl From<NaiveDateTime> for TimeFilter {
    fn from(time: NaiveDateTime) -> Self {
        Self::Local(time)
    }
}

impl From<NaiveDate> for TimeFilter {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl FromStr for TimeFilter {
    type Err = ParseDateError;

    /// Parses a Unix timestamp, or a date with an optional time and zone.
    ///
    /// A number of four to eight digits is an error, because it is probably a year or a date.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if (4..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParseDateError::new(text));
        }
        if let Ok(seconds) = text.parse() {
            return Ok(Self::Unix(seconds));
        }
        if let Some(day) = parse_day(text) {
            return Ok(Self::Date(day));
        }
        if let Some(time) = parse_local(text) {
            return Ok(Self::Local(time));
        }
        text.parse::<EcwidDateTime>().map(Self::from)
    }
}

try_from_text!(TimeFilter, ParseDateError: &str, String, &String);

impl Serialize for TimeFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Invalid => Err(serde::ser::Error::custom("the time of a filter is not a date; omit the filter")),
            time => serializer.collect_str(time),
        }
    }
}
