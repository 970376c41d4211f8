//! [`NativeClient`]: the calls of both Python clients.

use std::{future::Future, path::PathBuf, sync::Arc};

use arc_swap::ArcSwapOption;
use ecwid_coupons::{
    Client, ClientBuilder, CouponRef, Cursor, Error, Search, TimeFilter,
    types::{CouponUpdate, NewCoupon},
};
use ecwid_coupons_jobs::{ChangesCursor, ChangesMode};
use pyo3::{
    IntoPyObjectExt as _,
    exceptions::{PyRuntimeError, PyTypeError, PyValueError},
    prelude::*,
    types::PyDict,
};

use crate::{
    config,
    from_python::{
        arguments,
        fields::{self, Null},
        filter::filter,
        refusal::Refusal,
        rows::Rows,
    },
    generated::{self, Coupon, DeleteResult, LatestStats, UpdateResult},
    job, logging,
    runtime::{self, ProcessLocal},
    to_python::{
        AnyResult,
        changes::Changes,
        coupon_list::CouponList,
        creation_report::{self, CreationReport},
        deleted_coupons::DeletedCouponList,
        errors,
        model::{BlockRef, SHOWN_ROWS},
        outcomes::Outcome,
        pages::{self, Pages},
    },
};

/// The native part of `Client` and `AsyncClient`.
#[pyclass(frozen, module = "ecwid_coupons._native")]
pub(crate) struct NativeClient {
    /// Whether a call returns its result. Otherwise it returns an awaitable.
    waits: bool,
    settings: ClientBuilder,
    /// The client. `None` after `close`.
    client: ArcSwapOption<ProcessLocal<Client>>,
}

impl NativeClient {
    /// Returns the client. Makes a new one in a forked child.
    ///
    /// The caller must not hold the GIL, because making a client writes log records, and another thread emits them.
    fn client(&self) -> PyResult<Client> {
        loop {
            let current = self.client.load();
            let Some(client) = &*current else {
                return Err(PyRuntimeError::new_err("the client is closed; hint: make a new client"));
            };
            if let Some(client) = client.get() {
                return Ok(client.clone());
            }
            let made = self.settings.clone().build().map_err(|error| errors::to_python(&error))?;
            // If two threads make a client, the first one stays. The next iteration returns it.
            self.client.compare_and_swap(&current, Some(Arc::new(ProcessLocal::new(made))));
        }
    }

    /// Makes a call. See [`finish`](Self::finish).
    fn call<'py, T, F>(&self, py: Python<'py>, call: impl FnOnce(Client) -> F + Send + 'static) -> AnyResult<'py>
    where
        T: for<'any> IntoPyObject<'any> + Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let client = py.detach(|| self.client())?;
        self.finish(py, async { call(client).await.map_err(|error| errors::to_python(&error)) })
    }

    /// Returns the result of a future, or an awaitable, depending on `waits`.
    fn finish<'py, T, F>(&self, py: Python<'py>, done: F) -> AnyResult<'py>
    where
        T: for<'any> IntoPyObject<'any> + Send + 'static,
        F: Future<Output = PyResult<T>> + Send + 'static,
    {
        if self.waits { runtime::wait(py, done)?.into_bound_py_any(py) } else { runtime::awaitable(py, done) }
    }
}

