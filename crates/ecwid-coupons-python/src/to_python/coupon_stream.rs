//! [`CouponStream`]: the result of a search as a table that requests its pages while it is consumed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use ecwid_coupons::SkippedCoupon;
use pyo3::{
    exceptions::{PyKeyboardInterrupt, PyValueError},
    prelude::*,
    types::{PyDict, PyTuple},
};

use crate::{
    client::NativeClient,
    fork,
    from_python::arguments,
    to_python::{
        columns::{Decimals, Flat, Layout},
        coupon_list::skipped_to_python,
        pages::Pages,
        table::{self, Capsule},
    },
};

/// The coupons of a search as a table that requests its pages while it is consumed. Returned by `Search.stream`.
///
/// Only a few pages are in memory at once. Each reading of the stream sends the requests again.
///
/// Examples:
///     >>> import pyarrow
///     >>> for code in ("A", "B", "C"):
///     ...     _ = coupons.create(name=code, code=code)
///     >>> stream = coupons.search(limit=2).stream(batch_size=2)
///     >>> [batch.num_rows for batch in pyarrow.RecordBatchReader.from_stream(stream)]
///     [2, 1]
#[pyclass(frozen, module = "ecwid_coupons")]
#[derive(Debug)]
pub(crate) struct CouponStream {
    client: Py<NativeClient>,
    filters: Py<PyDict>,
    layout: Layout,
    batch_size: usize,
    last: Mutex<Reading>,
}

/// The error and the skipped coupons of the last reading.
#[derive(Debug, Default)]
struct Reading {
    error: Option<PyErr>,
    skipped: Vec<SkippedCoupon>,
}

impl CouponStream {
    fn last(&self) -> MutexGuard<'_, Reading> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl CouponStream {
    #[new]
    fn new(
        client: Py<NativeClient>,
        filters: Py<PyDict>,
        decimals: Decimals,
        flat: Flat,
        batch_size: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let batch_size = arguments::at_least_one("batch_size", batch_size)?;
        let layout = Layout { decimals, flat };
        Ok(Self { client, filters, layout, batch_size, last: Mutex::default() })
    }

    /// The exception that ended the last reading. Consumers of Arrow data get only its message.
    ///
    /// Examples:
    ///     >>> import pyarrow
    ///     >>> _ = sandbox.add_fault(Status(403))
    ///     >>> stream = coupons.search().stream()
    ///     >>> try:
    ///     ...     pyarrow.table(stream)
    ///     ... except pyarrow.ArrowInvalid:
    ///     ...     type(stream.error).__name__
    ///     'PermissionDeniedError'
    #[getter]
    fn error(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.last().error.as_ref().map(|error| error.clone_ref(py).into_value(py).into_any())
    }

    /// The coupons that the last reading skipped because they cannot be read. Empty without ``skip_unreadable=True``.
    ///
    /// Examples:
    ///     >>> import pyarrow
    ///     >>> stream = coupons.search(skip_unreadable=True).stream()
    ///     >>> pyarrow.table(stream).num_rows, stream.skipped
    ///     (0, ())
    #[getter]
    fn skipped<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let skipped = self.last().skipped.clone();
        skipped_to_python(py, &skipped)
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(slf: &Bound<'py, Self>, requested_schema: Option<Bound<'py, PyAny>>) -> Capsule<'py> {
        let _ = requested_schema;
        let (py, stream) = (slf.py(), slf.get());
        let search = stream.client.get().search(py, stream.filters.bind(py))?;
        let pages = py.detach(|| Pages::start(&search))?;
        *stream.last() = Reading::default();
        let reader = PageBatches { pages: Some(pages), stream: slf.clone().unbind() };
        table::stream_capsule(py, Box::new(reader))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Capsule<'py> {
        table::schema_capsule(py, &table::schema(self.layout))
    }

    fn __repr__(&self) -> String {
        format!("<CouponStream in batches of {}>", self.batch_size)
    }
}

/// Combines pages to batches.
struct PageBatches {
    /// `None` at the end.
    pages: Option<Pages>,
    stream: Py<CouponStream>,
}

impl PageBatches {
    /// Returns the next batch. It can be larger than requested by up to one page.
    fn take(&mut self, py: Python<'_>) -> PyResult<Option<RecordBatch>> {
        let stream = self.stream.get();
        let (mut taken, mut length) = (Vec::new(), 0);
        while let Some(pages) = self.pages.as_ref().filter(|_| length < stream.batch_size) {
            // The consumer runs no Python code between pages, and a page that is available is returned without a check.
            py.check_signals()?;
            match pages.__next__(py)? {
                Some(page) => {
                    length += page.coupons().len();
                    stream.last().skipped.extend_from_slice(page.unreadable());
                    taken.push(page);
                }
                None => self.pages = None,
            }
        }
        if taken.is_empty() {
            return Ok(None);
        }
        let batch = py.detach(|| {
            let coupons: Vec<_> = taken.iter().flat_map(|page| page.coupons()).collect();
            table::batch(&coupons, stream.layout)
        });
        batch.map(Some).map_err(PyValueError::new_err)
    }
}

impl Iterator for PageBatches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        // The thread may belong to the library that reads the stream.
        fork::attach(|py| {
            let error = match self.take(py) {
                Ok(batch) => return batch.map(Ok),
                Err(error) => error,
            };
            self.pages = None;
            let text = error.to_string();
            let is_interrupt = error.is_instance_of::<PyKeyboardInterrupt>(py);
            self.stream.get().last().error = Some(error);
            // The consumer cannot raise it, so Python raises it when the consumer returns.
            if is_interrupt {
                let _ = py.import("_thread").and_then(|module| module.call_method0("interrupt_main"));
            }
            Some(Err(ArrowError::ExternalError(text.into())))
        })
    }
}

impl RecordBatchReader for PageBatches {
    fn schema(&self) -> SchemaRef {
        table::schema(self.stream.get().layout)
    }
}
