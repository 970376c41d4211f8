//! [`NativeClient`]: the calls, each to be waited for or to be awaited.

use std::{future::Future, sync::Arc};

use arc_swap::ArcSwapOption;
use ecwid_coupons::{
    Client, ClientBuilder, CouponRef, Cursor, Error, Search,
    types::{CouponUpdate, NewCoupon},
};
use pyo3::{
    IntoPyObjectExt as _,
    exceptions::{PyRuntimeError, PyTypeError, PyValueError},
    prelude::*,
    types::PyDict,
};

use crate::{
    from_python::{
        arguments,
        fields::{self, Null},
        refusal::Refusal,
        rows::Rows,
    },
    generated::{self, Coupon, DeleteResult, UpdateResult},
    logging,
    runtime::{self, ProcessLocal},
    to_python::{
        AnyResult,
        coupon_list::CouponList,
        creation_report::{self, CreationReport},
        errors,
        model::BlockRef,
        outcomes::{Created, Deleted},
        pages::{self, Pages},
    },
};

/// What both `Client` and `AsyncClient` are made of.
#[pyclass(frozen, module = "ecwid_coupons._native")]
pub(crate) struct NativeClient {
    /// Whether a call returns its result. Otherwise it returns an awaitable.
    waits: bool,
    settings: ClientBuilder,
    /// The client; nothing once it is closed.
    client: ArcSwapOption<ProcessLocal<Client>>,
}

impl NativeClient {
    /// The client, made anew in a forked child. Not to be called with the GIL: what a client is made of writes to the log, which
    /// needs it.
    fn client(&self) -> PyResult<Client> {
        loop {
            let current = self.client.load();
            let Some(client) = &*current else {
                return Err(PyRuntimeError::new_err("the client is closed; make another one"));
            };
            if let Some(client) = client.get() {
                return Ok(client.clone());
            }
            let made = self.settings.clone().build().map_err(|error| errors::to_python(&error))?;
            // Of two that are made at once the first stays, and is found in the next round.
            self.client.compare_and_swap(&current, Some(Arc::new(ProcessLocal::new(made))));
        }
    }

    /// Makes a call and either waits for it or hands it out to be awaited.
    fn call<'py, T, F>(&self, py: Python<'py>, call: impl FnOnce(Client) -> F + Send + 'static) -> AnyResult<'py>
    where
        T: for<'any> IntoPyObject<'any> + Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let client = py.detach(|| self.client())?;
        self.finish(py, async { call(client).await.map_err(|error| errors::to_python(&error)) })
    }

    /// Waits for a result or hands it out to be awaited.
    fn finish<'py, T, F>(&self, py: Python<'py>, done: F) -> AnyResult<'py>
    where
        T: for<'any> IntoPyObject<'any> + Send + 'static,
        F: Future<Output = PyResult<T>> + Send + 'static,
    {
        if self.waits { runtime::wait(py, done)?.into_bound_py_any(py) } else { runtime::awaitable(py, done) }
    }
}

/// What came of a write, with a note on what ended the wait for it, such as Ctrl-C.
fn noted<'py>(py: Python<'py>, result: AnyResult<'py>, what: &str) -> AnyResult<'py> {
    result.inspect_err(|error| {
        let class = py.import("ecwid_coupons._errors").and_then(|errors| errors.getattr("EcwidError"));
        // The errors of a call say it themselves.
        let is_own = class.and_then(|class| error.value(py).is_instance(&class)).unwrap_or(true);
        // A closed client, or an interpreter that ends, is no call under way.
        if !is_own && !error.is_instance_of::<PyRuntimeError>(py) {
            let note = format!(
                "the {what} was under way; it is not known whether it took effect, so look before you repeat it"
            );
            // An exception that takes no note is handed on all the same.
            let _ = error.value(py).call_method1("add_note", (note,));
        }
    })
}

