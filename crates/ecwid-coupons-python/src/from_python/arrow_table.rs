//! [`ArrowTable`]: a table of another library, imported as Arrow data and checked before it is read.
//!
//! arrow-array does not check imported data: a wrong offset ends the process, and text that is not UTF-8 is undefined behavior. It
//! also refuses columns of type null that have a buffer, such as those of Polars. The checks take less than 1 % of the time of the
//! conversion to coupons (20,000 rows of six columns).

#![expect(unsafe_code, reason = "the Arrow C data interface consists of pointers and functions in C")]

use std::{
    ffi::{CStr, c_void},
    ops::Range,
};

use arrow_array::{
    ArrayRef, OffsetSizeTrait, ffi::from_ffi_and_data_type, ffi_stream::FFI_ArrowArrayStream, make_array,
};
use arrow_data::{ArrayData, ffi::FFI_ArrowArray};
use arrow_schema::{ArrowError, DataType, Schema, ffi::FFI_ArrowSchema};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyCapsule};

use crate::to_python::table::to_value_error;

pub(crate) struct ArrowTable {
    stream: FFI_ArrowArrayStream,
    schema: Schema,
}

/// The requested columns of a batch.
pub(crate) struct Batch {
    pub(crate) rows: usize,
    pub(crate) columns: Vec<Result<ArrayRef, Invalid>>,
}

/// The problem of a column, and its row if it is known.
pub(crate) struct Invalid {
    pub(crate) row: Option<usize>,
    pub(crate) problem: String,
}

impl ArrowTable {
    /// Imports the stream of a table.
    pub(crate) fn take_over(source: &Bound<'_, PyAny>) -> PyResult<Self> {
        check_sizes(source)?;
        let capsule = source.call_method0("__arrow_c_stream__")?;
        let capsule = capsule.cast::<PyCapsule>()?;
        let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?;
        // SAFETY: the interface guarantees that a capsule of this name has a valid stream. `from_raw` moves the stream out and marks
        // the rest as released, so the capsule's destructor does nothing.
        let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr().cast()) };
        let mut schema = FFI_ArrowSchema::empty();
        let get_schema = stream.get_schema().ok_or_else(released).map_err(to_value_error)?;
        // SAFETY: the function belongs to the stream, and both pointers are valid during the call.
        let code = unsafe { get_schema(&mut stream, &mut schema) };
        if code != 0 {
            return Err(to_value_error(last_error(&mut stream, code)));
        }
        let schema = Schema::try_from(&schema).map_err(to_value_error)?;
        Ok(Self { stream, schema })
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Returns the columns with these indexes of the next batch, or `None` at the end.
    pub(crate) fn next(&mut self, columns: &[usize]) -> Result<Option<Batch>, ArrowError> {
        let mut array = FFI_ArrowArray::empty();
        let get_next = self.stream.get_next().ok_or_else(released)?;
        // SAFETY: the function belongs to the stream, and both pointers are valid during the call.
        let code = unsafe { get_next(&mut self.stream, &mut array) };
        if code != 0 {
            return Err(last_error(&mut self.stream, code));
        }
        if array.is_released() {
            return Ok(None);
        }
        if array.num_children() != self.schema.fields().len() {
            let (got, expected) = (array.num_children(), self.schema.fields().len());
            let message = format!("a batch has {got} columns, and the schema has {expected}");
            return Err(ArrowError::CDataInterface(message));
        }
        let raw = std::ptr::from_mut(&mut array).cast::<RawArray>();
        let rows = check_length(raw)?;
        let columns =
            columns.iter().map(|index| import(raw, *index, self.schema.field(*index).data_type(), rows.clone()));
        Ok(Some(Batch { rows: rows.len(), columns: columns.collect() }))
    }
}

/// Moves a column out of a batch, and checks its rows.
fn import(batch: *mut RawArray, index: usize, data_type: &DataType, rows: Range<usize>) -> Result<ArrayRef, Invalid> {
    let invalid = |row, error: ArrowError| {
        let text = error.to_string();
        let is_text = text.to_lowercase().contains("utf-8") || text.to_lowercase().contains("utf8 sequence");
        let problem =
            if is_text { "the string is not valid UTF-8".to_owned() } else { format!("invalid Arrow data: {text}") };
        Invalid { row, problem }
    };
    let data = take_child(batch, index, data_type).map_err(|error| invalid(None, error))?;
    if data.len() < rows.end {
        let message = format!("the column has {} values (expected {})", data.len(), rows.end);
        return Err(invalid(None, ArrowError::CDataInterface(message)));
    }
    let data = data.slice(rows.start, rows.len());
    match data.validate_full() {
        Ok(()) => Ok(make_array(data)),
        Err(error) => Err(invalid(first_invalid(&data), error)),
    }
}

/// Returns the first invalid row of a column of texts or of lists of texts.
fn first_invalid(data: &ArrayData) -> Option<usize> {
    match data.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            (0..data.len()).find(|row| data.slice(*row, 1).validate_full().is_err())
        }
        DataType::List(_) => first_invalid_list::<i32>(data),
        DataType::LargeList(_) => first_invalid_list::<i64>(data),
        _ => None,
    }
}

fn first_invalid_list<T: OffsetSizeTrait>(data: &ArrayData) -> Option<usize> {
    data.validate_data().ok()?;
    let item = first_invalid(data.child_data().first()?)?;
    let ends = data.buffer::<T>(0).get(1..=data.len())?;
    ends.iter().position(|end| item < end.as_usize())
}

