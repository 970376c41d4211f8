//! [`NativeClient`]: the calls, each to be waited for or to be awaited.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use arc_swap::ArcSwapOption;
use ecwid_coupons::{
    Client, ClientBuilder, CouponRef, Creation, Error, Search, Withdrawal,
    types::{self, CouponUpdate, NewCoupon},
};
use pyo3::{
    BoundObject as _,
    exceptions::{PyRuntimeError, PyTypeError},
    prelude::*,
    types::{PyBool, PyDict},
};

use crate::{
    creations::{self, CreationReport},
    errors,
    generated::{Coupon, DeleteResult, UpdateResult},
    input::{self, Null},
    list::CouponList,
    logging,
    model::View,
    rows::Rows,
    runtime,
    search::{self, PageWalk},
};

/// What both `Client` and `AsyncClient` are made of.
#[pyclass(frozen, module = "ecwid_coupons._native")]
pub(crate) struct NativeClient {
    settings: ClientBuilder,
    /// The client, with the number of forks that it was made after; nothing once it is closed.
    client: ArcSwapOption<(u64, Client)>,
}

impl fmt::Debug for NativeClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NativeClient").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl NativeClient {
    fn client(&self) -> PyResult<Client> {
        let closed = || PyRuntimeError::new_err("the client is closed; make another one");
        let current = self.client.load_full().ok_or_else(closed)?;
        let (forks, client) = &*current;
        if *forks == runtime::forks() {
            return Ok(client.clone());
        }
        // The connections of the copy in a forked child are the parent's. Not even closing them is the child's to do.
        let made = self.settings.clone().build().map_err(|error| errors::to_python(&error))?;
        std::mem::forget(self.client.swap(Some(Arc::new((runtime::forks(), made.clone())))));
        std::mem::forget(current);
        Ok(made)
    }

    /// Makes a call and either waits for it or hands it out to be awaited.
    fn call<'py, T, F>(
        &self,
        py: Python<'py>,
        wait: bool,
        call: impl FnOnce(Client) -> F + Send + 'static,
    ) -> PyResult<Bound<'py, PyAny>>
    where
        T: for<'any> IntoPyObject<'any> + Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let client = py.detach(|| self.client())?;
        let done = async { call(client).await.map_err(|error| errors::to_python(&error)) };
        finish(py, wait, done)
    }
}

