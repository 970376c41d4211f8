//! Values of the API as Python has them.

use std::{
    collections::BTreeMap,
    hash::{Hash as _, Hasher},
};

use ecwid_coupons::{Decimal, EcwidDateTime, Json};
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyBool, PyDict, PyInt, PyString, PyTuple, PyType},
};

/// What stands in a field, as a Python object.
pub(crate) trait ToPython {
    /// Makes the object. An error says what is wrong with the value.
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;

    /// Feeds a hash. A type whose equal values have several forms, such as 10 and 10.00, leaves it.
    fn hash_into(&self, _hasher: &mut dyn Hasher) {}
}

impl<T: ToPython> ToPython for Option<T> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Some(value) => value.to_python(py),
            None => Ok(py.None().into_bound(py)),
        }
    }

    fn hash_into(&self, hasher: &mut dyn Hasher) {
        hasher.write_u8(self.is_some().into());
        if let Some(value) = self {
            value.hash_into(hasher);
        }
    }
}

impl ToPython for bool {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyBool::new(py, *self).to_owned().into_any())
    }

    fn hash_into(&self, mut hasher: &mut dyn Hasher) {
        self.hash(&mut hasher);
    }
}

impl ToPython for i64 {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyInt::new(py, *self).into_any())
    }

    fn hash_into(&self, mut hasher: &mut dyn Hasher) {
        self.hash(&mut hasher);
    }
}

impl ToPython for i32 {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        i64::from(*self).to_python(py)
    }
}

impl ToPython for String {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyString::new(py, self).into_any())
    }

    fn hash_into(&self, mut hasher: &mut dyn Hasher) {
        self.hash(&mut hasher);
    }
}

impl ToPython for Decimal {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        // From its text, which is exact.
        DECIMAL.import(py, "decimal", "Decimal")?.call1((self.to_string(),))
    }
}

impl ToPython for EcwidDateTime {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let utc = self.to_utc().ok_or_else(|| {
            let shown = crate::to_python::errors::shown_text(&self.to_string());
            PyValueError::new_err(format!("the store sent {shown:?}, which is no date; to_json() has it as it came"))
        })?;
        Ok(utc.into_pyobject(py)?.into_any())
    }
}

impl ToPython for Json {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let options = PyDict::new(py);
        options.set_item("parse_float", DECIMAL.import(py, "decimal", "Decimal")?)?;
        LOADS.import(py, "json", "loads")?.call((self.as_str(),), Some(&options))
    }
}

impl<T: ToPython> ToPython for Vec<T> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let values = self.iter().map(|value| value.to_python(py)).collect::<PyResult<Vec<_>>>()?;
        Ok(PyTuple::new(py, values)?.into_any())
    }

    fn hash_into(&self, hasher: &mut dyn Hasher) {
        hasher.write_usize(self.len());
        self.iter().for_each(|value| value.hash_into(hasher));
    }
}

impl<T: ToPython> ToPython for BTreeMap<String, T> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let dict = PyDict::new(py);
        for (name, value) in self {
            dict.set_item(name, value.to_python(py)?)?;
        }
        Ok(dict.into_any())
    }
}

/// The values of an enum are texts; those that are known come again and again.
macro_rules! enums {
    ($($name:ident)*) => { $(
        impl crate::to_python::value::ToPython for ecwid_coupons::types::$name {
            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Ok(match self {
                    Self::Unknown(value) => pyo3::types::PyString::new(py, value),
                    known => pyo3::types::PyString::intern(py, known.as_str()),
                }
                .into_any())
            }

            fn hash_into(&self, mut hasher: &mut dyn std::hash::Hasher) {
                std::hash::Hash::hash(self, &mut hasher);
            }
        }
    )* };
}

pub(crate) use enums;
