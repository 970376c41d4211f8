//! Conversion of fields to Arrow columns.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray,
    builder::{Int64Builder, ListBuilder, StringBuilder},
};
use arrow_schema::{DataType, Field, TimeUnit};
use ecwid_coupons::{Decimal, EcwidDateTime, types::Coupon};
use pyo3::prelude::*;

use crate::{from_python::arguments, to_python::errors::shown_text};

/// The digits of a decimal column: 29 before the decimal point and 9 after it.
const PRECISION: u8 = 38;
const SCALE: i8 = 9;

/// The first value that a decimal column cannot hold, in units of its last digit.
const TOO_LARGE: u128 = 10_u128.pow(PRECISION as u32);

/// The type of decimal columns.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Decimals {
    /// Exact decimals.
    #[default]
    Decimal,
    /// The nearest 64-bit floats.
    Float64,
    /// Texts with all digits.
    Text,
}

impl FromPyObject<'_, '_> for Decimals {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let choices = [("decimal", Self::Decimal), ("float64", Self::Float64), ("text", Self::Text)];
        arguments::choice("decimals", &value, &choices)
    }
}

/// Whether lists are joined to text, and dates have no time zone.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Flat(bool);

impl FromPyObject<'_, '_> for Flat {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        arguments::flag("flat", &value).map(Self)
    }
}

/// How columns hold values.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Layout {
    pub(crate) decimals: Decimals,
    pub(crate) flat: Flat,
}

/// A column, or the row that does not fit and the reason.
type Column = Result<ArrayRef, (usize, String)>;

/// The type of a field that has a column.
pub(crate) trait ColumnType: Sized {
    fn data_type(layout: Layout) -> DataType;

    fn array<'a>(values: impl ExactSizeIterator<Item = Option<&'a Self>>, layout: Layout) -> Column
    where
        Self: 'a;
}

pub(crate) fn column<T: ColumnType>(
    name: &'static str,
    coupons: &[&Coupon],
    layout: Layout,
    get: impl Fn(&Coupon) -> Option<&T>,
) -> Result<ArrayRef, String> {
    T::array(coupons.iter().map(|coupon| get(coupon)), layout).map_err(|(row, problem)| {
        let coupon = coupons[row];
        let which = match (coupon.id, &coupon.code) {
            (Some(id), Some(code)) => format!("the coupon {id} ({code:?})"),
            (Some(id), None) => format!("the coupon {id}"),
            (None, Some(code)) => format!("the coupon {code:?}"),
            (None, None) => format!("the coupon in row {row}"),
        };
        format!("invalid {name} of {which}: {problem}")
    })
}

/// Implements [`ColumnType`] for types whose values always fit.
macro_rules! columns {
    ($($type:ty: $data_type:expr, |$values:ident| $make:expr;)*) => { $(
        impl ColumnType for $type {
            fn data_type(_: Layout) -> DataType {
                $data_type
            }

            fn array<'a>($values: impl ExactSizeIterator<Item = Option<&'a Self>>, _: Layout) -> Column {
                Ok($make)
            }
        }
    )* };
}

columns! {
    i64: DataType::Int64, |values| Arc::new(values.map(Option::<&i64>::copied).collect::<Int64Array>());
    bool: DataType::Boolean, |values| Arc::new(values.map(Option::<&bool>::copied).collect::<BooleanArray>());
    String: DataType::Utf8, |values| texts(values, String::as_str);
}

impl ColumnType for Vec<i64> {
    fn data_type(layout: Layout) -> DataType {
        list_of(DataType::Int64, layout)
    }

    fn array<'a>(values: impl ExactSizeIterator<Item = Option<&'a Self>>, layout: Layout) -> Column {
        if layout.flat.0 {
            return Ok(joined(values));
        }
        let mut builder = ListBuilder::with_capacity(Int64Builder::new(), values.len());
        for value in values {
            builder.values().append_slice(value.map_or(&[], Vec::as_slice));
            builder.append(value.is_some());
        }
        Ok(Arc::new(builder.finish()))
    }
}

impl ColumnType for Vec<String> {
    fn data_type(layout: Layout) -> DataType {
        list_of(DataType::Utf8, layout)
    }

    fn array<'a>(values: impl ExactSizeIterator<Item = Option<&'a Self>>, layout: Layout) -> Column {
        if layout.flat.0 {
            return Ok(joined(values));
        }
        let mut builder = ListBuilder::with_capacity(StringBuilder::new(), values.len());
        for value in values {
            value.into_iter().flatten().for_each(|text| builder.values().append_value(text));
            builder.append(value.is_some());
        }
        Ok(Arc::new(builder.finish()))
    }
}

