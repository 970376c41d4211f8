//! Conversion of rows to the columns that a job carries. Reports the problems of all rows.

use std::sync::Arc;

use arrow_schema::Field as ArrowField;
use ecwid_coupons_jobs::Row;
use pyo3::prelude::*;

use crate::{
    from_python::{
        arrow_rows::{Column, cells, value_type},
        arrow_table::{ArrowTable, Invalid},
        fields::{self, Entry},
        refusal::Refusal,
        rows::{Problem, invalid_rows},
        scalars::{self, items, text_of},
    },
    to_python::{coupon_list::LOOK, table::to_value_error},
};

/// The rows of a job, and their problems.
#[derive(Default)]
struct JobRows {
    rows: Vec<Row>,
    problems: Vec<Problem>,
}

/// Reads a table, or an iterable of mappings, whose values are strings, integers or missing.
///
/// Other values are refused, because their text is not clear. For example, pandas makes floats of integers.
pub(crate) fn read(source: &Bound<'_, PyAny>) -> PyResult<Vec<Row>> {
    let mut rows = JobRows::default();
    if source.hasattr("__arrow_c_stream__")? {
        rows.add_table(source)?;
    } else {
        let items = if fields::entries(source)?.is_some() { None } else { items(source)? };
        let Some(items) = items else {
            let expected = "a table that exports Arrow data, or an iterable of dicts or other mappings";
            return Err(Refusal::of_type(source, expected).in_member("rows").into());
        };
        for item in items {
            rows.add(&item?)?;
        }
    }
    if rows.problems.is_empty() { Ok(rows.rows) } else { invalid_rows(source.py(), rows.problems, rows.rows.len()) }
}

impl JobRows {
    fn add(&mut self, item: &Bound<'_, PyAny>) -> PyResult<()> {
        // Reading dicts does not run Python code, which would check for signals.
        if self.rows.len().is_multiple_of(LOOK) {
            item.py().check_signals()?;
        }
        let mut columns = Row::new();
        match fields::entries(item)? {
            Some(entries) => {
                for entry in entries {
                    self.add_entry(&entry, &mut columns)?;
                }
            }
            None => {
                let problem = format!("invalid row: `{}` (expected a dict or other mapping)", fields::shown(item)?);
                self.problems.push(Problem { row: Some(self.rows.len()), column: None, problem });
            }
        }
        self.rows.push(columns);
        Ok(())
    }

    fn add_entry(&mut self, (name, value): &Entry<'_>, columns: &mut Row) -> PyResult<()> {
        let row = Some(self.rows.len());
        let Ok(column) = name.extract::<String>() else {
            let problem = format!("invalid name of a column: `{}` (expected a string)", fields::shown(name)?);
            self.problems.push(Problem { row, column: None, problem });
            return Ok(());
        };
        if let Ok(text) = value.extract::<String>() {
            columns.insert(column, text);
        } else if let Some(integer) = scalars::integer(value)? {
            columns.insert(column, text_of(&integer.str()?));
        } else if !value.is_none() {
            let problem = Refusal::of_type(value, "a string, an integer or None; hint: convert it to a string");
            self.problems.push(Problem::new(row, &column, problem.in_column(value.py(), &column)?));
        }
        Ok(())
    }

    fn add_table(&mut self, source: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = source.py();
        let mut table = ArrowTable::take_over(source)?;
        let mut columns = Vec::new();
        for (index, field) in table.schema().fields().iter().enumerate() {
            match problem(field) {
                Some(problem) => self.problems.push(Problem::new(None, field.name(), problem)),
                None => columns.push(Column { index, field: Arc::clone(field), path: Vec::new(), problem: None }),
            }
        }
        let wanted: Vec<_> = columns.iter().map(|column| column.index).collect();
        while let Some(batch) = py.detach(|| table.next(&wanted)).map_err(to_value_error)? {
            py.check_signals()?;
            let first = self.rows.len();
            self.rows.resize(first + batch.rows, Row::new());
            for (column, values) in columns.iter().zip(batch.columns) {
                let name = column.field.name();
                let cells = match values {
                    Ok(values) => py.detach(|| cells(column, &values)).map_err(to_value_error)?,
                    Err(Invalid { row, problem }) => {
                        self.problems.push(Problem::new(row.map(|row| first + row), name, problem));
                        continue;
                    }
                };
                for (row, cell) in cells {
                    match cell {
                        Ok(json) => {
                            let text = json.deserialize().unwrap_or_else(|_| json.as_str().to_owned());
                            self.rows[first + row].insert(name.clone(), text);
                        }
                        Err(problem) => self.problems.push(Problem::new(Some(first + row), name, problem)),
                    }
                }
            }
        }
        Ok(())
    }
}

/// Returns the problem of a column of a table.
fn problem(column: &ArrowField) -> Option<String> {
    let data_type = value_type(column);
    let is_readable = data_type.is_string() || data_type.is_integer() || data_type.is_null();
    let problem = || {
        let expected = "expected a column of strings or integers; hint: convert the column to strings";
        format!("invalid type: `{data_type}` ({expected})")
    };
    (!is_readable).then(problem)
}
