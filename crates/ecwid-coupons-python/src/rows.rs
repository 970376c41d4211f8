//! Rows of Python, or of a table that reads as Arrow, as coupons to create. What is wrong with them is found in all rows.

use std::{collections::HashSet, sync::Arc};

use arrow_array::{
    Array as _, ArrayRef, RecordBatch, RecordBatchReader, ffi_stream::RecordBatchStreamReader, make_array,
};
use arrow_json::writer::{EncoderOptions, make_encoder};
use arrow_schema::{ArrowError, DataType, Field as ArrowField, FieldRef};
use ecwid_coupons::{
    Json, RowProblem,
    schema::{self, Field, Kind},
    types::{Coupon as Stored, NewCoupon},
};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyBytes, PyCapsule, PyDict, PyString},
};

use crate::{
    arrow::to_value_error,
    generated::Coupon,
    input::{self, Entry, Object},
    list::{CouponList, LOOK},
    scalars::{converted, is_conversion_error, text_of},
    value::ToPython as _,
};

/// What is wrong with a row, a column, or a column of a row.
type Problem = (Option<usize>, Option<String>, String);

/// Coupons to create, and what is wrong with what they were made of.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) coupons: Vec<NewCoupon>,
    problems: Vec<Problem>,
}

impl Rows {
    /// Reads a table, or an iterable of dicts, coupons and other mappings. What a row lacks is left empty.
    pub(crate) fn read(source: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut rows = Self::default();
        // Not as a table, in which a number of many digits has no place.
        let is_list = source.is_instance_of::<CouponList>();
        if !is_list && source.hasattr("__arrow_c_stream__")? {
            rows.add_table(source)?;
            return Ok(rows);
        }
        let is_one = source.is_instance_of::<PyString>()
            || source.is_instance_of::<PyBytes>()
            || input::entries(source)?.is_some();
        let items = converted(source.py(), source.try_iter())?;
        let Some(items) = items.filter(|_| !is_one) else {
            return Err(input::raise::<PyTypeError>(source, |source| {
                format!(
                    "rows: {source} is not a table that reads as Arrow, or an iterable of dicts, coupons or other mappings"
                )
            }));
        };
        for item in items {
            rows.add(&item?)?;
        }
        Ok(rows)
    }

    /// Adds what the client says of the rows, unless a column of that name is known to be wrong already, and raises if there is
    /// anything.
    pub(crate) fn check(mut self, py: Python<'_>, rows: usize, found: Vec<RowProblem>) -> PyResult<()> {
        let known: HashSet<_> = self.problems.iter().map(|(row, column, _)| (*row, column.clone())).collect();
        for RowProblem { row, field, problem, .. } in found {
            let column = Some(in_snake_case(field));
            if !known.contains(&(Some(row), column.clone())) && !known.contains(&(None, column.clone())) {
                self.problems.push((Some(row), column, problem));
            }
        }
        if self.problems.is_empty() {
            return Ok(());
        }
        self.problems.sort_by_key(|(row, _, _)| *row);
        let class = py.import("ecwid_coupons._errors")?.getattr("InvalidRowsError")?;
        Err(PyErr::from_value(class.call_method1("_of", (self.problems, rows))?))
    }

    fn add(&mut self, item: &Bound<'_, PyAny>) -> PyResult<()> {
        if let Ok(coupon) = item.cast::<Coupon>() {
            // By its JSON, which has every digit.
            let object = Json::from_value(coupon.get().0.get()).and_then(|json| json.read());
            let mut object: Object = object.map_err(|error| PyTypeError::new_err(error.to_string()))?;
            object.retain(|name, _| is_field(NewCoupon::FIELDS, name) || !is_field(Stored::FIELDS, name));
            self.finish(object);
            return Ok(());
        }
        match input::entries(item)? {
            Some(values) => self.add_mapping(item.py(), values),
            None => {
                let problem = format!("{} is no dict, coupon or other mapping", input::shown(item)?);
                self.problems.push((Some(self.coupons.len()), None, problem));
                self.coupons.push(NewCoupon::new("", ""));
                Ok(())
            }
        }
    }

