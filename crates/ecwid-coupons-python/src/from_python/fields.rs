//! Conversion of Python values to the JSON of an object's fields.
//!
//! The kind of a field determines the accepted values, so a field that is added to the document needs no code here.

use std::ops::RangeInclusive;

use ecwid_coupons::{
    __private::{hide_tokens, read_fields, read_lenient},
    DayBound, EcwidDateTime, InexactFloatError, JsonObject, RawJson,
    chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset as _, TimeDelta, Utc},
    schema::{self, ApiObject, Field, Kind},
};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    pybacked::{PyBackedBytes, PyBackedStr},
    sync::PyOnceLock,
    types::{PyBool, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyString},
};
use serde::de::DeserializeOwned;

use crate::{
    from_python::{refusal::Refusal, scalars},
    to_python::errors::shown_text,
};

/// The meaning of None for a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Null {
    /// The field is omitted.
    Absent,
    /// The field is null.
    Null,
}

/// A JSON text in Python.
pub(crate) enum JsonText {
    Text(PyBackedStr),
    Bytes(PyBackedBytes),
}

impl<'py> FromPyObject<'_, 'py> for JsonText {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = value.extract() {
            return Ok(Self::Text(text));
        }
        let bytes = value.extract().map(Self::Bytes);
        bytes.map_err(|_| Refusal::of_type(&value, "JSON as a string or bytes").into())
    }
}

impl JsonText {
    pub(crate) fn read<T: DeserializeOwned>(&self, class: &str, fields: &'static [Field]) -> PyResult<T> {
        self.parse(&Kind::Object(fields))
            .map_err(|error| PyValueError::new_err(format!("invalid JSON of a {class}: {error}")))
    }