/// Adds a note to an exception that interrupted a write, such as `KeyboardInterrupt`.
fn noted<'py>(py: Python<'py>, result: AnyResult<'py>, what: &str) -> AnyResult<'py> {
    result.inspect_err(|error| {
        let class = py.import("ecwid_coupons._errors").and_then(|errors| errors.getattr("EcwidError"));
        // Errors of a call have `may_have_taken_effect`.
        let is_own = class.and_then(|class| error.value(py).is_instance(&class)).unwrap_or(true);
        // A `RuntimeError` means that the client is closed or the interpreter ends, and no call was made.
        if !is_own && !error.is_instance_of::<PyRuntimeError>(py) {
            let note = format!(
                "the {what} was in progress and may have taken effect; look up the coupon before you repeat it"
            );
            // Some exceptions may refuse notes.
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

    #[staticmethod]
    #[pyo3(signature = (waits, **settings))]
    fn from_env(py: Python<'_>, waits: bool, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Self::make(py, waits, ClientBuilder::from_env().map_err(|error| errors::to_python(&error))?, None, settings)
    }

    /// Makes a client of a store in a configuration file.
    #[staticmethod]
    #[pyo3(signature = (waits, store = None, path = None, **settings))]
    fn from_config(
        py: Python<'_>,
        waits: bool,
        store: Option<&Bound<'_, PyAny>>,
        path: Option<&Bound<'_, PyAny>>,
        settings: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let store = store.map(|store| arguments::text("store", store)).transpose()?;
        let path = config::path(path)?;
        logging::set_up(py)?;
        // Without the GIL, because a program may print the token, and reading the file may write a log record.
        let builder = py.detach(|| {
            let config = config::read(path)?;
            let store = store.map_or_else(|| config.default_store(), |name| config.store(&name))?;
            store.builder()
        });
        Self::make(py, waits, builder.map_err(|error| errors::to_python(&error))?, None, settings)
    }

    #[getter]
    fn store_id(&self, py: Python<'_>) -> PyResult<i64> {
        py.detach(|| Ok(self.client()?.store_id()))
    }

    #[getter]
    fn is_closed(&self) -> bool {
        self.client.load().is_none()
    }

    /// Closes the client. Calls in progress continue.
    fn close(&self, py: Python<'_>) {
        py.detach(|| drop(self.client.swap(None)));
    }

    #[getter]
    fn base_url(&self, py: Python<'_>) -> PyResult<String> {
        // The user may have put a token into the URL.
        py.detach(|| Ok(self.settings.redact(self.client()?.base_url())))
    }

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

    /// Creates a coupon. If `existing` is true, accepts an existing coupon with the same content.
    fn create<'py>(&self, py: Python<'py>, values: &Bound<'py, PyDict>, existing: bool) -> AnyResult<'py> {
        let new: NewCoupon = fields::read(NewCoupon::FIELDS, values, Null::Absent)?;
        let created = self.call(py, move |client| async move {
            let creation = if existing { client.create_or_get(&new).await } else { client.create(&new).await };
            creation.map(Outcome::Created)
        });
        noted(py, created, "create")
    }

    /// Creates many coupons, and fills the report with their outcomes.
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

    /// Writes a job that issues coupons, and runs it.
    #[allow(clippy::too_many_arguments)]
    fn issue<'py>(
        &self,
        py: Python<'py>,
        pattern: &Bound<'py, PyAny>,
        path: PathBuf,
        count: &Bound<'py, PyAny>,
        rows: &Bound<'py, PyAny>,
        allow_guessable: &Bound<'py, PyAny>,
        progress: &Bound<'py, PyAny>,
        values: &Bound<'py, PyDict>,
    ) -> AnyResult<'py> {
        let progress = arguments::progress(progress)?;
        let plan = job::plan(pattern, count, rows, allow_guessable, values)?;
        let client = py.detach(|| self.client())?;
        self.finish(py, job::issue(plan, client, path, progress))
    }

    fn resume<'py>(&self, py: Python<'py>, path: PathBuf, progress: &Bound<'py, PyAny>) -> AnyResult<'py> {
        let progress = arguments::progress(progress)?;
        let client = py.detach(|| self.client())?;
        self.finish(py, job::resume(client, path, progress))
    }

    fn verify<'py>(&self, py: Python<'py>, path: PathBuf) -> AnyResult<'py> {
        let client = py.detach(|| self.client())?;
        self.finish(py, job::verify(client, path))
    }

    fn undo<'py>(&self, py: Python<'py>, path: PathBuf, progress: &Bound<'py, PyAny>) -> AnyResult<'py> {
        let progress = arguments::progress(progress)?;
        let client = py.detach(|| self.client())?;
        self.finish(py, job::undo(client, path, progress))
    }

    fn update<'py>(&self, py: Python<'py>, coupon: &Bound<'py, PyAny>, values: &Bound<'py, PyDict>) -> AnyResult<'py> {
        let coupon = reference(coupon)?;
        let update: CouponUpdate = fields::read(CouponUpdate::FIELDS, values, Null::Null)?;
        let updated = self.call(py, |client| async move {
            client.update(coupon, &update).await.map(|result| UpdateResult(BlockRef::alone(result)))
        });
        noted(py, updated, "update")
    }

    fn delete<'py>(&self, py: Python<'py>, coupon: &Bound<'py, PyAny>) -> AnyResult<'py> {
        let coupon = reference(coupon)?;
        let deleted = self.call(py, |client| async move {
            client.delete(coupon).await.map(|result| DeleteResult(BlockRef::alone(result)))
        });
        noted(py, deleted, "delete")
    }

    fn delete_if_unused<'py>(&self, py: Python<'py>, coupon: &Bound<'py, PyAny>) -> AnyResult<'py> {
        let coupon = reference(coupon)?;
        let deleted =
            self.call(py, |client| async move { client.delete_if_unused(coupon).await.map(Outcome::Deleted) });
        noted(py, deleted, "delete")
    }

    fn deleted<'py>(
        &self,
        py: Python<'py>,
        deleted_from: Option<Bound<'py, PyAny>>,
        deleted_to: Option<Bound<'py, PyAny>>,
    ) -> AnyResult<'py> {
        let bound =
            |name, value: Option<Bound<'py, PyAny>>| value.map(|value| filter::<TimeFilter>(name, &value)).transpose();
        let (from, to) = (bound("deleted_from", deleted_from)?, bound("deleted_to", deleted_to)?);
        let mut search = py.detach(|| self.client())?.deleted();
        if let Some(from) = from {
            search = search.from(from);
        }
        if let Some(to) = to {
            search = search.to(to);
        }
        self.finish(py, DeletedCouponList::read(search))
    }

    fn latest_stats<'py>(&self, py: Python<'py>) -> AnyResult<'py> {
        self.call(
            py,
            |client| async move { client.latest_stats().await.map(|stats| LatestStats(BlockRef::alone(stats))) },
        )
    }

    fn changes(
        &self,
        py: Python<'_>,
        cursor: Option<&Bound<'_, PyAny>>,
        mode: &Bound<'_, PyAny>,
        refresh_every: &Bound<'_, PyAny>,
        deletions_if_complete: &Bound<'_, PyAny>,
    ) -> PyResult<Changes> {
        let modes =
            [("auto", ChangesMode::Auto), ("full", ChangesMode::Full), ("incremental", ChangesMode::Incremental)];
        let mode = arguments::choice("mode", mode, &modes)?;
        let refresh_every = arguments::seconds("refresh_every", refresh_every)?;
        let lists_deletions = arguments::flag("deletions_if_complete", deletions_if_complete)?;
        let cursor = cursor.map(|cursor| arguments::text("cursor", cursor)).transpose()?;
        let parse = |text: String| text.parse().map_err(|error| errors::of_cursor(&text, &error));
        let cursor: Option<ChangesCursor> = cursor.map(parse).transpose()?;
        let client = py.detach(|| self.client())?;
        let mut changes = ecwid_coupons_jobs::Changes::of(&client).mode(mode).refresh_every(refresh_every);
        if let Some(cursor) = cursor {
            changes = changes.since(cursor);
        }
        if !lists_deletions {
            changes = changes.without_deletions_if_complete();
        }
        py.detach(|| Changes::start(changes))
    }

    fn pages(&self, py: Python<'_>, filters: &Bound<'_, PyDict>) -> PyResult<Pages> {
        let search = self.search(py, filters)?;
        py.detach(|| Pages::start(&search))
    }

    fn count<'py>(&self, py: Python<'py>, filters: &Bound<'py, PyDict>) -> AnyResult<'py> {
        let search = self.search(py, filters)?;
        self.finish(py, async move { search.count().await.map_err(|error| errors::to_python(&error)) })
    }

    fn first<'py>(&self, py: Python<'py>, filters: &Bound<'py, PyDict>) -> AnyResult<'py> {
        let search = self.search(py, filters)?;
        self.finish(py, async move {
            let coupon = search.first().await.map_err(|error| errors::to_python(&error))?;
            Ok(coupon.map(|coupon| Coupon(BlockRef::alone(coupon))))
        })
    }

    /// Returns the first coupons and the number of all coupons, with one request.
    fn preview<'py>(&self, py: Python<'py>, filters: &Bound<'py, PyDict>) -> AnyResult<'py> {
        let search = self.search(py, filters)?;
        self.finish(py, pages::preview(search, SHOWN_ROWS as u32))
    }

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
        // Without the GIL, as explained at `client`.
        let client = py.detach(|| builder.clone().build()).map_err(|error| errors::to_python(&error))?;
        Ok(Self { waits, settings: builder, client: ArcSwapOption::from_pointee(ProcessLocal::new(client)) })
    }

    pub(crate) fn search(&self, py: Python<'_>, filters: &Bound<'_, PyDict>) -> PyResult<Search> {
        let client = py.detach(|| self.client())?;
        with_filters(&client, filters)
    }
}