fn list_of(item: DataType, layout: Layout) -> DataType {
    if layout.flat.0 { DataType::Utf8 } else { DataType::List(Arc::new(Field::new_list_field(item, true))) }
}

/// Joins the items of each list to a text.
fn joined<'a, T: ToString + 'a>(values: impl Iterator<Item = Option<&'a Vec<T>>>) -> ArrayRef {
    let join = |items: &'a Vec<T>| items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Arc::new(values.map(|value| value.map(join)).collect::<StringArray>())
}

pub(crate) fn texts<'a, T: 'a>(
    values: impl ExactSizeIterator<Item = Option<&'a T>>,
    text: impl Fn(&'a T) -> &'a str,
) -> ArrayRef {
    Arc::new(values.map(|value| value.map(&text)).collect::<StringArray>())
}

impl ColumnType for Decimal {
    fn data_type(layout: Layout) -> DataType {
        match layout.decimals {
            Decimals::Decimal => DataType::Decimal128(PRECISION, SCALE),
            Decimals::Float64 => DataType::Float64,
            Decimals::Text => DataType::Utf8,
        }
    }

    fn array<'a>(values: impl ExactSizeIterator<Item = Option<&'a Self>>, layout: Layout) -> Column {
        match layout.decimals {
            Decimals::Decimal => {
                let values = converted(values, |value| {
                    scaled(value).ok_or_else(|| {
                        let whole = PRECISION - SCALE.unsigned_abs();
                        format!(
                            "`{value}` (expected up to {whole} digits before the decimal point and {SCALE} after it); \
                             hint: pass decimals=\"text\" or decimals=\"float64\""
                        )
                    })
                })?;
                let array = Decimal128Array::from(values).with_precision_and_scale(PRECISION, SCALE);
                Ok(Arc::new(array.map_err(|error| (0, error.to_string()))?))
            }
            Decimals::Float64 => {
                let wrong = |value| format!("`{value}` (expected a 64-bit float)");
                let values = converted(values, |value| float(value).ok_or_else(|| wrong(value)))?;
                Ok(Arc::new(Float64Array::from(values)))
            }
            Decimals::Text => Ok(Arc::new(values.map(|value| value.map(ToString::to_string)).collect::<StringArray>())),
        }
    }
}

/// Converts values. An error has the row that does not fit and the reason.
fn converted<'a, T: 'a, U>(
    values: impl Iterator<Item = Option<&'a T>>,
    convert: impl Fn(&'a T) -> Result<U, String>,
) -> Result<Vec<Option<U>>, (usize, String)> {
    let convert = |(row, value): (usize, Option<&'a T>)| value.map(&convert).transpose().map_err(|error| (row, error));
    values.enumerate().map(convert).collect()
}

/// Returns a decimal in units of the column's last digit, or `None` if it would be rounded.
fn scaled(value: &Decimal) -> Option<i128> {
    let value = value.value()?;
    // Removing trailing zeros is slow and seldom needed.
    let value = if value.scale() > SCALE.unsigned_abs().into() { value.normalize() } else { value };
    let shift = u32::from(SCALE.unsigned_abs()).checked_sub(value.scale())?;
    let scaled = value.mantissa().checked_mul(10_i128.pow(shift))?;
    (scaled.unsigned_abs() < TOO_LARGE).then_some(scaled)
}

/// Returns the nearest 64-bit float.
fn float(value: &Decimal) -> Option<f64> {
    if let Some(value) = value.value() {
        let (digits, power) = (value.mantissa(), 10_i64.checked_pow(value.scale()));
        // If both numbers are exact as floats, only the division rounds.
        let is_exact = |number: i128| number.unsigned_abs() <= 1 << f64::MANTISSA_DIGITS;
        if let Some(power) = power.filter(|power| is_exact(digits) && is_exact((*power).into())) {
            return Some(digits as f64 / power as f64);
        }
    }
    value.to_string().parse().ok().filter(|float: &f64| float.is_finite())
}

impl ColumnType for EcwidDateTime {
    fn data_type(layout: Layout) -> DataType {
        DataType::Timestamp(TimeUnit::Microsecond, zone(layout))
    }

    fn array<'a>(values: impl ExactSizeIterator<Item = Option<&'a Self>>, layout: Layout) -> Column {
        let wrong = |value: &Self| format!("`{}` (expected a date)", shown_text(&value.to_string()));
        let micros = |value: &Self| Ok(value.to_utc().ok_or_else(|| wrong(value))?.timestamp_micros());
        Ok(Arc::new(TimestampMicrosecondArray::from(converted(values, micros)?).with_timezone_opt(zone(layout))))
    }
}

/// Returns the time zone of dates. Excel cannot hold one.
fn zone(layout: Layout) -> Option<Arc<str>> {
    (!layout.flat.0).then(|| "UTC".into())
}