    /// Parses a text without the GIL.
    pub(crate) fn parse<T: DeserializeOwned>(&self, kind: &Kind) -> Result<T, String> {
        read_lenient(self.bytes(), kind).map_err(|problem| problem.to_string())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// Reads an object from a dict. Names have the spelling of the API or of Python. The members of `extra` are extra fields.
pub(crate) fn read<T: ApiObject>(fields: &'static [Field], values: &Bound<'_, PyDict>, null: Null) -> PyResult<T> {
    let object = object(fields, values.iter(), null)?;
    read_fields(&object).map_err(|problem| PyValueError::new_err(problem.to_string()))
}

/// Warns if a deprecated field is given.
pub(crate) fn warn_deprecated(fields: &'static [Field], values: &Bound<'_, PyDict>) -> PyResult<()> {
    for (field, note) in fields.iter().filter_map(|field| Some((field, field.deprecated?))) {
        for (name, value) in values {
            if !value.is_none() && schema::find(&[*field], name.cast::<PyString>()?.to_str()?).is_some() {
                let module = values.py().import("ecwid_coupons._deprecated")?;
                module.call_method1("warn_deprecated", (name, note))?;
            }
        }
    }
    Ok(())
}

fn object<'py>(
    fields: &'static [Field],
    values: impl IntoIterator<Item = Entry<'py>>,
    null: Null,
) -> Result<JsonObject, Refusal> {
    let mut object = JsonObject::new();
    for (name, value) in values {
        let name: String = name.extract().map_err(|_| Refusal::of_type(&name, "a string as the name of a field"))?;
        if name == "extra" {
            if !value.is_none() {
                add_extra(fields, &value, &mut object).map_err(|refusal| refusal.in_member("extra"))?;
            }
            continue;
        }
        add_field(fields, &name, &value, null, &mut object).map_err(|refusal| refusal.in_member(&name))?;
    }
    Ok(object)
}

fn add_field(
    fields: &'static [Field],
    name: &str,
    value: &Bound<'_, PyAny>,
    null: Null,
    object: &mut JsonObject,
) -> Result<(), Refusal> {
    let field = schema::find(fields, name).ok_or_else(|| Refusal::message(no_field(fields, name, str::to_owned)))?;
    if object.contains_key(field.name) {
        return Err(Refusal::message("the field is given twice, in different spellings"));
    }
    if !value.is_none() {
        object.insert(field.name.to_owned(), one(&field.kind, field.day_bound(), value)?);
    } else if null == Null::Null {
        object.insert(field.name.to_owned(), json("null")?);
    }
    Ok(())
}

/// Returns the message for an unknown field. `spelling` converts the known names for the message.
pub(crate) fn no_field(fields: &[Field], name: &str, spelling: impl Fn(&str) -> String) -> String {
    let meant = schema::nearest(fields, name).map(|meant| format!("; did you mean `{}`?", spelling(&meant)));
    let known: Vec<_> = fields.iter().map(|field| spelling(field.name)).collect();
    let (meant, known) = (meant.unwrap_or_default(), known.join(", "));
    format!(
        "unknown field{meant} (expected one of {known}); hint: pass fields that this version does not know in `extra`"
    )
}

/// Adds the members of `extra`.
pub(crate) fn add_extra(
    fields: &'static [Field],
    extra: &Bound<'_, PyAny>,
    object: &mut JsonObject,
) -> Result<(), Refusal> {
    let entries = entries(extra)?.ok_or_else(|| Refusal::of_type(extra, "a mapping"))?;
    for (name, value) in entries {
        let name: String = name.extract().map_err(|_| Refusal::of_type(extra, "a mapping with strings as names"))?;
        check_extra(fields, &name).map_err(Refusal::message)?;
        let value = any(&value).map_err(|error| {
            if !scalars::is_conversion_error(value.py(), &error) {
                return Refusal::Raised(error);
            }
            Refusal::of_type(&value, &format!("JSON ({error})")).in_member(&name)
        })?;
        object.insert(name, value);
    }
    Ok(())
}

/// Refuses a known field among the extra fields, in any spelling.
pub(crate) fn check_extra(fields: &'static [Field], name: &str) -> Result<(), String> {
    match schema::find_column(fields, name) {
        Some(_) => Err(format!("`{name}` is a known field; hint: pass it by its name")),
        None => Ok(()),
    }
}

/// Converts a value of a kind to JSON. `bound` completes a date without a time.
pub(crate) fn one(kind: &Kind, bound: DayBound, value: &Bound<'_, PyAny>) -> Result<RawJson, Refusal> {
    let refuse = |expected| Refusal::of_type(value, expected);
    Ok(match kind {
        Kind::Boolean => to_json(&scalars::boolean(value)?.ok_or_else(|| refuse("True or False"))?)?,
        Kind::Integer => to_json(&integer_in(value, &(i64::MIN..=i64::MAX))?)?,
        Kind::Decimal => decimal(value)?,
        Kind::Text | Kind::Enum(_) => to_json(&value.extract::<String>().map_err(|_| refuse("a string"))?)?,
        Kind::DateTime => to_json(&date_time(value, bound)?)?,
        Kind::List(item) => {
            let items = scalars::items(value)?.ok_or_else(|| refuse("a list"))?;
            let items = items
                .enumerate()
                .map(|(index, value)| one(item, bound, &value?).map_err(|refusal| refusal.in_item(index)))
                .collect::<Result<Vec<_>, _>>()?;
            to_json(&items)?
        }
        Kind::Object(fields) => {
            // The package's own objects have `to_json`.
            if is_own(fields, value)? {
                return Ok(json(&value.call_method0("to_json")?.extract::<String>()?)?);
            }
            let values = entries(value)?.ok_or_else(|| refuse("an object of its type, or a dict"))?;
            to_json(&object(fields, values, Null::Absent)?)?
        }
        _ => any(value)?,
    })
}

/// Returns whether the class of a value is the package's class with these fields.
fn is_own(fields: &[Field], value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let class = value.get_type();
    if class.getattr("__module__")?.ne("ecwid_coupons")? {
        return Ok(false);
    }
    let names: Vec<String> = class.getattr("__match_args__")?.extract()?;
    Ok(names.len() == fields.len() && names.iter().all(|name| schema::find(fields, name).is_some()))
}

/// The maximum number of digits of a printed float.
pub(crate) const MANY_DIGITS: usize = 25;

/// Reads an integer in a range.
pub(crate) fn integer_in(value: &Bound<'_, PyAny>, range: &RangeInclusive<i64>) -> Result<i64, Refusal> {
    let expected = format!("an integer from {} to {}", range.start(), range.end());
    let integer = scalars::integer(value)?.ok_or_else(|| Refusal::of_type(value, &expected))?;
    let number = integer.extract().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| Refusal::of_value(value, &expected))
}

fn decimal(value: &Bound<'_, PyAny>) -> Result<RawJson, Refusal> {
    let refuse = || Refusal::of_type(value, "a Decimal, an int, a finite float, or a string such as \"10.50\"");
    let digits = scalars::digits(value)?.ok_or_else(refuse)?;
    let number: ecwid_coupons::Decimal = digits.parse().map_err(|_| refuse())?;
    // `Decimal(0.1)` has all binary digits of the float. The user most likely meant 0.1.
    let is_exact = scalars::is_text(value)
        || scalars::integer(value)?.is_some()
        || scalars::is_decimal(value)? && digits.len() <= MANY_DIGITS;
    match if is_exact { None } else { scalars::float_error(value, &number)? } {
        Some(error) => Err(Refusal::message(inexact_float(&error))),
        None => Ok(to_json(&number)?),
    }
}

/// Returns the message for a float that has rounding errors.
pub(crate) fn inexact_float(error: &InexactFloatError) -> String {
    let hint = error.nearest().map(|nearest| format!("; hint: pass Decimal(\"{nearest}\") or \"{nearest}\""));
    format!("{error}{}", hint.unwrap_or_default())
}

