//! Conversion of rows to coupons to create. Reports the problems of all rows.

use std::collections::HashSet;

use ecwid_coupons::{
    __private::read_fields,
    JsonObject, RawJson, RowProblem,
    schema::{self, Field, Kind},
    types::{Coupon as Stored, NewCoupon},
};
use pyo3::{prelude::*, sync::PyOnceLock, types::PyType};

use crate::{
    from_python::{
        fields::{self, Entry},
        refusal::Refusal,
        scalars::{items, text_of},
    },
    generated::Coupon,
    to_python::{
        coupon_list::{CouponList, LOOK},
        errors,
        value::ToPython as _,
    },
};

/// The problem of a row, a column, or a column of a row.
pub(super) struct Problem {
    pub(super) row: Option<usize>,
    pub(super) column: Option<String>,
    pub(super) problem: String,
}

impl Problem {
    pub(super) fn new(row: Option<usize>, column: &str, problem: impl Into<String>) -> Self {
        Self { row, column: Some(column.to_owned()), problem: problem.into() }
    }
}

/// Raises an `InvalidRowsError`.
pub(super) fn invalid_rows<T>(py: Python<'_>, mut problems: Vec<Problem>, rows: usize) -> PyResult<T> {
    problems.sort_by_key(|problem| problem.row);
    let problems = problems
        .into_iter()
        .map(|Problem { row, column, problem }| (row, column.as_deref().map(errors::shown_text), problem));
    let class = py.import("ecwid_coupons._errors")?.getattr("InvalidRowsError")?;
    Err(PyErr::from_value(class.call_method1("_of", (problems.collect::<Vec<_>>(), rows))?))
}

/// Coupons to create, and the problems of their rows.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) coupons: Vec<NewCoupon>,
    pub(super) problems: Vec<Problem>,
    keep_order_count: bool,
    /// The columns that could not be read. The client would report them as empty.
    pub(super) unread: HashSet<String>,
}

impl Rows {
    /// Reads a table, or an iterable of dicts, coupons and other mappings. Omits the fields that the store sets, but keeps the order
    /// count if `keep_order_count` is true.
    pub(crate) fn read(source: &Bound<'_, PyAny>, keep_order_count: bool) -> PyResult<Self> {
        let mut rows = Self { keep_order_count, ..Self::default() };
        // A list is not read as a table, because a decimal column cannot hold all digits.
        let is_list = source.is_instance_of::<CouponList>();
        if !is_list && source.hasattr("__arrow_c_stream__")? {
            rows.add_table(source)?;
            return Ok(rows);
        }
        let items = if fields::entries(source)?.is_some() { None } else { items(source)? };
        let Some(items) = items else {
            let expected = "a table that exports Arrow data, or an iterable of dicts, coupons or other mappings";
            return Err(Refusal::of_type(source, expected).in_member("rows").into());
        };
        for item in items {
            rows.add(&item?)?;
        }
        Ok(rows)
    }

    /// Raises an `InvalidRowsError` if there are problems. Adds the problems that the client found, unless the same column already
    /// has a problem.
    pub(crate) fn check(mut self, py: Python<'_>, rows: usize, found: Vec<RowProblem>) -> PyResult<()> {
        let known: HashSet<_> = self.problems.iter().map(|problem| (problem.row, problem.column.clone())).collect();
        for RowProblem { row, field, problem, .. } in found {
            let column = in_snake_case(field);
            let is_known = |row| known.contains(&(row, Some(column.clone())));
            if !self.unread.contains(&column) && !is_known(Some(row)) && !is_known(None) {
                self.problems.push(Problem::new(Some(row), &column, problem));
            }
        }
        if self.problems.is_empty() {
            return Ok(());
        }
        invalid_rows(py, self.problems, rows)
    }