    fn add_mapping<'py>(&mut self, py: Python<'py>, values: impl IntoIterator<Item = Entry<'py>>) -> PyResult<()> {
        // Reading dicts runs no code of Python, which would do it.
        if self.coupons.len().is_multiple_of(LOOK) {
            py.check_signals()?;
        }
        let mut object = Object::new();
        for (name, value) in values {
            let column = text_of(&name.str()?);
            if value.is_none() {
                // Nothing to send; a misspelt name is an error all the same.
                self.check_name(&column);
                continue;
            }
            if let Err(problem) = self.add_value(&column, &value, &mut object)? {
                self.problems.push((Some(self.coupons.len()), Some(column), problem));
            }
        }
        self.finish(object);
        Ok(())
    }

    fn check_name(&mut self, column: &str) {
        if let Err(problem) = field(column) {
            self.problems.push((Some(self.coupons.len()), Some(column.to_owned()), problem));
        }
    }

    /// Adds a value. What is wrong with it is told apart from what ends the reading, such as Ctrl-C.
    fn add_value(&self, column: &str, value: &Bound<'_, PyAny>, object: &mut Object) -> PyResult<Result<(), String>> {
        let py = value.py();
        if column == EXTRA {
            // A table has them as JSON.
            let value = match value.extract::<String>().ok().map(|json| read(&json)) {
                Some(Err(problem)) => return Ok(Err(problem)),
                Some(Ok(json)) => match problem(py, json.to_python(py))? {
                    Ok(value) => value,
                    Err(problem) => return Ok(Err(problem)),
                },
                None => value.clone(),
            };
            let added = problem(py, input::add_extra(NewCoupon::FIELDS, &value, "", object))?;
            return Ok(added.map_err(|problem| without(problem, column)));
        }
        let path = match field(column) {
            Ok(path) => path.unwrap_or_default(),
            Err(problem) => return Ok(Err(problem)),
        };
        let Some(last) = path.last() else { return Ok(Ok(())) };
        Ok(match problem(py, input::one(&last.kind, value, column))? {
            Ok(json) => put(object, &path, json),
            Err(problem) => Err(without(problem, column)),
        })
    }

    /// Makes the coupon of a row.
    fn finish(&mut self, mut object: Object) {
        let row = self.coupons.len();
        for name in ["name", "code"] {
            // An empty one is a problem that the client names.
            object.entry(name.to_owned()).or_insert_with(|| Json::from_value("").expect("a text is JSON"));
        }
        let coupon = Json::from_value(&object).and_then(|json| json.read());
        let coupon = coupon.unwrap_or_else(|error: serde_json::Error| {
            self.problems.push((Some(row), None, error.to_string()));
            NewCoupon::new("", "")
        });
        self.coupons.push(coupon);
    }

    fn add_table(&mut self, source: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = source.py();
        let reader = reader(source)?;
        let schema = reader.schema();
        // Reading may wait for whatever makes the table.
        let batches: Vec<RecordBatch> = py.detach(|| reader.collect::<Result<_, _>>()).map_err(to_value_error)?;
        let mut columns = Vec::new();
        for (index, column) in schema.fields().iter().enumerate() {
            match fits(column) {
                Ok(true) => columns.push(index),
                Ok(false) => {}
                Err(problem) => self.problems.push((None, Some(column.name().clone()), problem)),
            }
        }
        for batch in batches {
            self.add_batch(py, &batch, &columns)?;
        }
        Ok(())
    }

    fn add_batch(&mut self, py: Python<'_>, batch: &RecordBatch, columns: &[usize]) -> PyResult<()> {
        let first = self.coupons.len();
        let rows: Vec<_> = (0..batch.num_rows()).map(|_| PyDict::new(py)).collect();
        for index in columns {
            let schema = batch.schema_ref();
            let name = schema.field(*index).name();
            for (row, cell) in cells(&schema.fields()[*index], batch.column(*index)).map_err(to_value_error)? {
                match cell {
                    Ok(json) => rows[row].set_item(name, json.to_python(py)?)?,
                    Err(problem) => self.problems.push((Some(first + row), Some(name.clone()), problem)),
                }
            }
        }
        for row in rows {
            self.add_mapping(py, row.iter())?;
        }
        Ok(())
    }
}

/// The column of fields that are not known.
const EXTRA: &str = "extra";

/// The field of a column, with those that it is in; nothing for one that only the store sets.
fn field(column: &str) -> Result<Option<Vec<&'static Field>>, String> {
    if let Some(path) = schema::find_column(NewCoupon::FIELDS, column) {
        return Ok(Some(path));
    }
    // What a search gave can be given back.
    if column == EXTRA || schema::find_column(Stored::FIELDS, column).is_some() {
        return Ok(None);
    }
    let known: Vec<_> = NewCoupon::FIELDS.iter().map(|field| in_snake_case(field.name)).collect();
    Err(format!(
        "there is no such field; there are {}; what this version does not know is given in `extra`",
        known.join(", ")
    ))
}

fn is_field(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|field| field.name == name)
}

fn in_snake_case(name: &str) -> String {
    let letter = |letter: char| letter.is_uppercase().then_some('_').into_iter().chain(letter.to_lowercase());
    name.chars().flat_map(letter).collect()
}

/// Puts a value into an object, or into one inside of it.
fn put(object: &mut Object, path: &[&Field], json: Json) -> Result<(), String> {
    let [field, rest @ ..] = path else { return Ok(()) };
    let there = object.get(field.name);
    if !rest.is_empty() && matches!(field.kind, Kind::Object(_)) {
        let mut inner: Object = there.map_or(Ok(Object::new()), Json::read).map_err(|error| error.to_string())?;
        put(&mut inner, rest, json)?;
        let inner = Json::from_value(&inner).map_err(|error| error.to_string())?;
        object.insert(field.name.to_owned(), inner);
        return Ok(());
    }
    if there.is_some() {
        return Err("another column gives the same field".to_owned());
    }
    object.insert(field.name.to_owned(), json);
    Ok(())
}

