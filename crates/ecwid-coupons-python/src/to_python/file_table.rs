//! [`FileTable`]: the rows of a file.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator, StringArray};
use arrow_schema::{DataType, Field, FieldRef, Schema};
use ecwid_coupons::{JsonObject, RawJson, types::Coupon};
use ecwid_coupons_jobs::{CouponRow, CouponTable, DateOrder, DecimalMark, Row, Table, TableError, TableOptions};
use pyo3::{prelude::*, pybacked::PyBackedBytes, types::PyTuple};

use crate::to_python::{
    AnyResult,
    columns::Layout,
    errors,
    table::{self, Capsule},
};

/// The rows of a CSV, JSON Lines or XLSX file, as a table. Returned by `read_table`.
///
/// Examples:
///     >>> from ecwid_coupons import read_table
///     >>> from pathlib import Path
///     >>> _ = Path("coupons.csv").write_text("code;name;discount\n00123;Ten;12,50\n")
///     >>> table = read_table("coupons.csv")
///     >>> len(table), table.to_polars()["code"].to_list()
///     (1, ['00123'])
#[pyclass(frozen, module = "ecwid_coupons")]
#[derive(Debug)]
pub(crate) struct FileTable {
    batch: RecordBatch,
    notes: Vec<String>,
}

/// Reads the content of a file. `flags` are those of `TableOptions`, in their order.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of `read_table`")]
pub(crate) fn read_table(
    py: Python<'_>,
    name: &str,
    content: PyBackedBytes,
    text: bool,
    sheet: Option<String>,
    encoding: Option<String>,
    delimiter: Option<char>,
    fields: Vec<(String, String)>,
    decimal: Option<&str>,
    dates: Option<&str>,
    flags: (bool, bool, bool, bool),
) -> PyResult<FileTable> {
    let mut options = TableOptions::default();
    (options.sheet, options.encoding, options.delimiter, options.fields) = (sheet, encoding, delimiter, fields);
    options.decimal = decimal.map(|mark| if mark == "comma" { DecimalMark::Comma } else { DecimalMark::Point });
    options.dates = dates.map(|order| if order == "mdy" { DateOrder::MonthDayYear } else { DateOrder::DayMonthYear });
    (options.percent_cells, options.numeric_codes, options.unicode_codes, options.carry_unknown) = flags;
    let read = py.detach(|| FileTable::read(name, &content, text, &options));
    read.map_err(|message| errors::invalid_request(&message, None))
}

impl FileTable {
    fn read(name: &str, content: &[u8], is_text: bool, options: &TableOptions) -> Result<Self, String> {
        let failed = |error: TableError| error.to_string();
        let file = Table::from_bytes(name, content, options).map_err(failed)?;
        if is_text {
            let rows = file.text_rows().map_err(failed)?;
            let columns = file.columns().map(|name| text_column(name, rows.iter()));
            return Ok(Self { batch: joined(columns.collect())?, notes: Vec::new() });
        }
        let coupons = file.coupons(options).map_err(failed)?;
        let rows = coupons.rows.iter().map(coupon).collect::<Result<Vec<_>, _>>()?;
        let own = table::batch(&rows.iter().collect::<Vec<_>>(), Layout::default())
            .map_err(|problem| format!("cannot use `{name}`: {problem}"))?;
        let names = coupons.rows.first().map(|row| row.columns.keys()).into_iter().flatten();
        let carried = names.map(|name| text_column(name, coupons.rows.iter().map(|row| &row.columns)));
        let own = own.schema_ref().fields().iter().cloned().zip(own.columns().iter().cloned());
        let batch = joined(own.chain(carried).collect())?;
        let untyped = note_default_type(&coupons);
        let notes = coupons.notes.into_iter().chain(untyped).collect();
        Ok(Self { batch, notes })
    }

    fn framed<'py>(slf: &Bound<'py, Self>, function: &str) -> AnyResult<'py> {
        slf.py().import("ecwid_coupons._frames")?.call_method1(function, (slf,))
    }
}

