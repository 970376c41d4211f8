//! Coupons as Arrow columns, handed over by the Arrow PyCapsule interface, which needs no Python library.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, RecordBatch, RecordBatchReader, StringArray,
    builder::{
        BooleanBuilder, Decimal128Builder, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
        TimestampMicrosecondBuilder,
    },
    ffi_stream::FFI_ArrowArrayStream,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit, ffi::FFI_ArrowSchema};
use arrow_select::concat::concat_batches;
use ecwid_coupons::{Decimal, EcwidDateTime, types::Coupon};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyCapsule};

use crate::{from_python::arguments, generated::columns};

/// How exact a decimal column is: 29 digits before the point and 9 behind it.
const PRECISION: u8 = 38;
const SCALE: i8 = 9;

/// One more than the largest that such a column holds, in units of its last digit.
const TOO_LARGE: u128 = 10_u128.pow(PRECISION as u32);

/// The powers of ten that turn a decimal into such units.
const POWERS: [i128; SCALE as usize + 1] =
    [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

/// How decimals stand in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decimals {
    /// As exact decimals.
    Decimal,
    /// As 64-bit floats, each the nearest to its decimal.
    Float64,
    /// As texts, with all of their digits.
    Text,
}

impl FromPyObject<'_, '_> for Decimals {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let choices = [("decimal", Self::Decimal), ("float64", Self::Float64), ("text", Self::Text)];
        arguments::choice("decimals", &value, &choices)
    }
}

/// A type that a column can hold.
pub(crate) trait ColumnType: Sized {
    fn data_type(decimals: Decimals) -> DataType;

    /// Makes the column. An error says which row does not fit, and why.
    fn array<'a>(
        values: impl ExactSizeIterator<Item = Option<&'a Self>>,
        decimals: Decimals,
    ) -> Result<ArrayRef, (usize, String)>
    where
        Self: 'a;
}

/// The column of one field.
pub(crate) fn column<T: ColumnType>(
    name: &'static str,
    coupons: &[&Coupon],
    decimals: Decimals,
    get: impl Fn(&Coupon) -> Option<&T>,
) -> Result<ArrayRef, String> {
    T::array(coupons.iter().map(|coupon| get(coupon)), decimals).map_err(|(row, problem)| {
        let coupon = coupons[row];
        let which = match (coupon.id, &coupon.code) {
            (Some(id), Some(code)) => format!("the coupon {id} ({code:?})"),
            (Some(id), None) => format!("the coupon {id}"),
            (None, Some(code)) => format!("the coupon {code:?}"),
            (None, None) => format!("the coupon in row {row}"),
        };
        format!("{which} has {problem} as {name}")
    })
}

impl ColumnType for i64 {
    fn data_type(_: Decimals) -> DataType {
        DataType::Int64
    }

    fn array<'a>(
        values: impl ExactSizeIterator<Item = Option<&'a Self>>,
        _: Decimals,
    ) -> Result<ArrayRef, (usize, String)> {
        let mut builder = Int64Builder::with_capacity(values.len());
        values.for_each(|value| builder.append_option(value.copied()));
        Ok(Arc::new(builder.finish()))
    }
}

impl ColumnType for bool {
    fn data_type(_: Decimals) -> DataType {
        DataType::Boolean
    }

    fn array<'a>(
        values: impl ExactSizeIterator<Item = Option<&'a Self>>,
        _: Decimals,
    ) -> Result<ArrayRef, (usize, String)> {
        let mut builder = BooleanBuilder::with_capacity(values.len());
        values.for_each(|value| builder.append_option(value.copied()));
        Ok(Arc::new(builder.finish()))
    }
}