#[pymethods]
impl NativeClient {
    #[new]
    #[pyo3(signature = (waits, store_id, token, base_url = None, **settings))]
    fn new(
        py: Python<'_>,
        waits: bool,
        store_id: &Bound<'_, PyAny>,
        token: &Bound<'_, PyAny>,
        base_url: Option<Bound<'_, PyAny>>,
        settings: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let store_id = setting(arguments::store_id(store_id))?;
        let builder = Client::builder(store_id, arguments::secret("token", token)?);
        Self::make(py, waits, builder, base_url, settings)
    }

    /// One with the store and the token of the environment.
    #[staticmethod]
    #[pyo3(signature = (waits, **settings))]
    fn from_env(py: Python<'_>, waits: bool, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Self::make(py, waits, ClientBuilder::from_env().map_err(|error| errors::to_python(&error))?, None, settings)
    }

    /// The store's id.
    #[getter]
    fn store_id(&self, py: Python<'_>) -> PyResult<i64> {
        py.detach(|| Ok(self.client()?.store_id()))
    }

    /// Whether it was closed.
    #[getter]
    fn is_closed(&self) -> bool {
        self.client.load().is_none()
    }

    /// Lets go of the connections; calls under way come to their end.
    fn close(&self, py: Python<'_>) {
        py.detach(|| drop(self.client.swap(None)));
    }

    /// The address that the store's paths are below.
    #[getter]
    fn base_url(&self, py: Python<'_>) -> PyResult<String> {
        // It is shown, and may hold a token in the wrong place.
        py.detach(|| Ok(self.settings.redact(self.client()?.base_url())))
    }

