//! [`field_enum!`]: the fields that a request can select.

/// Defines an enum of the fields of an object, including nested fields.
macro_rules! field_enum {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident {
            $(
                $(#[doc = $field_doc:literal])*
                $(#[deprecated(note = $note:literal)])?
                $variant:ident = $path:literal,
            )*
        }
    ) => {
        $(#[doc = $doc])*
        ///
        /// Parsed from the name in the API or in code. The name of a nested field has a dot: `catalogLimit.products` or
        /// `catalog_limit.products`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $field_doc])* $(#[deprecated(note = $note)])? $variant,)*
        }

        #[allow(deprecated)]
        impl $name {
            /// All fields, in the order of the API.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the name in the API. The name of a nested field has a dot.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $path,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::UnknownFieldError;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.iter().find(|field| crate::schema::is_name_of(name, field.as_str()));
                found.copied().ok_or_else(|| {
                    crate::UnknownFieldError::new(name, Self::ALL.iter().map(|field| field.as_str()))
                })
            }
        }

        crate::value::try_from_text!($name, crate::UnknownFieldError: &str, String);

        impl FromIterator<$name> for crate::ResponseFields {
            fn from_iter<I: IntoIterator<Item = $name>>(fields: I) -> Self {
                Self::from_paths(fields.into_iter().map($name::as_str))
            }
        }
    };
}

pub(crate) use field_enum;

crate::value::message_error! {
    /// The error of a name that is not a field.
    UnknownFieldError
}

impl UnknownFieldError {
    pub(crate) fn new<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let name: String = name.chars().take(100).collect();
        let known = known.collect::<Vec<_>>().join(", ");
        Self(format!("unknown field: `{name}` (expected one of {known}); select other fields with `response_fields`"))
    }
}

#[cfg(test)]
mod tests {
    use crate::types::CouponField;

    #[test]
    fn a_field_is_read_from_its_name_in_the_api_and_in_code() {
        for field in CouponField::ALL {
            assert_eq!(field.as_str().parse(), Ok(*field));
        }
        for name in
            ["shippingLimit.shippingMethods", "shipping_limit.shipping_methods", " shippinglimit.shippingmethods "]
        {
            assert_eq!(name.parse(), Ok(CouponField::ShippingLimitShippingMethods), "{name}");
        }
        for name in ["", "_", "catalogLimit.", "catalogLimit(products)", "products", "nmae"] {
            assert!(name.parse::<CouponField>().is_err(), "{name}");
        }
        let error = "x".repeat(10_000).parse::<CouponField>().unwrap_err().to_string();
        assert!(error.len() < 800, "{error}");
    }
}
