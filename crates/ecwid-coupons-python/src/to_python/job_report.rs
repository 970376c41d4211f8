//! [`JobReport`]: the rows of a job.

use std::sync::Arc;

use arrow_array::{
    Array as _, ArrayRef, Int64Array, RecordBatch, RecordBatchIterator, StringArray, cast::AsArray as _,
    types::Int64Type,
};
use ecwid_coupons_jobs::{Job, JobError, ReportRow};
use indexmap::IndexMap;
use pyo3::{
    IntoPyObjectExt as _,
    prelude::*,
    types::{IntoPyDict as _, PyDict, PyList},
};

use crate::to_python::{
    AnyResult,
    coupon_list::LOOK,
    model::{self, SHOWN_ROWS},
    table::{self, Capsule},
};

/// The outcome of each row of a job, as a table.
///
/// The columns are `row`, `code`, `id`, `outcome` and `error`, and then the columns of the rows that were passed to
/// `Client.issue`. One of these that has the name of a column of the report has the prefix ``input_``.
///
/// The outcome of a row of `Client.issue` is ``"created"``, ``"refused"`` if the store refused the coupon,
/// ``"conflict"`` if other coupons have all codes that were drawn, or ``"undone"`` after `Job.undo`. If the job is not
/// complete, it can also be ``"not_attempted"``, or ``"in_flight"`` if the coupon was sent and the result is not known
/// yet. Jobs of the command also have ``"already_exists"``, ``"updated"`` and ``"deleted"``.
///
/// Examples:
///     >>> people = [{"email": "ann@example.com"}, {"email": "bob@example.com"}]
///     >>> report = coupons.issue("SPRING-[*]", job="spring.job", rows=people, name="Spring")
///     >>> report
///     <JobReport of 2: 2 created>
///     >>> report.to_polars()["email"].to_list()
///     ['ann@example.com', 'bob@example.com']
#[pyclass(frozen, module = "ecwid_coupons")]
#[derive(Debug)]
pub(crate) struct JobReport {
    batch: RecordBatch,
    counts: Vec<(&'static str, usize)>,
}

impl JobReport {
    pub(crate) fn read(job: &Job) -> Result<Self, JobError> {
        let (mut rows, mut codes, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        let (mut outcomes, mut errors) = (Vec::new(), Vec::new());
        let mut carried: IndexMap<String, Vec<Option<String>>> = IndexMap::new();
        job.for_each_row(|ReportRow { row, code, id, outcome, error, columns, .. }| {
            for (name, value) in columns {
                let column = carried.entry(name).or_default();
                column.resize(rows.len(), None);
                column.push(Some(value));
            }
            rows.push(row as i64);
            codes.push(code);
            ids.push(id);
            outcomes.push(outcome.as_str());
            errors.push(error);
            Ok(())
        })?;
        let length = rows.len();
        let own: [(ArrayRef, bool); 5] = [
            (Arc::new(Int64Array::from(rows)), false),
            (Arc::new(StringArray::from(codes)), false),
            (Arc::new(Int64Array::from(ids)), true),
            (Arc::new(StringArray::from(outcomes)), false),
            (Arc::new(StringArray::from(errors)), true),
        ];
        let own = ReportRow::COLUMNS
            .into_iter()
            .zip(own)
            .map(|(name, (values, is_nullable))| (name.to_owned(), values, is_nullable));
        let carried = carried.into_iter().map(|(name, mut values)| {
            values.resize(length, None);
            (name, Arc::new(StringArray::from(values)) as ArrayRef, true)
        });
        let batch = RecordBatch::try_from_iter_with_nullable(own.chain(carried)).expect("the columns have one length");
        let counts = job.status()?.counts().map(|(outcome, count)| (outcome.as_str(), count)).to_vec();
        Ok(Self { batch, counts })
    }

    /// Returns the first rows as dicts.
    fn dicts<'py>(&self, py: Python<'py>, rows: usize) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for row in 0..rows.min(self.__len__()) {
            if row.is_multiple_of(LOOK) {
                py.check_signals()?;
            }
            let dict = PyDict::new(py);
            for (field, column) in self.batch.schema_ref().fields().iter().zip(self.batch.columns()) {
                let text = column.as_string_opt::<i32>().map(|texts| texts.value(row).into_bound_py_any(py));
                let value = text.unwrap_or_else(|| column.as_primitive::<Int64Type>().value(row).into_bound_py_any(py));
                dict.set_item(field.name(), Some(value?).filter(|_| column.is_valid(row)))?;
            }
            list.append(dict)?;
        }
        Ok(list)
    }

    fn framed<'py>(slf: &Bound<'py, Self>, function: &str) -> AnyResult<'py> {
        slf.py().import("ecwid_coupons._frames")?.call_method1(function, (slf,))
    }
}

#[pymethods]
impl JobReport {
    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        let counts = self.counts.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{count} {name}"));
        format!("<JobReport of {}: {}>", self.__len__(), counts.collect::<Vec<_>>().join(", "))
    }

    /// Returns the counts and the first rows as an HTML table.
    fn _repr_html_<'py>(&self, py: Python<'py>) -> AnyResult<'py> {
        let shown = (self.__repr__(), self.dicts(py, SHOWN_ROWS)?, self.__len__());
        model::display(py)?.call_method1("table_html", shown)
    }

    /// The number of rows with each outcome.
    ///
    /// Examples:
    ///     >>> report = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
    ///     >>> report.counts["created"], report.counts["refused"]
    ///     (2, 0)
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.counts.iter().copied().into_py_dict(py)
    }

    /// Returns the rows as a list of dicts.
    ///
    /// Examples:
    ///     >>> report = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
    ///     >>> [(row["row"], row["outcome"]) for row in report.to_dicts()]
    ///     [(0, 'created'), (1, 'created')]
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        self.dicts(py, self.__len__())
    }

    /// Returns the rows as a Polars frame. Requires Polars.
    ///
    /// Examples:
    ///     >>> report = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
    ///     >>> report.to_polars()["outcome"].to_list()
    ///     ['created', 'created']
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> AnyResult<'py> {
        Self::framed(slf, "to_polars")
    }

    /// Returns the rows as a pandas frame. Requires pandas and pyarrow. See `CouponList.to_pandas` for the argument.
    ///
    /// Examples:
    ///     >>> report = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
    ///     >>> report.to_pandas()["outcome"].to_list()
    ///     ['created', 'created']
    #[pyo3(signature = (*, dtype_backend = None))]
    fn to_pandas<'py>(slf: &Bound<'py, Self>, dtype_backend: Option<Bound<'py, PyAny>>) -> AnyResult<'py> {
        slf.py().import("ecwid_coupons._frames")?.call_method1("to_pandas", (slf, dtype_backend))
    }

    /// Returns the rows as a pyarrow table. Requires pyarrow.
    ///
    /// Examples:
    ///     >>> report = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
    ///     >>> report.to_arrow()["outcome"].to_pylist()
    ///     ['created', 'created']
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
