//! Conversion of Arrow tables to coupons to create. Runs without the GIL, and makes no Python objects.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use arrow_array::{Array as _, ArrayRef, make_array};
use arrow_json::writer::{EncoderOptions, make_encoder};
use arrow_schema::{ArrowError, DataType, Field as ArrowField, FieldRef};
use ecwid_coupons::{
    __private::read_fields,
    Decimal, FieldInput, JsonObject, RawJson,
    schema::{Field, Kind},
    types::{CouponUpdate, NewCoupon},
};
use pyo3::prelude::*;

use crate::{
    from_python::{
        arrow_table::{ArrowTable, Batch, Invalid},
        fields::{MANY_DIGITS, check_extra, inexact_float},
        rows::{Problem, Rows, field, in_snake_case, put, with_names},
    },
    to_python::{errors::shown_text, table::to_value_error},
};

/// The number of rows between two checks for signals.
const ROWS: usize = 10_000;

/// A column that is read.
pub(super) struct Column {
    pub(super) index: usize,
    pub(super) field: FieldRef,
    /// The path to the coupon's field. Empty for `extra`, and for columns that are not fields.
    pub(super) path: Vec<&'static Field>,
    /// The problem of its type. It is reported only if the column has values.
    pub(super) problem: Option<String>,
}

impl Column {
    /// Returns the names in the path, joined with dots.
    fn path(&self) -> String {
        self.path.iter().map(|field| field.name).collect::<Vec<_>>().join(".")
    }
}

impl Rows {
    /// Adds the rows of a table.
    pub(super) fn add_table(&mut self, source: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = source.py();
        let mut table = ArrowTable::take_over(source)?;
        let mut columns = Vec::new();
        for (index, column) in table.schema().fields().iter().enumerate() {
            let name = column.name();
            match field(name) {
                Ok(None) => {}
                Ok(Some(path)) => {
                    let problem = wrong_type(column, &path);
                    columns.push(Column { index, field: Arc::clone(column), path, problem });
                }
                Err(problem) => self.problems.push(Problem::new(None, name, problem)),
            }
        }
        self.refuse_twice(&mut columns);
        let wanted: Vec<_> = columns.iter().map(|column| column.index).collect();
        // The producer of the table may block.
        while let Some(batch) = py.detach(|| table.next(&wanted)).map_err(to_value_error)? {
            for part in parts(batch) {
                py.check_signals()?;
                py.detach(|| self.add_batch(part, &mut columns)).map_err(to_value_error)?;
            }
        }
        // Within a row, problems have the order of the columns.
        let fields = table.schema().fields();
        let place = |name: &String| fields.iter().position(|field| field.name() == name);
        self.problems.sort_by_key(|problem| (problem.row, problem.column.as_ref().and_then(place)));
        Ok(())
    }

    /// Refuses columns for the same field, such as `discountType` and `discount_type`.
    fn refuse_twice(&mut self, columns: &mut Vec<Column>) {
        let mut given = HashMap::new();
        columns.retain(|column| {
            let name = column.field.name();
            let problem = match given.insert(column.path(), name.clone()) {
                Some(other) => format!("another column has the same field: `{other}`"),
                None => match doubled_member(column.field.data_type()) {
                    Some(member) => format!("the member `{member}` occurs twice"),
                    None => return true,
                },
            };
            self.problems.push(Problem::new(None, name, problem));
            false
        });
    }

    fn add_batch(&mut self, batch: Batch, columns: &mut [Column]) -> Result<(), ArrowError> {
        let first = self.coupons.len();
        let mut rows = vec![JsonObject::new(); batch.rows];
        for (column, values) in columns.iter_mut().zip(batch.columns) {
            let name = column.field.name();
            let values = match values {
                Ok(values) if values.logical_null_count() == values.len() => continue,
                Ok(values) => values,
                Err(Invalid { row, problem }) => {
                    self.unread.insert(in_snake_case(name));
                    self.problems.push(Problem::new(row.map(|row| first + row), name, problem));
                    continue;
                }
            };
            if let Some(problem) = column.problem.take() {
                self.unread.insert(in_snake_case(name));
                self.problems.push(Problem::new(None, name, problem));
            }
            if self.unread.contains(&in_snake_case(name)) {
                continue;
            }
            for (row, cell) in cells(column, &values)? {
                if let Err(problem) = cell.and_then(|json| self.add_cell(column, json, &mut rows[row])) {
                    self.problems.push(Problem::new(Some(first + row), name, problem));
                }
            }
        }
        for row in rows {
            self.add_object(row, columns);
        }
        Ok(())
    }