/// Returns a note about the rows with a discount whose type the store chooses, if there are any.
fn note_default_type(coupons: &CouponTable) -> Option<String> {
    let places = coupons.discounts_without_type()?;
    Some(format!(
        "no discountType in {places}: the discount of a new coupon is then an amount in the store's currency; \
         hint: add a column `discountType`, for example with PERCENT"
    ))
}

/// Returns the coupon of a row. It has the code and the fields that the row has a value for.
fn coupon(row: &CouponRow) -> Result<Coupon, String> {
    let read = || {
        let mut members: JsonObject = RawJson::from_value(&row.fields)?.deserialize()?;
        members.insert("code".to_owned(), RawJson::from_value(&row.code)?);
        RawJson::from_value(&members)?.deserialize()
    };
    read().map_err(|error: serde_json::Error| error.to_string())
}

/// Returns a column of text. The cell of a row without the column is null.
fn text_column<'a>(name: &str, rows: impl Iterator<Item = &'a Row>) -> (FieldRef, ArrayRef) {
    let texts: StringArray = rows.map(|row| row.get(name)).collect();
    (Arc::new(Field::new(name, DataType::Utf8, true)), Arc::new(texts))
}

fn joined(columns: Vec<(FieldRef, ArrayRef)>) -> Result<RecordBatch, String> {
    let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|error| error.to_string())
}

#[pymethods]
impl FileTable {
    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("<FileTable of {} rows and {} columns>", self.batch.num_rows(), self.batch.num_columns())
    }

    /// What was read in another way than it is written, such as codes with spaces around them, and which discounts have no type.
    ///
    /// Examples:
    ///     >>> from ecwid_coupons import read_table
    ///     >>> from pathlib import Path
    ///     >>> _ = Path("coupons.csv").write_text("code,name\n TEN ,Ten\n")
    ///     >>> read_table("coupons.csv").notes
    ///     ('spaces around a code were removed in line 2',)
    #[getter]
    fn notes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.notes)
    }

    /// Returns the rows as a Polars frame. Requires Polars.
    ///
    /// Examples:
    ///     >>> from ecwid_coupons import read_table
    ///     >>> from pathlib import Path
    ///     >>> _ = Path("coupons.csv").write_text("code,name\n00123,Ten\n")
    ///     >>> read_table("coupons.csv").to_polars()["code"].to_list()
    ///     ['00123']
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> AnyResult<'py> {
        Self::framed(slf, "to_polars")
    }

    /// Returns the rows as a pandas frame. Requires pandas and pyarrow. See `CouponList.to_pandas` for the argument.
    ///
    /// Examples:
    ///     >>> from ecwid_coupons import read_table
    ///     >>> from pathlib import Path
    ///     >>> _ = Path("coupons.csv").write_text("code,name\n00123,Ten\n")
    ///     >>> read_table("coupons.csv").to_pandas()["code"].to_list()
    ///     ['00123']
    #[pyo3(signature = (*, dtype_backend = None))]
    fn to_pandas<'py>(slf: &Bound<'py, Self>, dtype_backend: Option<Bound<'py, PyAny>>) -> AnyResult<'py> {
        slf.py().import("ecwid_coupons._frames")?.call_method1("to_pandas", (slf, dtype_backend))
    }

    /// Returns the rows as a pyarrow table. Requires pyarrow.
    ///
    /// Examples:
    ///     >>> from ecwid_coupons import read_table
    ///     >>> from pathlib import Path
    ///     >>> _ = Path("coupons.csv").write_text("code,name\n00123,Ten\n")
    ///     >>> read_table("coupons.csv").to_arrow()["code"].to_pylist()
    ///     ['00123']
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> AnyResult<'py> {
        Self::framed(slf, "to_arrow")
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyAny>>) -> Capsule<'py> {
        let _ = requested_schema;
        table::stream_capsule(py, Box::new(RecordBatchIterator::new([Ok(self.batch.clone())], self.batch.schema())))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Capsule<'py> {
        table::schema_capsule(py, self.batch.schema_ref())
    }
}
