//! [`Json`] and [`JsonObject`], which keep JSON unchanged except for whitespace.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _},
};
use serde_json::value::RawValue;

/// A JSON value as compact text, so that numbers keep their digits.
///
/// Whitespace between tokens is removed, so the text is a single line. Digits, escapes, the order of fields and
/// duplicate names are kept. Values are equal if their texts are.
///
/// # Example
///
/// ```
/// use ecwid_coupons::Json;
///
/// let json: Json = serde_json::from_str("10.00")?;
/// assert_eq!(json.as_str(), "10.00");
/// assert_eq!(json.deserialize::<f64>()?, 10.0);
///
/// let json: Json = serde_json::from_str("{\n  \"points\": 2.50\n}")?;
/// assert_eq!(json.as_str(), r#"{"points":2.50}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Serialize)]
pub struct Json(Box<RawValue>);

impl Json {
    /// Converts a value to JSON.
    ///
    /// # Errors
    ///
    /// The value is not valid JSON, such as a map with keys that are not strings.
    pub fn from_value<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        Self::compact(serde_json::value::to_raw_value(value)?)
    }

    /// Removes whitespace between tokens.
    fn compact(raw: Box<RawValue>) -> Result<Self, serde_json::Error> {
        let text = raw.get();
        if !text.bytes().any(|byte| byte.is_ascii_whitespace()) {
            return Ok(Self(raw));
        }
        let (mut in_string, mut is_escaped) = (false, false);
        let is_kept = |next: &char| {
            let is_kept = in_string || !next.is_ascii_whitespace();
            in_string ^= *next == '"' && !is_escaped;
            is_escaped = *next == '\\' && !is_escaped;
            is_kept
        };
        // No library does this at any depth without parsing numbers.
        let compact: String = text.chars().filter(is_kept).collect();
        RawValue::from_string(compact).map(Self)
    }

    /// Returns the compact text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Converts the JSON to another type.
    ///
    /// # Errors
    ///
    /// The JSON is not a value of that type.
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.as_str())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Json {}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Json {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::compact(Box::<RawValue>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// The members of a JSON object by name. The last value of a duplicate name is kept.
///
/// # Example
///
/// ```
/// use ecwid_coupons::types::Coupon;
///
/// let coupon: Coupon = serde_json::from_str(r#"{"id":1,"loyaltyPoints":2.50}"#)?;
/// assert_eq!(coupon.extra["loyaltyPoints"].as_str(), "2.50");
/// assert_eq!(serde_json::to_string(&coupon)?, r#"{"id":1,"loyaltyPoints":2.50}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub type JsonObject = BTreeMap<String, Json>;

/// Returns the members of the JSON form of an object.
pub(crate) fn members(object: &impl Serialize) -> JsonObject {
    let text = serde_json::to_string(object).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}
