//! [`Pages`]: the iterator over the pages of a search, for both Python clients.

use std::sync::Arc;

use arc_swap::ArcSwap;
use ecwid_coupons::{Cursor, Error, Page, Search};
use pyo3::{
    exceptions::{PyRuntimeError, PyStopAsyncIteration},
    prelude::*,
};
use tokio::{
    sync::{
        Mutex,
        mpsc::{self, Receiver},
    },
    task::AbortHandle,
};

use crate::{
    fork,
    runtime::{self, ProcessLocal},
    to_python::{coupon_list::CouponList, errors},
};

/// An iterator over the pages of a search. A page is a `CouponList`.
///
/// The next pages are requested in the background. Use ``for``, or ``async for`` in asyncio.
///
/// Examples:
///     >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
///     >>> for page in coupons.search().pages():
///     ...     page.to_polars()["code"].to_list()
///     ['TEN']
#[pyclass(frozen, module = "ecwid_coupons")]
pub(crate) struct Pages {
    task: ProcessLocal<Task>,
    /// Has no lock, because a forked child may read it while a thread of the parent writes it.
    last: Arc<ArcSwap<Last>>,
}

/// The data of the last returned page.
#[derive(Default)]
struct Last {
    cursor: Option<Cursor>,
    total: Option<u64>,
}

/// The task that requests the pages. It ends when it is dropped.
struct Task {
    pages: Arc<Mutex<Receiver<Result<Page, Error>>>>,
    handle: AbortHandle,
}

impl Drop for Task {
    fn drop(&mut self) {
        self.handle.abort();
    }
}

impl Pages {
    pub(crate) fn start(search: &Search) -> PyResult<Self> {
        let mut pages = search.pages();
        let (sender, receiver) = mpsc::channel(1);
        let task = runtime::spawn(async move {
            while let Some(page) = pages.next().await {
                if sender.send(page).await.is_err() {
                    break;
                }
            }
        })?;
        let task = Task { pages: Arc::new(Mutex::new(receiver)), handle: task.abort_handle() };
        Ok(Self { task: ProcessLocal::new(task), last: Arc::default() })
    }

    fn next_page(&self) -> PyResult<impl Future<Output = PyResult<Option<CouponList>>> + Send + 'static> {
        let task = self.task.get().ok_or_else(|| {
            PyRuntimeError::new_err(
                "the pages belong to the parent process; hint: start a new search, or continue with \
                 search(after=pages.cursor)",
            )
        })?;
        let (pages, last) = (Arc::clone(&task.pages), Arc::clone(&self.last));
        Ok(async move {
            match pages.lock().await.recv().await {
                None => Ok(None),
                Some(Err(error)) => Err(errors::to_python(&error)),
                Some(Ok(page)) => {
                    last.store(Arc::new(Last { cursor: Some(page.cursor), total: page.total }));
                    Ok(Some(CouponList::new(vec![Arc::new(page.coupons)]).with_skipped(page.skipped)))
                }
            }
        })
    }
}

#[pymethods]
impl Pages {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    pub(crate) fn __next__(&self, py: Python<'_>) -> PyResult<Option<CouponList>> {
        runtime::wait(py, self.next_page()?)
    }

    fn __aiter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let page = self.next_page()?;
        runtime::awaitable(py, async { page.await?.ok_or_else(|| PyStopAsyncIteration::new_err(())) })
    }

    /// The cursor after the last returned page, for `search(after=...)`. Another process can use it too.
    ///
    /// Examples:
    ///     >>> for code in ("A", "B", "C"):
    ///     ...     _ = coupons.create(name=code, code=code, discount_type="ABS", discount=10)
    ///     >>> pages = coupons.search(limit=2).pages()
    ///     >>> [coupon.code for coupon in next(pages)]
    ///     ['A', 'B']
    ///     >>> [coupon.code for coupon in coupons.search(after=pages.cursor)]
    ///     ['C']
    #[getter]
    fn cursor(&self) -> Option<String> {
        self.last.load().cursor.as_ref().map(ToString::to_string)
    }

    /// The number of coupons that the search finds, according to the last returned page.
    ///
    /// Examples:
    ///     >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
    ///     >>> pages = coupons.search().pages()
    ///     >>> [(len(page), pages.total) for page in pages]
    ///     [(1, 1)]
    #[getter]
    fn total(&self) -> Option<u64> {
        self.last.load().total
    }

    /// Stops requesting pages.
    ///
    /// Examples:
    ///     >>> pages = coupons.search().pages()
    ///     >>> pages.close()
    fn close(&self) {
        // A forked child has no task.
        if let Some(task) = self.task.get() {
            task.handle.abort();
        }
    }
}

/// Reads the first page with this number of coupons. Returns the number of all coupons too.
pub(crate) async fn preview(search: Search, rows: u32) -> PyResult<(CouponList, Option<u64>)> {
    match search.limit(rows).prefetch(1).pages().next().await.transpose() {
        Ok(Some(page)) => Ok((CouponList::new(vec![Arc::new(page.coupons)]), page.total)),
        Ok(None) => Ok((CouponList::new(Vec::new()), Some(0))),
        Err(error) => Err(errors::to_python(&error)),
    }
}

/// Reads all pages, and calls `progress` after each page.
pub(crate) async fn collect(search: Search, concurrency: usize, progress: Option<Py<PyAny>>) -> PyResult<CouponList> {
    let mut pages = search.prefetch(concurrency).pages();
    let (mut blocks, mut skipped, mut done) = (Vec::new(), Vec::new(), 0);
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| errors::to_python(&error))?;
        done += page.coupons.len() + page.skipped.len();
        if let Some(progress) = &progress {
            fork::attach(|py| progress.call1(py, (done, page.total)))?;
        }
        blocks.push(Arc::new(page.coupons));
        skipped.extend(page.skipped);
    }
    Ok(CouponList::new(blocks).with_skipped(skipped))
}
