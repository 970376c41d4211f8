//! [`EcwidDateTime`]: dates in the format of the API.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike as _, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::value::{message_error, read_text};

const FORMAT: &str = "%Y-%m-%d %H:%M:%S %z";

/// A date with a time and a zone offset, such as `2023-06-29 11:36:55 +0000`.
///
/// The store converts dates to UTC. A value keeps its own offset. Values are equal if they are the same instant.
///
/// Invalid text from the store is kept, so that it does not make a page unreadable. It has no
/// [`instant`](Self::instant).
///
/// # Example
///
/// ```
/// use ecwid_coupons::EcwidDateTime;
///
/// let date: EcwidDateTime = "2024-06-06 08:00:00 +0400".parse()?;
/// assert_eq!(date.to_string(), "2024-06-06 08:00:00 +0400");
/// assert_eq!(date.to_utc().unwrap().to_string(), "2024-06-06 04:00:00 UTC");
/// # Ok::<(), ecwid_coupons::ParseDateError>(())
/// ```
#[derive(Clone)]
pub struct EcwidDateTime(Repr);

#[derive(Clone)]
enum Repr {
    Instant(DateTime<FixedOffset>),
    Text(Box<str>),
}

impl EcwidDateTime {
    /// Returns the instant with its offset. `None` if the store sent an invalid date.
    pub fn instant(&self) -> Option<DateTime<FixedOffset>> {
        match &self.0 {
            Repr::Instant(instant) => Some(*instant),
            Repr::Text(_) => None,
        }
    }

    /// Returns the instant in UTC. `None` if the store sent an invalid date.
    pub fn to_utc(&self) -> Option<DateTime<Utc>> {
        self.instant().map(|instant| instant.to_utc())
    }
}

impl fmt::Display for EcwidDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Instant(instant) => match to_fixed_width(instant) {
                Some(text) => f.pad(&text),
                None => f.pad(&instant.format(FORMAT).to_string()),
            },
            Repr::Text(text) => f.pad(text),
        }
    }
}

impl fmt::Debug for EcwidDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for EcwidDateTime {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Instant(left), Repr::Instant(right)) => left == right,
            (Repr::Text(left), Repr::Text(right)) => left == right,
            _ => false,
        }
    }
}

impl Eq for EcwidDateTime {}

impl<Tz: TimeZone> From<DateTime<Tz>> for EcwidDateTime {
    fn from(instant: DateTime<Tz>) -> Self {
        // The format has only whole seconds, and offsets of whole minutes. The rest is dropped, so that the value
        // equals the one that comes back.
        let instant = instant.fixed_offset();
        let instant =
            if instant.offset().local_minus_utc() % 60 == 0 { instant } else { instant.to_utc().fixed_offset() };
        // A leap second has more than a billion nanoseconds.
        let leap = instant.nanosecond() / 1_000_000_000 * 1_000_000_000;
        Self(Repr::Instant(instant.with_nanosecond(leap).unwrap_or(instant)))
    }
}

/// Whether a date without a time means the first or the last second of that day.
///
/// A period ends with the last second of its last day, so a date alone is ambiguous.
///
/// # Example
///
/// ```
/// use ecwid_coupons::{DayBound, chrono::NaiveDate};
///
/// let day = NaiveDate::from_ymd_opt(2026, 12, 5).unwrap();
/// assert_eq!(DayBound::End.of(day).to_string(), "2026-12-05 23:59:59 +0000");
/// assert_eq!(DayBound::Start.parse("2026-12-05")?.to_string(), "2026-12-05 00:00:00 +0000");
/// # Ok::<(), ecwid_coupons::ParseDateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayBound {
    /// The first second, 00:00:00 UTC, for the start of a period such as `launchDate`.
    Start,
    /// The last second, 23:59:59 UTC, for the end of a period such as `expirationDate`.
    End,
}

impl DayBound {
    /// Returns this second of the day, in UTC.
    pub fn of(self, day: NaiveDate) -> EcwidDateTime {
        let time = match self {
            Self::Start => NaiveTime::MIN,
            Self::End => NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default(),
        };
        day.and_time(time).and_utc().into()
    }

