//! [`FieldInput`]: the fields of a coupon by name, from people, programs and tables.

use std::{fmt, iter};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};

use crate::{
    EcwidDateTime, Json, JsonObject,
    error::json::{JsonProblem, read_json},
    schema::{self, Field, Kind, field_error::FieldError},
    types::{Coupon, NewCoupon},
};

/// Collects the fields of a [`NewCoupon`] or a [`CouponUpdate`](crate::types::CouponUpdate) by name.
///
/// Names have the spelling of the API, of code, or of a column of a flat table: `catalogLimit`, `catalog_limit`,
/// `catalog_limit_products`. Unknown fields are members of `extra`. Enum values may have any letter case.
/// [`Field::day_bound`] says what a date without a time means.
///
/// Fields that the store sets are left out, so that a coupon can be copied: see [`Coupon::is_set_by_store`].
///
/// # Example
///
/// ```
/// use ecwid_coupons::{FieldInput, Json, types::NewCoupon};
///
/// let mut input = FieldInput::new(NewCoupon::FIELDS);
/// for (name, json) in [("name", r#""10% OFF""#), ("code", r#""TEN""#), ("discount_type", r#""percent""#), ("orderCount", "3")] {
///     input.add(name, json.parse::<Json>()?)?;
/// }
/// assert_eq!(input.left_out(), ["orderCount"]);
/// let coupon: NewCoupon = input.read()?;
/// assert_eq!(serde_json::to_string(&coupon)?, r#"{"name":"10% OFF","code":"TEN","discountType":"PERCENT"}"#);
///
/// let error = input.add("discuont", "10".parse::<Json>()?).unwrap_err();
/// assert_eq!(error.to_string(), "unknown field: `discuont` (did you mean `discount`?)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FieldInput {
    fields: &'static [Field],
    /// The prefix of the names of a nested object, such as `catalogLimit.`.
    prefix: String,
    allow_unknown: bool,
    values: JsonObject,
    left_out: Vec<String>,
    days: Vec<(String, EcwidDateTime)>,
}

impl FieldInput {
    /// Returns an empty input for an object with these fields.
    pub fn new(fields: &'static [Field]) -> Self {
        Self {
            fields,
            prefix: String::new(),
            allow_unknown: false,
            values: JsonObject::new(),
            left_out: Vec::new(),
            days: Vec::new(),
        }
    }

    /// Accepts unknown names and unknown enum values.
    #[must_use]
    pub fn allow_unknown(mut self) -> Self {
        self.allow_unknown = true;
        self
    }

    /// Adds a field by its name.
    ///
    /// # Errors
    ///
    /// - The name or an enum value is unknown.
    /// - The field was added before, in any spelling.
    /// - The value of a date field is not a date.
    pub fn add(&mut self, name: &str, value: Json) -> Result<(), FieldError> {
        if name == "extra" {
            return self.add_extra(&value);
        }
        let shown = format!("{}{name}", self.prefix);
        let Some(path) = schema::find_column(self.fields, name) else {
            if let Some(path) = schema::find_column(Coupon::FIELDS, name).filter(|_| self.is_complete()) {
                self.leave_out(names(&path), &value);
                return Ok(());
            }
            if self.allow_unknown {
                return self.insert_unknown(name, value);
            }
            let meant = schema::nearest(self.fields, name).map(|meant| format!(" (did you mean `{meant}`?)"));
            return Err(FieldError::unknown(format!("unknown field: `{shown}`{}", meant.unwrap_or_default())));
        };
        if path.len() > 1 && value.as_str() == "null" {
            // A table has null for a missing field.
            return Ok(());
        }
        let value = self.value(&path, value)?;
        if let [field] = path[..]
            && self.is_complete()
            && Coupon::is_set_by_store(field.name, &value)
        {
            let shown = if matches!(field.kind, Kind::Enum(_)) {
                format!("{} {}", field.name, unquoted(&value))
            } else {
                field.name.to_owned()
            };
            self.leave_out(shown, &value);
            return Ok(());
        }
        put(&mut self.values, &path, value, false).map_err(|problem| FieldError::new(format!("{shown}: {problem}")))
    }

