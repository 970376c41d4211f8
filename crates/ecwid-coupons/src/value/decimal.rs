//! [`Decimal`]: exact decimal numbers.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;

use crate::value::{
    any_format::{Strings, is_number, is_serde_json, json_number, read_raw},
    message_error, try_from_text,
};

/// An exact decimal number, such as a discount or an amount of money.
///
/// Digits are kept: `10`, `10.5` and `10.00` are written as they were read. A number of more than 28 digits is kept as
/// text and has no [`value`](Self::value). Numbers are compared by their values, of any length, so `10` equals `10.00`.
///
/// To calculate, convert it to a [`rust_decimal::Decimal`], and convert the result back with `From`.
///
/// JSON keeps all digits. Formats other than JSON have a number if it has the same value, and otherwise text, so `10.50`
/// becomes `10.5`. Numbers of such formats may also be read from text.
///
/// # Example
///
/// ```
/// use ecwid_coupons::{Decimal, rust_decimal};
///
/// let price: Decimal = "10.00".parse()?;
/// assert_eq!(price.to_string(), "10.00");
/// assert_eq!(price, Decimal::from(10));
/// assert!(price < "10.50".parse()?);
///
/// let half = rust_decimal::Decimal::try_from(&price)? / rust_decimal::Decimal::TWO;
/// assert_eq!(Decimal::from(half).to_string(), "5.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Decimal(Repr);

#[derive(Clone)]
enum Repr {
    /// A number that is written in the usual form.
    Plain(rust_decimal::Decimal),
    /// A number in another form, such as `1e3`, or a long one. Boxed, because it is rare.
    Literal(Box<Literal>),
}

#[derive(Clone)]
struct Literal {
    text: Box<str>,
    value: Option<rust_decimal::Decimal>,
}

impl Decimal {
    /// Returns the number, unless it has more digits than [`rust_decimal::Decimal`] can hold.
    pub fn value(&self) -> Option<rust_decimal::Decimal> {
        match &self.0 {
            Repr::Plain(value) => Some(*value),
            Repr::Literal(literal) => literal.value,
        }
    }

    /// Returns an error if the digits are those of a 64-bit float that is not a short decimal: the shortest digits of
    /// the float, or all of them.
    #[doc(hidden)]
    pub fn float_error(&self) -> Option<InexactFloatError> {
        let text = self.to_string();
        let float = text.parse().ok().filter(|float: &f64| float.is_finite())?;
        let shortest = float.to_string();
        if shortest.parse::<Self>().is_ok_and(|shortest| shortest == *self) {
            return Self::try_from(float).err();
        }
        // All digits of a float such as 0.1 are more than 50.
        let all = format!("{float:.1074}");
        let is_all = text.contains('.') && all.trim_end_matches('0') == text.trim_end_matches('0');
        is_all.then(|| {
            let error = Self::try_from(float).err();
            let nearest = error.map_or(Some(shortest), |error| error.nearest);
            InexactFloatError { text, nearest, problem: ROUNDING_ERRORS }
        })
    }

    /// Takes a valid JSON number.
    fn from_literal(text: &str) -> Self {
        from_few_digits(text).map_or_else(|| Self::from_any_literal(text), |value| Self(Repr::Plain(value)))
    }

    fn from_any_literal(text: &str) -> Self {
        // `parse` would round the 29th digit.
        match rust_decimal::Decimal::from_str_exact(text) {
            Ok(value) if value.to_string() == text => Self(Repr::Plain(value)),
            value => {
                let value = value.ok().or_else(|| from_scientific(text));
                Self(Repr::Literal(Box::new(Literal { text: text.into(), value })))
            }
        }
    }
}

/// Reads a short JSON number such as `10` or `10.50`, which is written in the same form.
fn from_few_digits(text: &str) -> Option<rust_decimal::Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    // More digits may exceed 64 bits.
    if digits.len() > 18 {
        return None;
    }
    let (mut number, mut scale) = (0_i64, None);
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => {
                number = number * 10 + i64::from(byte - b'0');
                scale = scale.map(|scale| scale + 1);
            }
            b'.' => scale = Some(0),
            _ => return None,
        }
    }
    let is_negative = digits.len() < text.len();
    // The general way keeps the sign of a zero.
    if is_negative && number == 0 {
        return None;
    }
    Some(rust_decimal::Decimal::new(if is_negative { -number } else { number }, scale.unwrap_or(0)))
}