    fn add_cell(&self, column: &Column, json: RawJson, object: &mut JsonObject) -> Result<(), String> {
        match &column.path[..] {
            [] => add_extra(&json, object),
            [field] if !self.is_content(field.name, &json) => Ok(()),
            path => put(object, path, json),
        }
    }

    /// Adds the coupon of a row. A field that cannot be read becomes a problem of its column.
    fn add_object(&mut self, mut object: JsonObject, columns: &[Column]) {
        if let Ok(coupon) = read_fields(with_names(&mut object)) {
            self.coupons.push(coupon);
            return;
        }
        let row = self.coupons.len();
        object.retain(|name, value| {
            let alone = JsonObject::from([(name.clone(), value.clone())]);
            let Err(problem) = read_fields::<CouponUpdate>(&alone) else { return true };
            let place = problem.path().unwrap_or(name);
            let column = columns.iter().find(|column| place.starts_with(&column.path()) && !column.path.is_empty());
            let inside = column.map_or(place, |column| &place[column.path().len()..]).trim_start_matches('.');
            let separator = if inside.is_empty() { "" } else { ": " };
            let column = column.map_or(name, |column| column.field.name());
            let text = format!("{inside}{separator}{}", problem.without_path());
            self.problems.push(Problem::new(Some(row), column, text));
            false
        });
        self.finish(object);
    }
}

/// Splits a batch into parts of up to [`ROWS`] rows.
fn parts(batch: Batch) -> Vec<Batch> {
    if batch.rows <= ROWS || batch.columns.iter().any(Result::is_err) {
        return vec![batch];
    }
    let part = |start: usize| {
        let rows = ROWS.min(batch.rows - start);
        let columns = batch.columns.iter().flatten().map(|column| Ok(column.slice(start, rows)));
        Batch { rows, columns: columns.collect() }
    };
    (0..batch.rows).step_by(ROWS).map(part).collect()
}

/// Returns the problem of a column's type, if the type does not fit the field.
fn wrong_type(column: &ArrowField, path: &[&Field]) -> Option<String> {
    let data_type = value_type(column);
    if let DataType::Timestamp(_, None) = data_type {
        return Some(format!("the type {data_type} has no time zone; hint: set one, such as UTC"));
    }
    let is_text = matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    let is_time = matches!(data_type, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64);
    let expected = match path.last().map(|field| field.kind) {
        _ if data_type.is_null() => return None,
        Some(Kind::Boolean) if *data_type != DataType::Boolean => "a column of booleans",
        Some(Kind::Integer) if !data_type.is_numeric() => "a column of integers",
        Some(Kind::Decimal) if !data_type.is_numeric() && !is_text => {
            "a column of numbers, or of strings such as \"10.50\""
        }
        Some(Kind::Text | Kind::Enum(_)) if !is_text => "a column of strings",
        Some(Kind::DateTime) if !is_time && !is_text => {
            "a column of timestamps with a time zone, of dates, or of strings"
        }
        Some(Kind::List(_)) if !data_type.is_list() => "a column of lists",
        Some(Kind::Object(_)) if !matches!(data_type, DataType::Struct(_) | DataType::Map(..)) => "a column of structs",
        _ => return None,
    };
    Some(format!("invalid type: `{data_type}` (expected {expected})"))
}

/// Returns a member that occurs twice in a column of structs, even if the spellings differ.
fn doubled_member(data_type: &DataType) -> Option<&str> {
    let DataType::Struct(members) = data_type else { return None };
    let letters = |name: &str| name.replace('_', "").to_lowercase();
    let mut names = HashSet::new();
    members.iter().map(|member| member.name().as_str()).find(|name| !names.insert(letters(name)))
}

pub(super) fn value_type(column: &ArrowField) -> &DataType {
    match column.data_type() {
        DataType::Dictionary(_, values) => values,
        other => other,
    }
}

/// The row and the JSON of a cell, or its problem.
pub(super) type Cell = (usize, Result<RawJson, String>);

