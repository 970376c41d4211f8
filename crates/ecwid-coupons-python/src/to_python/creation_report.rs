//! [`CreationReport`]: what became of many coupons that were to be created.

use std::sync::{Arc, OnceLock};

use arrow_array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, RecordBatchIterator, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use ecwid_coupons::{CreateMany, Error, RowOutcome};
use futures_util::StreamExt as _;
use pyo3::{
    exceptions::{PyIndexError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyCapsule, PyDict, PyList, PySlice},
};

use crate::{
    fork,
    to_python::{
        errors,
        table::{self, to_value_error},
    },
};

/// Creates the coupons, and tells after each how many rows are settled.
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

/// The rows of a run, with their codes.
#[derive(Debug)]
struct Run {
    report: ecwid_coupons::CreationReport,
    codes: Vec<String>,
}

/// What became of each row of a `create_many`, in the order of the rows: a sequence, and a table for whatever reads Arrow.
///
/// It fills while the rows are created.
///
/// Example:
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
    PyValueError::new_err("report: it is of another run; make one for each")
}

impl CreationReport {
    /// Whether it was given to a run already.
    pub(crate) fn check_unused(&self) -> PyResult<()> {
        match self.run.get() {
            None => Ok(()),
            Some(_) => Err(of_another_run()),
        }
    }

    /// Makes this the report of a run.
    pub(crate) fn follow(&self, many: &CreateMany, codes: Vec<String>) -> PyResult<()> {
        let run = Run { report: many.report(), codes };
        self.run.set(run).map_err(|_| of_another_run())
    }

    fn outcomes(&self) -> Vec<RowOutcome> {
        self.run.get().map(|run| run.report.rows()).unwrap_or_default()
    }

    fn row(&self, row: usize) -> Option<CreationRow> {
        let run = self.run.get()?;
        let outcome = run.report.get(row)?;
        let error = if let RowOutcome::Failed(error) = &outcome { Some(Arc::clone(error)) } else { None };
        Some(CreationRow {
            row,
            id: id(&outcome),
            code: run.codes[row].clone(),
            outcome: outcome.as_str(),
            status: status(&outcome),
            order_count: order_count(&outcome),
            may_have_taken_effect: outcome.may_have_taken_effect(),
            error,
        })
    }

    fn places_of(&self, row: &CreationRow) -> impl Iterator<Item = usize> {
        // Only its own place can have a row.
        self.row(row.row).filter(|own| own == row).map(|own| own.row).into_iter()
    }

    fn batch(&self) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let outcomes = self.outcomes();
        let rows = (0..).take(outcomes.len());
        let codes = self.run.get().map_or(&[][..], |run| &run.codes);
        let error = |outcome: &RowOutcome| match outcome {
            RowOutcome::Failed(error) => Some(error.to_string()),
            _ => None,
        };
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(rows)),
            Arc::new(Int64Array::from_iter(outcomes.iter().map(id))),
            Arc::new(StringArray::from_iter_values(codes)),
            Arc::new(StringArray::from_iter_values(outcomes.iter().map(RowOutcome::as_str))),
            Arc::new(StringArray::from_iter(outcomes.iter().map(status))),
            Arc::new(Int64Array::from_iter(outcomes.iter().map(order_count))),
            Arc::new(StringArray::from_iter(outcomes.iter().map(error))),
            Arc::new(BooleanArray::from_iter(outcomes.iter().map(|outcome| Some(outcome.may_have_taken_effect())))),
        ];
        RecordBatch::try_new(schema(), columns)
    }

    fn framed<'py>(slf: &Bound<'py, Self>, function: &str) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("ecwid_coupons._frames")?.call_method1(function, (slf,))
    }
}

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("row", DataType::Int64, false),
        Field::new("id", DataType::Int64, true),
        Field::new("code", DataType::Utf8, false),
        Field::new("outcome", DataType::Utf8, false),
        Field::new("status", DataType::Utf8, true),
        Field::new("order_count", DataType::Int64, true),
        Field::new("error", DataType::Utf8, true),
        Field::new("may_have_taken_effect", DataType::Boolean, false),
    ]))
}

fn id(outcome: &RowOutcome) -> Option<i64> {
    match outcome {
        RowOutcome::Succeeded(creation) => creation.id(),
        _ => None,
    }
}

