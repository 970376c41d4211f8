//! Dates: the API's format is read like plain arithmetic does, and any other text is kept.

use ecwid_coupons::EcwidDateTime;

/// Reads the text as a date of a response and as a date of a user.
pub fn check(data: &[u8]) {
    let Some(text) = crate::text(data) else { return };
    check_response(text);
    check_user(text);
}

/// A date of a response is written back unchanged.
fn check_response(text: &str) {
    let json = serde_json::to_string(text).expect("a text can be written");
    let date: EcwidDateTime = serde_json::from_str(&json).expect("any text is kept");
    assert_eq!(date.to_string(), text);
    assert_eq!(serde_json::to_string(&date).expect("it can be written"), json);
    assert_eq!(date, date.clone());
    if let Some(seconds) = seconds(text) {
        assert_eq!(date.instant().map(|instant| instant.timestamp()), Some(seconds), "{text}");
        assert_eq!(text.parse::<EcwidDateTime>().as_ref(), Ok(&date));
    }
}

/// A date of a user is sent in the API's format, and stays the same date.
fn check_user(text: &str) {
    let Ok(date) = text.parse::<EcwidDateTime>() else { return };
    let written = date.to_string();
    let json = serde_json::to_string(&date).expect("it can be written");
    let back: EcwidDateTime = serde_json::from_str(&json).expect("it was written");
    assert_eq!(back, date, "{text} became {written}");
    assert_eq!(written.parse::<EcwidDateTime>().as_ref(), Ok(&date), "{text} became {written}");
    assert!(back.instant().is_some(), "{text} became {written}, which is no date");
}

/// Returns the seconds since 1970 of a date in the API's format, such as `2024-06-06 08:00:00 +0400`.
fn seconds(text: &str) -> Option<i64> {
    const SHAPE: &[u8; 25] = b"0000-00-00 00:00:00 +0000";
    let bytes = text.as_bytes();
    let fits = |(byte, shape): (&u8, &u8)| match shape {
        b'0' => byte.is_ascii_digit(),
        b'+' => matches!(byte, b'+' | b'-'),
        other => byte == other,
    };
    if bytes.len() != SHAPE.len() || !bytes.iter().zip(SHAPE).all(fits) {
        return None;
    }
    let number = |from: usize, length: usize| text[from..from + length].parse::<i64>().expect("they are digits");
    let (year, month, day) = (number(0, 4), number(5, 2), number(8, 2));
    let (hour, minute, second) = (number(11, 2), number(14, 2), number(17, 2));
    let (zone_hours, zone_minutes) = (number(21, 2), number(23, 2));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = *lengths.get(usize::try_from(month - 1).ok()?)?;
    let is_clock = hour < 24 && minute < 60 && second < 60 && zone_hours < 24 && zone_minutes < 60;
    // A zero offset is never written with a minus.
    if day < 1 || day > length || !is_clock || text.ends_with("-0000") {
        return None;
    }
    let leaps_before = |year: i64| year / 4 - year / 100 + year / 400;
    let days_before_year = |year: i64| year * 365 + if year > 0 { leaps_before(year - 1) + 1 } else { 0 };
    let days_before_month: i64 = lengths[..usize::try_from(month - 1).ok()?].iter().sum();
    let days = days_before_year(year) - days_before_year(1970) + days_before_month + day - 1;
    let zone = (zone_hours * 60 + zone_minutes) * 60 * if bytes[20] == b'-' { -1 } else { 1 };
    Some(days * 86_400 + hour * 3600 + minute * 60 + second - zone)
}