/// An array of the Arrow C data interface.
#[repr(C)]
struct RawArray {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut RawArray,
    dictionary: *mut RawArray,
    release: Option<extern "C" fn(*mut RawArray)>,
    private_data: *mut c_void,
}

/// Returns the range of an array's values.
fn check_length(array: *mut RawArray) -> Result<Range<usize>, ArrowError> {
    // SAFETY: the pointer is valid, because the producer filled the array.
    let (length, offset) = unsafe { ((*array).length, (*array).offset) };
    let range = usize::try_from(offset).ok().zip(offset.checked_add(length).and_then(|end| usize::try_from(end).ok()));
    range
        .filter(|(start, end)| start <= end)
        .map(|(start, end)| start..end)
        .ok_or_else(|| ArrowError::CDataInterface(format!("an array has the offset {offset} and the length {length}")))
}

/// Moves a column out of a batch. The interface allows this, but the batch must still be released.
fn take_child(batch: *mut RawArray, index: usize, data_type: &DataType) -> Result<ArrayData, ArrowError> {
    let child = child(batch, index)?;
    prepare(child, data_type)?;
    // SAFETY: both structs have the layout of the interface. `from_raw` marks the rest of the child as released.
    let array = unsafe { FFI_ArrowArray::from_raw(child.cast()) };
    // SAFETY: the schema has this type. No consumer can check that the buffers are as long as the length and the offsets require.
    // All other requirements are checked before the data is read.
    unsafe { from_ffi_and_data_type(array, data_type.clone()) }
}

fn child(array: *mut RawArray, index: usize) -> Result<*mut RawArray, ArrowError> {
    let missing = || ArrowError::CDataInterface("an array has fewer children than its type".to_owned());
    // SAFETY: the number of children is that of the array.
    unsafe {
        if index as i64 >= (*array).n_children || (*array).children.is_null() {
            return Err(missing());
        }
        let child = *(*array).children.add(index);
        if child.is_null() { Err(missing()) } else { Ok(child) }
    }
}

/// Checks the requirements of arrow-array, and removes the buffers of arrays of type null.
fn prepare(array: *mut RawArray, data_type: &DataType) -> Result<(), ArrowError> {
    let end = check_length(array)?.end;
    match data_type {
        DataType::Utf8 | DataType::Binary => check_last_offset::<i32>(array, end)?,
        DataType::LargeUtf8 | DataType::LargeBinary => check_last_offset::<i64>(array, end)?,
        _ => {}
    }
    // SAFETY: the pointer is valid, because the producer filled the array. The release of an array does not need the number of
    // buffers.
    let (buffers, dictionary) = unsafe {
        if data_type.is_null() {
            (*array).n_buffers = 0;
        }
        ((*array).n_buffers, (*array).dictionary)
    };
    match data_type {
        DataType::Utf8View | DataType::BinaryView if buffers < 3 => {
            Err(ArrowError::CDataInterface(format!("an array of type {data_type} has {buffers} buffers")))
        }
        DataType::Dictionary(_, values) if !dictionary.is_null() => prepare(dictionary, values),
        DataType::Struct(fields) => {
            fields.iter().enumerate().try_for_each(|(index, field)| prepare(child(array, index)?, field.data_type()))
        }
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::FixedSizeList(item, _)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::Map(item, _) => prepare(child(array, 0)?, item.data_type()),
        DataType::RunEndEncoded(ends, values) => {
            prepare(child(array, 0)?, ends.data_type())?;
            prepare(child(array, 1)?, values.data_type())
        }
        DataType::Union(fields, _) => {
            let mut fields = fields.iter().enumerate();
            fields.try_for_each(|(index, (_, field))| prepare(child(array, index)?, field.data_type()))
        }
        _ => Ok(()),
    }
}

/// Checks the last offset, which arrow-array uses as the length of a buffer.
fn check_last_offset<T: Copy + Into<i64>>(array: *mut RawArray, end: usize) -> Result<(), ArrowError> {
    // SAFETY: the second buffer has one more offset than there are values. It can be unaligned, and missing if the array is empty.
    let last = unsafe {
        if (*array).n_buffers < 2 || (*array).buffers.is_null() {
            return Ok(());
        }
        let offsets = (*(*array).buffers.add(1)).cast::<T>();
        if offsets.is_null() || end == 0 { 0 } else { offsets.add(end).read_unaligned().into() }
    };
    if last < 0 {
        return Err(ArrowError::CDataInterface(format!("an array ends at the offset {last}")));
    }
    Ok(())
}

/// Lets pyarrow check the length of its buffers, because only pyarrow knows it.
fn check_sizes(source: &Bound<'_, PyAny>) -> PyResult<()> {
    let module = source.get_type().getattr("__module__")?.to_string();
    if !module.starts_with("pyarrow.") || !source.hasattr("validate")? {
        return Ok(());
    }
    let checked = source.call_method0("validate");
    checked.map(drop).map_err(|error| PyValueError::new_err(format!("invalid rows: invalid Arrow data: {error}")))
}

fn released() -> ArrowError {
    ArrowError::CDataInterface("the stream of the table was already read".to_owned())
}

/// Returns the producer's message for the last error.
fn last_error(stream: &mut FFI_ArrowArrayStream, code: i32) -> ArrowError {
    // SAFETY: the function belongs to the stream, and the text is valid until the next call.
    let text = stream.get_last_error().and_then(|get| unsafe {
        let text = get(stream);
        (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
    });
    ArrowError::CDataInterface(text.unwrap_or_else(|| format!("the table cannot be read (error {code})")))
}