/// A column of texts.
pub(crate) fn texts<'a, T: 'a>(
    values: impl ExactSizeIterator<Item = Option<&'a T>>,
    text: impl Fn(&'a T) -> &'a str,
) -> ArrayRef {
    let mut builder = StringBuilder::with_capacity(values.len(), values.len() * 16);
    values.for_each(|value| builder.append_option(value.map(&text)));
    Arc::new(builder.finish())
}

impl ColumnType for String {
    fn data_type(_: Decimals) -> DataType {
        DataType::Utf8
    }

    fn array<'a>(
        values: impl ExactSizeIterator<Item = Option<&'a Self>>,
        _: Decimals,
    ) -> Result<ArrayRef, (usize, String)> {
        Ok(texts(values, String::as_str))
    }
}

impl ColumnType for Decimal {
    fn data_type(decimals: Decimals) -> DataType {
        match decimals {
            Decimals::Decimal => DataType::Decimal128(PRECISION, SCALE),
            Decimals::Float64 => DataType::Float64,
            Decimals::Text => DataType::Utf8,
        }
    }

    fn array<'a>(
        values: impl ExactSizeIterator<Item = Option<&'a Self>>,
        decimals: Decimals,
    ) -> Result<ArrayRef, (usize, String)> {
        match decimals {
            Decimals::Decimal => {
                let mut builder = Decimal128Builder::with_capacity(values.len());
                for (row, value) in values.enumerate() {
                    let scaled = value.map(|value| scaled(value).ok_or_else(|| {
                        let whole = PRECISION - SCALE.unsigned_abs();
                        (row, format!("{value}, which is more than {whole} digits before the point or {SCALE} behind it (decimals=\"text\" keeps all digits, decimals=\"float64\" takes the nearest float),"))
                    }));
                    builder.append_option(scaled.transpose()?);
                }
                let array = builder.finish().with_precision_and_scale(PRECISION, SCALE);
                Ok(Arc::new(array.map_err(|error| (0, error.to_string()))?))
            }
            Decimals::Float64 => {
                let mut builder = Float64Builder::with_capacity(values.len());
                for (row, value) in values.enumerate() {
                    let float = value
                        .map(|value| float(value).ok_or_else(|| (row, format!("{value}, which is no 64-bit float,"))));
                    builder.append_option(float.transpose()?);
                }
                Ok(Arc::new(builder.finish()))
            }
            Decimals::Text => {
                let texts = values.map(|value| value.map(ToString::to_string));
                Ok(Arc::new(texts.collect::<StringArray>()))
            }
        }
    }
}

/// A decimal in units of the column's last digit, unless it would be rounded.
fn scaled(value: &Decimal) -> Option<i128> {
    let value = value.value()?;
    // Taking zeros off is slow, and few numbers have so many.
    let value = if value.scale() > SCALE.unsigned_abs().into() { value.normalize() } else { value };
    let shift = u32::from(SCALE.unsigned_abs()).checked_sub(value.scale())?;
    let scaled = value.mantissa().checked_mul(POWERS[shift as usize])?;
    (scaled.unsigned_abs() < TOO_LARGE).then_some(scaled)
}

/// The nearest 64-bit float.
fn float(value: &Decimal) -> Option<f64> {
    if let Some(value) = value.value() {
        let (digits, power) = (value.mantissa(), 10_i64.checked_pow(value.scale()));
        // Both are floats without rounding up to here, so that the quotient is rounded once.
        let is_exact = |number: i128| number.unsigned_abs() <= 1 << f64::MANTISSA_DIGITS;
        if let Some(power) = power.filter(|power| is_exact(digits) && is_exact((*power).into())) {
            return Some(digits as f64 / power as f64);
        }
    }
    value.to_string().parse().ok().filter(|float: &f64| float.is_finite())
}

impl ColumnType for EcwidDateTime {
    fn data_type(_: Decimals) -> DataType {
        DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
    }

