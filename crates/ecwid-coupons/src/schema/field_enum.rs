//! [`field_enum!`]: the fields of an answer, to ask for some of them.

use std::fmt;

/// Defines the fields of an object that an answer can be asked for, those of the objects in it included.
macro_rules! field_enum {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident {
            $($(#[doc = $field_doc:literal])* $variant:ident = $path:literal,)*
        }
    ) => {
        $(#[doc = $doc])*
        ///
        /// Read from its name in the API or in code, with a dot between an object and a field in it: `catalogLimit.products` or
        /// `catalog_limit.products`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $field_doc])* $variant,)*
        }

        impl $name {
            /// Every field, in the API's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The field's name in the API, after the name of the object it is in.
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

/// A name that is none of the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFieldError {
    message: String,
}

impl UnknownFieldError {
    pub(crate) fn new<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let name: String = name.chars().take(100).collect();
        let known = known.collect::<Vec<_>>().join(", ");
        let message = format!(
            "`{name}` is none of the fields {known}; ask for one that this version does not know by response_fields"
        );
        Self { message }
    }
}

impl fmt::Display for UnknownFieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UnknownFieldError {}

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
