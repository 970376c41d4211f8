//! [`model!`]: Python classes for the objects of the API.

use std::{fmt::Write as _, sync::Arc};

use pyo3::{prelude::*, types::PyDict};

/// A reference to an object in a block. The coupons of a page are one block, which their Python objects share.
#[derive(Clone, Debug)]
pub(crate) struct BlockRef<T> {
    all: Arc<Vec<T>>,
    index: usize,
}

impl<T> BlockRef<T> {
    /// Refers to the object with this index. The caller has checked the index.
    pub(crate) fn new(all: Arc<Vec<T>>, index: usize) -> Self {
        Self { all, index }
    }

    pub(crate) fn alone(object: T) -> Self {
        Self { all: Arc::new(vec![object]), index: 0 }
    }

    pub(crate) fn get(&self) -> &T {
        &self.all[self.index]
    }
}

/// Inserts a field's value into a dict, unless it is None. Converts an object to a dict.
pub(crate) fn put(dict: &Bound<'_, PyDict>, name: &str, value: Bound<'_, PyAny>) -> PyResult<()> {
    if value.is_none() {
        return Ok(());
    }
    match value.call_method0("to_dict") {
        Ok(inner) => dict.set_item(name, inner),
        Err(_) => dict.set_item(name, value),
    }
}

/// The maximum number of fields in a repr.
const SHOWN: usize = 5;

/// Returns the name of the class and the first fields that are set.
pub(crate) fn repr(class: &str, values: impl Iterator<Item = PyResult<(&'static str, String)>>) -> PyResult<String> {
    let mut text = format!("{class}(");
    for (index, value) in values.enumerate() {
        let (name, value) = value?;
        let separator = if index == 0 { "" } else { ", " };
        if index == SHOWN {
            text.push_str(", ...");
            break;
        }
        let _ = write!(text, "{separator}{name}={value}");
    }
    text.push(')');
    Ok(text)
}

/// Defines the Python class of an object of the API.
macro_rules! model {
    (
        $(#[doc = $doc:literal])*
        #[example($given:literal, $json:literal, $dict:literal)]
        pub class $name:ident {
            $($(#[doc = $field_doc:literal])* $field:ident,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[pyclass(frozen, eq, hash, module = "ecwid_coupons")]
        #[derive(Clone, Debug)]
        pub(crate) struct $name(pub(crate) crate::to_python::model::BlockRef<ecwid_coupons::types::$name>);

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.get() == other.0.get()
            }
        }

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, mut hasher: &mut H) {
                use crate::to_python::value::ToPython as _;

                $(self.0.get().$field.hash_into(&mut hasher);)*
            }
        }

        impl crate::to_python::value::ToPython for ecwid_coupons::types::$name {
            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Ok(Bound::new(py, $name(crate::to_python::model::BlockRef::alone(self.clone())))?.into_any())
            }

            fn hash_into(&self, hasher: &mut dyn std::hash::Hasher) {
                $(self.$field.hash_into(hasher);)*
            }
        }

        #[pymethods]
        impl $name {
            #[classattr]
            #[pyo3(name = "__match_args__")]
            fn match_args(py: Python<'_>) -> PyResult<Bound<'_, pyo3::types::PyTuple>> {
                pyo3::types::PyTuple::new(py, [$(stringify!($field)),*])
            }

            #[new]
            #[pyo3(signature = (*, $($field = None,)* extra = None))]
            #[allow(clippy::too_many_arguments)]
            fn new(
                py: Python<'_>,
                $($field: Option<Bound<'_, PyAny>>,)*
                extra: Option<Bound<'_, PyAny>>,
            ) -> PyResult<Self> {
                let values = pyo3::types::PyDict::new(py);
                $(values.set_item(stringify!($field), $field)?;)*
                values.set_item("extra", extra)?;
                let fields = ecwid_coupons::types::$name::FIELDS;
                let object = crate::from_python::fields::read(fields, &values, crate::from_python::fields::Null::Absent)?;
                Ok(Self(crate::to_python::model::BlockRef::alone(object)))
            }

            $(
                $(#[doc = $field_doc])*
                #[getter]
                fn $field<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                    crate::to_python::value::ToPython::to_python(&self.0.get().$field, py)
                }
            )*

            /// The extra fields, which this version does not know, by their names in the API.
            #[getter]
            fn extra<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                crate::to_python::value::ToPython::to_python(&self.0.get().extra, py)
            }

            #[doc = concat!(
                "Returns the object as JSON. All digits and extra fields are preserved.\n\nExamples:\n    >>> ",
                stringify!($name), "(", $given, ").to_json()\n    '", $json, "'"
            )]
            fn to_json(&self) -> PyResult<String> {
                serde_json::to_string(self.0.get())
                    .map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))
            }

            #[doc = concat!(
                "Reads an object from JSON.\n\nRaises:\n    TypeError: `text` is neither a string nor bytes.\n    ",
                "ValueError: `text` is not the JSON of such an object. The message names the position.\n\nExamples:\n    >>> ",
                stringify!($name), ".from_json('", $json, "') == ", stringify!($name), "(", $given, ")\n    True"
            )]
            #[staticmethod]
            fn from_json(text: crate::from_python::fields::JsonText) -> PyResult<Self> {
                let object = text.read(stringify!($name), ecwid_coupons::types::$name::FIELDS)?;
                Ok(Self(crate::to_python::model::BlockRef::alone(object)))
            }

            #[doc = concat!(
                "Returns the fields that are set, by name. Extra fields are under ``extra``.\n\nRaises:\n    ",
                "ValueError: Python cannot represent a date. The message shows the date.\n\nExamples:\n    >>> ",
                stringify!($name), "(", $given, ").to_dict()\n    ", $dict
            )]
            fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
                let dict = pyo3::types::PyDict::new(py);
                $(crate::to_python::model::put(&dict, stringify!($field), self.$field(py)?)?;)*
                if !self.0.get().extra.is_empty() {
                    dict.set_item("extra", self.extra(py)?)?;
                }
                Ok(dict)
            }

            fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
                let values = [$((stringify!($field), self.$field(py))),*];
                let values = values.into_iter().filter_map(|(name, value)| match value {
                    Ok(value) if value.is_none() => None,
                    Ok(value) => Some(value.repr().map(|text| (name, crate::from_python::scalars::text_of(&text)))),
                    // `to_json` shows such a value.
                    Err(_) => Some(Ok((name, "<unreadable>".to_owned()))),
                });
                crate::to_python::model::repr(stringify!($name), values)
            }

            fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
                Ok((slf.get_type().getattr("from_json")?, (slf.get().to_json()?,)))
            }

            fn __copy__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
                slf
            }

            fn __deepcopy__<'py>(slf: Bound<'py, Self>, _memo: &Bound<'py, PyAny>) -> Bound<'py, Self> {
                slf
            }
        }
    };
}

pub(crate) use model;