/// Waits for a result or hands it out to be awaited.
fn finish<T, F>(py: Python<'_>, wait: bool, done: F) -> PyResult<Bound<'_, PyAny>>
where
    T: for<'any> IntoPyObject<'any> + Send + 'static,
    F: Future<Output = PyResult<T>> + Send + 'static,
{
    if !wait {
        return runtime::awaitable(py, done);
    }
    let value = runtime::wait(py, done)?;
    Ok(value.into_pyobject(py).map_err(Into::into)?.into_any().into_bound())
}

#[pymethods]
impl NativeClient {
    #[new]
    #[pyo3(signature = (store_id, token, **settings))]
    fn new(py: Python<'_>, store_id: i64, token: String, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Self::make(py, Client::builder(store_id, token), settings)
    }

    /// One with the store and the token of the environment.
    #[staticmethod]
    #[pyo3(signature = (**settings))]
    fn from_env(py: Python<'_>, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Self::make(py, ClientBuilder::from_env().map_err(|error| errors::to_python(&error))?, settings)
    }

    #[getter]
    fn store_id(&self) -> PyResult<i64> {
        Ok(self.client()?.store_id())
    }

    #[getter]
    fn is_closed(&self) -> bool {
        self.client.load().is_none()
    }

    /// Lets go of the connections; calls under way come to their end.
    fn close(&self, py: Python<'_>) {
        py.detach(|| drop(self.client.swap(None)));
    }

    #[getter]
    fn base_url(&self) -> PyResult<String> {
        Ok(self.client()?.base_url().to_owned())
    }

    #[pyo3(signature = (coupon, fields, wait))]
    fn get<'py>(
        &self,
        py: Python<'py>,
        coupon: &Bound<'py, PyAny>,
        fields: Option<Vec<String>>,
        wait: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let coupon = reference(coupon)?;
        self.call(py, wait, |client| async move {
            let mut get = client.get(coupon);
            if let Some(fields) = fields {
                get = get.fields(fields);
            }
            Ok(Coupon(View::alone(get.await?)))
        })
    }

    /// Creates a coupon; with `existing`, one that is there with the same content will do.
    fn create<'py>(
        &self,
        py: Python<'py>,
        values: &Bound<'py, PyDict>,
        existing: bool,
        wait: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let new: NewCoupon = input::read(NewCoupon::FIELDS, values, Null::Absent)?;
        self.call(py, wait, move |client| async move {
            let creation = if existing { client.create_or_get(&new).await } else { client.create(&new).await };
            creation.map(CreationResult::from)
        })
    }

    /// Creates the coupons of many rows; what becomes of them is in the report.
    #[allow(clippy::too_many_arguments)]
    fn create_many<'py>(
        &self,
        py: Python<'py>,
        rows: &Bound<'py, PyAny>,
        existing: bool,
        concurrency: usize,
        progress: Option<Py<PyAny>>,
        report: &Bound<'py, CreationReport>,
        wait: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        report.get().check_unused()?;
        let mut rows = Rows::read(rows)?;
        let codes: Vec<_> = rows.coupons.iter().map(|coupon| coupon.code.clone()).collect();
        let client = py.detach(|| self.client())?;
        let coupons = std::mem::take(&mut rows.coupons);
        let many = client.create_many(coupons).concurrency(concurrency);
        let many = if existing { many.accept_existing() } else { many };
        rows.check(py, codes.len(), many.problems())?;
        report.get().follow(&many, codes)?;
        finish(py, wait, creations::create(many, progress))
    }

    fn update<'py>(
        &self,
        py: Python<'py>,
        coupon: &Bound<'py, PyAny>,
        values: &Bound<'py, PyDict>,
        wait: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let coupon = reference(coupon)?;
        let update: CouponUpdate = input::read(CouponUpdate::FIELDS, values, Null::Null)?;
        self.call(py, wait, |client| async move {
            client.update(coupon, &update).await.map(|result| UpdateResult(View::alone(result)))
        })
    }

    fn delete<'py>(&self, py: Python<'py>, coupon: &Bound<'py, PyAny>, wait: bool) -> PyResult<Bound<'py, PyAny>> {
        let coupon = reference(coupon)?;
        self.call(py, wait, |client| async move {
            client.delete(coupon).await.map(|result| DeleteResult(View::alone(result)))
        })
    }

    fn withdraw_if_unused<'py>(
        &self,
        py: Python<'py>,
        coupon: &Bound<'py, PyAny>,
        wait: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let coupon = reference(coupon)?;
        self.call(py, wait, |client| async move { client.withdraw_if_unused(coupon).await.map(WithdrawalResult::from) })
    }

    /// Begins a walk over all pages of a search.
    fn pages(&self, py: Python<'_>, filters: &Bound<'_, PyDict>) -> PyResult<PageWalk> {
        let search = self.search(py, filters)?;
        py.detach(|| PageWalk::begin(&search))
    }

    /// How many coupons a search finds.
    fn count<'py>(&self, py: Python<'py>, filters: &Bound<'py, PyDict>, wait: bool) -> PyResult<Bound<'py, PyAny>> {
        let search = self.search(py, filters)?.offset(0).limit(1);
        finish(py, wait, async move {
            let page = search.page().await.map_err(|error| errors::to_python(&error))?;
            page.total.ok_or_else(|| PyRuntimeError::new_err("the store did not say how many coupons it found"))
        })
    }

    /// The first coupon that a search finds.
    fn first<'py>(&self, py: Python<'py>, filters: &Bound<'py, PyDict>, wait: bool) -> PyResult<Bound<'py, PyAny>> {
        let search = self.search(py, filters)?.limit(1);
        finish(py, wait, async move {
            let page = search.page().await.map_err(|error| errors::to_python(&error))?;
            Ok(page.items.and_then(|items| items.into_iter().next()).map(|coupon| Coupon(View::alone(coupon))))
        })
    }

    /// All coupons that a search finds.
    fn collect<'py>(
        &self,
        py: Python<'py>,
        filters: &Bound<'py, PyDict>,
        concurrency: usize,
        progress: Option<Py<PyAny>>,
        wait: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let search = self.search(py, filters)?;
        finish::<CouponList, _>(py, wait, search::collect(search, concurrency, progress))
    }
}

