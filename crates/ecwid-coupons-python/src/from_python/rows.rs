//! Rows of Python, or of a table that reads as Arrow, as coupons to create. What is wrong with them is found in all rows.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use arrow_array::{Array as _, ArrayRef, make_array};
use arrow_json::writer::{EncoderOptions, make_encoder};
use arrow_schema::{ArrowError, DataType, Field as ArrowField, FieldRef};
use ecwid_coupons::{
    Decimal, Json, RowProblem,
    schema::{self, Field, Kind},
    types::{Coupon as Stored, NewCoupon},
};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyBytes, PyDict, PyString, PyType},
};

use crate::{
    from_python::{
        arrow_table::{ArrowTable, Batch, Invalid},
        fields::{self, Entry, Object},
        scalars::{converted, is_conversion_error, text_of},
    },
    generated::Coupon,
    to_python::{
        coupon_list::{CouponList, LOOK},
        errors,
        table::to_value_error,
        value::ToPython as _,
    },
};

/// What is wrong with a row, a column, or a column of a row.
type Problem = (Option<usize>, Option<String>, String);

/// Coupons to create, and what is wrong with what they were made of.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) coupons: Vec<NewCoupon>,
    problems: Vec<Problem>,
    keep_order_count: bool,
    /// The columns that could not be read, of which the client would say that they are empty.
    unread: HashSet<String>,
}

/// A column of a table that is to be read.
struct Column {
    index: usize,
    field: FieldRef,
    /// What is wrong with its type, which is no matter where it has no values.
    problem: Option<String>,
}

