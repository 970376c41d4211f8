//! [`model!`]: Python classes for the objects of the API.

use std::sync::Arc;

use pyo3::{prelude::*, types::PyDict};

use crate::{
    from_python::scalars::text_of,
    to_python::{AnyResult, errors::hide_tokens},
};

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

/// The fields that a representation shows first.
const FIRST: [&str; 5] = ["code", "discount", "discount_type", "expiration_date", "status"];

/// The number of objects that a representation of a sequence shows in rich and in notebooks.
pub(crate) const SHOWN_ROWS: usize = 20;

/// Returns the fields that are set, in the order of a representation.
pub(crate) fn set_fields<'py>(
    py: Python<'py>,
    values: impl IntoIterator<Item = (&'static str, AnyResult<'py>)>,
) -> PyResult<Vec<(&'static str, Bound<'py, PyAny>)>> {
    let mut fields = Vec::new();
    for (name, value) in values {
        let value = match value {
            Ok(value) => value,
            // `to_json` shows such a value.
            Err(_) => display(py)?.getattr("UNREADABLE")?,
        };
        let is_empty = name == "extra" && !value.is_truthy()?;
        if !value.is_none() && !is_empty {
            fields.push((name, value));
        }
    }
    fields.sort_by_key(|(name, _)| FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()));
    Ok(fields)
}

/// Returns the name of the class and the first fields.
pub(crate) fn repr(class: &str, fields: &[(&'static str, Bound<'_, PyAny>)], most: usize) -> PyResult<String> {
    let shown = fields.iter().take(most).map(|(name, value)| Ok(format!("{name}={}", text_of(&value.repr()?))));
    let shown = shown.collect::<PyResult<Vec<_>>>()?.join(", ");
    let more = if fields.len() > most { ", ..." } else { "" };
    Ok(hide_tokens(&format!("{class}({shown}{more})")))
}

/// Returns the module that makes HTML tables.
pub(crate) fn display(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import("ecwid_coupons._display")
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
            #[allow(deprecated)]
            fn hash<H: std::hash::Hasher>(&self, mut hasher: &mut H) {
                use crate::to_python::value::ToPython as _;

                $(self.0.get().$field.hash_into(&mut hasher);)*
            }
        }

        impl crate::to_python::value::ToPython for ecwid_coupons::types::$name {
            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Ok(Bound::new(py, $name(crate::to_python::model::BlockRef::alone(self.clone())))?.into_any())
            }

            #[allow(deprecated)]
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
                crate::from_python::fields::warn_deprecated(fields, &values)?;
                let object = crate::from_python::fields::read(fields, &values, crate::from_python::fields::Null::Absent)?;
                Ok(Self(crate::to_python::model::BlockRef::alone(object)))
            }

            $(
                $(#[doc = $field_doc])*
                #[getter]
                #[allow(deprecated)]
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
                crate::to_python::model::repr(stringify!($name), &self.__rich_repr__(py)?, usize::MAX)
            }

            /// Returns the fields that are set.
            pub(crate) fn __rich_repr__<'py>(
                &self,
                py: Python<'py>,
            ) -> PyResult<Vec<(&'static str, Bound<'py, PyAny>)>> {
                let values = [$((stringify!($field), self.$field(py)),)* ("extra", self.extra(py))];
                crate::to_python::model::set_fields(py, values)
            }

            /// Returns the fields that are set as an HTML table.
            fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> crate::to_python::AnyResult<'py> {
                crate::to_python::model::display(slf.py())?.call_method1("object_html", (slf,))
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