/// Reads `1e3` and `1.5E-2`, if the value fits without rounding.
fn from_scientific(text: &str) -> Option<rust_decimal::Decimal> {
    let (mantissa, _) = text.split_once(['e', 'E'])?;
    rust_decimal::Decimal::from_str_exact(mantissa).ok()?;
    rust_decimal::Decimal::from_scientific(text).ok()
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Plain(value) => value.fmt(f),
            Repr::Literal(literal) => f.pad(&literal.text),
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.value(), other.value()) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => Digits::of(self).cmp(&Digits::of(other)),
        }
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Digits::of(self).hash(state);
    }
}

/// A number of any length as 0.`digits` times ten to the power of `exponent`. Numbers with the same value have the same
/// digits.
#[derive(PartialEq, Eq, Hash)]
struct Digits {
    is_negative: bool,
    exponent: i128,
    /// Without zeros at either end.
    digits: String,
}

impl Digits {
    fn of(number: &Decimal) -> Self {
        let text = number.to_string();
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
        let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let digits = significant.trim_end_matches('0');
        if digits.is_empty() {
            return Self { is_negative: false, exponent: 0, digits: String::new() };
        }
        // Larger exponents are all the same.
        let largest = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        let exponent = i128::from(exponent.parse().unwrap_or(largest));
        let places = whole.len() as i128 - (all.len() - significant.len()) as i128;
        Self { is_negative: unsigned.len() < mantissa.len(), exponent: exponent + places, digits: digits.to_owned() }
    }

    /// Orders numbers: negative ones, zero, positive ones.
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |it: &Self| {
            if it.digits.is_empty() {
                0
            } else if it.is_negative {
                -1
            } else {
                1
            }
        };
        let size = (self.exponent, &self.digits).cmp(&(other.exponent, &other.digits));
        sign(self).cmp(&sign(other)).then(if self.is_negative { size.reverse() } else { size })
    }
}

impl From<rust_decimal::Decimal> for Decimal {
    fn from(value: rust_decimal::Decimal) -> Self {
        Self(Repr::Plain(value))
    }
}

message_error! {
    /// The error of a [`Decimal`] that a [`rust_decimal::Decimal`] cannot hold.
    DecimalRangeError
}

impl TryFrom<&Decimal> for rust_decimal::Decimal {
    type Error = DecimalRangeError;

    /// Returns the number. Fails if it has more than 28 digits.
    fn try_from(number: &Decimal) -> Result<Self, Self::Error> {
        let error = || DecimalRangeError(format!("decimal out of range: `{number}` (expected at most 28 digits)"));
        number.value().ok_or_else(error)
    }
}

impl TryFrom<Decimal> for rust_decimal::Decimal {
    type Error = DecimalRangeError;

    /// Returns the number. Fails if it has more than 28 digits.
    fn try_from(number: Decimal) -> Result<Self, Self::Error> {
        (&number).try_into()
    }
}

macro_rules! from_integers {
    ($($integer:ty)*) => { $(
        impl From<$integer> for Decimal {
            fn from(value: $integer) -> Self {
                Self(Repr::Plain(value.into()))
            }
        }
    )* };
}

from_integers! { i8 i16 i32 i64 u8 u16 u32 u64 }

/// The maximum number of decimal places of a float that is converted.
const FLOAT_PLACES: usize = 9;

macro_rules! from_floats {
    ($($float:ty: $digits:literal)*) => { $(
        impl TryFrom<$float> for Decimal {
            type Error = InexactFloatError;

            /// Takes the shortest digits of the float, unless they look like a rounding error.
            fn try_from(value: $float) -> Result<Self, Self::Error> {
                let text = value.to_string();
                let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
                let whole = whole.trim_start_matches(['-', '0']).len();
                let digits = if whole == 0 { fraction.trim_start_matches('0').len() } else { whole + fraction.len() };
                let is_short = fraction.is_empty() || (digits <= $digits && fraction.len() <= FLOAT_PLACES);
                if let Some(decimal) = text.parse().ok().filter(|_| is_short) {
                    return Ok(decimal);
                }
                let places = FLOAT_PLACES.min(usize::saturating_sub($digits, whole));
                let rounded = format!("{value:.places$}");
                let nearest = if places > 0 { rounded.trim_end_matches('0').trim_end_matches('.') } else { &rounded };
                let nearest = nearest.contains(|digit| matches!(digit, '1'..='9')).then(|| nearest.to_owned());
                let problem = if digits > $digits { ROUNDING_ERRORS } else { "has more than 9 decimal places" };
                Err(InexactFloatError { text, nearest, problem })
            }
        }
    )* };
}

