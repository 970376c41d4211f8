//! The index of a sequence.

use pyo3::{
    exceptions::{PyIndexError, PyOverflowError, PyTypeError},
    prelude::*,
    types::PySlice,
};

use crate::from_python::fields;

/// The indexes that an argument of `__getitem__` selects.
pub(crate) enum Selection {
    One(usize),
    Slice(Vec<usize>),
}

/// Reads an index, which is an integer or a slice. `item` is the name of an item in errors.
pub(crate) fn select(index: &Bound<'_, PyAny>, length: usize, item: &str) -> PyResult<Selection> {
    if let Ok(slice) = index.cast::<PySlice>() {
        let range = slice.indices(length as isize)?;
        let places = (0..range.slicelength).map(|step| (range.start + step as isize * range.step) as usize);
        return Ok(Selection::Slice(places.collect()));
    }
    let outside =
        |index: &str| PyIndexError::new_err(format!("{item} index out of range: `{index}` (the length is {length})"));
    let index: isize = match index.extract() {
        Ok(index) => index,
        Err(error) if PyErr::is_instance_of::<PyOverflowError>(&error, index.py()) => {
            return Err(outside(&fields::shown(index)?));
        }
        Err(_) => {
            return Err(PyTypeError::new_err(format!("invalid index of a {item} (expected an int or a slice)")));
        }
    };
    let place = if index < 0 { index + length as isize } else { index };
    let place = usize::try_from(place).ok().filter(|place| *place < length);
    place.map(Selection::One).ok_or_else(|| outside(&index.to_string()))
}
