//! [`Json`] and [`JsonObject`], which keep JSON as it was received, except for whitespace.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _},
};
use serde_json::value::RawValue;

/// Any JSON value, kept as its compact text, so that no digit of a number is lost.
///
/// The text has no whitespace between its parts, so it has no line break and fits on a line of JSON Lines. All else stands as
/// it came: digits, escapes, the order of fields, and names that occur twice. Two are equal when their compact texts are.
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
    /// Writes a value as JSON.
    ///
    /// # Errors
    ///
    /// When the value cannot be written as JSON, such as a map whose keys are no strings.
    pub fn from_value<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        Self::compact(serde_json::value::to_raw_value(value)?)
    }

    /// Takes the whitespace between the parts of a JSON text out of it.
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
        // No library takes it out exactly, at any depth and without reading numbers.
        let compact: String = text.chars().filter(is_kept).collect();
        RawValue::from_string(compact).map(Self)
    }

    /// The compact JSON text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Reads the JSON as a value of another type.
    ///
    /// # Errors
    ///
    /// When the JSON is not of that type.
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

/// The members of a JSON object, by name. Of a name that occurs twice, the last value is kept.
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

/// Returns the members that an object is written as.
pub(crate) fn members(object: &impl Serialize) -> JsonObject {
    let text = serde_json::to_string(object).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}