// The digits that a float keeps of any decimal (almost any, for `f32`).
from_floats! { f64: 15 f32: 7 }

/// The error of a float that is not a short decimal, such as `0.1 + 0.2`.
///
/// An `f64` may have 15 digits, and an `f32` 7 digits, with at most 9 decimal places. Whole numbers may have any
/// length.
///
/// # Example
///
/// ```
/// use ecwid_coupons::Decimal;
///
/// assert_eq!(Decimal::try_from(0.1_f64)?.to_string(), "0.1");
/// let error = Decimal::try_from(0.1_f64 + 0.2).unwrap_err();
/// assert_eq!(error.to_string(), "the float `0.30000000000000004` has rounding errors (did you mean `0.3`?)");
/// # Ok::<(), ecwid_coupons::InexactFloatError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InexactFloatError {
    text: String,
    nearest: Option<String>,
    problem: &'static str,
}

const ROUNDING_ERRORS: &str = "has rounding errors";

impl InexactFloatError {
    /// Returns the decimal that was probably meant.
    #[doc(hidden)]
    pub fn nearest(&self) -> Option<&str> {
        self.nearest.as_deref()
    }
}

impl fmt::Display for InexactFloatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the float `{}` {}", self.text, self.problem)?;
        match &self.nearest {
            Some(nearest) => write!(f, " (did you mean `{nearest}`?)"),
            None => f.write_str(" (expected a number such as `10` or `10.5`)"),
        }
    }
}

impl std::error::Error for InexactFloatError {}

message_error! {
    /// The error of a text that is not a decimal number.
    ParseDecimalError
}

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error =
            || ParseDecimalError(format!("invalid decimal: `{text}` (expected a number such as `10` or `10.50`)"));
        // Only a JSON number can be sent.
        json_number(text).map(Self::from_literal).ok_or_else(error)
    }
}

try_from_text!(Decimal, ParseDecimalError: &str, String);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_string();
        if is_serde_json::<S>() {
            // Raw text is the only way to write a number with serde_json without a float.
            let raw = RawValue::from_string(text).map_err(serde::ser::Error::custom)?;
            return raw.serialize(serializer);
        }
        if let Ok(integer) = text.parse() {
            return serializer.serialize_i64(integer);
        }
        if let Ok(integer) = text.parse() {
            return serializer.serialize_u64(integer);
        }
        let float = text.parse().ok().filter(|float: &f64| float.is_finite());
        match float.filter(|float| float.to_string().parse().is_ok_and(|same: Self| same == *self)) {
            Some(float) => serializer.serialize_f64(float),
            None => serializer.serialize_str(&text),
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Raw text keeps the digits, which a float would round.
        let raw = read_raw(deserializer, Strings::Numbers)?;
        let json = raw.get();
        if is_number(json) {
            Ok(Self::from_literal(json))
        } else {
            Err(de::Error::custom(format_args!("invalid type: {}, expected a number", what(json))))
        }
    }
}

/// Returns the kind of a JSON value, for a message.
fn what(json: &str) -> &str {
    match json.as_bytes().first() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        _ => json,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_fast_path_reads_the_same_numbers(text in "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?") {
            if let Some(quick) = from_few_digits(&text) {
                let Repr::Plain(sure) = Decimal::from_any_literal(&text).0 else { panic!("{text} is kept as text") };
                // Equal numbers may have other digits.
                prop_assert_eq!(quick.serialize(), sure.serialize(), "{}", text);
            } else {
                prop_assert!(text.len() > 18 || text.contains(['e', 'E', '-']), "{} has few digits", text);
            }
        }
    }
}