    /// Sets a field, even if it was added before or is set by the store.
    ///
    /// # Errors
    ///
    /// - An enum value is unknown, or the value of a date field is not a date.
    /// - The field is nested in a value that is not an object.
    pub fn set(&mut self, path: &[&'static Field], value: Json) -> Result<(), FieldError> {
        let name = names(path);
        self.days.retain(|(day, _)| *day != name);
        self.left_out.retain(|left| left.split(' ').next() != Some(name.as_str()));
        let value = self.value(path, value)?;
        put(&mut self.values, path, value, true).map_err(|problem| FieldError::new(format!("{name}: {problem}")))
    }

    /// Returns the values, keyed by the API's field names.
    pub fn values(&self) -> &JsonObject {
        &self.values
    }

    /// Returns the names of the fields that were left out because the store sets them. A status is followed by its
    /// value.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// Returns the fields whose date was given without a time, each with the instant that is sent.
    pub fn days(&self) -> &[(String, EcwidDateTime)] {
        &self.days
    }

    /// Reads the object from its fields.
    ///
    /// # Errors
    ///
    /// A required field is missing, or a value does not have the kind of its field.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, FieldError> {
        read_fields(&self.values).map_err(FieldError::new)
    }

    /// Whether this is a coupon, and not a nested object.
    fn is_complete(&self) -> bool {
        self.prefix.is_empty()
    }

    fn leave_out(&mut self, name: String, value: &Json) {
        // A table has null for a missing field.
        if value.as_str() != "null" {
            self.left_out.push(name);
        }
    }

    fn add_extra(&mut self, value: &Json) -> Result<(), FieldError> {
        let wrong = || {
            FieldError::new(format!("{}extra: invalid value (expected a JSON object of unknown fields)", self.prefix))
        };
        if value.as_str() == "null" {
            return Ok(());
        }
        // A table has the object as text.
        let text = value.deserialize::<String>();
        let members = match &text {
            Ok(text) => serde_json::from_str::<JsonMembers>(text),
            Err(_) => value.deserialize(),
        };
        for (name, value) in members.map_err(|_| wrong())?.0 {
            if schema::find_column(self.fields, &name).is_some() {
                return Err(FieldError::new(format!(
                    "{}extra: `{name}` is a known field (expected outside of `extra`)",
                    self.prefix
                )));
            }
            self.insert_unknown(&name, value)?;
        }
        Ok(())
    }

    fn insert_unknown(&mut self, name: &str, value: Json) -> Result<(), FieldError> {
        match self.values.insert(name.to_owned(), value) {
            None => Ok(()),
            Some(_) => Err(FieldError::new(format!("{}{name}: {TWICE}", self.prefix))),
        }
    }

