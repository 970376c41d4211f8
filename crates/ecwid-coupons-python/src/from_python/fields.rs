//! What Python gives for the fields of an object, as JSON.
//!
//! The fields' kinds say what is taken for each, so a field that is added to the OpenAPI document needs no line here.

use ecwid_coupons::{
    __private::{hide_tokens, read_fields, read_lenient},
    DayBound, EcwidDateTime, Json, JsonObject,
    chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset as _, TimeDelta, Utc},
    schema::{self, Field, Kind},
};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    pybacked::{PyBackedBytes, PyBackedStr},
    sync::PyOnceLock,
    types::{PyBool, PyDate, PyDateTime, PyDict, PyFloat},
};
use serde::de::DeserializeOwned;

use crate::{
    from_python::{refusal::Refusal, scalars},
    to_python::errors::shown_text,
};

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
        bytes.map_err(|_| Refusal::type_error(&value, |value| format!("JSON is text or bytes, not {value}")).into())
    }
}

impl JsonText {
    /// Reads an object.
    pub(crate) fn read<T: DeserializeOwned>(&self, class: &str, fields: &'static [Field]) -> PyResult<T> {
        self.parse(&Kind::Object(fields))
            .map_err(|error| PyValueError::new_err(format!("the text is no JSON of a {class}: {error}")))
    }

