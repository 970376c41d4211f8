//! [`open_enum!`]: string enums that keep unknown values.

/// Defines a string enum of the API.
///
/// An unknown value is kept as `Unknown` and written back unchanged, so that new values do not make responses
/// unreadable.
macro_rules! open_enum {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident {
            $($(#[$variant_attribute:meta])* $variant:ident = $value:literal,)*
        }
    ) => {
        $(#[doc = $doc])*
        ///
        /// An unknown value is kept as [`Self::Unknown`]. Values are equal if their texts are.
        #[derive(Clone, Debug)]
        #[cfg_attr(
            feature = "schemars",
            derive(schemars::JsonSchema),
            schemars(description = concat!($($doc, "\n"),*).trim_ascii())
        )]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$variant_attribute])*
                #[cfg_attr(feature = "schemars", schemars(rename = $value))]
                $variant,
            )*
            /// A value that this version does not know.
            #[cfg_attr(feature = "schemars", schemars(untagged))]
            Unknown(String),
        }

        impl $name {
            /// The known values, in the order of the API.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the value in JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value,
                }
            }
        }

        // `Unknown` may hold the text of a known value.
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name {}

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        /// Known values come first, in the order of the API.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                fn key(value: &$name) -> (usize, &str) {
                    let known = &[$($value),*];
                    (known.iter().position(|known| *known == value.as_str()).unwrap_or(known.len()), value.as_str())
                }
                key(self).cmp(&key(other))
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    _ => Self::Unknown(value.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                value.as_str().into()
            }
        }

        impl crate::value::comma_list::FromText for $name {}

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::value::read_text(deserializer, |text| text.into())
            }
        }

        impl crate::schema::HasKind for $name {
            const KIND: crate::schema::Kind = crate::schema::Kind::Enum(&[$($value),*]);

            fn check(&self, field: crate::schema::field_path::FieldPath<'_>) -> Result<(), crate::FieldError> {
                let known = &[$($value),*];
                if field.allow_unknown() || known.contains(&self.as_str()) {
                    return Ok(());
                }
                Err(crate::schema::unknown_value(field, known, self.as_str()).of(field))
            }
        }
    };
}

pub(crate) use open_enum;
