//! Numbers: digits are kept, and the value agrees with them.

use ecwid_coupons::Decimal;

/// Reads each line as a number, and compares the first two.
pub fn check(data: &[u8]) {
    let Some(text) = crate::text(data) else { return };
    let numbers: Vec<_> = text.lines().take(2).filter_map(number).collect();
    if let [(left, left_digits), (right, right_digits)] = &numbers[..]
        && left.value().is_some()
        && right.value().is_some()
    {
        assert_eq!(left == right, left_digits == right_digits, "{left} and {right}");
    }
}

/// Reads and checks a number. Returns it with its digits.
fn number(text: &str) -> Option<(Decimal, Digits)> {
    let number = text.parse::<Decimal>();
    let json = serde_json::from_str::<Decimal>(text);
    assert_eq!(number.is_ok(), json.is_ok(), "{text}");
    let (number, json) = (number.ok()?, json.ok()?);
    let literal = text.trim();
    assert_eq!((number.to_string(), json.to_string()), (literal.to_owned(), literal.to_owned()));
    assert_eq!(number, json);
    assert_eq!(serde_json::to_string(&number).expect("it can be written"), literal);

    let digits = Digits::of(literal);
    match number.value() {
        Some(value) => assert_eq!(Digits::of(&value.to_string()), digits, "{literal}"),
        None => assert!(!fits(literal), "{literal} has no value"),
    }
    Some((number, digits))
}

/// Whether the number fits into 28 digits.
fn fits(literal: &str) -> bool {
    let (mantissa, exponent) = literal.split_once(['e', 'E']).unwrap_or((literal, "0"));
    let Ok(exponent) = exponent.parse::<i8>() else { return false };
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count() as i64;
    let decimals = mantissa.split_once('.').map_or(0, |(_, fraction)| digits(fraction)) - i64::from(exponent);
    decimals <= 28 && digits(mantissa) + (-decimals).max(0) <= 28
}

/// The digits of a number without outer zeros, and the power of ten of the last digit.
#[derive(Debug, PartialEq)]
struct Digits {
    negative: bool,
    digits: String,
    exponent: i128,
}

impl Digits {
    /// Reads the digits of a JSON number.
    fn of(literal: &str) -> Self {
        let (mantissa, exponent) = literal.split_once(['e', 'E']).unwrap_or((literal, "0"));
        let negative = mantissa.starts_with('-');
        let (whole, fraction) =
            mantissa.trim_start_matches('-').split_once('.').unwrap_or((mantissa.trim_start_matches('-'), ""));
        let all = format!("{whole}{fraction}");
        let all = all.trim_start_matches('0');
        let digits = all.trim_end_matches('0');
        if digits.is_empty() {
            return Self { negative: false, digits: String::new(), exponent: 0 };
        }
        // An exponent that is too large here is too large for a value.
        let exponent: i128 = exponent.parse().unwrap_or(i128::from(i64::MAX));
        let exponent =
            exponent.saturating_sub(fraction.len() as i128).saturating_add((all.len() - digits.len()) as i128);
        Self { negative, digits: digits.to_owned(), exponent }
    }
}
