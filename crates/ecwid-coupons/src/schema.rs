//! The fields and operations of the API, for programs that handle them by name.
//!
//! The command creates its flags and columns from these lists, so it supports new fields of the OpenAPI document.

use std::{collections::BTreeMap, fmt::Display};

use chrono::{DateTime, FixedOffset};

use self::field_path::FieldPath;
use crate::{
    DayBound, Decimal, EcwidDateTime, FieldError, ParseDateError, RawJson,
    text::nearest::{self, compact},
};

pub(crate) mod extra;
pub(crate) mod field_enum;
pub(crate) mod field_error;
pub(crate) mod field_input;
pub(crate) mod field_path;
pub(crate) mod flat;
#[cfg(feature = "schemars")]
pub(crate) mod json_schema;
pub(crate) mod lenient;
pub(crate) mod object;
pub(crate) mod open_enum;
pub(crate) mod place;

pub use self::object::ApiObject;
pub use crate::generated::operation_table::OPERATIONS;

/// A field of an object of the API.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// The name of the field in JSON, such as `discountType`.
    pub name: &'static str,
    /// The kind of value.
    pub kind: Kind,
    /// Whether the object must have the field.
    pub required: bool,
    /// Whether null is known to clear the field in an update. An update can send null for other fields too, but their
    /// effect is not documented.
    pub clearable: bool,
    /// The description of the field.
    pub description: &'static str,
    /// What to use instead, if the field is deprecated.
    pub deprecated: Option<&'static str>,
}

impl Field {
    /// Returns the second of the day that a date without a time means in this field.
    pub fn day_bound(&self) -> DayBound {
        day_bound(self.name)
    }
}

fn day_bound(field: &str) -> DayBound {
    match field {
        "expirationDate" => DayBound::End,
        _ => DayBound::Start,
    }
}

/// Returns the field with this name, in any letter case, with or without underscores: `discountType` or
/// `discount_type`.
pub fn find<'a>(fields: &'a [Field], name: &str) -> Option<&'a Field> {
    fields.iter().find(|field| is_name_of(name, field.name))
}