    /// Converts a value to the form in which it is sent.
    fn value(&mut self, path: &[&'static Field], value: Json) -> Result<Json, FieldError> {
        let Some(field) = path.last() else { return Ok(value) };
        let name = format!("{}{}", self.prefix, names(path));
        match field.kind {
            Kind::Enum(known) => {
                let Ok(text) = value.deserialize::<String>() else { return Ok(value) };
                match schema::known_value(known, &text) {
                    Some(known) => Json::from_value(known).map_err(FieldError::new),
                    None if self.allow_unknown => Ok(value),
                    None => {
                        let known = known.join(", ");
                        Err(FieldError::unknown(format!("{name}: unknown value `{text}` (expected one of {known})")))
                    }
                }
            }
            Kind::DateTime => {
                let Ok(text) = value.deserialize::<String>() else { return Ok(value) };
                let bound = field.day_bound();
                let date = bound.parse(&text).map_err(|error| FieldError::new(format!("{name}: {error}")))?;
                if text.parse::<EcwidDateTime>().is_err() {
                    self.days.push((name, date.clone()));
                }
                Json::from_value(&date).map_err(FieldError::new)
            }
            Kind::Object(fields) => {
                if !value.as_str().starts_with('{') {
                    return Ok(value);
                }
                let members: JsonMembers =
                    value.deserialize().map_err(|error| FieldError::new(format!("{name}: {error}")))?;
                let mut inner =
                    Self { prefix: format!("{name}."), allow_unknown: self.allow_unknown, ..Self::new(fields) };
                for (name, value) in members.0 {
                    inner.add(&name, value)?;
                }
                Json::from_value(&inner.values).map_err(FieldError::new)
            }
            _ => Ok(value),
        }
    }
}

/// Reads an object from its fields.
///
/// # Errors
///
/// A required field is missing, or a value does not have the kind of its field.
pub fn read_fields<T: DeserializeOwned>(fields: &JsonObject) -> Result<T, JsonProblem> {
    let text = serde_json::to_string(fields).expect("members are JSON");
    // The caller never saw this text, so its positions are meaningless.
    read_json(text.as_bytes()).map_err(JsonProblem::placeless)
}

const TWICE: &str = "it is given twice, possibly in two spellings";

/// Puts a value into an object, or into a nested object.
fn put(values: &mut JsonObject, path: &[&'static Field], value: Json, replace: bool) -> Result<(), String> {
    let [field, rest @ ..] = path else { return Ok(()) };
    let there = values.get(field.name).filter(|json| json.as_str() != "null");
    if rest.is_empty() {
        let value = match there {
            None => value,
            Some(_) if replace => value,
            // Parts of an object may be added one after another.
            Some(there) => {
                let parts = |json: &Json| json.deserialize::<JsonObject>().map_err(|_| TWICE.to_owned());
                let (mut all, added) = (parts(there)?, parts(&value)?);
                for (name, value) in added {
                    if all.insert(name, value).is_some() {
                        return Err(TWICE.to_owned());
                    }
                }
                Json::from_value(&all).map_err(|error| error.to_string())?
            }
        };
        values.insert(field.name.to_owned(), value);
        return Ok(());
    }
    let inner = there.map_or_else(|| Ok(JsonObject::new()), Json::deserialize);
    let mut inner = inner.map_err(|_| format!("`{}` was given before and is not an object", field.name))?;
    put(&mut inner, rest, value, replace)?;
    values.insert(field.name.to_owned(), Json::from_value(&inner).map_err(|error| error.to_string())?);
    Ok(())
}

fn names(path: &[&'static Field]) -> String {
    path.iter().map(|field| field.name).collect::<Vec<_>>().join(".")
}

fn unquoted(value: &Json) -> String {
    value.deserialize().unwrap_or_else(|_| value.to_string())
}

impl NewCoupon {
    /// Builds the coupon for a create request from field names and values. Names have the spellings of [`FieldInput`].
    ///
    /// # Errors
    ///
    /// - A field is unknown or given twice.
    /// - `name` or `code` is missing.
    /// - A value does not have the kind of its field.
    pub fn from_fields<N: AsRef<str>>(fields: impl IntoIterator<Item = (N, Json)>) -> Result<Self, FieldError> {
        let mut input = FieldInput::new(Self::FIELDS);
        for (name, value) in fields {
            input.add(name.as_ref(), value)?;
        }
        input.read()
    }
}

/// The members of a JSON object, in order and with duplicates.
#[derive(Clone, Debug)]
pub struct JsonMembers(pub Vec<(String, Json)>);

impl<'de> Deserialize<'de> for JsonMembers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = JsonMembers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonMembers, A::Error> {
                iter::from_fn(|| map.next_entry().transpose()).collect::<Result<_, _>>().map(JsonMembers)
            }
        }
        deserializer.deserialize_map(Members)
    }
}