impl Rows {
    /// Reads a table, or an iterable of dicts, coupons and other mappings. What a row lacks is left empty, and what the store sets
    /// is left out, but for the order count where that is to be kept.
    pub(crate) fn read(source: &Bound<'_, PyAny>, keep_order_count: bool) -> PyResult<Self> {
        let mut rows = Self { keep_order_count, ..Self::default() };
        // Not as a table, in which a number of many digits has no place.
        let is_list = source.is_instance_of::<CouponList>();
        if !is_list && source.hasattr("__arrow_c_stream__")? {
            rows.add_table(source)?;
            return Ok(rows);
        }
        let is_one = source.is_instance_of::<PyString>()
            || source.is_instance_of::<PyBytes>()
            || fields::entries(source)?.is_some();
        let items = converted(source.py(), source.try_iter())?;
        let Some(items) = items.filter(|_| !is_one) else {
            return Err(fields::raise::<PyTypeError>(source, |source| {
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
            let is_unread = column.as_ref().is_some_and(|column| self.unread.contains(column));
            if !is_unread && !known.contains(&(Some(row), column.clone())) && !known.contains(&(None, column.clone())) {
                self.problems.push((Some(row), column, problem));
            }
        }
        if self.problems.is_empty() {
            return Ok(());
        }
        self.problems.sort_by_key(|(row, _, _)| *row);
        for (_, column, _) in &mut self.problems {
            *column = column.as_deref().map(errors::shown_text);
        }
        let class = py.import("ecwid_coupons._errors")?.getattr("InvalidRowsError")?;
        Err(PyErr::from_value(class.call_method1("_of", (self.problems, rows))?))
    }

    fn add(&mut self, item: &Bound<'_, PyAny>) -> PyResult<()> {
        if let Ok(coupon) = item.cast::<Coupon>() {
            // By its JSON, which has every digit.
            let object = Json::from_value(coupon.get().0.get()).and_then(|json| json.deserialize());
            let mut object: Object = object.map_err(|error| PyTypeError::new_err(error.to_string()))?;
            object.retain(|name, value| self.is_content(name, value));
            self.finish(object);
            return Ok(());
        }
        match fields::entries(item)? {
            Some(values) => {
                let keep = self.keep_order_count;
                self.keep_order_count |= is_new_coupon(item)?;
                let added = self.add_mapping(item.py(), values);
                self.keep_order_count = keep;
                added
            }
            None => {
                let problem = format!("{} is no dict, coupon or other mapping", fields::shown(item)?);
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
            let added = problem(py, fields::add_extra(NewCoupon::FIELDS, &value, "", object))?;
            return Ok(added.map_err(|problem| without(problem, column)));
        }
        let path = match field(column) {
            Ok(path) => path.unwrap_or_default(),
            Err(problem) => return Ok(Err(problem)),
        };
        let Some(last) = path.last() else { return Ok(Ok(())) };
        Ok(match problem(py, fields::one(&last.kind, last.day_bound(), value, column))? {
            Ok(json) if matches!(path[..], [field] if !self.is_content(field.name, &json)) => Ok(()),
            Ok(json) => put(object, &path, json),
            Err(problem) => Err(without(problem, column)),
        })
    }

    /// Whether a field of a row is for the coupon that is made of it.
    fn is_content(&self, name: &str, value: &Json) -> bool {
        (self.keep_order_count && name == "orderCount") || !Stored::is_set_by_store(name, value)
    }

    /// Makes the coupon of a row.
    fn finish(&mut self, mut object: Object) {
        let row = self.coupons.len();
        for name in ["name", "code"] {
            // An empty one is a problem that the client names.
            object.entry(name.to_owned()).or_insert_with(|| Json::from_value("").expect("a text is JSON"));
        }
        let coupon = Json::from_value(&object).and_then(|json| json.deserialize());
        let coupon = coupon.unwrap_or_else(|error: serde_json::Error| {
            self.problems.push((Some(row), None, error.to_string()));
            NewCoupon::new("", "")
        });
        self.coupons.push(coupon);
    }

    fn add_table(&mut self, source: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = source.py();
        let mut table = ArrowTable::take_over(source)?;
        let mut columns = Vec::new();
        for (index, column) in table.schema().fields().iter().enumerate() {
            match fits(column) {
                Ok(None) => {}
                Ok(Some(problem)) => columns.push(Column { index, field: Arc::clone(column), problem }),
                Err(problem) => self.problems.push((None, Some(column.name().clone()), problem)),
            }
        }
        self.refuse_twice(&mut columns);
        let wanted: Vec<_> = columns.iter().map(|column| column.index).collect();
        // Reading may wait for whatever makes the table.
        while let Some(batch) = py.detach(|| table.next(&wanted)).map_err(to_value_error)? {
            self.add_batch(py, batch, &mut columns)?;
        }
        // In the order of the columns, whenever they were found.
        let fields = table.schema().fields();
        let place = |name: &String| fields.iter().position(|field| field.name() == name);
        self.problems.sort_by_key(|(row, column, _)| (*row, column.as_ref().and_then(place)));
        Ok(())
    }

    /// Refuses columns that give the same field, in one spelling or in two.
    fn refuse_twice(&mut self, columns: &mut Vec<Column>) {
        let mut given = HashMap::new();
        columns.retain(|column| {
            let name = column.field.name();
            let path = field(name).ok().flatten().unwrap_or_default();
            let path: Vec<_> = path.into_iter().map(|field| field.name).collect();
            let problem = match given.insert(path, name.clone()) {
                Some(other) => format!("another column gives the same field: `{other}`"),
                None => match doubled_member(column.field.data_type()) {
                    Some(member) => format!("the member `{member}` is there twice"),
                    None => return true,
                },
            };
            self.problems.push((None, Some(name.clone()), problem));
            false
        });
    }

    fn add_batch(&mut self, py: Python<'_>, batch: Batch, columns: &mut [Column]) -> PyResult<()> {
        let first = self.coupons.len();
        let rows: Vec<_> = (0..batch.rows).map(|_| PyDict::new(py)).collect();
        for (column, values) in columns.iter_mut().zip(batch.columns) {
            let name = column.field.name();
            let values = match values {
                Ok(values) if values.logical_null_count() == values.len() => continue,
                Ok(values) => values,
                Err(Invalid { row, problem }) => {
                    self.unread.insert(in_snake_case(name));
                    self.problems.push((row.map(|row| first + row), Some(name.clone()), problem));
                    continue;
                }
            };
            if let Some(problem) = column.problem.take() {
                self.unread.insert(in_snake_case(name));
                self.problems.push((None, Some(name.clone()), problem));
            }
            if self.unread.contains(&in_snake_case(name)) {
                continue;
            }
            for (row, cell) in cells(&column.field, &values).map_err(to_value_error)? {
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

/// Whether a row was made by hand as a coupon to create, and is no copy of one.
fn is_new_coupon(item: &Bound<'_, PyAny>) -> PyResult<bool> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    item.is_instance(CLASS.import(item.py(), "ecwid_coupons._new_coupon", "NewCoupon")?)
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
    Err(fields::no_field(NewCoupon::FIELDS, column, in_snake_case))
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
        let mut inner: Object =
            there.map_or(Ok(Object::new()), Json::deserialize).map_err(|error| error.to_string())?;
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

/// Whether a column is one to read, and what is wrong with its type. An error says why there can be no such column.
fn fits(column: &ArrowField) -> Result<Option<Option<String>>, String> {
    match field(column.name())? {
        Some(path) => Ok(Some(wrong_type(column, &path))),
        None => Ok((column.name() == EXTRA).then_some(None)),
    }
}

/// What is wrong with the type of a column for a field.
fn wrong_type(column: &ArrowField, path: &[&Field]) -> Option<String> {
    let data_type = value_type(column);
    if let DataType::Timestamp(_, None) = data_type {
        return Some(format!("{data_type} has no time zone, so that it is no point in time; give it one, such as UTC"));
    }
    let is_text = matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    let is_time = matches!(data_type, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64);
    let expected = match path.last().map(|field| field.kind) {
        _ if data_type.is_null() => return None,
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
        _ => return None,
    };
    Some(format!("{data_type} is not {expected}"))
}

/// A member that a column of structs has twice, in one spelling or in two.
fn doubled_member(data_type: &DataType) -> Option<&str> {
    let DataType::Struct(members) = data_type else { return None };
    let letters = |name: &str| name.replace('_', "").to_lowercase();
    let mut names = HashSet::new();
    members.iter().map(|member| member.name().as_str()).find(|name| !names.insert(letters(name)))
}

/// The type of a column's values.
fn value_type(column: &ArrowField) -> &DataType {
    match column.data_type() {
        DataType::Dictionary(_, values) => values,
        other => other,
    }
}

/// A row and what stands there, or what is wrong with it.
type Cell = (usize, Result<Json, String>);

/// The cells that are not null, each with its row, as JSON. An error says what is wrong with a cell.
fn cells(column: &FieldRef, values: &ArrayRef) -> Result<Vec<Cell>, ArrowError> {
    let (column, values) = in_utc(column, values)?;
    let options = EncoderOptions::default();
    let mut encoder = make_encoder(&column, &values, &options)?;
    let kind = field(column.name()).ok().flatten().and_then(|path| path.last().map(|field| field.kind));
    let mut cells = Vec::with_capacity(values.len());
    for row in (0..values.len()).filter(|row| !values.is_null(*row)) {
        if encoder.is_null(row) {
            continue;
        }
        let mut text = Vec::new();
        encoder.encode(row, &mut text);
        let Ok(text) = std::str::from_utf8(&text) else {
            cells.push((row, Err("the text is not valid UTF-8".to_owned())));
            continue;
        };
        // A frame that has rows without a number may hold the whole ones as floats.
        let text = if kind == Some(Kind::Integer) { text.strip_suffix(".0").unwrap_or(text) } else { text };
        // A Date64 holds days, which are written with a time that nobody gave.
        let day = text.strip_suffix("T00:00:00\"").filter(|_| *column.data_type() == DataType::Date64);
        let day = day.map(|day| format!("{day}\""));
        let cell = match day.as_deref().unwrap_or(text) {
            "null" => Err("it is no finite number".to_owned()),
            text => check_float(value_type(&column), kind, text).and_then(|()| read(text)),
        };
        cells.push((row, cell));
    }
    Ok(cells)
}

/// Refuses a float that is no short decimal as an amount.
fn check_float(data_type: &DataType, kind: Option<Kind>, text: &str) -> Result<(), String> {
    let checked = match data_type {
        DataType::Float64 if kind == Some(Kind::Decimal) => text.parse::<f64>().ok().map(Decimal::try_from),
        DataType::Float16 | DataType::Float32 if kind == Some(Kind::Decimal) => {
            text.parse::<f32>().ok().map(Decimal::try_from)
        }
        _ => None,
    };
    checked.transpose().map(drop).map_err(|error| error.to_string())
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
