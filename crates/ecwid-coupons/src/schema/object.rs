//! [`object!`]: the objects of requests and responses.

use serde::{Deserialize, Serialize, de::Deserializer};

use crate::schema::Field;

/// An object of the API. The types in [`types`](crate::types) that are not enums implement it.
pub trait ApiObject: Sized {
    /// All fields, in the order of the API.
    const FIELDS: &'static [Field];

    /// Reads a request as a server does, with unknown fields and invalid dates.
    #[doc(hidden)]
    fn read_unchecked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// An object that is read as a server reads it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unchecked<T>(pub T);

impl<'de, T: ApiObject> Deserialize<'de> for Unchecked<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read_unchecked(deserializer).map(Self)
    }
}

/// Defines an object of the API: the struct, its JSON form, its setters, and the list of its fields.
///
/// An object is a `response`, a `request`, or a `part` of a request. A `request` is checked when it is read.
///
/// The presence of a field is `required`, `optional` (an `Option`, where null means absent), `patch` (a
/// [`Patch`](crate::Patch)), or `clearable` (a `Patch` whose null is documented). The setters of a field follow in
/// brackets: one that sets a value, one that sets an optional value, and one that clears the field. A deprecated field has
/// deprecated setters. Unknown fields are kept in `extra`.
macro_rules! object {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident as $role:ident {
            $(
                $(#[doc = $doc:literal])*
                $(#[deprecated(note = $note:literal)])?
                $presence:ident $field:ident [$($setter:ident)*]: $type:ty = $json:literal,
            )*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[cfg_attr(
            feature = "schemars",
            derive(schemars::JsonSchema),
            schemars(transform = crate::schema::json_schema::apply_presence)
        )]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[doc = $doc])*
                $(#[deprecated(note = $note)])?
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

        #[allow(deprecated)]
        impl $name {
            /// All fields, in the order of the API.
            pub const FIELDS: &'static [crate::schema::Field] = &[$(
                crate::schema::Field {
                    name: $json,
                    kind: <$type as crate::schema::HasKind>::KIND,
                    required: matches!(stringify!($presence).as_bytes(), b"required"),
                    clearable: matches!(stringify!($presence).as_bytes(), b"clearable"),
                    description: concat!($($doc, "\n"),*).trim_ascii(),
                    // The note, or else the last item.
                    deprecated: [$(Some($note),)? None][0],
                },
            )*];

            $(crate::schema::object::setters! {
                $(#[doc = $doc])* $(#[deprecated(note = $note)])? $presence $field [$($setter)*]: $type = $json
            })*
        }

        /// Shows the fields that are set.
        #[allow(deprecated)]
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

        #[allow(deprecated)]
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
                let object = <Self as crate::schema::ApiObject>::read_unchecked(deserializer)?;
                crate::schema::object::checked!($role object)
            }
        }

        #[allow(deprecated)]
        impl crate::schema::ApiObject for $name {
            const FIELDS: &'static [crate::schema::Field] = Self::FIELDS;

            fn read_unchecked<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
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

        #[allow(deprecated)]
        impl crate::schema::HasKind for $name {
            const KIND: crate::schema::Kind = crate::schema::Kind::Object(Self::FIELDS);

            fn check(&self, object: crate::schema::field_path::FieldPath<'_>) -> Result<(), crate::FieldError> {
                $(if let Some(value) = crate::schema::object::value!($presence value (&self.$field)) {
                    crate::schema::HasKind::check(value, object.field($json))?;
                })*
                Ok(())
            }

            fn normalize(&mut self, object: crate::schema::field_path::FieldPath<'_>) -> Result<(), crate::FieldError> {
                crate::schema::extra::unpack(&mut self.extra, Self::FIELDS, object)?;
                $(if let Some(value) = crate::schema::object::value!($presence value_mut (&mut self.$field)) {
                    crate::schema::HasKind::normalize(value, object.field($json))?;
                })*
                Ok(())
            }
        }
    };
}

/// The setters of a field.
macro_rules! setters {
    (
        $(#[doc = $doc:literal])*
        $(#[deprecated(note = $note:literal)])?
        $presence:ident $field:ident [$set:ident $($more:ident)*]: $type:ty = $json:literal
    ) => {
        $(#[doc = $doc])*
        $(#[deprecated(note = $note)])?
        #[must_use]
        pub fn $set(mut self, value: impl Into<$type>) -> Self {
            let value: $type = value.into();
            self.$field = value.into();
            self
        }
        crate::schema::object::setters! {
            $(#[deprecated(note = $note)])? $presence $field ($($more)*): $type = $json
        }
    };
    ($(#[$attribute:meta])? $presence:ident $field:ident (): $type:ty = $json:literal) => {};
    (
        $(#[$attribute:meta])?
        $presence:ident $field:ident ($maybe:ident $($more:ident)*): $type:ty = $json:literal
    ) => {
        #[doc = concat!("Sets `", $json, "` if there is a value. Otherwise, the field stays as it is.")]
        $(#[$attribute])?
        #[must_use]
        pub fn $maybe(mut self, value: Option<impl Into<$type>>) -> Self {
            if let Some(value) = value {
                let value: $type = value.into();
                self.$field = value.into();
            }
            self
        }
        crate::schema::object::setters! { $(#[$attribute])? $field $($more)*: $json }
    };
    ($(#[$attribute:meta])? $field:ident: $json:literal) => {};
    ($(#[$attribute:meta])? $field:ident $clear:ident: $json:literal) => {
        #[doc = concat!("Removes the value of `", $json, "`.")]
        $(#[$attribute])?
        #[must_use]
        pub fn $clear(mut self) -> Self {
            self.$field = crate::Patch::Clear;
            self
        }
    };
}

/// The result of reading an object.
macro_rules! checked {
    (request $object:ident) => {{
        let mut object = $object;
        crate::schema::HasKind::normalize(&mut object, crate::schema::field_path::FieldPath::ROOT)
            .map_err(serde::de::Error::custom)?;
        Ok(object)
    }};
    ($other:ident $object:ident) => {
        Ok($object)
    };
}

/// The value of a field, if it has one.
macro_rules! value {
    (required $method:ident ($field:expr)) => {
        Some($field)
    };
    (optional value ($field:expr)) => {
        $field.as_ref()
    };
    (optional value_mut ($field:expr)) => {
        $field.as_mut()
    };
    ($patch:ident $method:ident ($field:expr)) => {
        $field.$method()
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

pub(crate) use {checked, finish, found, object, read_as, setters, show, slot, value, write};

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
