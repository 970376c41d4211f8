//! [`Pages`]: the iterator over the pages of a search, for both Python clients.

use std::sync::Arc;

use arc_swap::ArcSwap;
use ecwid_coupons::{Cursor, Error, Page, Search};
use pyo3::{exceptions::PyStopAsyncIteration, prelude::*};

use crate::{
    fork, runtime,
    to_python::{coupon_list::CouponList, errors, read_ahead::ReadAhead},
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
    pages: ReadAhead<Result<Page, Error>>,
    /// Has no lock, because a forked child may read it while a thread of the parent writes it.
    last: Arc<ArcSwap<Last>>,
}

/// The data of the last returned page.
#[derive(Default)]
struct Last {
    cursor: Option<Cursor>,
    total: Option<u64>,
}

impl Pages {
    pub(crate) fn start(search: &Search) -> PyResult<Self> {
        let mut pages = search.pages();
        let pages = ReadAhead::start(|sender| async move {
            while let Some(page) = pages.next().await {
                if sender.send(page).await.is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { pages, last: Arc::default() })
    }

    fn next_page(&self) -> PyResult<impl Future<Output = PyResult<Option<CouponList>>> + Send + 'static> {
        let page = self.pages.next(
            "the pages belong to the parent process; hint: start a new search, or continue with \
             search(after=pages.cursor)",
        )?;
        let last = Arc::clone(&self.last);
        Ok(async move {
            match page.await {
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
        self.pages.stop();
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
