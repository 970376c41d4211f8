//! Arguments other than fields. An error names the argument, the value and what is expected. It is a `TypeError` for a wrong type,
//! and a `ValueError` for a wrong value.

use std::{ops::RangeInclusive, path::PathBuf, time::Duration};

use ecwid_coupons::__private::input_file;
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyDelta};

use crate::from_python::{
    fields,
    refusal::Refusal,
    scalars::{self, converted},
};

fn wrong_type(name: &str, value: &Bound<'_, PyAny>, expected: &str) -> PyErr {
    Refusal::of_type(value, expected).in_member(name).into()
}

fn wrong_value(name: &str, value: &Bound<'_, PyAny>, expected: &str) -> PyErr {
    Refusal::of_value(value, expected).in_member(name).into()
}

/// The length of the longest timedelta, in seconds.
const MOST_SECONDS: u64 = 86_399_999_999_999;

/// Reads an integer in a range.
pub(crate) fn count<T>(name: &str, value: &Bound<'_, PyAny>, range: RangeInclusive<T>) -> PyResult<T>
where
    T: TryFrom<i64> + Into<i64> + Copy,
{
    let range = (*range.start()).into()..=(*range.end()).into();
    let number = fields::integer_in(value, &range).map_err(|refusal| refusal.in_member(name))?;
    T::try_from(number).map_err(|_| wrong_value(name, value, "a smaller integer"))
}

/// Reads a positive integer.
pub(crate) fn at_least_one(name: &str, value: &Bound<'_, PyAny>) -> PyResult<usize> {
    count(name, value, 1..=u32::MAX).map(|number| number as usize)
}

/// Reads an integer of 64 bits. Returns `None` for other types. `expected` describes the integer and its range.
pub(crate) fn integer(name: &str, value: &Bound<'_, PyAny>, expected: &str) -> PyResult<Option<i64>> {
    let Some(integer) = scalars::integer(value)? else { return Ok(None) };
    integer.extract().map(Some).map_err(|_| wrong_value(name, value, expected))
}

pub(crate) fn flag(name: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    scalars::boolean(value)?.ok_or_else(|| wrong_type(name, value, "True or False"))
}

pub(crate) fn text(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    value.extract().map_err(|_| wrong_type(name, value, "a string"))
}

/// Reads a store's id. Errors do not show text, because it may be the token.
pub(crate) fn store_id(value: &Bound<'_, PyAny>) -> PyResult<i64> {
    if scalars::is_text(value) {
        let kind = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "invalid store_id: a value of the type {kind} (expected an integer from 1 to {})",
            i64::MAX
        )));
    }
    count("store_id", value, 1..=i64::MAX)
}

pub(crate) fn path(name: &str, value: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    let path: Option<PathBuf> = converted(value.py(), value.extract())?;
    path.ok_or_else(|| wrong_type(name, value, "the path of a readable file"))
}

pub(crate) fn file(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let expected = "the path of a readable file";
    let path = path(name, value)?;
    let read = value.py().detach(|| input_file::read_certificates(&path));
    read.map_err(|error| {
        let message = |value| format!("invalid {name}: `{value}` (expected {expected}): {error}");
        Refusal::with_message(value, message).into()
    })
}

/// Reads a string or a list of strings.
pub(crate) fn one_or_more(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    match value.extract() {
        Ok(text) => Ok(vec![text]),
        Err(_) => several(name, value, "a string or a list of strings"),
    }
}

pub(crate) fn texts(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    several(name, value, "a list of strings")
}

fn several(name: &str, value: &Bound<'_, PyAny>, expected: &str) -> PyResult<Vec<String>> {
    let items = scalars::items(value)?.ok_or_else(|| wrong_type(name, value, expected))?;
    items.map(|item| item?.extract().map_err(|_| wrong_type(name, value, expected))).collect()
}

/// Reads a positive length of time.
pub(crate) fn seconds(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let expected = format!("a number of seconds above 0 and up to {MOST_SECONDS}, or a timedelta above 0");
    let length = if value.is_instance_of::<PyDelta>() {
        converted(value.py(), value.extract())?
    } else {
        let seconds = match scalars::float(value)? {
            Some(seconds) => seconds,
            // The integer is too large for a float.
            None if scalars::integer(value)?.is_some() => f64::INFINITY,
            None => return Err(wrong_type(name, value, &expected)),
        };
        Duration::try_from_secs_f64(seconds).ok()
    };
    let is_possible = |length: &Duration| !length.is_zero() && length.as_secs() <= MOST_SECONDS;
    length.filter(is_possible).ok_or_else(|| wrong_value(name, value, &expected))
}

/// Reads an optional function that is called with the progress.
pub(crate) fn progress(value: &Bound<'_, PyAny>) -> PyResult<Option<Py<PyAny>>> {
    let expected = "a function that takes two numbers";
    if value.is_none() { Ok(None) } else { function("progress", value, expected).map(Some) }
}

pub(crate) fn function(name: &str, value: &Bound<'_, PyAny>, expected: &str) -> PyResult<Py<PyAny>> {
    if value.is_callable() { Ok(value.clone().unbind()) } else { Err(wrong_type(name, value, expected)) }
}

/// Reads one of several strings.
pub(crate) fn choice<T: Copy>(name: &str, value: &Bound<'_, PyAny>, choices: &[(&str, T)]) -> PyResult<T> {
    let expected = choices.iter().map(|(text, _)| format!("{text:?}")).collect::<Vec<_>>().join(" or ");
    let given: String = value.extract().map_err(|_| wrong_type(name, value, &expected))?;
    let found = choices.iter().find(|(text, _)| *text == given);
    found.map(|(_, choice)| *choice).ok_or_else(|| wrong_value(name, value, &expected))
}

/// Reads a secret. Errors do not show it.
pub(crate) fn secret(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    value.extract().map_err(|_| {
        let kind = value.get_type().name().map_or_else(|_| "another type".to_owned(), |name| scalars::text_of(&name));
        PyTypeError::new_err(format!("invalid {name}: a value of the type {kind} (expected a string)"))
    })
}
