//! What Python gives for the fields of an object, as JSON.
//!
//! The fields' kinds say what is taken for each, so a field that is added to the OpenAPI document needs no line here.

use std::collections::BTreeMap;

use ecwid_coupons::{
    EcwidDateTime, Json,
    chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime},
    hide_tokens, read_json,
    schema::{Field, Kind},
};
use pyo3::{
    exceptions::{PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
    pybacked::{PyBackedBytes, PyBackedStr},
    sync::PyOnceLock,
    types::{PyBool, PyBytes, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyMapping, PyString},
};
use serde::de::DeserializeOwned;

/// An object as JSON, by the names of its members.
pub(crate) type Object = BTreeMap<String, Json>;

/// What None means for a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Null {
    /// The field is left out.
    Absent,
    /// The field is null.
    Null,
}

/// JSON as Python has it.
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
        bytes.map_err(|_| PyTypeError::new_err(format!("JSON is text or bytes, not {}", shown(&value))))
    }
}

impl JsonText {
    /// Reads an object.
    pub(crate) fn read<T: DeserializeOwned>(&self, class: &str) -> PyResult<T> {
        self.parse().map_err(|error| PyValueError::new_err(format!("the text is no JSON of a {class}: {error}")))
    }

    /// Reads an object without Python.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, String> {
        read_json(self.bytes()).map_err(|problem| problem.to_string())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// Reads an object out of Python values by name, in the API's spelling or in Python's. Members in `extra` are taken as they are.
pub(crate) fn read<T: DeserializeOwned>(fields: &[Field], values: &Bound<'_, PyDict>, null: Null) -> PyResult<T> {
    let object = object(fields, values.as_mapping(), null, "")?;
    let text = serde_json::to_string(&object).map_err(|error| PyValueError::new_err(error.to_string()))?;
    read_json(text.as_bytes()).map_err(|problem| PyValueError::new_err(problem.without_place()))
}

fn object(fields: &[Field], values: &Bound<'_, PyMapping>, null: Null, path: &str) -> PyResult<Object> {
    let mut object = Object::new();
    for entry in values.items()?.iter() {
        let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = entry.extract()?;
        let name: String = name.extract().map_err(|_| wrong(path, "", "the name of a field, which is text", &name))?;
        if name == "extra" {
            if !value.is_none() {
                add_extra(fields, &value, path, &mut object)?;
            }
            continue;
        }
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let Some(field) = ecwid_coupons::schema::find(fields, &name) else {
            let known: Vec<_> = fields.iter().map(|field| field.name).collect();
            let message = format!(
                "{path}: no such field; there are {}; what this version does not know is given in `extra`",
                known.join(", ")
            );
            return Err(PyValueError::new_err(message));
        };
        if value.is_none() {
            if null == Null::Null {
                object.insert(field.name.to_owned(), json("null")?);
            }
            continue;
        }
        object.insert(field.name.to_owned(), one(&field.kind, &value, &path)?);
    }
    Ok(object)
}

pub(crate) fn add_extra(fields: &[Field], extra: &Bound<'_, PyAny>, path: &str, object: &mut Object) -> PyResult<()> {
    let extra = extra.cast::<PyMapping>().map_err(|_| wrong(path, "extra", "a mapping", extra))?;
    for entry in extra.items()?.iter() {
        let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = entry.extract()?;
        let name: String = name.extract().map_err(|_| wrong(path, "extra", "a mapping with texts as names", extra))?;
        if fields.iter().any(|field| field.name == name) {
            return Err(PyValueError::new_err(format!(
                "extra: `{name}` is a field of its own; give it by its own name"
            )));
        }
        let value = any(&value).map_err(|error| {
            let path = if path.is_empty() { "extra".to_owned() } else { format!("{path}.extra") };
            PyTypeError::new_err(format!("{path}.{name}: {} is no JSON ({error})", shown(&value)))
        })?;
        object.insert(name, value);
    }
    Ok(())
}

/// A value of a kind, as JSON.
pub(crate) fn one(kind: &Kind, value: &Bound<'_, PyAny>, path: &str) -> PyResult<Json> {
    let refuse = |expected| Err(wrong(path, "", expected, value));
    match kind {
        Kind::Boolean => match value.cast::<PyBool>() {
            Ok(value) => json(if value.is_true() { "true" } else { "false" }),
            Err(_) => refuse("True or False"),
        },
        Kind::Integer if !value.is_instance_of::<PyBool>() && !value.is_instance_of::<PyFloat>() => {
            match value.extract::<i64>() {
                Ok(value) => json(&value.to_string()),
                Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => refuse("an integer of 64 bits"),
                Err(_) => refuse("an integer"),
            }
        }
        Kind::Integer => refuse("an integer"),
        Kind::Decimal => decimal(value, path),
        Kind::Text | Kind::Enum(_) => match value.extract::<String>() {
            Ok(text) => to_json(&text),
            Err(_) => refuse("text"),
        },
        Kind::DateTime => to_json(&date_time(value, path)?),
        Kind::List(item) => {
            // These can be iterated over, and are most likely meant as one item.
            let is_one = value.is_instance_of::<PyString>()
                || value.is_instance_of::<PyBytes>()
                || value.is_instance_of::<PyDict>();
            let Some(items) = value.try_iter().ok().filter(|_| !is_one) else { return refuse("a list") };
            let items = items
                .enumerate()
                .map(|(index, value)| one(item, &value?, &format!("{path}[{index}]")))
                .collect::<PyResult<Vec<_>>>()?;
            to_json(&items)
        }
        Kind::Object(fields) => {
            // One of the package's own objects knows its JSON.
            if is_own(fields, value)? {
                return json(&value.call_method0("to_json")?.extract::<String>()?);
            }
            match value.cast::<PyMapping>() {
                Ok(values) => to_json(&object(fields, values, Null::Absent, path)?),
                Err(_) => refuse("an object of its type, or a dict"),
            }
        }
        _ => any(value),
    }
}

/// Whether a value is of the package's class that has these fields.
fn is_own(fields: &[Field], value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let class = value.get_type();
    if class.getattr("__module__")?.ne("ecwid_coupons")? {
        return Ok(false);
    }
    let names: Vec<String> = class.getattr("__match_args__")?.extract()?;
    Ok(names.len() == fields.len() && names.iter().all(|name| ecwid_coupons::schema::find(fields, name).is_some()))
}

fn decimal(value: &Bound<'_, PyAny>, path: &str) -> PyResult<Json> {
    let expected = "a Decimal, an int, a finite float, or a text such as \"10.50\"";
    if value.is_instance_of::<PyBool>() {
        return Err(wrong(path, "", expected, value));
    }
    let is_decimal = value.get_type().name()? == "Decimal";
    if !(is_decimal
        || value.is_instance_of::<PyInt>()
        || value.is_instance_of::<PyFloat>()
        || value.is_instance_of::<PyString>())
    {
        return Err(wrong(path, "", expected, value));
    }
    // A float's shortest text is what it was written as.
    let text =
        if value.is_instance_of::<PyFloat>() { value.extract::<f64>()?.to_string() } else { value.str()?.to_string() };
    let number: ecwid_coupons::Decimal = text.trim().parse().map_err(|_| wrong(path, "", expected, value))?;
    to_json(&number)
}

/// A point in time, as the API writes it.
pub(crate) fn date_time(value: &Bound<'_, PyAny>, path: &str) -> PyResult<EcwidDateTime> {
    if let Ok(text) = value.extract::<String>() {
        return text.parse().map_err(|error| PyValueError::new_err(format!("{path}: {error}")));
    }
    if value.is_instance_of::<PyDateTime>() {
        let instant: DateTime<FixedOffset> = value.extract().map_err(|_| {
            let problem = format!("{path}: {value:?} has no time zone, so that it is no point in time; give it one, such as tzinfo=datetime.UTC");
            PyValueError::new_err(problem)
        })?;
        return Ok(instant.into());
    }
    if value.is_instance_of::<PyDate>() {
        let date: NaiveDate = value.extract()?;
        return Ok(date.and_time(NaiveTime::MIN).and_utc().into());
    }
    Err(wrong(path, "", "a datetime with a time zone, a date (its first second in UTC), or a text", value))
}

/// Anything that Python can write as JSON.
fn any(value: &Bound<'_, PyAny>) -> PyResult<Json> {
    static DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let text: String = DUMPS.import(value.py(), "json", "dumps")?.call1((value,))?.extract()?;
    json(&text)
}

fn json(text: &str) -> PyResult<Json> {
    text.parse().map_err(|error: serde_json::Error| PyValueError::new_err(format!("{text} is no JSON: {error}")))
}

fn to_json<T: serde::Serialize>(value: &T) -> PyResult<Json> {
    Json::from_value(value).map_err(|error| PyValueError::new_err(error.to_string()))
}

fn wrong(path: &str, name: &str, expected: &str, value: &Bound<'_, PyAny>) -> PyErr {
    let path = if path.is_empty() { name } else { path };
    PyTypeError::new_err(format!("{path}: {} is not {expected}", shown(value)))
}

/// The beginning of how Python shows a value, for a message.
pub(crate) fn shown(value: &Bound<'_, PyAny>) -> String {
    let shown = value.repr().map_or_else(|_| "what was given".to_owned(), |text| text.to_string());
    // A token may have been given in the place of something else.
    hide_tokens(&shown).chars().take(100).collect()
}