/// Converts a value to a point in time. `bound` completes a date without a time.
pub(crate) fn date_time(value: &Bound<'_, PyAny>, bound: DayBound) -> Result<EcwidDateTime, Refusal> {
    if let Ok(text) = value.extract::<String>() {
        return bound.parse(&text).map_err(|error| Refusal::message(shown_text(&error.to_string())));
    }
    if let Ok(value) = value.cast::<PyDateTime>() {
        return instant(value).map(Into::into);
    }
    if value.is_instance_of::<PyDate>() {
        return Ok(bound.of(value.extract::<NaiveDate>()?));
    }
    Err(Refusal::of_type(value, "a datetime with a time zone, a date, or a string"))
}

/// Converts a datetime. Calls its `utcoffset`, because the offset of most time zones depends on the time.
fn instant(value: &Bound<'_, PyDateTime>) -> Result<DateTime<FixedOffset>, Refusal> {
    let offset = value.call_method0("utcoffset").map_err(|error| {
        if !scalars::is_conversion_error(value.py(), &error) {
            return Refusal::Raised(error);
        }
        Refusal::with_message(value, |value| format!("the UTC offset of `{value}` is unknown: {error}"))
    })?;
    if offset.is_none() {
        return Err(Refusal::with_message(value, |value| {
            format!("the datetime has no time zone: `{value}`; hint: set one, such as tzinfo=datetime.UTC")
        }));
    }
    let offset: TimeDelta = offset.extract()?;
    let no_zone = PyDict::new(value.py());
    no_zone.set_item("tzinfo", value.py().None())?;
    let local: NaiveDateTime = value.call_method("replace", (), Some(&no_zone))?.extract()?;
    let zone = i32::try_from(offset.num_seconds()).ok().and_then(FixedOffset::east_opt).unwrap_or(Utc.fix());
    let instant = local.checked_sub_signed(offset).map(|utc| utc.and_utc().with_timezone(&zone));
    instant.ok_or_else(|| Refusal::with_message(value, |value| format!("the datetime is out of range: `{value}`")))
}

pub(crate) type Entry<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

/// Returns the entries of a mapping, or `None` if the value is not a mapping.
pub(crate) fn entries<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Vec<Entry<'py>>>> {
    static MAPPING: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if let Ok(dict) = value.cast::<PyDict>() {
        return Ok(Some(dict.iter().collect()));
    }
    if !value.is_instance(MAPPING.import(value.py(), "collections.abc", "Mapping")?)? {
        return Ok(None);
    }
    let items = value.call_method0("items")?;
    items.try_iter()?.map(|entry| entry?.extract()).collect::<PyResult<_>>().map(Some)
}

/// Converts a value with Python's `json` module.
fn any(value: &Bound<'_, PyAny>) -> PyResult<RawJson> {
    static DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let options = PyDict::new(value.py());
    options.set_item("default", wrap_pyfunction!(plain_scalar, value.py())?)?;
    let text: String = DUMPS.import(value.py(), "json", "dumps")?.call((value,), Some(&options))?.extract()?;
    json(&text)
}

/// Converts a scalar of another library to a bool, int or float.
#[pyfunction]
pub(crate) fn plain_scalar<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = value.py();
    if let Some(boolean) = scalars::boolean(value)? {
        return Ok(PyBool::new(py, boolean).to_owned().into_any());
    }
    if let Some(integer) = scalars::integer(value)? {
        return Ok(integer.into_any());
    }
    // A float cannot hold the digits of a decimal, and a text is not a number.
    let is_other = scalars::is_text(value) || scalars::is_decimal(value)?;
    let digits = if is_other { None } else { scalars::digits(value)? };
    match digits.and_then(|digits| digits.parse::<f64>().ok()) {
        Some(float) => Ok(PyFloat::new(py, float).into_any()),
        None => {
            let class = scalars::text_of(&value.get_type().name()?);
            Err(PyTypeError::new_err(format!("invalid type: `{class}` (expected a bool, int or float)")))
        }
    }
}

fn json(text: &str) -> PyResult<RawJson> {
    text.parse().map_err(|error: serde_json::Error| PyValueError::new_err(format!("invalid JSON: `{text}`: {error}")))
}

fn to_json<T: serde::Serialize>(value: &T) -> PyResult<RawJson> {
    RawJson::from_value(value).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Returns the first part of a value's `repr` for a message.
pub(crate) fn shown(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = match value.repr() {
        // Python refuses to print integers with many digits.
        Err(error) if value.is_instance_of::<PyInt>() && error.is_instance_of::<PyValueError>(value.py()) => {
            return Ok("an integer with too many digits".to_owned());
        }
        text => scalars::text_of(&text?),
    };
    // The user may have passed a token as another argument.
    Ok(hide_tokens(&text).chars().take(100).collect())
}