    /// Reads what a store sent without Python.
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

/// Reads an object out of Python values by name, in the API's spelling or in Python's. Members in `extra` are taken as they are.
pub(crate) fn read<T: DeserializeOwned>(
    fields: &'static [Field],
    values: &Bound<'_, PyDict>,
    null: Null,
) -> PyResult<T> {
    let object = object(fields, values.iter(), null)?;
    read_fields(&object).map_err(|problem| PyValueError::new_err(problem.to_string()))
}

fn object<'py>(
    fields: &'static [Field],
    values: impl IntoIterator<Item = Entry<'py>>,
    null: Null,
) -> Result<JsonObject, Refusal> {
    let mut object = JsonObject::new();
    for (name, value) in values {
        let name: String = name.extract().map_err(|_| Refusal::of_type(&name, "the name of a field, which is text"))?;
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
    let field = schema::find(fields, name).ok_or_else(|| Refusal::of_value(no_field(fields, name, str::to_owned)))?;
    if object.contains_key(field.name) {
        return Err(Refusal::of_value("the field is given twice, in two spellings"));
    }
    if !value.is_none() {
        object.insert(field.name.to_owned(), one(&field.kind, field.day_bound(), value)?);
    } else if null == Null::Null {
        object.insert(field.name.to_owned(), json("null")?);
    }
    Ok(())
}

/// What to say of a name that is no field's; `spelling` is how the names are shown.
pub(crate) fn no_field(fields: &[Field], name: &str, spelling: impl Fn(&str) -> String) -> String {
    let meant = schema::nearest(fields, name).map(|meant| format!("did you mean `{}`? ", spelling(&meant)));
    let known: Vec<_> = fields.iter().map(|field| spelling(field.name)).collect();
    let (meant, known) = (meant.unwrap_or_default(), known.join(", "));
    format!("there is no such field; {meant}there are {known}; what this version does not know is given in `extra`")
}

/// Adds the members of `extra`.
pub(crate) fn add_extra(
    fields: &'static [Field],
    extra: &Bound<'_, PyAny>,
    object: &mut JsonObject,
) -> Result<(), Refusal> {
    let entries = entries(extra)?.ok_or_else(|| Refusal::of_type(extra, "a mapping"))?;
    for (name, value) in entries {
        let name: String = name.extract().map_err(|_| Refusal::of_type(extra, "a mapping with texts as names"))?;
        check_extra(fields, &name).map_err(Refusal::of_value)?;
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

/// Refuses a known field among the unknown ones, in any spelling: the store would not know another one than its own.
pub(crate) fn check_extra(fields: &'static [Field], name: &str) -> Result<(), String> {
    match schema::find_column(fields, name) {
        Some(_) => Err(format!("`{name}` is a field of its own; give it by its own name")),
        None => Ok(()),
    }
}

/// A value of a kind, as JSON; a date without a time is this second of its day.
pub(crate) fn one(kind: &Kind, bound: DayBound, value: &Bound<'_, PyAny>) -> Result<Json, Refusal> {
    let refuse = |expected| Refusal::of_type(value, expected);
    Ok(match kind {
        Kind::Boolean => to_json(&scalars::boolean(value)?.ok_or_else(|| refuse("True or False"))?)?,
        Kind::Integer => {
            let integer = scalars::integer(value)?.ok_or_else(|| refuse("an integer"))?;
            to_json(&integer.extract::<i64>().map_err(|_| refuse("an integer of 64 bits"))?)?
        }
        Kind::Decimal => decimal(value)?,
        Kind::Text | Kind::Enum(_) => to_json(&value.extract::<String>().map_err(|_| refuse("text"))?)?,
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
            // One of the package's own objects knows its JSON.
            if is_own(fields, value)? {
                return Ok(json(&value.call_method0("to_json")?.extract::<String>()?)?);
            }
            let values = entries(value)?.ok_or_else(|| refuse("an object of its type, or a dict"))?;
            to_json(&object(fields, values, Null::Absent)?)?
        }
        _ => any(value)?,
    })
}

/// Whether a value is of the package's class that has these fields.
fn is_own(fields: &[Field], value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let class = value.get_type();
    if class.getattr("__module__")?.ne("ecwid_coupons")? {
        return Ok(false);
    }
    let names: Vec<String> = class.getattr("__match_args__")?.extract()?;
    Ok(names.len() == fields.len() && names.iter().all(|name| schema::find(fields, name).is_some()))
}

/// Longer than what a float is printed as.
pub(crate) const MANY_DIGITS: usize = 25;

fn decimal(value: &Bound<'_, PyAny>) -> Result<Json, Refusal> {
    let refuse = || Refusal::of_type(value, "a Decimal, an int, a finite float, or a text such as \"10.50\"");
    let digits = scalars::digits(value)?.ok_or_else(refuse)?;
    let number: ecwid_coupons::Decimal = digits.parse().map_err(|_| refuse())?;
    // `Decimal(0.1)` has all digits of the float, which are many; fewer were meant.
    let is_exact = scalars::is_text(value)
        || scalars::integer(value)?.is_some()
        || scalars::is_decimal(value)? && digits.len() <= MANY_DIGITS;
    match if is_exact { None } else { scalars::float_error(value, &number)? } {
        Some(error) => Err(Refusal::of_value(error)),
        None => Ok(to_json(&number)?),
    }
}

/// A point in time, as the API writes it; a date without a time is this second of its day.
pub(crate) fn date_time(value: &Bound<'_, PyAny>, bound: DayBound) -> Result<EcwidDateTime, Refusal> {
    if let Ok(text) = value.extract::<String>() {
        return bound.parse(&text).map_err(|error| Refusal::of_value(shown_text(&error.to_string())));
    }
    if let Ok(value) = value.cast::<PyDateTime>() {
        return instant(value).map(Into::into);
    }
    if value.is_instance_of::<PyDate>() {
        return Ok(bound.of(value.extract::<NaiveDate>()?));
    }
    Err(Refusal::of_type(value, "a datetime with a time zone, a date, or a text"))
}

/// The instant of a datetime. Its offset from UTC is asked for by the time, because it depends on it in most zones.
fn instant(value: &Bound<'_, PyDateTime>) -> Result<DateTime<FixedOffset>, Refusal> {
    let offset = value.call_method0("utcoffset").map_err(|error| {
        if !scalars::is_conversion_error(value.py(), &error) {
            return Refusal::Raised(error);
        }
        Refusal::value_error(value, |value| format!("the UTC offset of {value} is not known ({error})"))
    })?;
    if offset.is_none() {
        return Err(Refusal::value_error(value, |value| {
            format!(
                "{value} has no time zone, so that it is no point in time; give it one, such as tzinfo=datetime.UTC"
            )
        }));
    }
    let offset: TimeDelta = offset.extract()?;
    let no_zone = PyDict::new(value.py());
    no_zone.set_item("tzinfo", value.py().None())?;
    let local: NaiveDateTime = value.call_method("replace", (), Some(&no_zone))?.extract()?;
    let zone = i32::try_from(offset.num_seconds()).ok().and_then(FixedOffset::east_opt).unwrap_or(Utc.fix());
    let instant = local.checked_sub_signed(offset).map(|utc| utc.and_utc().with_timezone(&zone));
    instant.ok_or_else(|| Refusal::value_error(value, |value| format!("{value} is out of range")))
}

/// A name and what it stands for.
pub(crate) type Entry<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

/// The entries of a mapping; nothing if it is none.
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

/// Anything that Python can write as JSON.
fn any(value: &Bound<'_, PyAny>) -> PyResult<Json> {
    static DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let options = PyDict::new(value.py());
    options.set_item("default", wrap_pyfunction!(plain_scalar, value.py())?)?;
    let text: String = DUMPS.import(value.py(), "json", "dumps")?.call((value,), Some(&options))?.extract()?;
    json(&text)
}

/// Python's own bool, int or float for a scalar of another library.
#[pyfunction]
pub(crate) fn plain_scalar<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = value.py();
    if let Some(boolean) = scalars::boolean(value)? {
        return Ok(PyBool::new(py, boolean).to_owned().into_any());
    }
    if let Some(integer) = scalars::integer(value)? {
        return Ok(integer.into_any());
    }
    // A decimal has more digits than a float, and a text is none.
    let is_other = scalars::is_text(value) || scalars::is_decimal(value)?;
    let digits = if is_other { None } else { scalars::digits(value)? };
    match digits.and_then(|digits| digits.parse::<f64>().ok()) {
        Some(float) => Ok(PyFloat::new(py, float).into_any()),
        None => {
            let class = scalars::text_of(&value.get_type().name()?);
            Err(PyTypeError::new_err(format!("a {class} is no bool, int or float")))
        }
    }
}

fn json(text: &str) -> PyResult<Json> {
    text.parse().map_err(|error: serde_json::Error| PyValueError::new_err(format!("{text} is no JSON: {error}")))
}

fn to_json<T: serde::Serialize>(value: &T) -> PyResult<Json> {
    Json::from_value(value).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The beginning of how Python shows a value, for a message.
pub(crate) fn shown(value: &Bound<'_, PyAny>) -> PyResult<String> {
    // The user may have passed a token as another argument.
    Ok(hide_tokens(&scalars::text_of(&value.repr()?)).chars().take(100).collect())
}