    fn array<'a>(
        values: impl ExactSizeIterator<Item = Option<&'a Self>>,
        _: Decimals,
    ) -> Result<ArrayRef, (usize, String)> {
        let mut builder = TimestampMicrosecondBuilder::with_capacity(values.len());
        for (row, value) in values.enumerate() {
            let micros = value.map(|value| {
                let utc = value.to_utc().ok_or_else(|| {
                    (row, format!("{:?}, which is no date,", crate::to_python::errors::shown_text(&value.to_string())))
                })?;
                Ok(utc.timestamp_micros())
            });
            builder.append_option(micros.transpose()?);
        }
        Ok(Arc::new(builder.finish().with_timezone("UTC")))
    }
}

impl ColumnType for Vec<i64> {
    fn data_type(_: Decimals) -> DataType {
        DataType::List(Arc::new(Field::new_list_field(DataType::Int64, true)))
    }

    fn array<'a>(
        values: impl ExactSizeIterator<Item = Option<&'a Self>>,
        _: Decimals,
    ) -> Result<ArrayRef, (usize, String)> {
        let mut builder = ListBuilder::with_capacity(Int64Builder::new(), values.len());
        for value in values {
            builder.values().append_slice(value.map_or(&[], Vec::as_slice));
            builder.append(value.is_some());
        }
        Ok(Arc::new(builder.finish()))
    }
}

impl ColumnType for Vec<String> {
    fn data_type(_: Decimals) -> DataType {
        DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)))
    }

    fn array<'a>(
        values: impl ExactSizeIterator<Item = Option<&'a Self>>,
        _: Decimals,
    ) -> Result<ArrayRef, (usize, String)> {
        let mut builder = ListBuilder::with_capacity(StringBuilder::new(), values.len());
        for value in values {
            value.into_iter().flatten().for_each(|text| builder.values().append_value(text));
            builder.append(value.is_some());
        }
        Ok(Arc::new(builder.finish()))
    }
}

/// The column of the fields that are not known, as JSON texts; nothing where there are none.
fn extras(coupons: &[&Coupon]) -> Result<ArrayRef, String> {
    let texts = coupons.iter().map(|coupon| {
        let is_some = !coupon.extra.is_empty();
        let text = is_some.then(|| {
            let members: std::collections::BTreeMap<_, _> = coupon.extra.iter().collect();
            serde_json::to_string(&members).map_err(|error| error.to_string())
        });
        text.transpose()
    });
    let texts = texts.collect::<Result<Vec<Option<String>>, String>>()?;
    Ok(Arc::new(StringArray::from(texts)))
}

/// The columns of a table of coupons.
pub(crate) fn schema(decimals: Decimals) -> SchemaRef {
    let mut fields = columns::fields(decimals);
    fields.push(Field::new("extra", DataType::Utf8, true));
    Arc::new(Schema::new(fields))
}

/// How many coupons are turned into columns at a time. Each column goes over all of them, which is fast while they are in
/// the processor's cache.
const CACHED: usize = 512;

/// A table of these coupons. An error names the coupon that does not fit.
pub(crate) fn batch(coupons: &[&Coupon], decimals: Decimals) -> Result<RecordBatch, String> {
    let parts = coupons.chunks(CACHED).map(|coupons| part(coupons, decimals)).collect::<Result<Vec<_>, _>>()?;
    concat_batches(&schema(decimals), &parts).map_err(|error| error.to_string())
}

fn part(coupons: &[&Coupon], decimals: Decimals) -> Result<RecordBatch, String> {
    let mut arrays = columns::arrays(coupons, decimals)?;
    arrays.push(extras(coupons)?);
    RecordBatch::try_new(schema(decimals), arrays).map_err(|error| error.to_string())
}

/// The capsule of a schema.
pub(crate) fn schema_capsule<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(to_value_error)?;
    PyCapsule::new_with_value(py, schema, c"arrow_schema")
}

/// The capsule of a stream of tables.
pub(crate) fn stream_capsule(
    py: Python<'_>,
    reader: Box<dyn RecordBatchReader + Send>,
) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), c"arrow_array_stream")
}

pub(crate) fn to_value_error(error: ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
