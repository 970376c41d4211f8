//! [`CreationReport`]: the outcomes of `create_many`.

use std::sync::{Arc, OnceLock};

use arrow_array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, RecordBatchIterator, StringArray};
use arrow_schema::ArrowError;
use ecwid_coupons::{CreateMany, Error, RowOutcome};
use pyo3::{
    IntoPyObjectExt as _,
    exceptions::{PyIndexError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::{IntoPyDict as _, PyDict, PyList, PyRange},
};

use crate::{
    fork,
    to_python::{
        AnyResult, errors,
        model::{self, SHOWN_ROWS},
        sequence::{self, Selection},
        table::{self, Capsule, to_value_error},
    },
};

/// Creates the coupons, and calls `progress` after each row.
pub(crate) async fn create(many: CreateMany, progress: Option<Py<PyAny>>) -> PyResult<()> {
    let (total, mut done) = (many.report().len(), 0);
    let mut rows = many.stream().map_err(|error| errors::to_python(&error))?;
    while rows.next().await.is_some() {
        done += 1;
        if let Some(progress) = &progress {
            fork::attach(|py| progress.call1(py, (done, total)))?;
        }
    }
    Ok(())
}

/// The report of a run, and the codes of its rows.
#[derive(Debug)]
struct Run {
    report: ecwid_coupons::CreationReport,
    codes: Vec<String>,
}

/// The outcome of each row of `Client.create_many`, as a sequence and as a table.
///
/// It is updated while the rows are created.
///
/// Examples:
///     >>> report = CreationReport()
///     >>> rows = [NewCoupon.absolute("Thank you", f"THANKS-{order}", 5) for order in (1017, 1018)]
///     >>> _ = coupons.create_many(rows, report=report)
///     >>> report
///     <CreationReport of 2: 2 created>
///     >>> [(row.row, row.code, row.outcome) for row in report[:1]]
///     [(0, 'THANKS-1017', 'created')]
#[pyclass(frozen, sequence, module = "ecwid_coupons")]
#[derive(Debug, Default)]
pub(crate) struct CreationReport {
    run: OnceLock<Run>,
}

fn of_another_run() -> PyErr {
    PyValueError::new_err("the report belongs to another run; hint: make a new CreationReport for each run")
}

impl CreationReport {
    /// Refuses a report that was passed to another run.
    pub(crate) fn check_unused(&self) -> PyResult<()> {
        self.run.get().map_or(Ok(()), |_| Err(of_another_run()))
    }

    /// Makes this the report of a run.
    pub(crate) fn follow(&self, many: &CreateMany, codes: Vec<String>) -> PyResult<()> {
        let run = Run { report: many.report(), codes };
        self.run.set(run).map_err(|_| of_another_run())
    }

    fn outcomes(&self) -> Vec<RowOutcome> {
        self.run.get().map(|run| run.report.rows()).unwrap_or_default()
    }

    /// Returns a row as a `CreationRow`, which is a Python class.
    fn row<'py>(&self, py: Python<'py>, row: usize) -> AnyResult<'py> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let found = self.run.get().and_then(|run| Some((run.report.get(row)?, &run.codes[row])));
        let (outcome, code) = found.ok_or_else(|| PyIndexError::new_err(row))?;
        let (id, status, order_count) = created(&outcome);
        let error = if let RowOutcome::Failed(error) = &outcome { exception(py, error) } else { None };
        let values = (row, id, code, outcome.as_str(), status, order_count, outcome.may_have_taken_effect(), error);
        CLASS.import(py, "ecwid_coupons._outcomes", "CreationRow")?.call1(values)
    }

    /// Returns the index of a row, if this report has the row.
    fn place_of(&self, row: &Bound<'_, PyAny>) -> Option<usize> {
        let place = row.getattr("row").and_then(|place| place.extract()).ok()?;
        self.row(row.py(), place).is_ok_and(|own| own.eq(row).unwrap_or(false)).then_some(place)
    }

    fn first_rows<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        (0..self.__len__().min(SHOWN_ROWS)).map(|row| self.row(py, row)).collect()
    }

    fn batch(&self) -> Result<RecordBatch, ArrowError> {
        let outcomes = self.outcomes();
        let created: Vec<_> = outcomes.iter().map(created).collect();
        let codes = self.run.get().map_or(&[][..], |run| &run.codes);
        let error = |outcome: &RowOutcome| match outcome {
            RowOutcome::Failed(error) => Some(error.to_string()),
            _ => None,
        };
        let may_have: Vec<_> = outcomes.iter().map(RowOutcome::may_have_taken_effect).collect();
        let columns: [(&str, ArrayRef, bool); 8] = [
            ("row", Arc::new(Int64Array::from_iter_values((0..).take(outcomes.len()))), false),
            ("id", Arc::new(Int64Array::from_iter(created.iter().map(|it| it.0))), true),
            ("code", Arc::new(StringArray::from_iter_values(codes)), false),
            ("outcome", Arc::new(StringArray::from_iter_values(outcomes.iter().map(RowOutcome::as_str))), false),
            ("status", Arc::new(StringArray::from_iter(created.iter().map(|it| it.1.as_ref()))), true),
            ("order_count", Arc::new(Int64Array::from_iter(created.iter().map(|it| it.2))), true),
            ("error", Arc::new(StringArray::from_iter(outcomes.iter().map(error))), true),
            ("may_have_taken_effect", Arc::new(BooleanArray::from(may_have)), false),
        ];
        RecordBatch::try_from_iter_with_nullable(columns)
    }

    /// Returns the number of rows with each outcome.
    fn counted(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let outcomes = self.outcomes();
        let count = move |name| outcomes.iter().filter(|outcome| outcome.as_str() == name).count();
        RowOutcome::NAMES.into_iter().map(move |name| (name, count(name)))
    }

    fn framed<'py>(slf: &Bound<'py, Self>, function: &str) -> AnyResult<'py> {
        slf.py().import("ecwid_coupons._frames")?.call_method1(function, (slf,))
    }
}

