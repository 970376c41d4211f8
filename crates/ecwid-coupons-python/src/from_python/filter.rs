//! Conversion of Python values to values of filters.

use ecwid_coupons::{CommaList, DayBound, TimeFilter, chrono::NaiveDate, schema::Kind};
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyDate, PyDateTime},
};

use crate::{
    from_python::{
        arguments, fields,
        refusal::{Refusal, about},
    },
    to_python::errors,
};

/// Reads the value of a filter.
pub(crate) fn filter<T: FilterValue>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<T> {
    T::read(name, value)
}

/// The type of a filter's values.
pub(crate) trait FilterValue: Sized {
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self>;
}

macro_rules! filter_values {
    ($($type:ty: $kind:ident,)*) => {
        $(impl FilterValue for $type {
            fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
                let json = fields::one(&Kind::$kind, DayBound::Start, value).map_err(|refusal| refusal.in_member(name))?;
                json.deserialize().map_err(|error| PyValueError::new_err(about(name, &error.to_string())))
            }
        })*
    };
}

filter_values! {
    bool: Boolean,
    i32: Integer,
    i64: Integer,
    String: Text,
    ecwid_coupons::Decimal: Decimal,
}

/// A string or a list of strings. A string with commas has several values.
impl<T: From<String>> FilterValue for CommaList<T>
where
    Self: From<String>,
{
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        match value.extract::<String>() {
            Ok(text) => Ok(text.into()),
            Err(_) => Ok(arguments::one_or_more(name, value)?.into_iter().map(T::from).collect()),
        }
    }
}

/// A Unix timestamp, or a value for a date.
impl FilterValue for TimeFilter {
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let range = format!("a Unix timestamp from {} to {}", i64::MIN, i64::MAX);
        if let Some(seconds) = arguments::integer(name, value, &range)? {
            return Ok(seconds.into());
        }
        if let Ok(text) = value.extract::<String>() {
            return text.parse().map_err(|error: ecwid_coupons::ParseDateError| {
                PyValueError::new_err(about(name, &errors::shown_text(&error.to_string())))
            });
        }
        if !value.is_instance_of::<PyDate>() {
            let expected = "a datetime with a time zone, a date, a string, or a Unix timestamp";
            return Err(Refusal::of_type(value, expected).in_member(name).into());
        }
        if !value.is_instance_of::<PyDateTime>() {
            // The filter completes the date with the first or last second of the day.
            return Ok(value.extract::<NaiveDate>()?.into());
        }
        let instant = fields::date_time(value, DayBound::Start).map_err(|refusal| refusal.in_member(name))?.to_utc();
        let instant = instant.ok_or_else(|| Refusal::of_value(value, "a point in time").in_member(name))?;
        Ok(instant.into())
    }
}
