//! [`RawJson`] and [`JsonObject`], which keep JSON unchanged except for whitespace.

use std::{
    collections::BTreeMap,
    fmt,
    hash::{Hash, Hasher},
    iter,
    marker::PhantomData,
    str::FromStr,
};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error as _, MapAccess, Visitor},
    ser::Error as _,
};
use serde_json::value::RawValue;

use crate::{
    Decimal,
    value::any_format::{Strings, is_serde_json, read_raw},
};

/// A JSON value as compact text, so that numbers keep their digits.
///
/// Whitespace between tokens is removed, so the text is a single line. Digits, escapes, the order of fields and
/// duplicate names are kept. Values are equal if their texts are.
///
/// In formats other than JSON, it is a value of that format: a number, a list, a map and so on.
///
/// # Example
///
/// ```
/// use ecwid_coupons::RawJson;
///
/// let json: RawJson = serde_json::from_str("10.00")?;
/// assert_eq!(json.as_str(), "10.00");
/// assert_eq!(json.deserialize::<f64>()?, 10.0);
///
/// let json: RawJson = serde_json::from_str("{\n  \"points\": 2.50\n}")?;
/// assert_eq!(json.as_str(), r#"{"points":2.50}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
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

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for RawJson {}

impl Hash for RawJson {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RawJson {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text)
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_serde_json::<S>() {
            return self.0.serialize(serializer);
        }
        fn read<T: DeserializeOwned, E: serde::ser::Error>(json: &RawJson) -> Result<T, E> {
            json.deserialize().map_err(E::custom)
        }
        match self.as_str().as_bytes().first() {
            Some(b'{') => {
                let members: JsonMembers = read(self)?;
                serializer.collect_map(members.0)
            }
            Some(b'[') => serializer.collect_seq(read::<Vec<Self>, S::Error>(self)?),
            Some(b'"') => serializer.serialize_str(&read::<String, S::Error>(self)?),
            Some(b't') => serializer.serialize_bool(true),
            Some(b'f') => serializer.serialize_bool(false),
            Some(b'n') => serializer.serialize_unit(),
            _ => self.as_str().parse::<Decimal>().map_err(S::Error::custom)?.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::compact(read_raw(deserializer, Strings::Text)?).map_err(D::Error::custom)
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
pub type JsonObject = BTreeMap<String, RawJson>;

/// The members of a JSON object, in order and with duplicates.
#[derive(Clone, Debug)]
pub struct JsonMembers<V = RawJson>(pub Vec<(String, V)>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for JsonMembers<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Members<V> {
            type Value = JsonMembers<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonMembers<V>, A::Error> {
                iter::from_fn(|| map.next_entry().transpose()).collect::<Result<_, _>>().map(JsonMembers)
            }
        }
        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// Returns the members of the JSON form of an object.
pub(crate) fn members(object: &impl Serialize) -> JsonObject {
    let text = serde_json::to_string(object).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}
