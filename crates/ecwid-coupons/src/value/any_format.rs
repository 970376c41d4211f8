//! Exact JSON text in serde_json, and the same values in every other format of serde.
//!
//! serde_json passes on the text of a value, which keeps the digits of numbers. Other formats pass on parsed values. So
//! do the buffers that serde uses for `#[serde(flatten)]` and for tagged and untagged enums.

use std::{any::type_name, fmt, iter};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error, IntoDeserializer as _, MapAccess, SeqAccess, Visitor, value::MapDeserializer},
    forward_to_deserialize_any,
};
use serde_json::value::RawValue;

/// How text is read from a format other than serde_json's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strings {
    /// As text.
    Text,
    /// As a number, if it is one. In some formats, such as query strings, everything is text.
    Numbers,
}

/// Reads a value of any self-describing format as JSON text.
pub(crate) fn read_raw<'de, D: Deserializer<'de>>(inner: D, strings: Strings) -> Result<Box<RawValue>, D::Error> {
    Box::<RawValue>::deserialize(AnyFormat { inner, strings })
}

/// Whether this is a serializer of serde_json, which can write raw text.
pub(crate) fn is_serde_json<S: Serializer>() -> bool {
    // serde has no way to ask for the format. Names of the same type are equal, and others fall back to raw text too.
    type_name::<S::Error>() == type_name::<serde_json::Error>()
}

/// A deserializer of any format, from which a `RawValue` can be read.
struct AnyFormat<D> {
    inner: D,
    strings: Strings,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for AnyFormat<D> {
    type Error = D::Error;

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let Self { inner, strings } = self;
        inner.deserialize_newtype_struct(name, TextVisitor { name, visitor, strings })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.inner.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Passes JSON text to the visitor of a `RawValue`, which expects it in an object with a single field.
struct TextVisitor<V> {
    /// The name of that field, and of the type that the visitor reads.
    name: &'static str,
    visitor: V,
    strings: Strings,
}

impl<'de, V: Visitor<'de>> TextVisitor<V> {
    fn pass<E: Error>(self, text: String) -> Result<V::Value, E> {
        self.visitor.visit_map(MapDeserializer::new(iter::once((self.name, text))))
    }

    fn write<E: Error>(self, value: &(impl Serialize + ?Sized)) -> Result<V::Value, E> {
        let text = serde_json::to_string(value).map_err(E::custom)?;
        self.pass(text)
    }
}

/// Passes on values of types that serde_json writes in the same way.
macro_rules! visit {
    ($($method:ident: $type:ty,)*) => { $(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.write(&value)
        }
    )* };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for TextVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    visit! {
        visit_bool: bool,
        visit_i64: i64,
        visit_i128: i128,
        visit_u64: u64,
        visit_u128: u128,
    }

    fn visit_f32<E: Error>(self, value: f32) -> Result<V::Value, E> {
        // As a 64-bit float, it would have more digits.
        if value.is_finite() { self.write(&value) } else { self.visit_f64(value.into()) }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        if value.is_finite() {
            return self.write(&value);
        }
        Err(E::custom(format_args!("invalid number: `{value}` (expected a finite number)")))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        if self.strings == Strings::Numbers
            && let Some(number) = json_number(text)
        {
            let number = number.to_owned();
            return self.pass(number);
        }
        self.write(text)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.write(&())
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.write(&())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<V::Value, A::Error> {
        let items = iter::from_fn(|| seq.next_element::<Text>().transpose()).collect::<Result<Vec<_>, _>>()?;
        self.write(&items)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<V::Value, A::Error> {
        let Some(first) = map.next_key_seed(Unless(self.name))? else { return self.pass("{}".to_owned()) };
        let Some(first) = first else {
            // serde_json passes on the text.
            return self.visitor.visit_map(Unread { key: Some(self.name), map });
        };
        let mut members = vec![(first, map.next_value()?)];
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        self.write(&Members(members))
    }
}

/// Returns a text without outer whitespace, if it is a JSON number.
pub(crate) fn json_number(text: &str) -> Option<&str> {
    let raw: &RawValue = serde_json::from_str(text).ok()?;
    Some(raw.get()).filter(|json| is_number(json))
}

/// Whether JSON is a number.
pub(crate) fn is_number(json: &str) -> bool {
    json.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// Reads a key, unless it is this one. Does not copy this one.
struct Unless(&'static str);

impl<'de> DeserializeSeed<'de> for Unless {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        super::read_text(deserializer, |key| (key != self.0).then(|| key.to_owned()))
    }
}

/// An object whose first key was read already.
struct Unread<A> {
    key: Option<&'static str>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Unread<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.key.take() {
            Some(key) => seed.deserialize(key.into_deserializer()).map(Some),
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// A part of a value as JSON text.
#[derive(Serialize)]
struct Text(Box<RawValue>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_raw(deserializer, Strings::Text).map(Self)
    }
}

/// The members of an object in order.
struct Members(Vec<(String, Text)>);

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}