    fn add(&mut self, item: &Bound<'_, PyAny>) -> PyResult<()> {
        if let Ok(coupon) = item.cast::<Coupon>() {
            return self.add_coupon(coupon.get().0.get());
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
                let problem =
                    format!("invalid row: `{}` (expected a dict, coupon or other mapping)", fields::shown(item)?);
                self.problems.push(Problem { row: Some(self.coupons.len()), column: None, problem });
                self.coupons.push(NewCoupon::new("", ""));
                Ok(())
            }
        }
    }

    /// Adds a copy of a coupon.
    fn add_coupon(&mut self, coupon: &Stored) -> PyResult<()> {
        // The client reports an empty name or code.
        let mut named = coupon.clone();
        named.name.get_or_insert_default();
        let code = coupon.code.as_deref().unwrap_or_default();
        let mut new = NewCoupon::copy_of(&named, code).map_err(|error| errors::to_python(&error))?;
        if self.keep_order_count {
            new.order_count = coupon.order_count;
        }
        self.coupons.push(new);
        Ok(())
    }

    fn add_mapping<'py>(&mut self, py: Python<'py>, values: impl IntoIterator<Item = Entry<'py>>) -> PyResult<()> {
        // Reading dicts does not run Python code, which would check for signals.
        if self.coupons.len().is_multiple_of(LOOK) {
            py.check_signals()?;
        }
        let (row, mut object) = (self.coupons.len(), JsonObject::new());
        for (name, value) in values {
            let column = text_of(&name.str()?);
            if let Err(refusal) = self.add_value(&column, &value, &mut object) {
                self.problems.push(Problem::new(Some(row), &column, refusal.in_column(py, &column)?));
            }
        }
        self.finish(object);
        Ok(())
    }

    fn add_value(&self, column: &str, value: &Bound<'_, PyAny>, object: &mut JsonObject) -> Result<(), Refusal> {
        let Some(path) = field(column).map_err(Refusal::message)? else { return Ok(()) };
        if value.is_none() {
            return Ok(());
        }
        let Some(last) = path.last() else {
            // Tables store extra fields as JSON.
            let value = match value.extract::<String>() {
                Ok(text) => text.parse::<RawJson>().map_err(Refusal::message)?.to_python(value.py())?,
                Err(_) => value.clone(),
            };
            return fields::add_extra(NewCoupon::FIELDS, &value, object);
        };
        let json = fields::one(&last.kind, last.day_bound(), value)?;
        if let [field] = path[..]
            && !self.is_content(field.name, &json)
        {
            return Ok(());
        }
        put(object, &path, json).map_err(Refusal::message)
    }

    /// Returns whether a field of a row is part of the new coupon.
    pub(super) fn is_content(&self, name: &str, value: &RawJson) -> bool {
        (self.keep_order_count && name == "orderCount") || !Stored::is_set_by_store(name, value)
    }

    pub(super) fn finish(&mut self, mut object: JsonObject) {
        let row = self.coupons.len();
        let coupon = read_fields(with_names(&mut object)).unwrap_or_else(|problem| {
            self.problems.push(Problem { row: Some(row), column: None, problem: problem.to_string() });
            NewCoupon::new("", "")
        });
        self.coupons.push(coupon);
    }
}

/// Adds a missing name or code as an empty text. The client reports it.
pub(super) fn with_names(object: &mut JsonObject) -> &JsonObject {
    for name in ["name", "code"] {
        object.entry(name.to_owned()).or_insert_with(|| RawJson::from_value("").expect("a text is JSON"));
    }
    object
}

/// Returns whether a row is a `NewCoupon`.
fn is_new_coupon(item: &Bound<'_, PyAny>) -> PyResult<bool> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    item.is_instance(CLASS.import(item.py(), "ecwid_coupons._new_coupon", "NewCoupon")?)
}

/// Returns the path to the field of a column. It is empty for `extra`, and `None` for fields that only the store sets.
pub(super) fn field(column: &str) -> Result<Option<Vec<&'static Field>>, String> {
    if let Some(path) = schema::find_column(NewCoupon::FIELDS, column) {
        return Ok(Some(path));
    }
    // The result of a search has these fields too.
    if schema::find_column(Stored::FIELDS, column).is_some() {
        return Ok(None);
    }
    if column == "extra" {
        return Ok(Some(Vec::new()));
    }
    Err(fields::no_field(NewCoupon::FIELDS, column, in_snake_case))
}

pub(super) fn in_snake_case(name: &str) -> String {
    let letter = |letter: char| letter.is_uppercase().then_some('_').into_iter().chain(letter.to_lowercase());
    name.chars().flat_map(letter).collect()
}

/// Inserts a value at a path.
pub(super) fn put(object: &mut JsonObject, path: &[&Field], json: RawJson) -> Result<(), String> {
    let [field, rest @ ..] = path else { return Ok(()) };
    let there = object.get(field.name);
    if !rest.is_empty() && matches!(field.kind, Kind::Object(_)) {
        let mut inner: JsonObject =
            there.map_or(Ok(JsonObject::new()), RawJson::deserialize).map_err(|error| error.to_string())?;
        put(&mut inner, rest, json)?;
        let inner = RawJson::from_value(&inner).map_err(|error| error.to_string())?;
        object.insert(field.name.to_owned(), inner);
        return Ok(());
    }
    if there.is_some() {
        return Err("another column has the same field".to_owned());
    }
    object.insert(field.name.to_owned(), json);
    Ok(())
}