    /// Parses a date with a time, like [`EcwidDateTime::from_str`], or a date, which means this second of the day.
    ///
    /// # Errors
    ///
    /// The text is not a date.
    pub fn parse(self, text: &str) -> Result<EcwidDateTime, ParseDateError> {
        parse_day(text).map_or_else(|| text.parse(), |day| Ok(self.of(day)))
    }
}

message_error! {
    /// The error of a text that is not a date, or that lacks a time of day.
    ParseDateError
}

impl ParseDateError {
    pub(crate) fn new(text: &str) -> Self {
        Self(match parse_day(text) {
            Some(_) => format!(
                "invalid date: `{text}` has no time of day (expected `{text} 00:00:00`, or `{text} 23:59:59` for an end)"
            ),
            None => format!(
                "invalid date: `{text}` (expected a date such as `2024-06-30`, `2024-06-30 12:00:00` or \
                 `2024-06-30 12:00:00 +0200`)"
            ),
        })
    }
}

impl FromStr for EcwidDateTime {
    type Err = ParseDateError;

    /// Parses the format of the API, RFC 3339, or a date with a time. The zone defaults to UTC.
    ///
    /// A date without a time is an error, because it is ambiguous: see [`DayBound`].
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Some(instant) = from_wire(text).or_else(|| DateTime::parse_from_rfc3339(text).ok()) {
            return Ok(instant.into());
        }
        Ok(parse_local(without_utc(text)).ok_or_else(|| ParseDateError::new(text))?.and_utc().into())
    }
}

fn without_utc(text: &str) -> &str {
    text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT")).unwrap_or(text).trim_end()
}

/// Parses a date without a time.
pub(crate) fn parse_day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(without_utc(text.trim()), "%Y-%m-%d").ok()
}

/// Parses a date with a time and without a zone.
pub(crate) fn parse_local(text: &str) -> Option<NaiveDateTime> {
    ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
}

/// Parses the format of the API, if the text would be written in the same way.
fn from_wire(text: &str) -> Option<DateTime<FixedOffset>> {
    from_fixed_width(text).or_else(|| from_any_width(text))
}

/// Parses text such as `2023-06-29 11:36:55 +0000` by position, which is much faster than a format.
fn from_fixed_width(text: &str) -> Option<DateTime<FixedOffset>> {
    let text: &[u8; 25] = text.as_bytes().try_into().ok()?;
    let is_digit = |all: bool, &at: &usize| all & text[at].is_ascii_digit();
    if !DIGITS.iter().fold(true, is_digit) || [text[4], text[7], text[10], text[13], text[16], text[19]] != *b"-- :: " {
        return None;
    }
    let number = |at: usize| u32::from(text[at] - b'0') * 10 + u32::from(text[at + 1] - b'0');
    let year = i32::try_from(number(0) * 100 + number(2)).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(5), number(8))?;
    let local = date.and_hms_opt(number(11), number(14), number(17))?;
    let offset = fixed_width_offset(text[20], number(21), number(23))?;
    let utc = if offset.local_minus_utc() == 0 { local } else { local.checked_sub_offset(offset)? };
    Some(DateTime::from_naive_utc_and_offset(utc, offset))
}

/// The positions of the digits.
const DIGITS: [usize; 18] = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 21, 22, 23, 24];

fn fixed_width_offset(sign: u8, hours: u32, minutes: u32) -> Option<FixedOffset> {
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    match sign {
        _ if minutes > 59 => None,
        b'+' => FixedOffset::east_opt(seconds),
        // A zero offset is written with a plus.
        b'-' if seconds > 0 => FixedOffset::west_opt(seconds),
        _ => None,
    }
}