/// Takes over the stream of a table.
fn reader(source: &Bound<'_, PyAny>) -> PyResult<RecordBatchStreamReader> {
    let capsule = source.call_method0("__arrow_c_stream__")?;
    let capsule = capsule.cast::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?;
    #[expect(unsafe_code, reason = "the Arrow PyCapsule interface hands over a pointer")]
    // SAFETY: a capsule of this name holds a valid stream by the interface. It is moved out, and what is left is marked as
    // released, so that the capsule's destructor does nothing.
    let reader = unsafe { RecordBatchStreamReader::from_raw(pointer.as_ptr().cast()) };
    reader.map_err(to_value_error)
}

/// Whether a column is one to read. An error says why it can be none.
fn fits(column: &ArrowField) -> Result<bool, String> {
    let data_type = match column.data_type() {
        DataType::Dictionary(_, values) => values,
        other => other,
    };
    let Some(path) = field(column.name())? else { return Ok(column.name() == EXTRA) };
    if let DataType::Timestamp(_, None) = data_type {
        return Err(format!("{data_type} has no time zone, so that it is no point in time; give it one, such as UTC"));
    }
    let is_text = matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    let is_time = matches!(data_type, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64);
    let expected = match path.last().map(|field| field.kind) {
        _ if data_type.is_null() => return Ok(true),
        Some(Kind::Boolean) if *data_type != DataType::Boolean => "a column of booleans",
        Some(Kind::Integer) if !data_type.is_numeric() => "a column of integers",
        Some(Kind::Decimal) if !data_type.is_numeric() && !is_text => {
            "a column of numbers, or of texts such as \"10.50\""
        }
        Some(Kind::Text | Kind::Enum(_)) if !is_text => "a column of texts",
        Some(Kind::DateTime) if !is_time && !is_text => {
            "a column of timestamps with a time zone, of dates, or of texts"
        }
        Some(Kind::List(_)) if !data_type.is_list() => "a column of lists",
        Some(Kind::Object(_)) if !matches!(data_type, DataType::Struct(_) | DataType::Map(..)) => "a column of structs",
        _ => return Ok(true),
    };
    Err(format!("{data_type} is not {expected}"))
}

/// A row and what stands there, or what is wrong with it.
type Cell = (usize, Result<Json, String>);

/// The cells that are not null, each with its row, as JSON. An error says what is wrong with a cell.
fn cells(column: &FieldRef, values: &ArrayRef) -> Result<Vec<Cell>, ArrowError> {
    let (column, values) = in_utc(column, values)?;
    let options = EncoderOptions::default();
    let mut encoder = make_encoder(&column, &values, &options)?;
    let mut cells = Vec::with_capacity(values.len());
    for row in (0..values.len()).filter(|row| !values.is_null(*row)) {
        if encoder.is_null(row) {
            continue;
        }
        let mut text = Vec::new();
        encoder.encode(row, &mut text);
        let text = String::from_utf8_lossy(&text);
        // A frame that has rows without a number may hold the whole ones as floats.
        let is_integer = field(column.name()).is_ok_and(|path| {
            path.and_then(|path| path.last().map(|field| field.kind == Kind::Integer)).unwrap_or_default()
        });
        let text = if is_integer { text.strip_suffix(".0").unwrap_or(&text) } else { &text };
        cells.push((row, if text == "null" { Err("it is no finite number".to_owned()) } else { read(text) }));
    }
    Ok(cells)
}

/// What a conversion raised, as a text; any other exception is handed on.
fn problem<T>(py: Python<'_>, result: PyResult<T>) -> PyResult<Result<T, String>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(error) if is_conversion_error(py, &error) => Ok(Err(text_of(&error.value(py).str()?))),
        Err(error) => Err(error),
    }
}

/// A problem without the column that it begins with, which is told besides.
fn without(problem: String, column: &str) -> String {
    problem.strip_prefix(&format!("{column}: ")).unwrap_or(&problem).to_owned()
}

fn read(text: &str) -> Result<Json, String> {
    text.parse().map_err(|error: serde_json::Error| error.to_string())
}

/// The same points in time, written in UTC: a zone's name would need all zones' rules.
fn in_utc(column: &FieldRef, values: &ArrayRef) -> Result<(FieldRef, ArrayRef), ArrowError> {
    let DataType::Timestamp(unit, Some(_)) = column.data_type() else {
        return Ok((Arc::clone(column), Arc::clone(values)));
    };
    let data_type = DataType::Timestamp(*unit, Some("+00:00".into()));
    let data = values.to_data().into_builder().data_type(data_type.clone()).build()?;
    Ok((Arc::new(column.as_ref().clone().with_data_type(data_type)), make_array(data)))
}
