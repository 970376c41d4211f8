//! [`object!`]: the objects of requests and responses.

use serde::{Deserialize, de::Deserializer};

/// Defines an object of the API: the struct, its JSON form, its setters, and the list of its fields.
///
/// The presence of a field is `required`, `optional` (an `Option`, where null means absent), `patch` (a
/// [`Patch`](crate::Patch)), or `clearable` (a `Patch` whose null is documented). Unknown fields are kept in `extra`.
macro_rules! object {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident {
            $($(#[doc = $doc:literal])* $presence:ident $field:ident: $type:ty = $json:literal,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, PartialEq)]
        #[cfg_attr(
            feature = "schemars",
            derive(schemars::JsonSchema),
            schemars(transform = crate::schema::json_schema::apply_presence)
        )]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[doc = $doc])*
                #[cfg_attr(
                    feature = "schemars",
                    schemars(rename = $json, extend("x-presence" = stringify!($presence)))
                )]
                pub $field: crate::schema::object::slot!($presence $type),
            )*
            /// Fields that this version does not know. They are written back unchanged.
            #[cfg_attr(feature = "schemars", schemars(flatten))]
            pub extra: crate::JsonObject,
        }

        impl $name {
            /// All fields, in the order of the API.
            pub const FIELDS: &'static [crate::schema::Field] = &[$(
                crate::schema::Field {
                    name: $json,
                    kind: <$type as crate::schema::HasKind>::KIND,
                    required: matches!(stringify!($presence).as_bytes(), b"required"),
                    clearable: matches!(stringify!($presence).as_bytes(), b"clearable"),
                    description: concat!($($doc, "\n"),*).trim_ascii(),
                },
            )*];

            $(
                $(#[doc = $doc])*
                #[must_use]
                pub fn $field(mut self, value: impl Into<$type>) -> Self {
                    let value: $type = value.into();
                    self.$field = value.into();
                    self
                }
            )*
        }

        /// Shows the fields that are set.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                $(crate::schema::object::show!($presence self shown $field);)*
                if !self.extra.is_empty() {
                    shown.field("extra", &self.extra);
                }
                shown.finish()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;

                let mut map = serializer.serialize_map(None)?;
                $(crate::schema::object::write!($presence self map $field $json);)*
                // A field that has become known is written once.
                for (name, value) in self.extra.iter().filter(|(name, _)| !Self::FIELDS.iter().any(|field| field.name == **name)) {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[allow(non_camel_case_types)]
                #[derive(serde::Deserialize)]
                #[serde(field_identifier)]
                enum Key {
                    $(#[serde(rename = $json)] $field,)*
                    __Unknown(String),
                }

                // Filled in place, because an object would be copied when it is passed between functions.
                #[derive(Default)]
                struct Found {
                    $($field: crate::schema::object::found!($presence $type),)*
                    extra: crate::JsonObject,
                }

                struct Object<'a>(&'a mut Found);
                impl<'de> serde::de::Visitor<'de> for Object<'_> {
                    type Value = ();

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
                        while let Some(key) = map.next_key()? {
                            match key {
                                $(Key::$field => {
                                    let value: crate::schema::object::read_as!($presence $type) = map.next_value()?;
                                    self.0.$field = value.into();
                                })*
                                Key::__Unknown(name) => {
                                    self.0.extra.insert(name, map.next_value()?);
                                }
                            }
                        }
                        Ok(())
                    }
                }
                let mut found = Found::default();
                deserializer.deserialize_map(Object(&mut found))?;
                Ok($name {
                    $($field: crate::schema::object::finish!($presence found $field $json),)*
                    extra: found.extra,
                })
            }
        }

        impl crate::schema::HasKind for $name {
            const KIND: crate::schema::Kind = crate::schema::Kind::Object(Self::FIELDS);
        }
    };
}

/// The type of a field.
macro_rules! slot {
    (required $type:ty) => { $type };
    (optional $type:ty) => { Option<$type> };
    ($patch:ident $type:ty) => { crate::Patch<$type> };
}

/// The type of a field while the object is read.
macro_rules! found {
    (required $type:ty) => { Option<$type> };
    ($presence:ident $type:ty) => { crate::schema::object::slot!($presence $type) };
}

/// The type that a value is read as.
macro_rules! read_as {
    (required $type:ty) => { $type };
    ($other:ident $type:ty) => { crate::schema::object::Nullable<$type> };
}

macro_rules! finish {
    (required $found:ident $field:ident $json:literal) => {
        $found.$field.ok_or_else(|| serde::de::Error::missing_field($json))?
    };
    ($other:ident $found:ident $field:ident $json:literal) => {
        $found.$field
    };
}

macro_rules! write {
    (required $self:ident $map:ident $field:ident $json:literal) => {
        $map.serialize_entry($json, &$self.$field)?;
    };
    (optional $self:ident $map:ident $field:ident $json:literal) => {
        if let Some(value) = &$self.$field {
            $map.serialize_entry($json, value)?;
        }
    };
    ($patch:ident $self:ident $map:ident $field:ident $json:literal) => {
        match &$self.$field {
            crate::Patch::Keep => {}
            crate::Patch::Clear => $map.serialize_entry($json, &())?,
            crate::Patch::Set(value) => $map.serialize_entry($json, value)?,
        }
    };
}

macro_rules! show {
    (required $self:ident $shown:ident $field:ident) => {
        $shown.field(stringify!($field), &$self.$field);
    };
    (optional $self:ident $shown:ident $field:ident) => {
        if let Some(value) = &$self.$field {
            $shown.field(stringify!($field), value);
        }
    };
    ($patch:ident $self:ident $shown:ident $field:ident) => {
        if !$self.$field.is_keep() {
            $shown.field(stringify!($field), &$self.$field);
        }
    };
}

pub(crate) use {finish, found, object, read_as, show, slot, write};

/// A value or null.
pub(crate) struct Nullable<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self)
    }
}

impl<T> From<Nullable<T>> for Option<T> {
    fn from(value: Nullable<T>) -> Self {
        value.0
    }
}

impl<T> From<Nullable<T>> for crate::Patch<T> {
    fn from(value: Nullable<T>) -> Self {
        value.0.map_or(Self::Clear, Self::Set)
    }
}