/// Writes the form that [`from_fixed_width`] parses, which is much faster than a format.
fn to_fixed_width(instant: &DateTime<FixedOffset>) -> Option<String> {
    let (local, offset) = (instant.naive_local(), instant.offset().local_minus_utc());
    let year = u32::try_from(local.year()).ok().filter(|year| *year <= 9999)?;
    if local.nanosecond() >= 1_000_000_000 || offset % 60 != 0 {
        return None;
    }
    let minutes = offset.unsigned_abs() / 60;
    let mut text = String::with_capacity(25);
    for (number, end) in [
        (year / 100, ""),
        (year % 100, "-"),
        (local.month(), "-"),
        (local.day(), " "),
        (local.hour(), ":"),
        (local.minute(), ":"),
        (local.second(), if offset < 0 { " -" } else { " +" }),
        (minutes / 60, ""),
        (minutes % 60, ""),
    ] {
        text.extend([number / 10, number % 10].into_iter().filter_map(|digit| char::from_digit(digit, 10)));
        text.push_str(end);
    }
    Some(text)
}

/// Parses any text, such as one with a leap second.
fn from_any_width(text: &str) -> Option<DateTime<FixedOffset>> {
    let instant = DateTime::parse_from_str(text, FORMAT).ok()?;
    (instant.format(FORMAT).to_string() == text).then_some(instant)
}

impl Serialize for EcwidDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EcwidDateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| Self(from_wire(text).map_or_else(|| Repr::Text(text.into()), Repr::Instant)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, string::string_regex};

    use super::*;

    /// Dates, texts that are almost dates, and any others.
    fn any_text() -> impl Strategy<Value = String> {
        let date = "(0[0-9]{3}|[12][0-9]{3}|[0-9]{4})-(0[1-9]|1[0-2]|[0-9]{2})-([0-2][0-9]|3[01]|[0-9]{2})";
        let time = "([01][0-9]|2[0-4]|[0-9]{2}):([0-5][0-9]|[0-9]{2}):([0-5][0-9]|60|[0-9]{2})";
        let zone = "[+-](00|[01][0-9]|2[0-4]|[0-9]{2})(00|[0-5][0-9]|[0-9]{2})";
        let whole = || string_regex(&format!("{date} {time} {zone}")).unwrap();
        let edited = (whole(), 0..25_usize, any::<char>()).prop_map(|(text, place, other)| {
            text.chars().enumerate().map(|(index, char)| if index == place { other } else { char }).collect()
        });
        prop_oneof![4 => whole(), 2 => edited, 1 => ".{0,30}"]
    }

    /// Instants of all years that chrono supports, with leap seconds, in any zone.
    fn any_instant() -> impl Strategy<Value = DateTime<FixedOffset>> {
        let seconds =
            prop_oneof![3 => -62_200_000_000..253_500_000_000_i64, 1 => -8_300_000_000_000..8_200_000_000_000_i64];
        let nanoseconds = prop_oneof![3 => Just(0), 1 => 0..2_000_000_000_u32];
        let zone = prop_oneof![2 => Just(0), 3 => (-1439..1440).prop_map(|minutes| minutes * 60), 1 => -86_399..86_400];
        (seconds, nanoseconds, zone).prop_filter_map("chrono has no such moment", |(seconds, nanoseconds, zone)| {
            let instant = DateTime::from_timestamp(seconds, nanoseconds)?;
            Some(instant.with_timezone(&FixedOffset::east_opt(zone)?))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_fast_path_parses_the_same_dates(text in any_text()) {
            let quick = from_fixed_width(&text);
            let sure = from_any_width(&text);
            // With the offset, which equality ignores.
            let seen = |date: DateTime<FixedOffset>| (date.naive_local(), date.offset().local_minus_utc());
            if quick.is_some() {
                prop_assert_eq!(quick.map(seen), sure.map(seen), "{}", text);
                prop_assert_eq!(quick.as_ref().and_then(to_fixed_width), Some(text));
            } else {
                // The slow way parses leap seconds only.
                prop_assert!(sure.is_none_or(|date| date.nanosecond() >= 1_000_000_000), "{}", text);
            }
        }

        #[test]
        fn the_fast_path_writes_the_same_dates(instant in any_instant()) {
            if let Some(text) = to_fixed_width(&instant) {
                prop_assert_eq!(text, instant.format(FORMAT).to_string());
            } else {
                let is_usual = (0..=9999).contains(&instant.year()) && instant.offset().local_minus_utc() % 60 == 0;
                prop_assert!(!is_usual || instant.nanosecond() >= 1_000_000_000, "{instant}");
            }
        }
    }
}
