//! [`CouponStream`]: what a search finds, as a table that is read from the store while it is taken.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    from_python::arguments,
    to_python::{
        columns::Decimals,
        coupon_list::skipped_to_python,
        pages::Pages,
        table::{self, Capsule},
    },
};

/// The coupons of a search as a table whose pages are asked for while whatever reads Arrow takes it, so that only a few are in
/// memory at a time. It can be read again, which asks the store again. `Search.stream` makes one.
///
/// Example:
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
    decimals: Decimals,
    batch_size: usize,
    last: Arc<Mutex<Reading>>,
}

/// What the last reading found besides coupons.
#[derive(Debug, Default)]
struct Reading {
    error: Option<PyErr>,
    skipped: Vec<SkippedCoupon>,
}

fn lock(reading: &Mutex<Reading>) -> MutexGuard<'_, Reading> {
    reading.lock().unwrap_or_else(PoisonError::into_inner)
}

#[pymethods]
impl CouponStream {
    #[new]
    fn new(
        client: Py<NativeClient>,
        filters: Py<PyDict>,
        decimals: Decimals,
        batch_size: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let batch_size = arguments::at_least_one("batch_size", batch_size)?;
        Ok(Self { client, filters, decimals, batch_size, last: Arc::default() })
    }

    /// Why the last reading ended early, if it did: Arrow hands an error on as its text alone.
    ///
    /// Example:
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
        lock(&self.last).error.as_ref().map(|error| error.clone_ref(py).into_value(py).into_any())
    }

    /// The coupons that the last reading skipped so far, because they cannot be read. Empty unless the search was told to with
    /// ``skip_unreadable``.
    ///
    /// Example:
    ///     >>> import pyarrow
    ///     >>> stream = coupons.search(skip_unreadable=True).stream()
    ///     >>> pyarrow.table(stream).num_rows, stream.skipped
    ///     (0, ())
    #[getter]
    fn skipped<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let skipped = lock(&self.last).skipped.clone();
        skipped_to_python(py, &skipped)
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyAny>>) -> Capsule<'py> {
        let _ = requested_schema;
        let search = self.client.get().search(py, self.filters.bind(py))?;
        let pages = py.detach(|| Pages::start(&search))?;
        *lock(&self.last) = Reading::default();
        let (decimals, batch_size, last) = (self.decimals, self.batch_size, Arc::clone(&self.last));
        let reader = PageBatches { pages: Some(pages), decimals, batch_size, last };
        table::stream_capsule(py, Box::new(reader))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Capsule<'py> {
        table::schema_capsule(py, &table::schema(self.decimals))
    }

    fn __repr__(&self) -> String {
        format!("<CouponStream in batches of {}>", self.batch_size)
    }
}

/// Pages as they come, put together to batches.
struct PageBatches {
    /// Nothing once it is at its end.
    pages: Option<Pages>,
    decimals: Decimals,
    batch_size: usize,
    last: Arc<Mutex<Reading>>,
}

impl PageBatches {
    /// The next batch, of the size asked for or a page's more.
    fn take(&mut self, py: Python<'_>) -> PyResult<Option<RecordBatch>> {
        let (mut taken, mut length) = (Vec::new(), 0);
        while let Some(pages) = self.pages.as_ref().filter(|_| length < self.batch_size) {
            // The consumer runs no Python code between pages, and the wait for one that is there ends before it looks.
            py.check_signals()?;
            match pages.__next__(py)? {
                Some(page) => {
                    length += page.coupons().len();
                    lock(&self.last).skipped.extend_from_slice(page.unreadable());
                    taken.push(page);
                }
                None => self.pages = None,
            }
        }
        if taken.is_empty() {
            return Ok(None);
        }
        let decimals = self.decimals;
        let batch = py.detach(|| {
            let coupons: Vec<_> = taken.iter().flat_map(|page| page.coupons()).collect();
            table::batch(&coupons, decimals)
        });
        batch.map(Some).map_err(PyValueError::new_err)
    }
}

impl Iterator for PageBatches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        Python::attach(|py| {
            let error = match self.take(py) {
                Ok(batch) => return batch.map(Ok),
                Err(error) => error,
            };
            self.pages = None;
            let text = error.to_string();
            let is_interrupt = error.is_instance_of::<PyKeyboardInterrupt>(py);
            lock(&self.last).error = Some(error);
            // The reader knows no such error. Told again, and last of all, Python raises it when it is back from there.
            if is_interrupt {
                let _ = py.import("_thread").and_then(|module| module.call_method0("interrupt_main"));
            }
            Some(Err(ArrowError::ExternalError(text.into())))
        })
    }
}

impl RecordBatchReader for PageBatches {
    fn schema(&self) -> SchemaRef {
        table::schema(self.decimals)
    }
}
