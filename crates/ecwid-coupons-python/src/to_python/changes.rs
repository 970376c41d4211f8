//! [`Changes`]: the iterator over the changes of a store, for both Python clients.

use std::sync::Arc;

use arc_swap::ArcSwap;
use ecwid_coupons::chrono::{DateTime, Utc};
use ecwid_coupons_jobs::{Change, ChangesError, ChangesReader};
use pyo3::{
    exceptions::{PyRuntimeError, PyStopAsyncIteration},
    prelude::*,
};

use crate::{
    runtime,
    to_python::{coupon_list::CouponList, deleted_coupons::DeletedCouponList, errors, read_ahead::ReadAhead},
};

/// The changes of a store, returned by `Client.changes`.
///
/// Use ``for``, or ``async for`` in asyncio. The next change is requested in the background. Requests start when the changes are
/// made, and their errors are raised by the iteration.
///
/// Examples:
///     >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
///     >>> changes = coupons.changes()
///     >>> for change in changes:
///     ...     change.op, len(change.rows)
///     ('upsert', 1)
///     >>> cursor = changes.cursor
///     >>> list(coupons.changes(cursor, mode="incremental"))[0].op
///     'upsert'
#[pyclass(frozen, module = "ecwid_coupons")]
pub(crate) struct Changes {
    steps: ReadAhead<Step>,
    /// Has no lock, because a forked child may read it while a thread of the parent writes it.
    read: Arc<ArcSwap<Read>>,
}

/// What is known of the changes.
#[derive(Clone, Default)]
struct Read {
    /// Whether all coupons are read. `None` before the first change.
    is_complete: Option<bool>,
    as_of: Option<DateTime<Utc>>,
    /// The cursor after the last change.
    cursor: Option<String>,
}

type Step = Result<(Option<Change>, Read), ChangesError>;

impl Changes {
    pub(crate) fn start(changes: ecwid_coupons_jobs::Changes) -> PyResult<Self> {
        let steps = ReadAhead::start(|sender| async move {
            let mut reader = match changes.read().await {
                Ok(reader) => reader,
                Err(error) => return drop(sender.send(Err(error)).await),
            };
            loop {
                let step = step(&mut reader).await;
                let is_last = !matches!(step, Ok((Some(_), _)));
                if sender.send(step).await.is_err() || is_last {
                    return;
                }
            }
        })?;
        Ok(Self { steps, read: Arc::default() })
    }

    fn next_change(&self) -> PyResult<impl Future<Output = PyResult<Option<PythonChange>>> + Send + 'static> {
        let step = self.steps.next("the changes belong to the parent process; hint: call `changes` in this process")?;
        let read = Arc::clone(&self.read);
        Ok(async move {
            match step.await {
                None => Ok(None),
                Some(Err(error)) => Err(errors::of_changes(error)),
                Some(Ok((change, now))) => {
                    read.store(Arc::new(now));
                    Ok(change.map(PythonChange))
                }
            }
        })
    }
}

async fn step(reader: &mut ChangesReader) -> Step {
    let change = reader.try_next().await?;
    let cursor = if change.is_none() { Some(reader.cursor()?.to_string()) } else { None };
    Ok((change, Read { is_complete: Some(reader.is_complete()), as_of: reader.as_of(), cursor }))
}

/// A change that becomes a Python class.
struct PythonChange(Change);

impl<'py> IntoPyObject<'py> for PythonChange {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let classes = py.import("ecwid_coupons._changes")?;
        match self.0 {
            Change::Upserts(coupons) => classes.getattr("Upserts")?.call1((CouponList::new(vec![Arc::new(coupons)]),)),
            Change::Deletions(deleted) => classes.getattr("Deletions")?.call1((DeletedCouponList::new(deleted),)),
        }
    }
}

fn unfinished(what: &str) -> PyErr {
    PyRuntimeError::new_err(format!("the changes have no {what} yet; hint: iterate over them first"))
}

#[pymethods]
impl Changes {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let change = runtime::wait(py, self.next_change()?)?;
        change.map(|change| change.into_pyobject(py)).transpose()
    }

    fn __aiter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let change = self.next_change()?;
        runtime::awaitable(py, async { change.await?.ok_or_else(|| PyStopAsyncIteration::new_err(())) })
    }

    /// The cursor after the changes, as text. Save it together with the changes, and pass it to the next `Client.changes`.
    ///
    /// It has no token and no coupon.
    ///
    /// Raises:
    ///     RuntimeError: The changes were not read to their end.
    ///
    /// Examples:
    ///     >>> changes = coupons.changes()
    ///     >>> list(changes)
    ///     []
    ///     >>> changes.cursor
    ///     '{"version":1,"store":1003,...}'
    #[getter]
    fn cursor(&self) -> PyResult<String> {
        self.read.load().cursor.clone().ok_or_else(|| unfinished("cursor"))
    }

    /// Whether the upserts are all coupons of the store, so that all others in a copy are deleted.
    ///
    /// Raises:
    ///     RuntimeError: The iteration has not begun.
    ///
    /// Examples:
    ///     >>> changes = coupons.changes()
    ///     >>> list(changes), changes.is_complete
    ///     ([], True)
    #[getter]
    fn is_complete(&self) -> PyResult<bool> {
        self.read.load().is_complete.ok_or_else(|| unfinished("first part"))
    }

    /// When the changes began to be read, on the store's clock. None if the store did not say it. The changes are at least as recent.
    ///
    /// Raises:
    ///     RuntimeError: The iteration has not begun.
    ///
    /// Examples:
    ///     >>> _ = sandbox.set_time("2030-01-01 08:00:00 +0000")
    ///     >>> changes = coupons.changes()
    ///     >>> list(changes), changes.as_of.isoformat()
    ///     ([], '2030-01-01T08:00:00+00:00')
    #[getter]
    fn as_of(&self) -> PyResult<Option<DateTime<Utc>>> {
        self.is_complete()?;
        Ok(self.read.load().as_of)
    }

    /// Stops reading the changes.
    ///
    /// Examples:
    ///     >>> changes = coupons.changes()
    ///     >>> changes.close()
    fn close(&self) {
        self.steps.stop();
    }
}
