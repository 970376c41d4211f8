//! Conversion of scalars by Python's protocols, so that scalars of libraries such as NumPy are accepted.
//!
//! A conversion may run Python code and therefore signal handlers. Only exceptions that conversions raise mean that a value has
//! another type. Other exceptions are returned as errors.

use ecwid_coupons::{Decimal, InexactFloatError};
use pyo3::{
    exceptions::{PyNotImplementedError, PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyIterator, PyString},
};

/// Returns the result of a conversion, or `None` if the value is not convertible.
pub(crate) fn converted<T>(py: Python<'_>, result: PyResult<T>) -> PyResult<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_conversion_error(py, &error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns whether conversions raise exceptions of this class.
pub(crate) fn is_conversion_error(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<PyTypeError>(py)
        || error.is_instance_of::<PyValueError>(py)
        || error.is_instance_of::<PyOverflowError>(py)
        || error.is_instance_of::<PyNotImplementedError>(py)
}

/// Reads a bool of Python or NumPy. A bool of NumPy is not an instance of `bool`.
pub(crate) fn boolean(value: &Bound<'_, PyAny>) -> PyResult<Option<bool>> {
    if let Ok(value) = value.cast::<PyBool>() {
        return Ok(Some(value.is_true()));
    }
    let class = value.get_type();
    let name = class.name()?;
    // The name in NumPy 1 is `bool_`.
    if (name == "bool" || name == "bool_") && class.getattr("__module__")?.eq("numpy")? {
        return value.is_truthy().map(Some);
    }
    Ok(None)
}

/// Reads an integer with `__index__`. Returns `None` for a bool.
pub(crate) fn integer<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyInt>>> {
    static INDEX: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if value.is_instance_of::<PyBool>() {
        return Ok(None);
    }
    if let Ok(value) = value.cast::<PyInt>() {
        return Ok(Some(value.clone()));
    }
    if !value.get_type().hasattr("__index__")? || boolean(value)?.is_some() {
        return Ok(None);
    }
    let index = INDEX.import(value.py(), "operator", "index")?.call1((value,));
    Ok(converted(value.py(), index)?.and_then(|index| index.cast_into().ok()))
}

/// Reads a float with `__float__` or `__index__`. Returns `None` for a bool and for text.
pub(crate) fn float(value: &Bound<'_, PyAny>) -> PyResult<Option<f64>> {
    if let Ok(value) = value.cast::<PyFloat>() {
        return Ok(Some(value.value()));
    }
    if is_text(value) || boolean(value)?.is_some() {
        return Ok(None);
    }
    converted(value.py(), value.extract())
}

/// Returns the digits of a number. The digits of a float are the shortest that identify it among floats of its width.
pub(crate) fn digits(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let py = value.py();
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(converted(py, text.to_cow())?.map(|text| text.trim().to_owned()));
    }
    if let Ok(float) = value.cast::<PyFloat>() {
        return Ok(Some(float.value().to_string()));
    }
    if let Some(integer) = integer(value)? {
        return converted(py, integer.str().map(|digits| text_of(&digits)));
    }
    if boolean(value)?.is_some() || is_text(value) {
        return Ok(None);
    }
    if is_decimal(value)? {
        return Ok(Some(text_of(&value.str()?)));
    }
    if !value.get_type().hasattr("__float__")? {
        return Ok(None);
    }
    // Not with `__float__`, because a 32-bit 0.1 is 0.10000000149 as a 64-bit float.
    let Some(text) = converted(py, value.str())? else { return Ok(None) };
    Ok(text_of(&text).parse().ok().map(|float: f64| float.to_string()))
}

/// Returns an error for a float that has no short decimal.
pub(crate) fn float_error(value: &Bound<'_, PyAny>, number: &Decimal) -> PyResult<Option<InexactFloatError>> {
    let class = value.get_type();
    let name = class.name()?;
    if name == "float32" || name == "float16" {
        let float = number.to_string().parse::<f32>();
        return Ok(float.ok().and_then(|float| Decimal::try_from(float).err()));
    }
    Ok(number.float_error())
}

pub(crate) fn is_decimal(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    value.is_instance(DECIMAL.import(value.py(), "decimal", "Decimal")?)
}

/// Returns a text without calling Python's `str()`, which would run signal handlers.
pub(crate) fn text_of(text: &Bound<'_, PyString>) -> String {
    text.to_string_lossy().into_owned()
}

/// Returns the items of an iterable, or `None`. Text, bytes and dicts are most likely meant as one item.
pub(crate) fn items<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyIterator>>> {
    if is_text(value) || value.is_instance_of::<PyDict>() {
        return Ok(None);
    }
    converted(value.py(), value.try_iter())
}

/// Returns whether a value is text. NumPy would convert text to a number.
pub(crate) fn is_text(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>()
}
