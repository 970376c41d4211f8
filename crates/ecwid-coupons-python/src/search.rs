//! The walk over a search's pages, as Python goes along it.

use std::{fmt, sync::Arc};

use arc_swap::ArcSwap;
use ecwid_coupons::{CommaList, Cursor, DayBound, Error, Page, Search, TimeFilter, chrono::NaiveDate};
use futures_util::StreamExt as _;
use pyo3::{
    exceptions::{PyRuntimeError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyDate, PyDateTime, PyDict},
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
    from_python::{arguments, fields},
    runtime::{self, ProcessLocal},
    to_python::{coupon_list::CouponList, errors},
};

/// Sets a search's filters by name.
pub(crate) fn with_filters(mut search: Search, filters: &Bound<'_, PyDict>) -> PyResult<Search> {
    for (name, value) in filters.iter() {
        if value.is_none() {
            continue;
        }
        let name: String = name.extract()?;
        search = match name.as_str() {
            "code" => search.code(arguments::text(&name, &value)?),
            "discount_type" => search.discount_type(several(&name, &value)?),
            "status" => search.status(several(&name, &value)?),
            "created_from" => search.created_from(time(&name, &value)?),
            "created_to" => search.created_to(time(&name, &value)?),
            "updated_from" => search.updated_from(time(&name, &value)?),
            "updated_to" => search.updated_to(time(&name, &value)?),
            "fields" => search.fields(arguments::one_or_more(&name, &value)?),
            "offset" => search.offset(arguments::count(&name, &value, 0..=u64::MAX)?),
            "limit" => search.limit(arguments::count(&name, &value, 1..=100)?),
            "prefetch" => search.prefetch(arguments::at_least_one(&name, &value)?),
            "after" => {
                let cursor = arguments::text(&name, &value)?;
                let cursor: Cursor = cursor.parse().map_err(|error| {
                    fields::raise::<PyValueError>(&value, |value| format!("after: {value}: {error}"))
                })?;
                search.after(cursor)
            }
            "any_order" if arguments::flag(&name, &value)? => search.any_order(),
            "skip_unreadable" if arguments::flag(&name, &value)? => search.skip_unreadable(),
            "any_order" | "skip_unreadable" => search,
            _ => return Err(PyTypeError::new_err(format!("a search has no filter `{name}`"))),
        };
    }
    Ok(search)
}

/// One value of an enum, or several.
fn several<T: From<String>>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<CommaList<T>> {
    Ok(arguments::one_or_more(name, value)?.into_iter().map(Into::into).collect())
}

/// Seconds, or what a date can be.
fn time(name: &str, value: &Bound<'_, PyAny>) -> PyResult<TimeFilter> {
    if let Some(seconds) = arguments::integer(value)? {
        return Ok(seconds.into());
    }
    if let Ok(text) = value.extract::<String>() {
        return text.parse().map_err(|error: ecwid_coupons::ParseDateError| {
            PyValueError::new_err(format!("{name}: {}", errors::shown_text(&error.to_string())))
        });
    }
    if !value.is_instance_of::<PyDate>() {
        return Err(fields::raise::<PyTypeError>(value, |value| {
            format!(
                "{name}: {value} is not a datetime with a time zone, a date, a text, or the seconds since 1970 as an integer"
            )
        }));
    }
    if !value.is_instance_of::<PyDateTime>() {
        // The search knows which second of the day it stands for.
        return Ok(value.extract::<NaiveDate>()?.into());
    }
    let instant = fields::date_time(value, DayBound::Start, name)?.to_utc();
    let instant = instant
        .ok_or_else(|| fields::raise::<PyValueError>(value, |value| format!("{name}: {value} is no point in time")))?;
    Ok(instant.into())
}

/// Pages that are asked for in the background and taken one after the other.
#[pyclass(frozen, module = "ecwid_coupons._native")]
pub(crate) struct PageWalk {
    task: ProcessLocal<Task>,
    /// Without a lock, so that a forked child can look at it whatever the parent's threads were at.
    place: Arc<ArcSwap<Place>>,
}

/// Where a walk is.
#[derive(Default)]
struct Place {
    /// The place after the last page that was taken.
    cursor: Option<Cursor>,
    /// How many coupons there are, as that page said.
    total: Option<u64>,
}

/// What asks for the pages. It ends with the walk.
struct Task {
    pages: Arc<Mutex<Receiver<Result<Page, Error>>>>,
    handle: AbortHandle,
}

impl Drop for Task {
    fn drop(&mut self) {
        self.handle.abort();
    }
}

impl fmt::Debug for PageWalk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageWalk").finish_non_exhaustive()
    }
}

impl PageWalk {
    /// Begins to ask for pages.
    pub(crate) fn begin(search: &Search) -> PyResult<Self> {
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
        Ok(Self { task: ProcessLocal::new(task), place: Arc::default() })
    }

    fn next_page(&self) -> PyResult<impl Future<Output = PyResult<Option<CouponList>>> + Send + 'static> {
        let task = self.task.get().ok_or_else(|| {
            PyRuntimeError::new_err(
                "the walk began before this process was forked, and goes on in the parent; begin the search again, or go \
                 on from here with search(after=pages.cursor)",
            )
        })?;
        let (pages, place) = (Arc::clone(&task.pages), Arc::clone(&self.place));
        Ok(async move {
            match pages.lock().await.recv().await {
                None => Ok(None),
                Some(Err(error)) => Err(errors::to_python(&error)),
                Some(Ok(page)) => {
                    place.store(Arc::new(Place { cursor: Some(page.cursor), total: page.total }));
                    Ok(Some(CouponList::new(vec![Arc::new(page.coupons)]).with_skipped(page.skipped)))
                }
            }
        })
    }
}

#[pymethods]
impl PageWalk {
    /// The next page, or None when all were taken.
    pub(crate) fn next(&self, py: Python<'_>) -> PyResult<Option<CouponList>> {
        runtime::wait(py, self.next_page()?)
    }

    /// The next page, to be awaited.
    fn next_async<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        runtime::awaitable(py, self.next_page()?)
    }

    /// The place after the last page that was taken, as text.
    #[getter]
    fn cursor(&self) -> Option<String> {
        self.place.load().cursor.as_ref().map(ToString::to_string)
    }

    /// How many coupons there are, as the last page said.
    #[getter]
    fn total(&self) -> Option<u64> {
        self.place.load().total
    }

    /// Stops asking for pages. In a forked child there is nothing to stop.
    fn close(&self) {
        if let Some(task) = self.task.get() {
            task.handle.abort();
        }
    }
}

/// Reads all pages, some of them at once, and tells how far it is.
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
