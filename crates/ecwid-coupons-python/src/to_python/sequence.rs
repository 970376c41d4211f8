//! The index of a sequence.

use pyo3::{
    exceptions::{PyIndexError, PyTypeError},
    prelude::*,
    types::PySlice,
};

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
    let wrong = |_| PyTypeError::new_err(format!("invalid index of a {item} (expected an int or a slice)"));
    let index: isize = index.extract().map_err(wrong)?;
    let place = if index < 0 { index + length as isize } else { index };
    let place = usize::try_from(place).ok().filter(|place| *place < length);
    place
        .map(Selection::One)
        .ok_or_else(|| PyIndexError::new_err(format!("{item} index out of range: `{index}` (the length is {length})")))
}