/// Returns the cells that are not null.
pub(super) fn cells(column: &Column, values: &ArrayRef) -> Result<Vec<Cell>, ArrowError> {
    let (field, values) = in_utc(&column.field, values)?;
    let options = EncoderOptions::default();
    let mut encoder = make_encoder(&field, &values, &options)?;
    let last = column.path.last();
    let is_integer = last.is_some_and(|field| field.kind == Kind::Integer);
    let mut cells = Vec::with_capacity(values.len());
    let mut text = Vec::new();
    for row in (0..values.len()).filter(|row| !values.is_null(*row)) {
        if encoder.is_null(row) {
            continue;
        }
        text.clear();
        encoder.encode(row, &mut text);
        let Ok(text) = std::str::from_utf8(&text) else {
            cells.push((row, Err("the string is not valid UTF-8".to_owned())));
            continue;
        };
        // pandas stores integers as floats if a column has missing values.
        let text = if is_integer { text.strip_suffix(".0").unwrap_or(text) } else { text };
        // A Date64 is a date, but is encoded with a time.
        let day = text.strip_suffix("T00:00:00\"").filter(|_| *field.data_type() == DataType::Date64);
        let day = day.map(|day| format!("{day}\""));
        let cell = match day.as_deref().unwrap_or(text) {
            "null" => Err("the number is not finite".to_owned()),
            text => cell(&field, last.copied(), text),
        };
        cells.push((row, cell));
    }
    Ok(cells)
}

/// Converts the JSON of a cell to the JSON of a field.
fn cell(column: &ArrowField, field: Option<&Field>, text: &str) -> Result<RawJson, String> {
    let json: RawJson = text.parse().map_err(|error: serde_json::Error| error.to_string())?;
    let Some(field) = field else { return Ok(json) };
    match field.kind {
        Kind::Decimal => {
            let number = decimal(value_type(column), &json)?;
            RawJson::from_value(&number)
        }
        Kind::DateTime => {
            let Ok(text) = json.deserialize::<String>() else { return Ok(json) };
            RawJson::from_value(&field.day_bound().parse(&text).map_err(|error| shown_text(&error.to_string()))?)
        }
        Kind::Object(inside) => {
            let members: JsonObject = json.deserialize().map_err(|error| error.to_string())?;
            let mut input = FieldInput::new(inside);
            for (name, value) in members.into_iter().filter(|(_, value)| value.as_str() != "null") {
                input.add(&name, value).map_err(|error| error.to_string())?;
            }
            RawJson::from_value(input.values())
        }
        _ => Ok(json),
    }
    .map_err(|error| error.to_string())
}

/// Reads the number of a cell. Refuses floats that have no short decimal, and decimals with the many digits of such a float.
fn decimal(data_type: &DataType, json: &RawJson) -> Result<Decimal, String> {
    let text = json.deserialize::<String>().ok();
    let digits = text.as_deref().map_or(json.as_str(), str::trim);
    let number: Decimal =
        digits.parse().map_err(|error: ecwid_coupons::ParseDecimalError| shown_text(&error.to_string()))?;
    let inexact = match data_type {
        DataType::Float64 => digits.parse::<f64>().ok().and_then(|float| Decimal::try_from(float).err()),
        DataType::Float16 | DataType::Float32 => {
            digits.parse::<f32>().ok().and_then(|float| Decimal::try_from(float).err())
        }
        _ if text.is_none() && digits.contains(['.', 'e', 'E']) && digits.len() > MANY_DIGITS => number.float_error(),
        _ => None,
    };
    inexact.map_or(Ok(number), |error| Err(inexact_float(&error)))
}

/// Adds extra fields. A cell is a JSON object as text, or a struct.
fn add_extra(json: &RawJson, object: &mut JsonObject) -> Result<(), String> {
    let json = match json.deserialize::<String>() {
        Ok(text) => text.parse().map_err(|error: serde_json::Error| error.to_string())?,
        Err(_) => json.clone(),
    };
    let members: JsonObject = json
        .deserialize()
        .map_err(|_| format!("invalid value: `{}` (expected a mapping)", shown_text(json.as_str())))?;
    for (name, value) in members {
        check_extra(NewCoupon::FIELDS, &name)?;
        object.insert(name, value);
    }
    Ok(())
}

/// Converts timestamps to UTC, so that the rules of time zones are not needed.
fn in_utc(column: &FieldRef, values: &ArrayRef) -> Result<(FieldRef, ArrayRef), ArrowError> {
    let DataType::Timestamp(unit, Some(_)) = column.data_type() else {
        return Ok((Arc::clone(column), Arc::clone(values)));
    };
    let data_type = DataType::Timestamp(*unit, Some("+00:00".into()));
    let data = values.to_data().into_builder().data_type(data_type.clone()).build()?;
    Ok((Arc::new(column.as_ref().clone().with_data_type(data_type)), make_array(data)))
}