impl NativeClient {
    fn make(py: Python<'_>, mut builder: ClientBuilder, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        for (name, value) in settings.into_iter().flat_map(|settings| settings.iter()) {
            if value.is_none() {
                continue;
            }
            let name: String = name.extract()?;
            builder = match name.as_str() {
                "base_url" => builder.base_url(value.extract::<String>()?),
                "timeout" => builder.timeout(seconds(&name, &value)?),
                "deadline" => builder.deadline(seconds(&name, &value)?),
                "max_attempts" => builder.max_attempts(value.extract()?),
                "requests_per_minute" => builder.requests_per_minute(value.extract()?),
                "max_body_size" => builder.max_body_size(value.extract()?),
                _ => return Err(PyTypeError::new_err(format!("a client has no setting `{name}`"))),
            };
        }
        logging::set_up(py)?;
        // Not with the GIL: what a client is made of writes to the log, which needs it.
        let client = py.detach(|| builder.clone().build()).map_err(|error| errors::to_python(&error))?;
        Ok(Self { settings: builder, client: ArcSwapOption::from_pointee((runtime::forks(), client)) })
    }

    pub(crate) fn search(&self, py: Python<'_>, filters: &Bound<'_, PyDict>) -> PyResult<Search> {
        let client = py.detach(|| self.client())?;
        search::with_filters(client.search(), filters)
    }
}

fn seconds(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let wrong = || PyTypeError::new_err(format!("{name}: it is not a number of seconds, or a timedelta"));
    if let Ok(duration) = value.extract::<Duration>() {
        return Ok(duration);
    }
    let seconds: f64 = value.extract().map_err(|_| wrong())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
}

/// A coupon by its id, its code, or itself.
fn reference(coupon: &Bound<'_, PyAny>) -> PyResult<CouponRef> {
    if let Ok(coupon) = coupon.cast::<Coupon>() {
        let coupon = coupon.get().0.get();
        let by_code = || CouponRef::code(coupon.code.clone().unwrap_or_default());
        return coupon.id.map_or_else(by_code, |id| Ok(id.into())).map_err(|error| errors::to_python(&error.into()));
    }
    if coupon.is_instance_of::<PyBool>() {
        return Err(PyTypeError::new_err("a coupon is named by its id or its code, not by a bool"));
    }
    if let Ok(id) = coupon.extract::<i64>() {
        return Ok(id.into());
    }
    let code: String = coupon.extract().map_err(|_| {
        PyTypeError::new_err(format!("{coupon:?} names no coupon; give its id, its code, or the coupon itself"))
    })?;
    CouponRef::code(code).map_err(|error| errors::to_python(&error.into()))
}

/// What became of a create.
#[pyclass(frozen, get_all, module = "ecwid_coupons", name = "Creation")]
#[derive(Debug)]
pub(crate) struct CreationResult {
    /// The coupon's id.
    id: Option<i64>,
    /// The coupon's code, as the store has it.
    code: Option<String>,
    /// `"created"`, or `"already_there"` when the store has the coupon with all that was sent.
    outcome: &'static str,
}

#[pymethods]
impl CreationResult {
    fn __repr__(&self) -> String {
        let id = self.id.map_or_else(|| "None".to_owned(), |id| id.to_string());
        format!("Creation(id={id}, code={:?}, outcome={:?})", self.code.as_deref().unwrap_or_default(), self.outcome)
    }
}

impl From<Creation> for CreationResult {
    fn from(creation: Creation) -> Self {
        let outcome = if creation.is_created() { "created" } else { "already_there" };
        Self { id: creation.id(), code: creation.code().map(str::to_owned), outcome }
    }
}

/// What `withdraw_if_unused` found, and did.
#[pyclass(frozen, module = "ecwid_coupons", name = "Withdrawal")]
#[derive(Debug)]
pub(crate) struct WithdrawalResult {
    /// `"withdrawn"`, `"left_alone"` or `"not_there"`.
    #[pyo3(get)]
    outcome: &'static str,
    coupon: Option<Coupon>,
}

#[pymethods]
impl WithdrawalResult {
    /// The coupon as it was found.
    #[getter]
    fn coupon(&self) -> Option<Coupon> {
        self.coupon.clone()
    }

    fn __repr__(&self) -> String {
        format!("Withdrawal(outcome={:?})", self.outcome)
    }
}

impl From<Withdrawal> for WithdrawalResult {
    fn from(withdrawal: Withdrawal) -> Self {
        let outcome = match withdrawal {
            Withdrawal::Withdrawn(_) => "withdrawn",
            Withdrawal::NotThere => "not_there",
            _ => "left_alone",
        };
        let coupon: Option<types::Coupon> = withdrawal.coupon().cloned();
        Self { outcome, coupon: coupon.map(|coupon| Coupon(View::alone(coupon))) }
    }
}