/// Returns the id of a coupon that exists. If it existed before the run, also returns its status and order count.
fn created(outcome: &RowOutcome) -> (Option<i64>, Option<String>, Option<i64>) {
    match outcome {
        RowOutcome::Succeeded(outcome) => {
            (outcome.id(), outcome.status().map(ToString::to_string), outcome.order_count())
        }
        _ => (None, None, None),
    }
}

fn exception(py: Python<'_>, error: &Error) -> Option<Py<PyAny>> {
    Some(errors::to_python(error).into_value(py).into_any())
}

#[pymethods]
impl CreationReport {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    fn __len__(&self) -> usize {
        self.run.get().map_or(0, |run| run.codes.len())
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> AnyResult<'py> {
        match sequence::select(index, self.__len__(), "row")? {
            Selection::One(place) => self.row(py, place),
            Selection::Slice(places) => {
                let rows = places.into_iter().map(|place| self.row(py, place));
                PyList::new(py, rows.collect::<PyResult<Vec<_>>>()?)?.into_bound_py_any(py)
            }
        }
    }

    fn __iter__<'py>(slf: &Bound<'py, Self>) -> AnyResult<'py> {
        let rows = PyRange::new(slf.py(), 0, slf.get().__len__() as isize)?;
        slf.py().import("builtins")?.call_method1("map", (slf.getattr("__getitem__")?, rows))
    }

    /// Returns the index of this row.
    ///
    /// Raises:
    ///     ValueError: The row is not in the report.
    ///
    /// Examples:
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.index(report[1])
    ///     1
    fn index(&self, value: &Bound<'_, PyAny>) -> PyResult<usize> {
        self.place_of(value).ok_or_else(|| PyValueError::new_err("the row is not in the report"))
    }

    /// Returns 1 if this row is in the report, and 0 otherwise.
    ///
    /// Examples:
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.count(report[1])
    ///     1
    fn count(&self, value: &Bound<'_, PyAny>) -> usize {
        self.place_of(value).into_iter().count()
    }

    fn __repr__(&self) -> String {
        let counts = self.counted().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{count} {name}"));
        let counts = counts.collect::<Vec<_>>().join(", ");
        let separator = if counts.is_empty() { "" } else { ": " };
        format!("<CreationReport of {}{separator}{counts}>", self.__len__())
    }

    /// Returns the counts and the first rows.
    fn __rich_repr__<'py>(&self, py: Python<'py>) -> PyResult<Vec<(&'static str, Bound<'py, PyAny>)>> {
        let counts = self.counted().filter(|(_, count)| *count > 0);
        let counts = counts.map(|(name, count)| Ok((name, count.into_bound_py_any(py)?)));
        let rows = PyList::new(py, self.first_rows(py)?)?;
        counts.chain([Ok(("rows", rows.into_any()))]).collect()
    }

    /// Returns the counts and the first rows as an HTML table.
    fn _repr_html_<'py>(&self, py: Python<'py>) -> AnyResult<'py> {
        model::display(py)?.call_method1("report_html", (self.__repr__(), self.first_rows(py)?, self.__len__()))
    }

    /// The number of rows with each outcome.
    ///
    /// Examples:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.counts["created"], report.counts["failed"]
    ///     (1, 1)
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.counted().collect::<Vec<_>>().into_py_dict(py)
    }

    /// Whether all rows were created or already exist.
    ///
    /// Examples:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.is_complete
    ///     False
    #[getter]
    fn is_complete(&self) -> bool {
        self.outcomes().iter().all(|outcome| matches!(outcome, RowOutcome::Succeeded(_)))
    }

    /// The error that stopped the run, if rows were not attempted.
    ///
    /// Examples:
    ///     >>> _ = sandbox.add_fault(Status(402))
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report[1].outcome, type(report.stopped_by).__name__
    ///     ('not_attempted', 'PaymentRequiredError')
    #[getter]
    fn stopped_by(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.run.get().and_then(|run| run.report.stopped_by()).and_then(|error| exception(py, &error))
    }

    /// Returns the rows as a Polars frame. Requires Polars. The columns are the attributes of `CreationRow`.
    ///
    /// Examples:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.to_polars()["outcome"].to_list()
    ///     ['failed', 'created']
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> AnyResult<'py> {
        Self::framed(slf, "to_polars")
    }

    /// Returns the rows as a pandas frame. Requires pandas and pyarrow. See `to_polars` for the columns, and
    /// `CouponList.to_pandas` for the argument.
    ///
    /// Examples:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.to_pandas()["outcome"].to_list()
    ///     ['failed', 'created']
    #[pyo3(signature = (*, dtype_backend = None))]
    fn to_pandas<'py>(slf: &Bound<'py, Self>, dtype_backend: Option<Bound<'py, PyAny>>) -> AnyResult<'py> {
        slf.py().import("ecwid_coupons._frames")?.call_method1("to_pandas", (slf, dtype_backend))
    }

    /// Returns the rows as a pyarrow table. Requires pyarrow. See `to_polars` for the columns.
    ///
    /// Examples:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.to_arrow()["outcome"].to_pylist()
    ///     ['failed', 'created']
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> AnyResult<'py> {
        Self::framed(slf, "to_arrow")
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyAny>>) -> Capsule<'py> {
        let _ = requested_schema;
        let batch = self.batch().map_err(to_value_error)?;
        table::stream_capsule(py, Box::new(RecordBatchIterator::new([Ok(batch.clone())], batch.schema())))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Capsule<'py> {
        table::schema_capsule(py, &self.batch().map_err(to_value_error)?.schema())
    }
}