/// The names of `ClientSettings`.
const SETTINGS: [&str; 10] = [
    "timeout",
    "deadline",
    "max_attempts",
    "requests_per_minute",
    "max_body_size",
    "proxy",
    "ca_file",
    "allow_http",
    "allow_unknown",
    "on_attempt",
];

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
            "allow_unknown" => builder.allow_unknown(arguments::flag(&name, &value)?),
            "timeout" => builder.timeout(arguments::seconds(&name, &value)?),
            "deadline" => builder.deadline(arguments::seconds(&name, &value)?),
            "max_attempts" => builder.max_attempts(arguments::count(&name, &value, 1..=u32::MAX)?),
            "requests_per_minute" => builder.requests_per_minute(arguments::count(&name, &value, 1..=u32::MAX)?),
            "max_body_size" => builder.max_body_size(arguments::at_least_one(&name, &value)?),
            // The URL may contain a password.
            "proxy" => builder.proxy(arguments::secret(&name, &value)?),
            "ca_file" => builder.add_root_certificates(arguments::file(&name, &value)?),
            "on_attempt" => {
                let function = arguments::function(&name, &value, "a function that takes an Attempt")?;
                builder.on_attempt(logging::attempt_observer(function))
            }
            _ => {
                let known = SETTINGS.join(", ");
                return Err(PyTypeError::new_err(format!("unknown setting: `{name}` (expected one of {known})")));
            }
        };
    }
    Ok(builder)
}