/// The status of a coupon that was there.
fn status(outcome: &RowOutcome) -> Option<String> {
    match outcome {
        RowOutcome::Succeeded(creation) => creation.status().map(ToString::to_string),
        _ => None,
    }
}

/// How many orders used a coupon that was there.
fn order_count(outcome: &RowOutcome) -> Option<i64> {
    match outcome {
        RowOutcome::Succeeded(creation) => creation.order_count(),
        _ => None,
    }
}

fn exception(py: Python<'_>, error: Option<&Arc<Error>>) -> Option<Py<PyAny>> {
    error.map(|error| errors::to_python(error).into_value(py).into_any())
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

    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let length = self.__len__();
        if let Ok(slice) = index.cast::<PySlice>() {
            let range = slice.indices(length as isize)?;
            let rows = (0..range.slicelength).map(|step| (range.start + step as isize * range.step) as usize);
            return Ok(PyList::new(py, rows.filter_map(|row| self.row(row)).collect::<Vec<_>>())?.into_any());
        }
        let index: isize =
            index.extract().map_err(|_| PyTypeError::new_err("the index of a row is an int or a slice"))?;
        let place = if index < 0 { index + length as isize } else { index };
        let row = usize::try_from(place).ok().and_then(|row| self.row(row));
        let row = row.ok_or_else(|| PyIndexError::new_err(format!("there is no row {index} among {length}")))?;
        Ok(Bound::new(py, row)?.into_any())
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let rows: Vec<_> = (0..self.__len__()).filter_map(|row| self.row(row)).collect();
        Ok(PyList::new(py, rows)?.try_iter()?.into_any())
    }

    /// The place of the first row that equals this one.
    ///
    /// Raises:
    ///     ValueError: There is none.
    ///
    /// Example:
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.index(report[1])
    ///     1
    fn index(&self, value: &Bound<'_, PyAny>) -> PyResult<usize> {
        let place = value.cast::<CreationRow>().ok().and_then(|row| self.places_of(row.get()).next());
        place.ok_or_else(|| PyValueError::new_err("the row is not in the report"))
    }

    /// How many rows equal this one.
    ///
    /// Example:
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.count(report[1])
    ///     1
    fn count(&self, value: &Bound<'_, PyAny>) -> usize {
        value.cast::<CreationRow>().map_or(0, |row| self.places_of(row.get()).count())
    }

    fn __repr__(&self) -> String {
        let outcomes = self.outcomes();
        let count = |wanted: &str| outcomes.iter().filter(|outcome| outcome.as_str() == wanted).count();
        let counts: Vec<_> =
            RowOutcome::NAMES.iter().map(|name| (*name, count(name))).filter(|(_, count)| *count > 0).collect();
        let counts: Vec<_> = counts.into_iter().map(|(name, count)| format!("{count} {name}")).collect();
        let separator = if counts.is_empty() { "" } else { ": " };
        format!("<CreationReport of {}{separator}{}>", outcomes.len(), counts.join(", "))
    }

    /// How many rows have each outcome.
    ///
    /// Example:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.counts["created"], report.counts["failed"]
    ///     (1, 1)
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let outcomes = self.outcomes();
        let counts = PyDict::new(py);
        for wanted in RowOutcome::NAMES {
            counts.set_item(wanted, outcomes.iter().filter(|outcome| outcome.as_str() == wanted).count())?;
        }
        Ok(counts)
    }

    /// Whether every row's coupon is there: created, or found as it was to be.
    ///
    /// Example:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.is_complete
    ///     False
    #[getter]
    fn is_complete(&self) -> bool {
        self.outcomes().iter().all(|outcome| matches!(outcome, RowOutcome::Succeeded(_)))
    }

    /// Why rows were not attempted, if the run was stopped.
    ///
    /// Example:
    ///     >>> _ = sandbox.add_fault(Status(402))
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report[1].outcome, type(report.stopped_by).__name__
    ///     ('not_attempted', 'PaymentRequiredError')
    #[getter]
    fn stopped_by(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        exception(py, self.run.get().and_then(|run| run.report.stopped_by()).as_ref())
    }

    /// The rows as a frame of Polars: row, id, code, outcome, status, order_count, error and may_have_taken_effect.
    ///
    /// Raises:
    ///     ImportError: Polars is not installed; the error says how to install it.
    ///
    /// Example:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.to_polars()["outcome"].to_list()
    ///     ['failed', 'created']
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::framed(slf, "to_polars")
    }

    /// The rows as a frame of pandas: row, id, code, outcome, status, order_count, error and may_have_taken_effect.
    ///
    /// Raises:
    ///     ImportError: pandas or pyarrow is not installed; the error says how to install it.
    ///
    /// Example:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.to_pandas()["outcome"].to_list()
    ///     ['failed', 'created']
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::framed(slf, "to_pandas")
    }

    /// The rows as a table of pyarrow: row, id, code, outcome, status, order_count, error and may_have_taken_effect.
    ///
    /// Raises:
    ///     ImportError: pyarrow is not installed; the error says how to install it.
    ///
    /// Example:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report.to_arrow()["outcome"].to_pylist()
    ///     ['failed', 'created']
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::framed(slf, "to_arrow")
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batch = self.batch().map_err(to_value_error)?;
        table::stream_capsule(py, Box::new(RecordBatchIterator::new([Ok(batch)], schema())))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        table::schema_capsule(py, &schema())
    }
}