    /// Gets a coupon.
    fn get<'py>(
        &self,
        py: Python<'py>,
        coupon: &Bound<'py, PyAny>,
        fields: Option<Bound<'py, PyAny>>,
    ) -> AnyResult<'py> {
        let coupon = reference(coupon)?;
        let fields = fields.map(|fields| arguments::texts("fields", &fields)).transpose()?;
        self.call(py, |client| async move {
            let mut get = client.get(coupon);
            if let Some(fields) = fields {
                get = get.fields(fields);
            }
            Ok(Coupon(BlockRef::alone(get.await?)))
        })
    }

    /// Creates a coupon; with `existing`, one that is there with the same content will do.
    fn create<'py>(&self, py: Python<'py>, values: &Bound<'py, PyDict>, existing: bool) -> AnyResult<'py> {
        let new: NewCoupon = fields::read(NewCoupon::FIELDS, values, Null::Absent)?;
        let created = self.call(py, move |client| async move {
            let creation = if existing { client.create_or_get(&new).await } else { client.create(&new).await };
            creation.map(Created)
        });
        noted(py, created, "create")
    }

    /// Creates the coupons of many rows; what becomes of them is in the report.
    #[allow(clippy::too_many_arguments)]
    fn create_many<'py>(
        &self,
        py: Python<'py>,
        rows: &Bound<'py, PyAny>,
        existing: bool,
        keep_order_count: &Bound<'py, PyAny>,
        concurrency: &Bound<'py, PyAny>,
        progress: &Bound<'py, PyAny>,
        report: &Bound<'py, CreationReport>,
    ) -> AnyResult<'py> {
        report.get().check_unused()?;
        let concurrency = arguments::at_least_one("concurrency", concurrency)?;
        let progress = arguments::progress(progress)?;
        let mut rows = Rows::read(rows, arguments::flag("keep_order_count", keep_order_count)?)?;
        let codes: Vec<_> = rows.coupons.iter().map(|coupon| coupon.code.clone()).collect();
        let client = py.detach(|| self.client())?;
        let coupons = std::mem::take(&mut rows.coupons);
        let many = client.create_many(coupons).concurrency(concurrency);
        let many = if existing { many.accept_existing() } else { many };
        rows.check(py, codes.len(), many.problems())?;
        report.get().follow(&many, codes)?;
        self.finish(py, creation_report::create(many, progress))
    }

    /// Changes a coupon.
    fn update<'py>(&self, py: Python<'py>, coupon: &Bound<'py, PyAny>, values: &Bound<'py, PyDict>) -> AnyResult<'py> {
        let coupon = reference(coupon)?;
        let update: CouponUpdate = fields::read(CouponUpdate::FIELDS, values, Null::Null)?;
        let updated = self.call(py, |client| async move {
            client.update(coupon, &update).await.map(|result| UpdateResult(BlockRef::alone(result)))
        });
        noted(py, updated, "update")
    }

    /// Deletes a coupon.
    fn delete<'py>(&self, py: Python<'py>, coupon: &Bound<'py, PyAny>) -> AnyResult<'py> {
        let coupon = reference(coupon)?;
        let deleted = self.call(py, |client| async move {
            client.delete(coupon).await.map(|result| DeleteResult(BlockRef::alone(result)))
        });
        noted(py, deleted, "delete")
    }

    /// Deletes a coupon that no order has used.
    fn delete_if_unused<'py>(&self, py: Python<'py>, coupon: &Bound<'py, PyAny>) -> AnyResult<'py> {
        let coupon = reference(coupon)?;
        let deleted = self.call(py, |client| async move { client.delete_if_unused(coupon).await.map(Deleted) });
        noted(py, deleted, "delete")
    }

    /// Starts to request the pages of a search.
    fn pages(&self, py: Python<'_>, filters: &Bound<'_, PyDict>) -> PyResult<Pages> {
        let search = self.search(py, filters)?;
        py.detach(|| Pages::start(&search))
    }

    /// How many coupons a search finds.
    fn count<'py>(&self, py: Python<'py>, filters: &Bound<'py, PyDict>) -> AnyResult<'py> {
        let search = self.search(py, filters)?;
        self.finish(py, async move { search.count().await.map_err(|error| errors::to_python(&error)) })
    }

    /// The first coupon that a search finds.
    fn first<'py>(&self, py: Python<'py>, filters: &Bound<'py, PyDict>) -> AnyResult<'py> {
        let search = self.search(py, filters)?;
        self.finish(py, async move {
            let coupon = search.first().await.map_err(|error| errors::to_python(&error))?;
            Ok(coupon.map(|coupon| Coupon(BlockRef::alone(coupon))))
        })
    }

    /// All coupons that a search finds.
    fn collect<'py>(
        &self,
        py: Python<'py>,
        filters: &Bound<'py, PyDict>,
        concurrency: &Bound<'py, PyAny>,
        progress: &Bound<'py, PyAny>,
    ) -> AnyResult<'py> {
        let concurrency = arguments::at_least_one("concurrency", concurrency)?;
        let progress = arguments::progress(progress)?;
        let search = self.search(py, filters)?;
        self.finish::<CouponList, _>(py, pages::collect(search, concurrency, progress))
    }
}

impl NativeClient {
    fn make(
        py: Python<'_>,
        waits: bool,
        builder: ClientBuilder,
        base_url: Option<Bound<'_, PyAny>>,
        settings: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let with_settings = setting(with_settings(builder.clone(), base_url, settings));
        let builder = with_settings.map_err(|error| errors::redacted(py, error, |text| builder.redact(text)))?;
        logging::set_up(py)?;
        // Not with the GIL: what a client is made of writes to the log, which needs it.
        let client = py.detach(|| builder.clone().build()).map_err(|error| errors::to_python(&error))?;
        Ok(Self { waits, settings: builder, client: ArcSwapOption::from_pointee(ProcessLocal::new(client)) })
    }

    pub(crate) fn search(&self, py: Python<'_>, filters: &Bound<'_, PyDict>) -> PyResult<Search> {
        let client = py.detach(|| self.client())?;
        with_filters(client.search(), filters)
    }
}

/// The names of `ClientSettings`.
const SETTINGS: [&str; 8] =
    ["timeout", "deadline", "max_attempts", "requests_per_minute", "max_body_size", "proxy", "ca_file", "allow_http"];

