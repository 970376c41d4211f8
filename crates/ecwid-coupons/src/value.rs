//! The types of values: numbers, dates, references to coupons, lists and filters.

use std::fmt;

use serde::{Deserializer, de::Visitor};

pub(crate) mod any_format;
pub(crate) mod comma_list;
pub(crate) mod coupon_ref;
pub(crate) mod date_time;
pub(crate) mod decimal;
pub(crate) mod json;
#[cfg(feature = "schemars")]
mod json_schema;
pub(crate) mod patch;
pub(crate) mod response_fields;
pub(crate) mod time_filter;

/// Reads a string without copying it.
pub(crate) fn read_text<'de, D, T, F>(deserializer: D, read: F) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    F: FnOnce(&str) -> T,
{
    struct Text<F>(F);

    impl<T, F: FnOnce(&str) -> T> Visitor<'_> for Text<F> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok((self.0)(text))
        }
    }

    deserializer.deserialize_str(Text(read))
}

/// Implements `TryFrom` for text with `FromStr`.
macro_rules! try_from_text {
    ($type:ty, $error:ty: $($text:ty),*) => { $(
        impl TryFrom<$text> for $type {
            type Error = $error;

            fn try_from(text: $text) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
    )* };
}

pub(crate) use try_from_text;

/// Defines an error that is made of its message.
macro_rules! message_error {
    ($(#[doc = $doc:literal])* $name:ident) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::error::Error for $name {}
    };
}

pub(crate) use message_error;