/// What became of a row of a `create_many`.
///
/// Example:
///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
///     >>> row = report[0]
///     >>> row.row, row.code, row.outcome, coupons.get(row.id).code
///     (0, 'TEN', 'created', 'TEN')
#[pyclass(frozen, eq, module = "ecwid_coupons")]
#[derive(Debug)]
pub(crate) struct CreationRow {
    /// The row, counted from 0.
    ///
    /// Example:
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report[-1].row
    ///     1
    #[pyo3(get)]
    row: usize,
    /// The coupon's id, where it is known.
    ///
    /// Example:
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> report[0].id == coupons.get("TEN").id
    ///     True
    #[pyo3(get)]
    id: Option<i64>,
    /// The code, as it was given.
    ///
    /// Example:
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> [row.code for row in report]
    ///     ['TEN', 'FIVE']
    #[pyo3(get)]
    code: String,
    /// `"created"`; `"already_exists"`, with all that was given; `"failed"`; `"in_flight"`, when the run was ended meanwhile; or
    /// `"not_attempted"`.
    ///
    /// Example:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> [row.outcome for row in report]
    ///     ['failed', 'created']
    #[pyo3(get)]
    outcome: &'static str,
    /// The status of a coupon that is already there, which can be EXPIRED or USEDUP; None for one that was created.
    ///
    /// Example:
    ///     >>> rows = [{"name": "Ten", "code": "TEN"}]
    ///     >>> _ = coupons.create_many(rows)
    ///     >>> coupons.create_many(rows, existing="accept")[0].status
    ///     'ACTIVE'
    #[pyo3(get)]
    status: Option<String>,
    /// How many orders used a coupon that is already there; None for one that was created.
    ///
    /// Example:
    ///     >>> rows = [{"name": "Ten", "code": "TEN"}]
    ///     >>> _ = coupons.create_many(rows)
    ///     >>> coupons.create_many(rows, existing="accept")[0].order_count
    ///     0
    #[pyo3(get)]
    order_count: Option<i64>,
    /// Whether the coupon may be there although the store never said so.
    ///
    /// Example:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> any(row.may_have_taken_effect for row in report)
    ///     False
    #[pyo3(get)]
    may_have_taken_effect: bool,
    error: Option<Arc<Error>>,
}

/// What there is of the same row at the same stage.
impl PartialEq for CreationRow {
    fn eq(&self, other: &Self) -> bool {
        let known = |it: &Self| (it.row, it.id, it.outcome, it.error.as_ref().map(Arc::as_ptr));
        known(self) == known(other) && self.code == other.code
    }
}

#[pymethods]
impl CreationRow {
    /// Why it failed, if it did.
    ///
    /// Example:
    ///     >>> _ = coupons.create(name="Another", code="TEN")
    ///     >>> report = coupons.create_many([{"name": "Ten", "code": "TEN"}, {"name": "Five", "code": "FIVE"}])
    ///     >>> type(report[0].error).__name__, report[1].error
    ///     ('ConflictError', None)
    #[getter]
    fn error(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        exception(py, self.error.as_ref())
    }

    fn __repr__(&self) -> String {
        let id = self.id.map_or_else(|| "None".to_owned(), |id| id.to_string());
        format!("CreationRow(row={}, id={id}, code={:?}, outcome={:?})", self.row, self.code, self.outcome)
    }
}