/// Turns a `ValueError` into a `ConfigurationError`.
fn setting<T>(value: PyResult<T>) -> PyResult<T> {
    value.map_err(|error| {
        Python::attach(|py| match error.is_instance_of::<PyValueError>(py) {
            true => errors::configuration(py, &error.value(py).to_string()),
            false => error,
        })
    })
}

/// Reads an argument that is an id, a code or a `Coupon`.
fn reference(coupon: &Bound<'_, PyAny>) -> PyResult<CouponRef> {
    if let Ok(coupon) = coupon.cast::<Coupon>() {
        return CouponRef::try_from(coupon.get().0.get()).map_err(|error| errors::to_python(&error.into()));
    }
    if let Some(id) = arguments::integer("coupon", coupon, &format!("an id from 1 to {}", i64::MAX))? {
        return Ok(id.into());
    }
    let expected = "an id, a code or a Coupon";
    let code: String = coupon.extract().map_err(|_| Refusal::of_type(coupon, expected).in_member("coupon"))?;
    CouponRef::code(code).map_err(|error| errors::to_python(&error.into()))
}

fn with_filters(client: &Client, filters: &Bound<'_, PyDict>) -> PyResult<Search> {
    let mut search = match filters.get_item("after")? {
        Some(value) if !value.is_none() => {
            let cursor = arguments::text("after", &value)?;
            let cursor: Cursor = cursor
                .parse()
                .map_err(|error| Refusal::with_message(&value, |value| format!("invalid after: `{value}`: {error}")))?;
            client.resume(cursor)
        }
        _ => client.search(),
    };
    for (name, value) in filters.iter() {
        if value.is_none() {
            continue;
        }
        let name: String = name.extract()?;
        search = match name.as_str() {
            "fields" => search.fields(arguments::one_or_more(&name, &value)?),
            "offset" => search.offset(arguments::count(&name, &value, 0..=i64::MAX)? as u64),
            "limit" => search.limit(arguments::count(&name, &value, 1..=100)?),
            "prefetch" => search.prefetch(arguments::at_least_one(&name, &value)?),
            // It was read first.
            "after" => search,
            "any_order" if arguments::flag(&name, &value)? => search.any_order(),
            "skip_unreadable" if arguments::flag(&name, &value)? => search.skip_unreadable(),
            "any_order" | "skip_unreadable" => search,
            _ => generated::with_filter(search, &name, &value)?
                .ok_or_else(|| PyTypeError::new_err(format!("unknown filter: `{name}`")))?,
        };
    }
    Ok(search)
}