fn with_settings(
    mut builder: ClientBuilder,
    base_url: Option<Bound<'_, PyAny>>,
    settings: Option<&Bound<'_, PyDict>>,
) -> PyResult<ClientBuilder> {
    if let Some(base_url) = base_url {
        builder = builder.base_url(arguments::text("base_url", &base_url)?);
    }
    for (name, value) in settings.into_iter().flat_map(|settings| settings.iter()) {
        let name: String = name.extract()?;
        if value.is_none() && SETTINGS.contains(&name.as_str()) {
            continue;
        }
        builder = match name.as_str() {
            "allow_http" => builder.allow_http(arguments::flag(&name, &value)?),
            "timeout" => builder.timeout(arguments::seconds(&name, &value)?),
            "deadline" => builder.deadline(arguments::seconds(&name, &value)?),
            "max_attempts" => builder.max_attempts(arguments::count(&name, &value, 1..=u32::MAX)?),
            "requests_per_minute" => builder.requests_per_minute(arguments::count(&name, &value, 1..=u32::MAX)?),
            "max_body_size" => builder.max_body_size(arguments::at_least_one(&name, &value)?),
            // It may have a password.
            "proxy" => builder.proxy(arguments::secret(&name, &value)?),
            "ca_file" => builder.add_root_certificates(arguments::file(&name, &value)?),
            _ => {
                let known = SETTINGS.join(", ");
                return Err(PyTypeError::new_err(format!("unknown setting: `{name}` (expected one of {known})")));
            }
        };
    }
    Ok(builder)
}

/// The value of a setting; a wrong one is a `ConfigurationError`.
fn setting<T>(value: PyResult<T>) -> PyResult<T> {
    value.map_err(|error| {
        Python::attach(|py| match error.is_instance_of::<PyValueError>(py) {
            true => errors::configuration(py, &error.value(py).to_string()),
            false => error,
        })
    })
}

/// A coupon by its id, its code, or itself.
fn reference(coupon: &Bound<'_, PyAny>) -> PyResult<CouponRef> {
    if let Ok(coupon) = coupon.cast::<Coupon>() {
        return CouponRef::try_from(coupon.get().0.get()).map_err(|error| errors::to_python(&error.into()));
    }
    if let Some(id) = arguments::integer(coupon)? {
        return Ok(id.into());
    }
    let code: String = coupon.extract().map_err(|_| {
        Refusal::type_error(coupon, |coupon| {
            format!("coupon: {coupon} names no coupon; give its id, its code, or the coupon itself")
        })
    })?;
    CouponRef::code(code).map_err(|error| errors::to_python(&error.into()))
}

/// Sets a search's filters by name.
fn with_filters(mut search: Search, filters: &Bound<'_, PyDict>) -> PyResult<Search> {
    for (name, value) in filters.iter() {
        if value.is_none() {
            continue;
        }
        let name: String = name.extract()?;
        search = match name.as_str() {
            "fields" => search.fields(arguments::one_or_more(&name, &value)?),
            "offset" => search.offset(arguments::count(&name, &value, 0..=u64::MAX)?),
            "limit" => search.limit(arguments::count(&name, &value, 1..=100)?),
            "prefetch" => search.prefetch(arguments::at_least_one(&name, &value)?),
            "after" => {
                let cursor = arguments::text(&name, &value)?;
                let cursor: Cursor = cursor
                    .parse()
                    .map_err(|error| Refusal::value_error(&value, |value| format!("after: {value}: {error}")))?;
                search.after(cursor)
            }
            "any_order" if arguments::flag(&name, &value)? => search.any_order(),
            "skip_unreadable" if arguments::flag(&name, &value)? => search.skip_unreadable(),
            "any_order" | "skip_unreadable" => search,
            _ => generated::with_filter(search, &name, &value)?
                .ok_or_else(|| PyTypeError::new_err(format!("a search has no filter `{name}`")))?,
        };
    }
    Ok(search)
}