/// Finds the field that a table column shows. The column `catalog_limit_products` shows `products` in `catalogLimit`.
///
/// Names have the spellings of [`find`], with or without dots between them.
///
/// # Example
///
/// ```
/// use ecwid_coupons::{schema, types::NewCoupon};
///
/// let path = schema::find_column(NewCoupon::FIELDS, "catalog_limit_products").unwrap();
/// let names: Vec<_> = path.iter().map(|field| field.name).collect();
/// assert_eq!(names, ["catalogLimit", "products"]);
/// ```
pub fn find_column(fields: &'static [Field], name: &str) -> Option<Vec<&'static Field>> {
    if let Some(field) = find(fields, name) {
        return Some(vec![field]);
    }
    fields.iter().find_map(|field| {
        let Kind::Object(inside) = field.kind else { return None };
        // All ways to split the name.
        let mut parts = name.char_indices().filter_map(|(at, _)| name.split_at_checked(at));
        parts.find_map(|(first, rest)| {
            let rest = rest.strip_prefix('.').unwrap_or(rest);
            let mut path = find_column(inside, rest).filter(|_| is_name_of(first, field.name))?;
            path.insert(0, field);
            Some(path)
        })
    })
}

/// Returns the kind of the field with this name in JSON.
pub(crate) fn kind_of(fields: &[Field], name: &str) -> Option<Kind> {
    fields.iter().find(|field| field.name == name).map(|field| field.kind)
}

/// Whether a name is a spelling of the name of a field, which may be nested.
pub(crate) fn is_name_of(name: &str, field: &str) -> bool {
    letters(name).eq(letters(field))
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.trim().chars().filter(|letter| *letter != '_').flat_map(char::to_lowercase)
}

/// The minimum similarity of an unknown enum value and a suggestion. It is lower than that of names, because an enum has
/// few values.
const VALUE_LIKENESS: f64 = 0.6;

/// Suggests a field for an unknown name. The name of a nested field has a dot.
///
/// # Example
///
/// ```
/// use ecwid_coupons::{schema, types::NewCoupon};
///
/// assert_eq!(schema::nearest(NewCoupon::FIELDS, "discont_type").as_deref(), Some("discountType"));
/// assert_eq!(schema::nearest(NewCoupon::FIELDS, "products").as_deref(), Some("catalogLimit.products"));
/// assert_eq!(schema::nearest(NewCoupon::FIELDS, "color"), None);
/// ```
pub fn nearest(fields: &[Field], name: &str) -> Option<String> {
    let mut candidates = Vec::new();
    for field in fields {
        candidates.push((field.name.to_owned(), field.name.to_owned()));
        if let Kind::Object(inside) = field.kind {
            for inner in inside {
                let path = format!("{}.{}", field.name, inner.name);
                candidates.extend([(path.clone(), path.clone()), (inner.name.to_owned(), path)]);
            }
        }
    }
    nearest::nearest(candidates, name)
}

/// Returns the known enum value that equals a text in any letter case.
pub(crate) fn known_value(known: &[&'static str], text: &str) -> Option<&'static str> {
    known.iter().find(|known| known.eq_ignore_ascii_case(text.trim())).copied()
}

/// Returns the error of a value that an enum does not have. `field` is the name for the message.
pub(crate) fn unknown_value(field: impl Display, known: &[&'static str], text: &str) -> FieldError {
    let letters = compact(text);
    let alike = known.iter().filter(|known| strsim::jaro_winkler(&compact(known), &letters) >= VALUE_LIKENESS);
    let nearest = alike.min_by_key(|known| strsim::osa_distance(&compact(known), &letters));
    let meant = nearest.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
    FieldError::unknown(format!("{field}: unknown value `{text}` (expected one of {}{meant})", known.join(", ")))
}

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// An exact decimal number.
    Decimal,
    /// Text.
    Text,
    /// One of these texts, or an unknown one.
    Enum(&'static [&'static str]),
    /// A date with a time and a zone offset.
    DateTime,
    /// A list.
    List(&'static Kind),
    /// Values by name.
    Map(&'static Kind),
    /// An object with these fields.
    Object(&'static [Field]),
    /// Any JSON.
    Json,
}

impl Kind {
    /// Converts user input to JSON of this kind.
    ///
    /// Enum values may have any letter case. A date stays as it is, because the meaning of a date without a time
    /// depends on [`Field::day_bound`].
    ///
    /// # Errors
    ///
    /// The text is not a value of this kind. The error says what is expected.
    ///
    /// # Example
    ///
    /// ```
    /// use ecwid_coupons::schema::Kind;
    ///
    /// assert_eq!(Kind::Decimal.parse_text("10.50")?.as_str(), "10.50");
    /// assert_eq!(Kind::Enum(&["ABS", "PERCENT"]).parse_text("percent")?.as_str(), r#""PERCENT""#);
    /// assert_eq!(Kind::Text.parse_text("a\"b")?.as_str(), r#""a\"b""#);
    /// assert!(Kind::Integer.parse_text("1.5").is_err());
    /// # Ok::<(), ecwid_coupons::FieldError>(())
    /// ```
    pub fn parse_text(&self, text: &str) -> Result<RawJson, FieldError> {
        let json = match self {
            Self::Boolean => RawJson::from_value(
                &text
                    .parse::<bool>()
                    .map_err(|_| FieldError::new(format!("invalid boolean: `{text}` (expected `true` or `false`)")))?,
            ),
            Self::Integer => RawJson::from_value(&text.parse::<i64>().map_err(|_| {
                FieldError::new(format!("invalid integer: `{text}` (expected a whole number of at most 18 digits)"))
            })?),
            Self::Decimal => RawJson::from_value(&text.parse::<Decimal>().map_err(FieldError::new)?),
            Self::Text => RawJson::from_value(text),
            Self::Enum(known) => match known_value(known, text) {
                Some(known) => RawJson::from_value(known),
                None => return Err(FieldError::new(format!("expected one of {}", known.join(", ")))),
            },
            Self::DateTime => {
                DayBound::Start.parse(text).map_err(FieldError::new)?;
                RawJson::from_value(text)
            }
            _ => {
                let json = text.parse::<RawJson>();
                return json.map_err(|error| FieldError::new(format!("invalid JSON: {error}")));
            }
        };
        json.map_err(FieldError::new)
    }
}

/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The name of the operation, such as `get_discount_coupon`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path below the base URL, with parameters in braces.
    pub path: &'static str,
    /// The access scopes that the token needs.
    pub scopes: &'static [&'static str],
    /// What to use instead, if the operation is deprecated.
    pub deprecated: Option<&'static str>,
}

/// Returns the operation with this name.
pub(crate) fn operation(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// The type of a field.
pub(crate) trait HasKind {
    /// The kind of its values.
    const KIND: Kind;

    /// Checks a value of a request.
    fn check(&self, _field: FieldPath<'_>) -> Result<(), FieldError> {
        Ok(())
    }

    /// Checks a value of a request that was read, and converts it to the form in which it is sent.
    fn normalize(&mut self, field: FieldPath<'_>) -> Result<(), FieldError> {
        self.check(field)
    }
}

macro_rules! kinds {
    ($($type:ty: $kind:ident,)*) => { $(impl HasKind for $type { const KIND: Kind = Kind::$kind; })* };
}

kinds! {
    bool: Boolean,
    i32: Integer,
    i64: Integer,
    String: Text,
    Decimal: Decimal,
    RawJson: Json,
}

impl HasKind for EcwidDateTime {
    const KIND: Kind = Kind::DateTime;

    fn check(&self, field: FieldPath<'_>) -> Result<(), FieldError> {
        DateTime::<FixedOffset>::try_from(self).map(drop).map_err(|error| invalid_date(field, &error))
    }

    fn normalize(&mut self, field: FieldPath<'_>) -> Result<(), FieldError> {
        *self = self.normalized(day_bound(field.name())).map_err(|error| invalid_date(field, &error))?;
        Ok(())
    }
}

fn invalid_date(field: FieldPath<'_>, error: &ParseDateError) -> FieldError {
    FieldError::new(format!("{field}: {error}")).of(field)
}

impl<T: HasKind> HasKind for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);

    fn check(&self, field: FieldPath<'_>) -> Result<(), FieldError> {
        self.iter().try_for_each(|item| item.check(field))
    }

    fn normalize(&mut self, field: FieldPath<'_>) -> Result<(), FieldError> {
        self.iter_mut().try_for_each(|item| item.normalize(field))
    }
}

impl<T: HasKind> HasKind for BTreeMap<String, T> {
    const KIND: Kind = Kind::Map(&T::KIND);

    fn check(&self, field: FieldPath<'_>) -> Result<(), FieldError> {
        self.values().try_for_each(|value| value.check(field))
    }

    fn normalize(&mut self, field: FieldPath<'_>) -> Result<(), FieldError> {
        self.values_mut().try_for_each(|value| value.normalize(field))
    }
}
