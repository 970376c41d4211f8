//! Export of coupons by the Arrow PyCapsule interface. Requires no Python library.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader, StringArray, ffi_stream::FFI_ArrowArrayStream};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, ffi::FFI_ArrowSchema};
use arrow_select::concat::concat_batches;
use ecwid_coupons::types::Coupon;
use pyo3::{exceptions::PyValueError, prelude::*, types::PyCapsule};

use crate::{generated::columns, to_python::columns::Layout};

/// Makes the column of extra fields. A cell is a JSON object as text, or null.
fn extras(coupons: &[&Coupon]) -> Result<ArrayRef, String> {
    let texts = coupons.iter().map(|coupon| {
        let is_some = !coupon.extra.is_empty();
        let text = is_some.then(|| serde_json::to_string(&coupon.extra).map_err(|error| error.to_string()));
        text.transpose()
    });
    let texts = texts.collect::<Result<Vec<Option<String>>, String>>()?;
    Ok(Arc::new(StringArray::from(texts)))
}

/// Returns the schema of a table of coupons.
pub(crate) fn schema(layout: Layout) -> SchemaRef {
    let mut fields = columns::fields(layout);
    fields.push(Field::new("extra", DataType::Utf8, true));
    Arc::new(Schema::new(fields))
}

/// The number of coupons that are converted at a time. Each column reads all of them, which is fast if they are in the processor's
/// cache.
const CACHED: usize = 512;

/// Converts coupons to a batch. An error names the coupon that does not fit.
pub(crate) fn batch(coupons: &[&Coupon], layout: Layout) -> Result<RecordBatch, String> {
    let parts = coupons.chunks(CACHED).map(|coupons| part(coupons, layout)).collect::<Result<Vec<_>, _>>()?;
    concat_batches(&schema(layout), &parts).map_err(|error| error.to_string())
}

fn part(coupons: &[&Coupon], layout: Layout) -> Result<RecordBatch, String> {
    let mut arrays = columns::arrays(coupons, layout)?;
    arrays.push(extras(coupons)?);
    RecordBatch::try_new(schema(layout), arrays).map_err(|error| error.to_string())
}

/// The result of a method of the interface.
pub(crate) type Capsule<'py> = PyResult<Bound<'py, PyCapsule>>;

pub(crate) fn schema_capsule<'py>(py: Python<'py>, schema: &Schema) -> Capsule<'py> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(to_value_error)?;
    PyCapsule::new_with_value(py, schema, c"arrow_schema")
}

pub(crate) fn stream_capsule(py: Python<'_>, reader: Box<dyn RecordBatchReader + Send>) -> Capsule<'_> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), c"arrow_array_stream")
}

pub(crate) fn to_value_error(error: ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
