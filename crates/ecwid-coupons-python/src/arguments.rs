//! Arguments of calls, other than fields: what is given wrongly is an error that names the argument, what was given, and what is
//! taken. A wrong type is a `TypeError`, a wrong value a `ValueError`.

use std::{fs, ops::RangeInclusive, path::PathBuf, time::Duration};

use pyo3::{
    exceptions::{PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyBool, PyBytes, PyDelta, PyDict, PyFloat, PyInt, PyString},
};

use crate::input::shown;

fn wrong_type(name: &str, value: &Bound<'_, PyAny>, expected: &str) -> PyErr {
    PyTypeError::new_err(format!("{name}: {} is not {expected}", shown(value)))
}

fn wrong_value(name: &str, value: &Bound<'_, PyAny>, expected: &str) -> PyErr {
    PyValueError::new_err(format!("{name}: {} is not {expected}", shown(value)))
}

/// A number of things, in a range.
pub(crate) fn count<T>(name: &str, value: &Bound<'_, PyAny>, range: RangeInclusive<T>) -> PyResult<T>
where
    T: TryFrom<u64> + Into<u64> + Copy,
{
    let (least, most): (u64, u64) = ((*range.start()).into(), (*range.end()).into());
    let expected = match most {
        u64::MAX => format!("an integer from {least}"),
        _ => format!("an integer from {least} to {most}"),
    };
    if value.is_instance_of::<PyBool>() {
        return Err(wrong_type(name, value, &expected));
    }
    let number: u64 = value.extract().map_err(|error: PyErr| {
        let is_integer = error.is_instance_of::<PyOverflowError>(value.py()) || value.is_instance_of::<PyInt>();
        if is_integer { wrong_value(name, value, &expected) } else { wrong_type(name, value, &expected) }
    })?;
    let number = Some(number).filter(|number| (least..=most).contains(number));
    number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| wrong_value(name, value, &expected))
}

/// A number of things of which there is at least one.
pub(crate) fn at_least_one(name: &str, value: &Bound<'_, PyAny>) -> PyResult<usize> {
    count(name, value, 1..=u32::MAX).map(|number| number as usize)
}

/// An integer of 64 bits, where it is one; Python takes a bool for one too.
pub(crate) fn integer(value: &Bound<'_, PyAny>) -> Option<i64> {
    value.extract().ok().filter(|_| !value.is_instance_of::<PyBool>())
}

pub(crate) fn id(name: &str, value: &Bound<'_, PyAny>) -> PyResult<i64> {
    integer(value).ok_or_else(|| wrong_type(name, value, "an integer of 64 bits"))
}

/// True or False.
pub(crate) fn flag(name: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    value.cast::<PyBool>().map(|value| value.is_true()).map_err(|_| wrong_type(name, value, "True or False"))
}

pub(crate) fn text(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    value.extract().map_err(|_| wrong_type(name, value, "text"))
}

/// A store's id. Text in its place is in no error, since it may be the token.
pub(crate) fn store_id(value: &Bound<'_, PyAny>) -> PyResult<i64> {
    if value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>() {
        let kind = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!("store_id: it is of the type {kind}, and not an integer from 1")));
    }
    count("store_id", value, 1..=i64::MAX as u64).map(|id| id as i64)
}

/// What a file has.
pub(crate) fn file(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let expected = "the path of a file that can be read";
    let path: PathBuf = value.extract().map_err(|error: PyErr| {
        // What a path of the caller's own raises is theirs.
        if error.is_instance_of::<PyTypeError>(value.py()) { wrong_type(name, value, expected) } else { error }
    })?;
    let read = value.py().detach(|| fs::read(path));
    read.map_err(|error| wrong_value(name, value, &format!("{expected} ({error})")))
}

/// One text, or several in a list.
pub(crate) fn one_or_more(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    match value.extract() {
        Ok(text) => Ok(vec![text]),
        Err(_) => several(name, value, "text, or a list of texts"),
    }
}

/// Several texts.
pub(crate) fn texts(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    several(name, value, "a list of texts")
}

fn several(name: &str, value: &Bound<'_, PyAny>, expected: &str) -> PyResult<Vec<String>> {
    // These can be iterated over too.
    let is_one =
        value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>() || value.is_instance_of::<PyDict>();
    let items = value.try_iter().ok().filter(|_| !is_one).ok_or_else(|| wrong_type(name, value, expected))?;
    items.map(|item| item?.extract().map_err(|_| wrong_type(name, value, expected))).collect()
}

/// A length of time that is more than nothing.
pub(crate) fn seconds(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let expected = "a number of seconds above 0, or such a timedelta";
    let is_number = value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>();
    let is_length = value.is_instance_of::<PyDelta>();
    if value.is_instance_of::<PyBool>() || !(is_number || is_length) {
        return Err(wrong_type(name, value, expected));
    }
    let length = if is_length {
        value.extract().ok()
    } else {
        value.extract().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
    };
    length.filter(|length: &Duration| !length.is_zero()).ok_or_else(|| wrong_value(name, value, expected))
}

/// What is called after each part of the work, if anything.
pub(crate) fn progress(value: &Bound<'_, PyAny>) -> PyResult<Option<Py<PyAny>>> {
    match value {
        _ if value.is_none() => Ok(None),
        _ if value.is_callable() => Ok(Some(value.clone().unbind())),
        _ => Err(wrong_type("progress", value, "a function of two numbers, what is done and what there is in all")),
    }
}

/// One of the texts that there are.
pub(crate) fn choice<T: Copy>(name: &str, value: &Bound<'_, PyAny>, choices: &[(&str, T)]) -> PyResult<T> {
    let expected = choices.iter().map(|(text, _)| format!("{text:?}")).collect::<Vec<_>>().join(" or ");
    let given: String = value.extract().map_err(|_| wrong_type(name, value, &expected))?;
    let found = choices.iter().find(|(text, _)| *text == given);
    found.map(|(_, choice)| *choice).ok_or_else(|| wrong_value(name, value, &expected))
}

/// A secret, which is in no error.
pub(crate) fn secret(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    value.extract().map_err(|_| {
        let kind = value.get_type().name().map_or_else(|_| "another type".to_owned(), |name| name.to_string());
        PyTypeError::new_err(format!("{name}: it is of the type {kind}, and not text"))
    })
}
