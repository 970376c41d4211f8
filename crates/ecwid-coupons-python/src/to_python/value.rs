//! Conversion of values to Python objects.

use std::{
    collections::BTreeMap,
    hash::{Hash as _, Hasher},
};

use ecwid_coupons::{Decimal, EcwidDateTime, RawJson};
use pyo3::{
    IntoPyObjectExt as _,
    exceptions::PyValueError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyTuple, PyType},
};

use crate::to_python::AnyResult;

/// A value that can be converted to a Python object.
pub(crate) trait ToPython {
    fn to_python<'py>(&self, py: Python<'py>) -> AnyResult<'py>;

    /// Feeds the value into a hash. Does nothing for types whose equal values differ in form, such as 10 and 10.00.
    fn hash_into(&self, _hasher: &mut dyn Hasher) {}
}

impl<T: ToPython> ToPython for Option<T> {
    fn to_python<'py>(&self, py: Python<'py>) -> AnyResult<'py> {
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

/// Implements [`ToPython`] for types that pyo3 converts.
macro_rules! plain {
    ($($type:ty)*) => { $(
        impl ToPython for $type {
            fn to_python<'py>(&self, py: Python<'py>) -> AnyResult<'py> {
                self.into_bound_py_any(py)
            }

            fn hash_into(&self, mut hasher: &mut dyn Hasher) {
                self.hash(&mut hasher);
            }
        }
    )* };
}

plain! { bool i32 i64 String }

impl ToPython for Decimal {
    fn to_python<'py>(&self, py: Python<'py>) -> AnyResult<'py> {
        static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        // The text is exact.
        DECIMAL.import(py, "decimal", "Decimal")?.call1((self.to_string(),))
    }
}

impl ToPython for EcwidDateTime {
    fn to_python<'py>(&self, py: Python<'py>) -> AnyResult<'py> {
        let utc = self.to_utc().ok_or_else(|| {
            let shown = crate::to_python::errors::shown_text(&self.to_string());
            PyValueError::new_err(format!(
                "invalid date from the store: `{shown}`; hint: to_json() returns the original text"
            ))
        })?;
        Ok(utc.into_pyobject(py)?.into_any())
    }
}

impl ToPython for RawJson {
    fn to_python<'py>(&self, py: Python<'py>) -> AnyResult<'py> {
        static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let options = PyDict::new(py);
        options.set_item("parse_float", DECIMAL.import(py, "decimal", "Decimal")?)?;
        LOADS.import(py, "json", "loads")?.call((self.as_str(),), Some(&options))
    }
}

impl<T: ToPython> ToPython for Vec<T> {
    fn to_python<'py>(&self, py: Python<'py>) -> AnyResult<'py> {
        let values = self.iter().map(|value| value.to_python(py)).collect::<PyResult<Vec<_>>>()?;
        Ok(PyTuple::new(py, values)?.into_any())
    }

    fn hash_into(&self, hasher: &mut dyn Hasher) {
        hasher.write_usize(self.len());
        self.iter().for_each(|value| value.hash_into(hasher));
    }
}

impl<T: ToPython> ToPython for BTreeMap<String, T> {
    fn to_python<'py>(&self, py: Python<'py>) -> AnyResult<'py> {
        let dict = PyDict::new(py);
        for (name, value) in self {
            dict.set_item(name, value.to_python(py)?)?;
        }
        Ok(dict.into_any())
    }
}

/// Implements [`ToPython`] for enums. Known values are interned, because they occur often.
macro_rules! enums {
    ($($name:ident)*) => { $(
        impl crate::to_python::value::ToPython for ecwid_coupons::types::$name {
            fn to_python<'py>(&self, py: Python<'py>) -> crate::to_python::AnyResult<'py> {
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
