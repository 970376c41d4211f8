//! Dates as people write them: `31.12.2026`, `12/31/2026 11:59 PM`.

use ecwid_coupons::chrono::{NaiveDate, NaiveTime};

use super::DateOrder;

/// The forms of a time of day.
const TIMES: [&str; 4] = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];

/// What a date says about the order of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    None,
    Order(DateOrder),
    /// Such as `01/02/2026`.
    Ambiguous,
}

/// Returns what a date says about the order of its column.
pub(super) fn evidence(text: &str) -> Evidence {
    match split(text) {
        Some(Parts { mark, first, second, last, .. }) if mark != '.' && last.len() == 4 && first.len() <= 2 => {
            match (first.parse::<u32>(), second.parse::<u32>()) {
                (Ok(first), Ok(second)) if first == second => Evidence::None,
                (Ok(13..), _) => Evidence::Order(DateOrder::DayMonthYear),
                (_, Ok(13..)) => Evidence::Order(DateOrder::MonthDayYear),
                _ => Evidence::Ambiguous,
            }
        }
        _ => Evidence::None,
    }
}

/// Returns a date as in `2026-12-31`, with its time if it has one. Text in another form stays as it is.
///
/// # Errors
///
/// The day does not exist, or the year has two digits.
pub(super) fn parse(text: &str, order: DateOrder) -> Result<String, String> {
    let Some(Parts { mark, first, second, last, time }) = split(text) else { return Ok(text.trim().to_owned()) };
    if first.len() <= 2 && last.len() != 4 {
        return Err(format!("`{text}` has a year of two digits (expected a date as in `2026-12-31` or `31.12.2026`)"));
    }
    let (year, month, day) = match order {
        _ if first.len() == 4 => (first, second, last),
        DateOrder::MonthDayYear if mark != '.' => (last, first, second),
        _ => (last, second, first),
    };
    let number = |text: &str| text.parse::<u32>().unwrap_or_default();
    let date =
        i32::try_from(number(year)).ok().and_then(|year| NaiveDate::from_ymd_opt(year, number(month), number(day)));
    let date = date.ok_or_else(|| format!("`{text}` is not a day of the calendar"))?;
    if time.is_empty() {
        return Ok(date.to_string());
    }
    let found = TIMES.iter().find_map(|form| NaiveTime::parse_from_str(time, form).ok());
    let time =
        found.ok_or_else(|| format!("`{text}` has a time that cannot be read (expected one as in `23:59:59`)"))?;
    Ok(format!("{date} {}", time.format("%H:%M:%S")))
}

struct Parts<'a> {
    mark: char,
    first: &'a str,
    second: &'a str,
    last: &'a str,
    time: &'a str,
}

/// Splits a date that is not in the form of the API, which begins as in `2026-12-31`.
fn split(text: &str) -> Option<Parts<'_>> {
    let text = text.trim();
    let (date, time) = text.split_once([' ', '\u{a0}', '\u{202f}']).unwrap_or((text, ""));
    let date = date.trim_end_matches(',');
    let mark = date.chars().find(|letter| !letter.is_ascii_digit()).filter(|mark| matches!(mark, '.' | '/' | '-'))?;
    let parts: Vec<_> = date.split(mark).collect();
    let [first, second, last] = parts[..] else { return None };
    let is_number = |text: &&str| (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_iso = mark == '-' && first.len() == 4;
    (!is_iso && [first, second, last].iter().all(is_number)).then_some(Parts {
        mark,
        first,
        second,
        last,
        time: time.trim(),
    })
}

#[cfg(test)]
mod tests {
    use super::{DateOrder::*, Evidence, evidence, parse};

    #[test]
    fn a_date_tells_its_order_or_is_ambiguous() {
        for (text, expected) in [
            ("2026-12-31", Evidence::None),
            ("31.12.2026", Evidence::None),
            ("01.02.2026", Evidence::None),
            ("2026/01/02", Evidence::None),
            ("31/12/2026", Evidence::Order(DayMonthYear)),
            ("12/31/2026 11:59 PM", Evidence::Order(MonthDayYear)),
            ("31-12-2026", Evidence::Order(DayMonthYear)),
            ("01/02/2026", Evidence::Ambiguous),
            ("02/02/2026", Evidence::None),
        ] {
            assert_eq!(evidence(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_become_those_of_the_api() {
        for (text, order, expected) in [
            ("2026-12-31", DayMonthYear, "2026-12-31"),
            ("2026-12-31 10:00:00 +0200", DayMonthYear, "2026-12-31 10:00:00 +0200"),
            ("31.12.2026", MonthDayYear, "2026-12-31"),
            ("1.2.2026", DayMonthYear, "2026-02-01"),
            ("01/02/2026", DayMonthYear, "2026-02-01"),
            ("01/02/2026", MonthDayYear, "2026-01-02"),
            ("2026/01/02", DayMonthYear, "2026-01-02"),
            ("12/31/2026, 11:59 PM", MonthDayYear, "2026-12-31 23:59:00"),
            ("31.12.2026 9:05", DayMonthYear, "2026-12-31 09:05:00"),
            ("29.02.2028", DayMonthYear, "2028-02-29"),
        ] {
            assert_eq!(parse(text, order).as_deref(), Ok(expected), "{text}");
        }
        for text in ["31.12.26", "30.02.2026", "29.02.2026", "31/12/2026 25:00", "13.13.2026", "31.12.2026 noon"] {
            assert!(parse(text, DayMonthYear).is_err(), "{text}");
        }
    }
}
