//! [`FieldInput`]: the fields of a coupon by name, from people, programs and tables.

use crate::{
    EcwidDateTime, JsonObject, RawJson,
    error::json::{JsonProblem, read_json},
    schema::{
        self, Field, Kind,
        extra::{self, TWICE},
        field_error::FieldError,
        object::{ApiObject, Unchecked},
    },
    types::{Coupon, NewCoupon},
    value::json::JsonMembers,
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
/// use ecwid_coupons::{FieldInput, RawJson, types::NewCoupon};
///
/// let mut input = FieldInput::new(NewCoupon::FIELDS);
/// for (name, json) in [("name", r#""10% OFF""#), ("code", r#""TEN""#), ("discount_type", r#""percent""#), ("orderCount", "3")] {
///     input.add(name, json.parse::<RawJson>()?)?;
/// }
/// assert_eq!(input.left_out(), ["orderCount"]);
/// let coupon: NewCoupon = input.read()?;
/// assert_eq!(serde_json::to_string(&coupon)?, r#"{"name":"10% OFF","code":"TEN","discountType":"PERCENT"}"#);
///
/// let error = input.add("discuont", "10".parse::<RawJson>()?).unwrap_err();
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
    pub fn add(&mut self, name: &str, value: RawJson) -> Result<(), FieldError> {
        let path = format!("{}{name}", self.prefix);
        self.add_field(name, value).map_err(|error| error.at(Some(path)))
    }

    fn add_field(&mut self, name: &str, value: RawJson) -> Result<(), FieldError> {
        if name == "extra" {
            return extra::add(&mut self.values, &value, self.fields, &self.prefix);
        }
        let shown = format!("{}{name}", self.prefix);
        let Some(path) = schema::find_column(self.fields, name) else {
            if let Some(path) = schema::find_column(Coupon::FIELDS, name).filter(|_| self.is_complete()) {
                self.leave_out(names(&path), &value);
                return Ok(());
            }
            if self.allow_unknown {
                return extra::insert(&mut self.values, name, value, &self.prefix);
            }
            return Err(extra::unknown_field(self.fields, &self.prefix, name));
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
    pub fn set(&mut self, path: &[&'static Field], value: RawJson) -> Result<(), FieldError> {
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
    pub fn read<T: ApiObject>(&self) -> Result<T, FieldError> {
        read_fields(&self.values).map_err(|problem| FieldError::new(&problem).at(problem.path().map(str::to_owned)))
    }

    /// Whether this is a coupon, and not a nested object.
    fn is_complete(&self) -> bool {
        self.prefix.is_empty()
    }

    fn leave_out(&mut self, name: String, value: &RawJson) {
        // A table has null for a missing field.
        if value.as_str() != "null" {
            self.left_out.push(name);
        }
    }

    /// Converts a value to the form in which it is sent.
    fn value(&mut self, path: &[&'static Field], value: RawJson) -> Result<RawJson, FieldError> {
        let Some(field) = path.last() else { return Ok(value) };
        let name = format!("{}{}", self.prefix, names(path));
        match field.kind {
            Kind::Enum(known) => {
                let Ok(text) = value.deserialize::<String>() else { return Ok(value) };
                match schema::known_value(known, &text) {
                    Some(known) => RawJson::from_value(known).map_err(FieldError::new),
                    None if self.allow_unknown => Ok(value),
                    None => Err(schema::unknown_value(name, known, &text)),
                }
            }
            Kind::DateTime => {
                let Ok(text) = value.deserialize::<String>() else { return Ok(value) };
                let bound = field.day_bound();
                let date = bound.parse(&text).map_err(|error| FieldError::new(format!("{name}: {error}")))?;
                if text.parse::<EcwidDateTime>().is_err() {
                    self.days.push((name, date.clone()));
                }
                RawJson::from_value(&date).map_err(FieldError::new)
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
                RawJson::from_value(&inner.values).map_err(FieldError::new)
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
pub fn read_fields<T: ApiObject>(fields: &JsonObject) -> Result<T, JsonProblem> {
    let text = serde_json::to_string(fields).expect("members are JSON");
    // The caller never saw this text, so its positions are meaningless.
    let read = read_json::<Unchecked<T>>(text.as_bytes());
    read.map(|object| object.0).map_err(JsonProblem::placeless)
}

/// Puts a value into an object, or into a nested object.
fn put(values: &mut JsonObject, path: &[&'static Field], value: RawJson, replace: bool) -> Result<(), String> {
    let [field, rest @ ..] = path else { return Ok(()) };
    let there = values.get(field.name).filter(|json| json.as_str() != "null");
    if rest.is_empty() {
        let value = match there {
            None => value,
            Some(_) if replace => value,
            // Parts of an object may be added one after another.
            Some(there) => {
                let parts = |json: &RawJson| json.deserialize::<JsonObject>().map_err(|_| TWICE.to_owned());
                let (mut all, added) = (parts(there)?, parts(&value)?);
                for (name, value) in added {
                    if all.insert(name, value).is_some() {
                        return Err(TWICE.to_owned());
                    }
                }
                RawJson::from_value(&all).map_err(|error| error.to_string())?
            }
        };
        values.insert(field.name.to_owned(), value);
        return Ok(());
    }
    let inner = there.map_or_else(|| Ok(JsonObject::new()), RawJson::deserialize);
    let mut inner = inner.map_err(|_| format!("`{}` was given before and is not an object", field.name))?;
    put(&mut inner, rest, value, replace)?;
    values.insert(field.name.to_owned(), RawJson::from_value(&inner).map_err(|error| error.to_string())?);
    Ok(())
}

fn names(path: &[&'static Field]) -> String {
    path.iter().map(|field| field.name).collect::<Vec<_>>().join(".")
}

fn unquoted(value: &RawJson) -> String {
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
    pub fn from_fields<N: AsRef<str>>(fields: impl IntoIterator<Item = (N, RawJson)>) -> Result<Self, FieldError> {
        let mut input = FieldInput::new(Self::FIELDS);
        for (name, value) in fields {
            input.add(name.as_ref(), value)?;
        }
        input.read()
    }
}
